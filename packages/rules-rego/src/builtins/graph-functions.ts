import {
  LimitFault,
  entriesOf,
  identityOf,
  inOrder,
  isAnyMap,
  maxWeight,
  setOf,
  total,
  valueAt,
  ValueSet,
} from "@acteon/rules";
import type { BuiltinResult, Value } from "@acteon/rules";
import { anything, collection, itemsOf, listType, object, regoFunction, setType } from "./rego-function.ts";
import type { RegoFunction, RegoObject } from "./rego-function.ts";

const tooManyPaths = new LimitFault("a graph with too many paths");
const tooLarge = new LimitFault("too large a document");

export const graphFunctions: readonly RegoFunction[] = [
  regoFunction("graph.reachable", [object, collection], setType, reachable),
  regoFunction("graph.reachable_paths", [object, collection], setType, reachablePaths),
  regoFunction("walk", [anything], listType, walk),
];

/** The nodes of the graph that edges lead to, from node to node, and those to begin with. */
function reachable(graph: RegoObject, initial: readonly Value[]): BuiltinResult {
  const reached = new Map<string, Value>();
  const queue = [...initial];
  for (const node of queue) {
    const identity = identityOf(node);
    const edges = reached.has(identity) ? undefined : valueAt(graph, node);
    if (edges === undefined) continue;
    reached.set(identity, node);
    for (const neighbour of neighboursIn(edges)) queue.push(neighbour);
  }
  return setOf(reached.values());
}

/** Whatever is neither array nor set stands for no edges. */
function neighboursIn(edges: Value): readonly Value[] {
  return collection.read(edges) ?? [];
}

/** Every way from the nodes to begin with to where it ends: at a node without edges, out of the graph, or in a circle. */
function reachablePaths(graph: RegoObject, initial: readonly Value[]): BuiltinResult {
  const paths = new PathFinder(graph);
  for (const node of initial) {
    const edges = valueAt(graph, node);
    if (edges === undefined) continue;
    const neighbours = neighboursIn(edges);
    if (neighbours.length === 0) paths.add([node]);
    for (const neighbour of neighbours) paths.follow(neighbour, [node], new Set([identityOf(node)]));
  }
  return paths.isExhausted ? tooManyPaths : setOf(paths.found);
}

class PathFinder {
  readonly found: (readonly Value[])[] = [];
  readonly #graph: RegoObject;
  #allowance = maxWeight;

  constructor(graph: RegoObject) {
    this.#graph = graph;
  }

  get isExhausted(): boolean {
    return this.#allowance < 0;
  }

  add(path: readonly Value[]): void {
    this.found.push(path);
  }

  follow(node: Value, path: readonly Value[], passed: ReadonlySet<string>): void {
    this.#allowance -= path.length;
    if (this.isExhausted) return;
    const edges = valueAt(this.#graph, node);
    if (edges === undefined) return this.add(path);
    const extended = [...path, node];
    const neighbours = neighboursIn(edges);
    if (neighbours.length === 0) this.add(extended);
    const passedHere = new Set(passed).add(identityOf(node));
    for (const neighbour of neighbours) {
      if (passedHere.has(identityOf(neighbour))) this.add(extended);
      else this.follow(neighbour, extended, passedHere);
    }
  }
}

/** Every value in a value with the path to it, itself first. An element of a set is its own step. */
function walk(value: Value): BuiltinResult {
  const pairs: Value[] = [];
  let allowance = maxWeight;
  const visit = (part: Value, path: readonly Value[]): void => {
    allowance -= path.length + 1;
    if (allowance < 0) return;
    pairs.push([path, part]);
    for (const [step, child] of childrenOf(part)) visit(child, [...path, step]);
  };
  visit(value, []);
  return allowance < 0 ? tooLarge : pairs;
}

function childrenOf(value: Value): Iterable<readonly [step: Value, child: Value]> {
  if (isAnyMap(value)) return entriesOf(value).toSorted(([a], [b]) => total(a, b));
  if (value instanceof ValueSet) return inOrder(value).map((item) => [item, item] as const);
  return (itemsOf(value) ?? []).entries();
}
