import type { DueIndex, Keyed, StateKey } from "@acteon/state";
import { KeyMap, dueIndexes } from "@acteon/state";
import type { Bundle } from "./bundle.ts";
import type { HeldLease } from "./held-leases.ts";
import type { KeySpace } from "./key-space.ts";
import { absentEntry } from "./known-entry.ts";
import type { KnownEntry } from "./known-entry.ts";

/** A key of etcd, and what this process last saw there. */
export class Cell {
  readonly raw: string;
  /** Unless it was forgotten: then guessed to be absent. */
  entry: KnownEntry = absentEntry;
  /** What the bundle under way was decided over. */
  believed: KnownEntry | undefined;

  constructor(raw: string) {
    this.raw = raw;
  }
}

/** A key that operations name, with all that this process has to do with it. */
export class Slot extends Cell implements Keyed {
  readonly key: StateKey;
  /** The last of those under way, which a later one follows. */
  bundle: Bundle | undefined;
  /** The lease of a lock that this process wrote last. */
  held: HeldLease | undefined;
  /** How much of the lease in the lock was left as the bundle under way was decided; `undefined` in it: nobody here knows. */
  judged: { readonly leftMs: number | undefined } | undefined;
  /** Of a lock: where its last token is remembered. */
  token: Cell | undefined;
  /** Of an entry of a due index: where it stands, or will, by its times. */
  dues: Map<number, Cell> | undefined;
  readonly table: KeyMap<Slot>;
  usedIn = 0;

  constructor(raw: string, key: StateKey, table: KeyMap<Slot>) {
    super(raw);
    this.key = key;
    this.table = table;
  }
}

/** After how many remembered records, or characters of them, those are forgotten that were not used meanwhile (guarantees O1). */
const sweepEvery = { records: 25_000, chars: 16 * 1_048_576 };

/**
 * The keys that this process uses, each once, with what it last saw under them: so a transaction need not be preceded by a read,
 * but asks etcd whether that is still there.
 */
export class SlotTable {
  readonly #space: KeySpace;
  readonly #slots = new KeyMap<Slot>();
  readonly #due: ReadonlyMap<DueIndex, KeyMap<Slot>>;
  #sweeps = 0;
  #records = 0;
  #chars = 0;

  constructor(space: KeySpace) {
    this.#space = space;
    this.#due = new Map(dueIndexes.map((index) => [index, new KeyMap<Slot>()]));
  }

  of(key: StateKey): Slot {
    return this.#slots.get(key) ?? this.#added(new Slot(this.#space.of(key), key, this.#slots));
  }

  /** When a key is due. */
  at(index: DueIndex, key: StateKey): Slot {
    const table = this.#due.get(index) as KeyMap<Slot>;
    return table.get(key) ?? this.#added(new Slot(this.#space.at(index, key), key, table));
  }

  token(lock: Slot): Cell {
    return (lock.token ??= new Cell(this.#space.token(lock.key)));
  }

  due(at: Slot, index: DueIndex, dueAtMs: number): Cell {
    const dues = (at.dues ??= new Map());
    const known = dues.get(dueAtMs);
    if (known !== undefined) return known;
    const cell = new Cell(this.#space.due(index, dueAtMs, at.key));
    dues.set(dueAtMs, cell);
    return cell;
  }

  /** Remembers what is there now. */
  remember(cell: Cell, entry: KnownEntry): void {
    cell.entry = entry;
    if (entry.record === undefined) return;
    this.#records++;
    if (entry.record.kind === "value") this.#chars += entry.record.value.length;
    else if (entry.record.kind === "list") for (const member of entry.record.members) this.#chars += member.length;
  }

  forget(slot: Slot): void {
    slot.entry = absentEntry;
    if (slot.token !== undefined) slot.token.entry = absentEntry;
  }

  /** A bundle no longer goes by what the slot was believed to hold. */
  settle(slot: Slot): void {
    slot.dues = undefined;
    slot.believed = undefined;
    slot.judged = undefined;
    if (slot.token !== undefined) slot.token.believed = undefined;
  }

  /** Nobody works with the slot: it goes, unless it remembers something. */
  release(slot: Slot): void {
    slot.usedIn = this.#sweeps;
    this.settle(slot);
    if (isEmpty(slot)) slot.table.delete(slot.key);
    else if (this.#records > sweepEvery.records || this.#chars > sweepEvery.chars) this.#sweep();
  }

  #sweep(): void {
    for (const table of [this.#slots, ...this.#due.values()])
      for (const slot of table.values())
        if (slot.bundle === undefined && slot.held === undefined && slot.usedIn < this.#sweeps) table.delete(slot.key);
    this.#sweeps++;
    this.#records = 0;
    this.#chars = 0;
  }

  #added(slot: Slot): Slot {
    slot.table.set(slot);
    return slot;
  }
}

function isEmpty({ bundle, held, entry, token }: Slot): boolean {
  const remembers = entry.record !== undefined || token?.entry.record !== undefined;
  return bundle === undefined && held === undefined && !remembers;
}
