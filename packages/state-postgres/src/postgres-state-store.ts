import type { Clock } from "@acteon/core";
import { inScanRange, parseStateKey, textRanges } from "@acteon/state";
import type {
  ApplyOptions,
  ConnectionCounts,
  Durability,
  GroupResult,
  ScanRange,
  StateEntry,
  StateGroup,
  StateOperation,
  StateStore,
  TextRange,
} from "@acteon/state";
import { neverUs, rowKinds } from "./apply-function.ts";
import type { Connections } from "./connections.ts";
import { type AppliedRow, decodeResults, versionOf } from "./decode-results.ts";
import { dueRowKind, encodeGroups } from "./encode-groups.ts";
import { Reclaimer } from "./reclaimer.ts";
import { due } from "./schema.ts";

type TakeDue = Extract<StateOperation, { readonly op: "takeDue" }>;

/** Rows of a scan that one statement fetches. */
const rowsPerPage = 256;

/** State in one schema of a PostgreSQL database. Owns its connections. */
export class PostgresStateStore implements StateStore {
  readonly durability: Durability;
  readonly capabilities = { locks: true, watch: false };
  readonly #connections: Connections;
  readonly #reclaimer: Reclaimer;
  readonly #apply: string;
  readonly #seeDue: string;
  readonly #takeDue: string;
  readonly #scan: string;

  constructor({ connections, schema, durability, clock }: StoreParts) {
    this.durability = durability;
    this.#connections = connections;
    this.#reclaimer = new Reclaimer(connections, schema, clock);
    this.#apply = `SELECT * FROM ${schema}.apply_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`;
    this.#seeDue = seeDueStatement(schema);
    this.#takeDue = `
WITH taken AS MATERIALIZED (${this.#seeDue} FOR UPDATE SKIP LOCKED), moved AS (
  UPDATE ${schema}.entries AS entry SET due_at_ms = $4::bigint FROM taken WHERE entry.key = taken.key
)
SELECT key, tuple, due_at_ms FROM taken`;
    this.#scan = scanStatement(schema);
  }

  connections(): ConnectionCounts {
    return this.#connections.counts();
  }

  async apply(groups: readonly StateGroup[], { signal }: ApplyOptions): Promise<readonly GroupResult[]> {
    signal.throwIfAborted();
    if (!groups.some(takesDue)) return this.#applyAll(groups);
    const results: GroupResult[] = [];
    for (let first = 0; first < groups.length;) {
      const [operation] = groups[first] as StateGroup;
      if (operation?.op === "takeDue") {
        results.push(await this.#take(operation));
        first++;
        continue;
      }
      // What stands before it in the call takes effect before it.
      const next = groups.findIndex((group, i) => i > first && takesDue(group));
      const end = next < 0 ? groups.length : next;
      results.push(...(await this.#applyAll(groups.slice(first, end))));
      first = end;
    }
    return results;
  }

  async *scan(range: ScanRange, { signal }: ApplyOptions): AsyncGenerator<StateEntry, void, void> {
    signal.throwIfAborted();
    for (const texts of textRanges(range)) yield* this.#scanTexts(range, texts, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // The connections first: what is under way ends at once, the reclaimer's turn too.
    const closed = this.#connections[Symbol.asyncDispose]();
    await this.#reclaimer[Symbol.asyncDispose]();
    await closed;
  }

  async #applyAll(groups: readonly StateGroup[]): Promise<readonly GroupResult[]> {
    if (groups.length === 0) return [];
    const parameters = encodeGroups(groups);
    const rows = await this.#connections.run(async (query, leftMs) => {
      // The server waits for rows no longer than we do for it.
      const waitMs = Math.max(1, Math.ceil(leftMs));
      return (await query<AppliedRow>(this.#apply, [...parameters, waitMs])).rows;
    });
    return decodeResults(groups, rows[0] as AppliedRow);
  }

  async #take({ index, nowMs, limit, holdMs }: TakeDue): Promise<GroupResult> {
    const asked = [dueRowKind(index), nowMs, limit];
    const rows = await (holdMs > 0
      ? this.#connections.rows<DueRow>(this.#takeDue, [...asked, nowMs + holdMs])
      : this.#connections.rows<DueRow>(this.#seeDue, asked));
    const entries = rows
      .map((row) => ({ key: parseStateKey(row.tuple ?? keyOfDueRow(row.key)), dueAtMs: Number(row.due_at_ms) }))
      .toSorted((a, b) => a.dueAtMs - b.dueAtMs);
    return { kind: "done", results: [{ kind: "due", entries }] };
  }

  async *#scanTexts(range: ScanRange, { from, to }: TextRange, signal: AbortSignal): AsyncGenerator<StateEntry> {
    for (let after = from, isFirst = true; ; isFirst = false) {
      const page = await this.#connections.rows<ScanRow>(this.#scan, [after, to, isFirst, rowsPerPage]);
      for (const row of page) {
        signal.throwIfAborted();
        const key = parseStateKey(row.tuple ?? row.key);
        if (!inScanRange(range, key)) continue;
        const remainingMs = row.left_ms === null ? undefined : Number(row.left_ms);
        yield { key, value: row.content, version: versionOf(Number(row.mark)), remainingMs };
      }
      signal.throwIfAborted();
      if (page.length < rowsPerPage) return;
      after = (page.at(-1) as ScanRow).key;
    }
  }
}

export interface StoreParts {
  readonly connections: Connections;
  /** Quoted. */
  readonly schema: string;
  readonly durability: Durability;
  readonly clock: Clock;
}

interface DueRow {
  readonly key: string;
  readonly tuple: string | null;
  readonly due_at_ms: string;
}

interface ScanRow {
  readonly key: string;
  readonly tuple: string | null;
  readonly content: string;
  readonly mark: string;
  readonly left_ms: string | null;
}

function takesDue(group: StateGroup): boolean {
  return group[0]?.op === "takeDue";
}

/** `due/<index>/<key>`. */
function keyOfDueRow(rowKey: string): string {
  return rowKey.slice(rowKey.indexOf("/", "due/".length) + 1);
}

function seeDueStatement(schema: string): string {
  return `
SELECT key, tuple, due_at_ms FROM ${schema}.entries
  WHERE kind = $1::integer AND ${due} AND due_at_ms <= $2::bigint ORDER BY due_at_ms LIMIT $3::integer`;
}

function scanStatement(schema: string): string {
  return `
WITH clock AS MATERIALIZED (SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS now_us)
SELECT key, tuple, content, mark, CASE WHEN ends_at_us < ${neverUs} THEN (ends_at_us - now_us + 999) / 1000 END AS left_ms
  FROM ${schema}.entries, clock
  WHERE (key > $1 OR ($3 AND key = $1)) AND key >= $1 AND key < $2 AND kind = ${rowKinds.value} AND ends_at_us > now_us
  ORDER BY key LIMIT $4`;
}
