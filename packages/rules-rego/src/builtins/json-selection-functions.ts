import { entriesOf, identityOf, inOrder, isAnyMap, mapOf, mismatch, setOf, ValueSet } from "@acteon/rules";
import type { Value } from "@acteon/rules";
import { paths } from "./json-path.ts";
import type { JsonPath } from "./json-path.ts";
import { itemsOf, mapType, object, regoFunction } from "./rego-function.ts";
import type { RegoFunction } from "./rego-function.ts";

export const jsonSelectionFunctions: readonly RegoFunction[] = [
  regoFunction(
    "json.filter",
    [object, paths],
    mapType,
    (document, wanted) => selected(document, treeOf(wanted)) ?? mismatch,
  ),
  regoFunction(
    "json.remove",
    [object, paths],
    mapType,
    (document, unwanted) => remaining(document, treeOf(unwanted)) ?? mismatch,
  ),
];

/** Paths by what they have in common; `whole`: a path ends here, and those that go on from here add nothing. */
type PathTree = "whole" | Map<string, PathTree>;

function treeOf(all: readonly JsonPath[]): PathTree {
  const root = new Map<string, PathTree>();
  for (const path of all) {
    let node: PathTree = root;
    for (const [i, step] of path.entries()) {
      const identity: string = identityOf(step);
      if (i === path.length - 1) node.set(identity, "whole");
      const next: PathTree = node.get(identity) ?? new Map<string, PathTree>();
      if (next === "whole") break;
      node.set(identity, next);
      node = next;
    }
  }
  return root;
}

/** What the paths lead to, and what leads there. A value that a path cannot enter stays whole. */
function selected(value: Value, tree: PathTree): Value | undefined {
  if (tree === "whole") return value;
  return rebuilt(value, (child, step) => {
    const branch = tree.get(step);
    return branch === undefined ? undefined : selected(child, branch);
  });
}

/** What no path leads to. */
function remaining(value: Value, tree: PathTree | undefined): Value | undefined {
  if (tree === "whole") return undefined;
  if (tree === undefined) return value;
  return rebuilt(value, (child, step) => remaining(child, tree.get(step)));
}

/** The same with other children, by the identity of the step that leads to each. Of an array that is its place as text. */
function rebuilt(value: Value, change: (child: Value, step: string) => Value | undefined): Value | undefined {
  if (isAnyMap(value)) {
    const entries = entriesOf(value).map(([key, child]) => [key, change(child, identityOf(key))] as const);
    return mapOf(entries.filter((entry): entry is readonly [Value, Value] => entry[1] !== undefined));
  }
  if (value instanceof ValueSet) {
    return setOf(
      inOrder(value)
        .map((child) => change(child, identityOf(child)))
        .filter((child) => child !== undefined),
    );
  }
  const items = itemsOf(value);
  if (items === undefined) return value;
  return items.map((child, i) => change(child, identityOf(String(i)))).filter((child) => child !== undefined);
}
