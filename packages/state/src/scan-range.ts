import { encodeComponent } from "@acteon/core";
import { collapsedMark } from "./state-key.ts";
import type { KeyKind, StateKey, StateScope } from "./state-key.ts";

/** All entries of a kind; of one scope; with an id that begins with `idPrefix` (its first component). */
export interface ScanRange {
  readonly kind: KeyKind;
  readonly scope?: StateScope;
  readonly idPrefix?: string;
}

/** Texts from `from` up to, not including, `to`; compared by bytes, which for K1 is also JavaScript's order. */
export interface TextRange {
  readonly from: string;
  readonly to: string;
}

/**
 * Where the keys of a range lie in the order of `StateKey.text`. No more than two ranges, each of them a superset: what is
 * found there is in the scan if `inScanRange` says so. The second range is that of collapsed keys (guarantees K3), whose
 * text does not show how their id begins.
 */
export function textRanges({ kind, scope, idPrefix = "" }: ScanRange): readonly TextRange[] {
  // Ends in the separator, so that tenant `a` does not see `ab` (guarantees K4).
  const head = scope === undefined ? `v1/${kind}/` : `v1/${kind}/${scope.text}/`;
  if (scope === undefined || idPrefix === "") return [beginningWith(head)];
  // Escapes are whole bytes, and a prefix of a text is one of its encoded bytes.
  return [beginningWith(head + encodeComponent(idPrefix)), beginningWith(head + collapsedMark)];
}

export function inScanRange({ kind, scope, idPrefix = "" }: ScanRange, key: StateKey): boolean {
  if (key.kind !== kind || (scope !== undefined && key.scope.text !== scope.text)) return false;
  // An absent component begins with nothing but the empty prefix.
  return idPrefix === "" || (key.id[0]?.startsWith(idPrefix) ?? false);
}

function beginningWith(prefix: string): TextRange {
  return { from: prefix, to: `${prefix}\u007f` };
}
