import type { StateGroup, StateOperation } from "../state-store.ts";

/**
 * What the contract asks of a caller and no store on the road of an action spends time on: keys of one namespace and tenant,
 * none of them twice, `takeDue` alone, numbers in range.
 * @throws {TypeError} A bug of the caller.
 */
export function checkGroups(groups: readonly StateGroup[]): void {
  for (const group of groups) checkGroup(group);
}

function checkGroup(group: StateGroup): void {
  const seen = new Set<string>();
  const scopes = new Set<string>();
  for (const operation of group) {
    const fault = faultOf(operation);
    if (fault !== undefined) throw new TypeError(`${operation.op}: ${fault}`);
    if (operation.op === "takeDue") {
      if (group.length > 1) throw new TypeError("takeDue: it goes over all tenants, and so alone in its group");
      continue;
    }
    const key = "lock" in operation ? operation.lock : operation.key;
    // An index is a place of its own: a group may write a record and index its key.
    const place = "index" in operation ? `${operation.index} ${key.text}` : key.text;
    if (seen.has(place)) throw new TypeError(`${operation.op}: a second operation on ${place} in one group`);
    seen.add(place);
    scopes.add(key.scope.text);
  }
  if (scopes.size > 1 && group.filter(({ op }) => op !== "get" && op !== "members").length > 1)
    throw new TypeError(`writes of ${scopes.size} namespaces or tenants in one group`);
}

function faultOf(operation: StateOperation): string | undefined {
  if ("ttlMs" in operation && operation.ttlMs !== undefined && !isWhole(operation.ttlMs, 1))
    return `a TTL of ${operation.ttlMs} ms`;
  if ("atMost" in operation && operation.atMost !== undefined && !Number.isSafeInteger(operation.atMost))
    return `a limit of ${operation.atMost}`;
  switch (operation.op) {
    case "increment":
      return Number.isSafeInteger(operation.delta) ? undefined : `an increment of ${operation.delta}`;
    case "acquire":
    case "extend":
      return isWhole(operation.leaseMs, 500, 600_000) ? undefined : `a lease of ${operation.leaseMs} ms`;
    case "takeDue":
      return isWhole(operation.limit, 1) && isWhole(operation.holdMs, 0)
        ? undefined
        : `${operation.limit} entries for ${operation.holdMs} ms`;
    case "indexDue":
      return Number.isSafeInteger(operation.dueAtMs) ? undefined : `due at ${operation.dueAtMs}`;
    default:
      return undefined;
  }
}

function isWhole(value: number, least: number, most = Number.MAX_SAFE_INTEGER): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
