import type { CancellationReason, PutItemCommandInput } from "@aws-sdk/client-dynamodb";
import type { GroupResult, StateGroup } from "@acteon/state";
import { sameCondition } from "./condition.ts";
import { draft } from "./draft.ts";
import type { DraftPorts, Facts, Touched } from "./draft.ts";
import { maxItemsTogether } from "./dynamo-calls.ts";
import type { DynamoCalls, Turn, WriteOutcome } from "./dynamo-calls.ts";
import type { ItemReader } from "./item-reader.ts";
import type { LeaseWatch } from "./lease-watch.ts";
import { nativeRequest } from "./native-request.ts";
import { readWhole } from "./parts.ts";
import type { RecentCounts } from "./recent-counts.ts";
import { isCount } from "./row.ts";
import type { Row } from "./row.ts";
import { itemKey } from "./table-layout.ts";
import type { Item, Place } from "./table-layout.ts";
import { writeRequests } from "./write-requests.ts";
import type { WriteRequest } from "./write-requests.ts";

export interface BundlePorts {
  readonly calls: DynamoCalls;
  readonly reader: ItemReader;
  readonly leases: LeaseWatch;
  readonly counts: RecentCounts;
  readonly turn: Turn;
  /** For one draft. */
  now(): DraftPorts;
}

export interface BundleOutcome {
  readonly results: readonly GroupResult[];
  /** What is known of items now. */
  readonly left: Facts;
}

/** What is known of an item, and of which round: only what was seen in the last one held at one moment. */
interface Fact {
  readonly row: Row | undefined;
  readonly round: number;
}

/**
 * Carries out the groups of a bundle together. Round by round: draft what they come to, from what is known and assumed of
 * their items; send it under the condition that this is so; if it is not, the answer says what is there instead.
 */
export class BundleRun {
  readonly #groups: readonly StateGroup[];
  readonly #ports: BundlePorts;
  readonly #facts = new Map<string, Fact>();
  /** Of the last round, that was refused: what was asked and held. */
  #held = new Map<string, Touched>();
  #round = 0;

  /** @param facts What was so a moment ago, as far as is known: tried first, and asked about before it is believed. */
  constructor(groups: readonly StateGroup[], facts: Facts, ports: BundlePorts) {
    this.#groups = groups;
    this.#ports = ports;
    for (const [id, { row }] of facts) this.#facts.set(id, { row, round: -1 });
  }

