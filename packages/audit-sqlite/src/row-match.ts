import { auditFieldNames, covers } from "@acteon/audit";
import type { AuditFilter } from "@acteon/audit";
import type { SegmentColumns } from "./segment-columns.ts";

/** The span of dispatch times in question, inclusive. */
export interface TimeSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Calls `visit` for each row that the filter lets through; its action id is not looked at. */
export function forEachMatch(
  columns: SegmentColumns,
  filter: AuditFilter,
  { fromMs, toMs }: TimeSpan,
  visit: (row: number, dispatchedAtMs: number) => void,
): void {
  const { times, profileOfRow } = columns;
  const allowed = allowedProfiles(columns, filter);
  if (allowed === undefined) return;
  for (let row = 0; row < times.length; row++) {
    const atMs = times[row] ?? 0;
    if (atMs >= fromMs && atMs <= toMs && allowed[profileOfRow[row] ?? 0] === 1) visit(row, atMs);
  }
}

/** 1 for each profile that the filter lets through; `undefined` where the segment holds none. */
function allowedProfiles(columns: SegmentColumns, filter: AuditFilter): Uint8Array | undefined {
  const allowed = new Uint8Array(columns.textOfProfile.tenant.length).fill(1);
  for (const name of auditFieldNames) {
    const wanted = filter[name];
    if (wanted === undefined) continue;
    const number = columns.texts.indexOf(wanted);
    if (number === -1) return undefined;
    const numbers = columns.textOfProfile[name];
    for (let profile = 0; profile < allowed.length; profile++) if (numbers[profile] !== number) allowed[profile] = 0;
  }
  if (filter.scope !== undefined) dropUncovered(allowed, columns, filter.scope);
  return allowed.includes(1) ? allowed : undefined;
}

function dropUncovered(allowed: Uint8Array, columns: SegmentColumns, scope: NonNullable<AuditFilter["scope"]>): void {
  const { namespace: namespaces, tenant: tenants } = columns.textOfProfile;
  const answers = new Map<number, boolean>();
  for (let profile = 0; profile < allowed.length; profile++) {
    const namespace = namespaces[profile] ?? 0;
    const tenant = tenants[profile] ?? 0;
    const pair = namespace * 2 ** 16 + tenant;
    let covered = answers.get(pair);
    if (covered === undefined) {
      covered = covers(scope, { namespace: columns.texts[namespace] ?? "", tenant: columns.texts[tenant] });
      answers.set(pair, covered);
    }
    if (!covered) allowed[profile] = 0;
  }
}

/** Does the filter look at anything but times? */
export function looksAtFields(filter: AuditFilter): boolean {
  return (
    filter.actionId !== undefined ||
    filter.scope !== undefined ||
    auditFieldNames.some((name) => filter[name] !== undefined)
  );
}
