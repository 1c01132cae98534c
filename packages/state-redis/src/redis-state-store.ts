import type { Clock } from "@acteon/core";
import type {
  ApplyOptions,
  ConnectionCounts,
  Durability,
  GroupResult,
  ScanRange,
  StateEntry,
  StateGroup,
  StateScope,
  StateStore,
} from "@acteon/state";
import { applyScript } from "./apply-script.ts";
import { ClusterDue } from "./cluster-due.ts";
import { cutByScope, joinResults } from "./cluster-parts.ts";
import { decodeReply } from "./decode-reply.ts";
import type { ScriptReply } from "./decode-reply.ts";
import { encodeGroups } from "./encode-groups.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { RedisKeys } from "./redis-keys.ts";
import { scanRedis } from "./redis-scan.ts";

/** Operations that one script call carries, unless one group has more: a millisecond or two, for which Redis serves nobody else. */
const maxOperationsPerScript = 1_000;

/** State in one Redis, as a master with replicas too. All groups of a call are one script call. */
export class RedisStateStore implements StateStore {
  readonly durability: Durability;
  readonly capabilities = { locks: true, watch: false };
  readonly #connection: RedisConnection;
  readonly #keys: RedisKeys;
  readonly #prefix: string;
  /** In a Cluster. */
  readonly #clusterDue: ClusterDue | undefined;

  constructor(
    connection: RedisConnection,
    options: {
      readonly prefix: string;
      readonly durability: Durability;
      readonly isCluster: boolean;
      readonly clock: Clock;
    },
  ) {
    this.#connection = connection;
    this.durability = options.durability;
    this.#prefix = options.prefix;
    this.#keys = new RedisKeys(options.prefix, { perScope: options.isCluster });
    this.#clusterDue = options.isCluster ? new ClusterDue(connection, this.#keys, options.clock) : undefined;
  }

  connections(): ConnectionCounts {
    return this.#connection.counts();
  }

  /**
   * Once sent it is awaited even if `signal` aborts: giving up early would hide whether the writes happened.
   * @throws {RangeError} A group of more than 3,000 operations: a bug of the caller.
   */
  async apply(groups: readonly StateGroup[], { signal }: ApplyOptions): Promise<readonly GroupResult[]> {
    signal.throwIfAborted();
    if (this.#clusterDue === undefined) return this.#run(groups, undefined);
    return this.#applyInCluster(groups, this.#clusterDue);
  }

  scan(range: ScanRange, { signal }: ApplyOptions): AsyncIterable<StateEntry> {
    return scanRedis(this.#connection, { keys: this.#keys, prefix: this.#prefix, range, signal });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connection[Symbol.asyncDispose]();
  }

  /** `takeDue` looks at all slots, so it cuts a call in two. */
  async #applyInCluster(groups: readonly StateGroup[], due: ClusterDue): Promise<readonly GroupResult[]> {
    const results: GroupResult[] = [];
    for (let from = 0; from < groups.length;) {
      const [first] = groups[from] as StateGroup;
      if (first?.op === "takeDue") {
        results.push({ kind: "done", results: [{ kind: "due", entries: await due.take(first) }] });
        from++;
        continue;
      }
      const next = groups.findIndex((group, i) => i > from && group[0]?.op === "takeDue");
      const to = next === -1 ? groups.length : next;
      results.push(...(await this.#applyInParts(groups.slice(from, to), due)));
      from = to;
    }
    return results;
  }

  /** One script call for each tenant, side by side. */
  async #applyInParts(groups: readonly StateGroup[], due: ClusterDue): Promise<readonly GroupResult[]> {
    await due.register(groups);
    const parts = cutByScope(groups);
    const results = await Promise.allSettled(parts.map((part) => this.#run(part.groups, part.scope)));
    return joinResults(
      groups,
      parts,
      results.map((result) => {
        // Only once all have ended: a call that has failed must not be writing still.
        if (result.status === "rejected") throw result.reason;
        return result.value;
      }),
    );
  }

  /** @param scope Of all of the groups, where there is a slot for each. */
  async #run(groups: readonly StateGroup[], scope: StateScope | undefined): Promise<readonly GroupResult[]> {
    const length = fittingIn(groups);
    if (length === groups.length) return this.#runScript(groups, scope);
    const results: GroupResult[] = [];
    for (let from = 0; from < groups.length;) {
      const rest = groups.slice(from);
      const fitting = rest.slice(0, fittingIn(rest));
      results.push(...(await this.#runScript(fitting, scope)));
      from += fitting.length;
    }
    return results;
  }

  async #runScript(groups: readonly StateGroup[], scope: StateScope | undefined): Promise<readonly GroupResult[]> {
    if (groups.length === 0) return [];
    const { request, values } = encodeGroups(groups, this.#keys);
    const clockKey = this.#keys.clock(scope);
    const reply = await this.#connection.evaluate<ScriptReply>(applyScript, clockKey, [request, ...values]);
    return decodeReply(groups, reply);
  }
}

/** What Lua passes to one command of Redis is 8,000 texts at most: two for an operation. */
const maxOperationsPerGroup = 3_000;

/** How many of the first groups one script call takes: at least one. */
function fittingIn(groups: readonly StateGroup[]): number {
  let operations = 0;
  for (const [i, { length }] of groups.entries()) {
    if (length > maxOperationsPerGroup)
      throw new RangeError(`a group of ${length} operations: ${maxOperationsPerGroup} are the most`);
    operations += length;
    if (operations > maxOperationsPerScript && i > 0) return i;
  }
  return groups.length;
}
