import type { GroupResult, OperationResult, StateGroup, StateOperation, StateScope } from "@acteon/state";

/** What of a call goes to one tenant's slot, in one script call. */
export interface ClusterPart {
  readonly scope: StateScope;
  readonly groups: StateGroup[];
  readonly places: Place[];
}

/** Where the group of a part stands in the call. */
interface Place {
  readonly group: number;
  /** Which operations of the group these are; `undefined`: all, as nearly always. */
  readonly operations: readonly number[] | undefined;
}

/**
 * Cuts a call by tenant. A group whose operations are of several tenants has one write at most, so what its parts read cannot
 * be refused, and the part that can decides for all of them.
 * @param groups Without `takeDue`, which is of no tenant.
 */
export function cutByScope(groups: readonly StateGroup[]): readonly ClusterPart[] {
  const parts = new Map<string, ClusterPart>();
  const put = (scope: StateScope, group: StateGroup, place: Place): void => {
    const part = parts.get(scope.text) ?? { scope, groups: [], places: [] };
    parts.set(scope.text, part);
    part.groups.push(group);
    part.places.push(place);
  };
  for (const [at, group] of groups.entries()) {
    const [first] = group;
    if (first === undefined) continue;
    const scope = scopeOf(first);
    if (group.every((operation) => scopeOf(operation).text === scope.text))
      put(scope, group, { group: at, operations: undefined });
    else
      for (const operations of Map.groupBy(group.keys(), (i) => scopeOf(group[i] as StateOperation).text).values()) {
        const part = operations.map((i) => group[i] as StateOperation);
        put(scopeOf(part[0] as StateOperation), part, { group: at, operations });
      }
  }
  return [...parts.values()];
}

/** The results of the call, from those of its parts. */
export function joinResults(
  groups: readonly StateGroup[],
  parts: readonly ClusterPart[],
  results: readonly (readonly GroupResult[])[],
): readonly GroupResult[] {
  const joined: GroupResult[] = groups.map(() => ({ kind: "done", results: [] }));
  for (const [i, { places }] of parts.entries())
    for (const [j, { group, operations }] of places.entries()) {
      const result = results[i]?.[j] as GroupResult;
      const before = joined[group] as GroupResult;
      if (operations === undefined) joined[group] = result;
      else if (result.kind === "refused") joined[group] = { ...result, at: operations[result.at] as number };
      else if (before.kind === "done") joined[group] = { kind: "done", results: placed(before, operations, result) };
    }
  return joined;
}

type Done = Extract<GroupResult, { kind: "done" }>;

function placed(before: Done, operations: readonly number[], { results }: Done): readonly OperationResult[] {
  const all = [...before.results];
  for (const [i, at] of operations.entries()) all[at] = results[i] as OperationResult;
  return all;
}

function scopeOf(operation: StateOperation): StateScope {
  if ("lock" in operation) return operation.lock.scope;
  if ("key" in operation) return operation.key.scope;
  throw new TypeError("takeDue is alone in its group");
}
