import type { DynamoCalls, Turn } from "./dynamo-calls.ts";
import { itemKey } from "./table-layout.ts";
import type { Item, Place } from "./table-layout.ts";

/** Reads of single items, gathered: those that are asked for in one turn of the event loop leave as one request. */
export class ItemReader {
  readonly #calls: DynamoCalls;
  readonly #turn: Turn;
  #asked = new Map<string, Place>();
  #batch: Promise<ReadonlyMap<string, Item>> | undefined;

  constructor(calls: DynamoCalls, turn: Turn) {
    this.#calls = calls;
    this.#turn = turn;
  }

  async read(place: Place): Promise<Item | undefined> {
    this.#asked.set(place.id, place);
    this.#batch ??= Promise.resolve().then(() => this.#send());
    return (await this.#batch).get(place.id);
  }

  #send(): Promise<ReadonlyMap<string, Item>> {
    const places = [...this.#asked.values()];
    this.#asked = new Map();
    this.#batch = undefined;
    return this.#calls.read(places.map(itemKey), this.#turn);
  }
}
