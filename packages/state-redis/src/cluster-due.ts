import { decodeComponent } from "@acteon/core";
import type { Clock, Namespace, TenantId } from "@acteon/core";
import { stateScope } from "@acteon/state";
import type { DueIndex, StateGroup, StateScope } from "@acteon/state";
import { applyScript } from "./apply-script.ts";
import { decodeTakenDue } from "./decode-reply.ts";
import type { DueEntry, ScriptReply } from "./decode-reply.ts";
import { encodeTakeDue } from "./encode-groups.ts";
import type { TakeDue } from "./encode-groups.ts";
import type { RedisConnection } from "./redis-connection.ts";
import type { RedisKeys } from "./redis-keys.ts";
import { createScript } from "./script.ts";

/** How long it is taken for granted that a scope is in the directory. */
const registeredForMs = 60 * 60 * 1_000;
/** How long a scope without due entries stays there: long after everybody has registered it anew who still counts on it. */
const emptyScopeMs = 24 * registeredForMs;

/**
 * Due indexes in a Cluster. An entry changes with its group, so it lies in the slot of its tenant; which tenants have any says
 * a directory, in a slot of its own. A tenant is registered there before its first entry is written, and once an hour again;
 * one that has no entries is taken out a day after it was last registered. So the directory never lacks a tenant.
 */
export class ClusterDue {
  readonly #connection: RedisConnection;
  readonly #keys: RedisKeys;
  readonly #clock: Clock;
  /** By index and scope; monotonic. */
  readonly #registeredUntilMs = new Map<string, number>();

  constructor(connection: RedisConnection, keys: RedisKeys, clock: Clock) {
    this.#connection = connection;
    this.#keys = keys;
    this.#clock = clock;
  }

  /** To be awaited before groups that index are sent. */
  async register(groups: readonly StateGroup[]): Promise<void> {
    for (const group of groups)
      for (const operation of group)
        if (operation.op === "indexDue") await this.#registerScope(operation.index, operation.key.scope);
  }

  /** Earliest first, over all scopes. Of takers at the same time each entry goes to one. */
  async take(operation: TakeDue): Promise<readonly DueEntry[]> {
    const { index, limit, holdMs } = operation;
    const scopes = await this.#scopes(index);
    const taken: DueEntry[] = [];
    while (taken.length < limit) {
      const left = limit - taken.length;
      const seen = await this.#takeOf(scopes, { ...operation, limit: left, holdMs: 0 });
      const earliest = seen.toSorted(byDueTime).slice(0, left);
      if (holdMs === 0) return earliest;
      if (earliest.length === 0) break;
      // Others take as well: so many of each scope, whichever they are by now.
      const shares = Map.groupBy(earliest, ({ key }) => key.scope.text);
      const claims = [...shares].map(([text, { length }]) =>
        this.#takeOf([scopeOfText(text)], { ...operation, limit: length }),
      );
      taken.push(...(await Promise.all(claims)).flat());
    }
    return taken.toSorted(byDueTime);
  }

  async #registerScope(index: DueIndex, scope: StateScope): Promise<void> {
    const name = `${index} ${scope.text}`;
    const nowMs = this.#clock.monotonicMs();
    if ((this.#registeredUntilMs.get(name) ?? 0) > nowMs) return;
    if (this.#registeredUntilMs.size >= maxRemembered) this.#registeredUntilMs.clear();
    const registered = this.#clock.nowMs();
    await this.#connection.ask((client) => client.zadd(this.#keys.dueScopes(index), registered, scope.text));
    this.#registeredUntilMs.set(name, nowMs + registeredForMs);
  }

  /** Those of the directory, which loses the ones that have had nothing for long. */
  async #scopes(index: DueIndex): Promise<readonly StateScope[]> {
    const directory = this.#keys.dueScopes(index);
    const oldMs = this.#clock.nowMs() - emptyScopeMs;
    const listed = await this.#connection.ask((client) => client.zrange(directory, "0", "-1", "WITHSCORES"));
    const scopes: StateScope[] = [];
    for (let i = 0; i + 1 < listed.length; i += 2) {
      const scope = scopeOfText(listed[i] as string);
      if (Number(listed[i + 1]) > oldMs || (await this.#hasEntries(index, scope))) scopes.push(scope);
      else await this.#connection.evaluate(forgetScript, directory, [scope.text, String(oldMs)]);
    }
    return scopes;
  }

  async #hasEntries(index: DueIndex, scope: StateScope): Promise<boolean> {
    return (await this.#connection.ask((client) => client.exists(this.#keys.due(index, scope)))) === 1;
  }

  async #takeOf(scopes: readonly StateScope[], operation: TakeDue): Promise<readonly DueEntry[]> {
    const replies = await Promise.all(
      scopes.map((scope) => {
        const { request } = encodeTakeDue(this.#keys.due(operation.index, scope), operation);
        return this.#connection.evaluate<ScriptReply>(applyScript, this.#keys.clock(scope), [request]);
      }),
    );
    return replies.flatMap(decodeTakenDue);
  }
}

/** Registrations remembered, at some 100 bytes each; beyond that they are made anew. */
const maxRemembered = 100_000;

/** Unless it was registered since. */
const forgetScript = createScript(`
local registered = redis.call('ZSCORE', KEYS[1], ARGV[1])
if registered and tonumber(registered) <= tonumber(ARGV[2]) then redis.call('ZREM', KEYS[1], ARGV[1]) end
return 0
`);

function byDueTime(a: DueEntry, b: DueEntry): number {
  return a.dueAtMs - b.dueAtMs;
}

/** What stands in the directory was checked by whoever made the scope. */
function scopeOfText(text: string): StateScope {
  const [namespace = "", tenant = ""] = text.split("/");
  return stateScope(decodeComponent(namespace) as Namespace, decodeComponent(tenant) as TenantId | undefined);
}
