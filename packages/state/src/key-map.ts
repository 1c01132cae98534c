import { ProbeTable } from "./probe-table.ts";
import type { StateKey } from "./state-key.ts";

/** What a `KeyMap` holds: it knows its key. */
export interface Keyed {
  readonly key: StateKey;
}

/** Entries by key, in memory. */
export class KeyMap<Entry extends Keyed> extends ProbeTable<StateKey, Entry> {
  protected override isSame(a: StateKey, b: StateKey): boolean {
    if (a === b) return true;
    if (a.kind !== b.kind || a.id[0] !== b.id[0] || a.id[1] !== b.id[1]) return false;
    return a.scope === b.scope || a.scope.text === b.scope.text;
  }

  protected override textOf(key: StateKey): string {
    return key.fullText;
  }
}
