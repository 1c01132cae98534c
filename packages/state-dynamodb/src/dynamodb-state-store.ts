import { InternalError } from "@acteon/core";
import type { Clock, Random } from "@acteon/core";
import type {
  ApplyOptions,
  ConnectionCounts,
  GroupResult,
  ScanRange,
  StateEntry,
  StateGroup,
  StateStore,
} from "@acteon/state";
import { BundleRun } from "./bundle-run.ts";
import type { BundleOutcome, BundlePorts } from "./bundle-run.ts";
import { chainsOf, claimOf } from "./bundles.ts";
import type { Bundle } from "./bundles.ts";
import { DueQueue } from "./due-queue.ts";
import type { DynamoCalls } from "./dynamo-calls.ts";
import type { Facts } from "./draft.ts";
import { ItemQueue } from "./item-queue.ts";
import { ItemReader } from "./item-reader.ts";
import { LeaseWatch } from "./lease-watch.ts";
import { RecentCounts } from "./recent-counts.ts";
import { scanTable } from "./scan.ts";
import type { ServerClock } from "./server-clock.ts";

export interface DynamoDbStateStorePorts {
  readonly calls: DynamoCalls;
  readonly serverClock: ServerClock;
  readonly clock: Clock;
  readonly random: Random;
}

/** State in one DynamoDB table. A group that changes one item is one conditional write; others are transactions. */
export class DynamoDbStateStore implements StateStore {
  readonly durability = "strong";
  readonly capabilities = { locks: true, watch: false };
  readonly #calls: DynamoCalls;
  readonly #serverClock: ServerClock;
  readonly #clock: Clock;
  readonly #leases = new LeaseWatch();
  readonly #counts = new RecentCounts();
  readonly #queue = new ItemQueue();
  /** Of this store, that no other has; before a number, a version. */
  readonly #name: string;
  #writes = 0;
  readonly #nextVersion = (): string => `${this.#name}${(this.#writes++).toString(36)}`;

  constructor({ calls, serverClock, clock, random }: DynamoDbStateStorePorts) {
    this.#calls = calls;
    this.#serverClock = serverClock;
    this.#clock = clock;
    this.#name = Buffer.from(random.uuid().replaceAll("-", ""), "hex").toString("base64url");
  }

  connections(): ConnectionCounts {
    return this.#calls.connections;
  }

  async apply(groups: readonly StateGroup[], { signal }: ApplyOptions): Promise<readonly GroupResult[]> {
    signal.throwIfAborted();
    return this.#calls.inTurn(async (turn) => {
      const results: GroupResult[] = [];
      const ports: BundlePorts = {
        calls: this.#calls,
        reader: new ItemReader(this.#calls, turn),
        leases: this.#leases,
        counts: this.#counts,
        turn,
        now: () => ({
          leases: this.#leases,
          counts: this.#counts,
          nextVersion: this.#nextVersion,
          nowMs: this.#serverClock.nowMs(),
          monotonicMs: this.#clock.monotonicMs(),
        }),
      };
      const chains = chainsOf(groups).map((chain) =>
        this.#queue.run(claimOf(chain), turn.signal, async (facts) => {
          let left = facts;
          for (const bundle of chain) {
            const outcome = await runBundle(bundle, left, ports);
            for (const [i, result] of outcome.results.entries()) results[bundle.at[i] ?? 0] = result;
            left = new Map([...left, ...outcome.left]);
          }
          return left;
        }),
      );
      // All of them, before a failure is told: what a call may still do is not to happen behind its back.
      const settled = await Promise.allSettled(chains);
      for (const each of settled) if (each.status === "rejected") throw each.reason;
      return results;
    });
  }

  scan(range: ScanRange, { signal }: ApplyOptions): AsyncIterable<StateEntry> {
    return scanTable(range, { calls: this.#calls, nowMs: () => this.#serverClock.nowMs(), signal });
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#calls.close();
    return Promise.resolve();
  }
}

async function runBundle({ groups }: Bundle, facts: Facts, ports: BundlePorts): Promise<BundleOutcome> {
  const [operation] = groups[0] ?? [];
  if (operation?.op !== "takeDue") return new BundleRun(groups, facts, ports).run();
  if (groups.length > 1) throw new InternalError("takeDue was bundled with other groups");
  const queue = new DueQueue(ports.calls, ports.turn, () => ports.now().nextVersion());
  // It moves what others may know of.
  return { results: [{ kind: "done", results: [await queue.take(operation)] }], left: new Map() };
}