  async run(): Promise<BundleOutcome> {
    const done = await this.#tryNative();
    if (done !== undefined) return { results: [{ kind: "done", results: [done] }], left: new Map() };
    for (let tries = 0; ;) {
      const ports = this.#ports.now();
      const outcome = draft(this.#groups, this.#facts, ports);
      if (outcome.kind === "unread") {
        await this.#read(outcome.places);
        continue;
      }
      const { results, touched } = outcome;
      if (!touched.some((each) => each.changed) && touched.every((each) => this.#isSeen(each)))
        return { results, left: this.#facts };
      const requests = writeRequests(touched, this.#ports.calls.table, ports.nowMs);
      if (requests.length > maxItemsTogether && this.#groups.length > 1) return this.#runInHalves();
      const answer = await this.#send(requests);
      if (answer.kind === "written") {
        for (const each of touched) if (each.changed) this.#remember(each.place, each.after);
        return { results, left: leftBy(touched) };
      }
      await this.#learn(requests, answer.reasons);
      // The first refusal brings knowledge; a second one, others at work on the same keys.
      if (++tries > 1) await this.#ports.calls.pause(tries, this.#ports.turn);
    }
  }

  /** One operation that the server carries out by itself. */
  async #tryNative() {
    const [[operation, ...more] = [], ...others] = this.#groups;
    if (operation === undefined || more.length > 0 || others.length > 0) return undefined;
    const { calls, turn } = this.#ports;
    const native = nativeRequest(operation, calls.table, this.#ports.now());
    if (native === undefined) return undefined;
    const { request, place } = native;
    if (this.#facts.has(place.id)) return undefined;
    const answer = await (request.kind === "update"
      ? calls.update(request.input, turn)
      : calls.delete(request.input, turn));
    if (answer.kind === "tooLarge") return undefined; // a list, which a draft takes apart
    if (answer.kind === "refused") {
      this.#round++;
      await this.#learnItem(place, answer.reasons[0]?.Item);
      return undefined;
    }
    const { result, row } = native.result(answer.attributes);
    this.#remember(place, row);
    return result;
  }

  async #send(requests: readonly WriteRequest[]): Promise<WriteOutcome> {
    const { calls, turn } = this.#ports;
    const [first, second] = requests;
    if (first !== undefined && second === undefined) {
      const { Put: put, Delete: deletion } = first.write;
      if (put !== undefined) return calls.put(put as PutItemCommandInput, turn);
      if (deletion !== undefined) return calls.delete(deletion, turn);
    }
    return calls.writeTogether(
      requests.map(({ write }) => write),
      turn,
    );
  }

  async #read(places: readonly Place[]): Promise<void> {
    this.#round++;
    const [first, second] = places;
    if (first !== undefined && second === undefined) {
      await this.#learnItem(first, await this.#ports.reader.read(first));
      return;
    }
    // At one moment, if that is possible: a group that only reads is to see other groups whole.
    const keys = places.map(itemKey);
    const { calls, turn } = this.#ports;
    const items = await (places.length > maxItemsTogether ? calls.read(keys, turn) : calls.readTogether(keys, turn));
    await Promise.all(places.map((place) => this.#learnItem(place, items.get(place.id))));
  }

  async #learn(requests: readonly WriteRequest[], reasons: readonly CancellationReason[]): Promise<void> {
    this.#round++;
    this.#held = new Map();
    const learned: Promise<void>[] = [];
    for (const [i, { touched }] of requests.entries()) {
      if (touched === undefined) continue;
      const reason = reasons[i];
      if (reason?.Code === "ConditionalCheckFailed") learned.push(this.#learnItem(touched.place, reason.Item));
      else if (reason?.Code === "None") this.#held.set(touched.place.id, touched);
    }
    await Promise.all(learned);
  }

  /** The row of an item whole; nothing, if its parts are gone already: it is not what it was. */
  async #learnItem(place: Place, item: Item | undefined): Promise<void> {
    const round = this.#round;
    const row = item === undefined ? undefined : await readWhole(item, this.#ports.calls, this.#ports.turn);
    if (row === "gone") {
      this.#facts.delete(place.id);
      return;
    }
    this.#remember(place, row);
    this.#facts.set(place.id, { row, round });
  }

  /** Was that so at the moment of the last round, as all else was? */
  #isSeen({ place, condition }: Touched): boolean {
    if (this.#facts.get(place.id)?.round === this.#round) return true;
    const held = this.#held.get(place.id);
    return held !== undefined && sameCondition(held.condition, condition);
  }

  #remember(place: Place, row: Row | undefined): void {
    if (row === undefined) this.#ports.leases.forget(place.id);
    else if (row.kind === "lock") this.#ports.leases.saw(place.id, row, this.#ports.now().monotonicMs);
    else if (row.kind === "value" && isCount(row.value)) this.#ports.counts.saw(place.id, row);
  }

  async #runInHalves(): Promise<BundleOutcome> {
    const middle = Math.ceil(this.#groups.length / 2);
    const first = await new BundleRun(this.#groups.slice(0, middle), this.#facts, this.#ports).run();
    const second = await new BundleRun(this.#groups.slice(middle), first.left, this.#ports).run();
    return { results: [...first.results, ...second.results], left: second.left };
  }
}

/** As the transaction left what it wrote. */
function leftBy(touched: readonly Touched[]): Facts {
  return new Map(touched.flatMap(({ place, changed, after }) => (changed ? [[place.id, { row: after }]] : [])));
}
