import type { Action, JsonValue } from "@acteon/core";
import { fieldReader, noMap } from "../compile/compile-action-path.ts";
import type { Constraint, IndexValue } from "../compile/constraints.ts";

/** What a rule demands of a field. */
export interface Demand {
  /** Of the rule. */
  readonly number: number;
  readonly constraint: Constraint;
}

/** The rules that one value of a field admits, besides those that leave the field open. */
interface Admitted {
  readonly rules: readonly number[];
  /** With the open ones, as a bitmap; only where the list is long, so that all of them together stay small. */
  readonly kept: KeptBitmap | undefined;
}

/** A bitmap that stays as it is. */
interface KeptBitmap {
  readonly bitmap: Int32Array;
  /** Which of the field's kept bitmaps it is, from 0. */
  readonly id: number;
}

/** One field of actions, and the rules that each of its values admits, as sets of rule numbers. */
export class IndexedField {
  /** How many rules leave the field open. */
  readonly openCount: number;
  /** Bitmap of the rules that the action looked at last admits. */
  found: Int32Array;
  /** Which of the kept bitmaps `found` is; −1: it was made for this action. */
  foundId = 0;
  /** How many bitmaps are kept: ids are below that. */
  keptCount = 1;
  readonly #read: (action: Action) => JsonValue | undefined | typeof noMap;
  readonly #open: Int32Array;
  readonly #scratch: Int32Array;
  readonly #byValue: ReadonlyMap<IndexValue, Admitted>;
  readonly #byPrefix: ReadonlyMap<string, Admitted>;
  readonly #prefixLengths: readonly number[];
  readonly #elsewhere: Admitted;
  readonly #absent: Admitted;
  readonly #noText: Admitted;

  /**
   * @param demands One per rule that has one, by rising number.
   * @param size How many rules there are.
   */
  constructor(path: readonly string[], demands: readonly Demand[], size: number) {
    this.#read = fieldReader(path);
    this.openCount = size - demands.length;
    this.#open = new Int32Array(Math.ceil(size / 32));
    for (let number = 0; number < size; number++) setBit(this.#open, number);
    this.#scratch = this.#open.slice();
    this.found = this.#open;
    const lists = new AdmissionLists();
    for (const demand of demands) {
      clearBit(this.#open, demand.number);
      lists.add(demand);
    }
    this.#byValue = this.#allAdmitted(lists.byValue);
    this.#byPrefix = this.#allAdmitted(lists.byPrefix);
    this.#prefixLengths = [...new Set([...lists.byPrefix.keys()].map((prefix) => prefix.length))];
    this.#elsewhere = this.#admitted(lists.elsewhere);
    this.#absent = this.#admitted(lists.absent);
    this.#noText = this.#admitted(lists.noText);
  }

  #allAdmitted<T>(lists: ReadonlyMap<T, readonly number[]>): ReadonlyMap<T, Admitted> {
    return new Map([...lists].map(([value, rules]) => [value, this.#admitted(rules)]));
  }

  #admitted(rules: readonly number[]): Admitted {
    if (rules.length <= this.#open.length) return { rules, kept: undefined };
    const bitmap = this.#open.slice();
    for (const number of rules) setBit(bitmap, number);
    return { rules, kept: { bitmap, id: this.keptCount++ } };
  }

  /** Sets `found` and `foundId` for an action. */
  look(action: Action): void {
    const value = this.#read(action);
    this.found = this.#open;
    this.foundId = 0;
    if (typeof value === "string") {
      this.#admit(this.#byValue.get(value));
      for (let i = 0; i < this.#prefixLengths.length; i++) {
        const length = this.#prefixLengths[i]!;
        if (length <= value.length) this.#admit(this.#byPrefix.get(value.slice(0, length)));
      }
    } else if (value === noMap) {
      this.#admit(this.#elsewhere);
    } else if (value === undefined || value === null) {
      this.#admit(this.#absent);
    } else {
      if (typeof value !== "object") this.#admit(this.#byValue.get(value));
      this.#admit(this.#noText);
    }
  }

  #admit(admitted: Admitted | undefined): void {
    if (admitted === undefined || admitted.rules.length === 0) return;
    if (this.foundId === 0 && admitted.kept !== undefined) {
      this.found = admitted.kept.bitmap;
      this.foundId = admitted.kept.id;
      return;
    }
    if (this.foundId !== -1) {
      this.#scratch.set(this.found);
      this.found = this.#scratch;
      this.foundId = -1;
    }
    for (let i = 0; i < admitted.rules.length; i++) setBit(this.#scratch, admitted.rules[i]!);
  }
}

function setBit(bitmap: Int32Array, number: number): void {
  bitmap[number >> 5]! |= 1 << (number & 31);
}

function clearBit(bitmap: Int32Array, number: number): void {
  bitmap[number >> 5]! &= ~(1 << (number & 31));
}

/** The rules by what they demand of one field. */
class AdmissionLists {
  readonly byValue = new Map<IndexValue, number[]>();
  readonly byPrefix = new Map<string, number[]>();
  readonly elsewhere: number[] = [];
  readonly absent: number[] = [];
  readonly noText: number[] = [];

  add({ number, constraint: { values, prefixes, fails } }: Demand): void {
    for (const value of values) append(this.byValue, value, number);
    for (const prefix of prefixes) append(this.byPrefix, prefix, number);
    if (fails.elsewhere) this.elsewhere.push(number);
    if (fails.absent) this.absent.push(number);
    if (fails.noText) this.noText.push(number);
  }
}

/** Numbers come rising, so that one that stands twice in a rule's list is the last here. */
function append<T>(lists: Map<T, number[]>, value: T, number: number): void {
  const list = lists.get(value);
  if (list === undefined) lists.set(value, [number]);
  else if (list.at(-1) !== number) list.push(number);
}
