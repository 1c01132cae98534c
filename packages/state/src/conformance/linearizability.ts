import type { Clock } from "@acteon/core";

/**
 * What one object does, one operation at a time. The state is a text, so that two ways to the same state are seen to be one.
 */
export interface SequentialModel<Operation, Result> {
  readonly initial: string;
  /**
   * The state after `operation`, if from `state` it can have that result; `undefined` if it cannot. Without a result, which
   * nobody heard, the state that the operation leads to.
   */
  step(state: string, operation: Operation, result: Result | undefined): string | undefined;
}

/** One call of a client. Times are places in one order of all calls and replies. */
export interface RecordedCall<Operation, Result> {
  readonly operation: Operation;
  readonly calledAt: number;
  /** `undefined`: the outcome is unknown, and the effect may come at any time after the call, or never. */
  readonly returned: { readonly at: number; readonly result: Result } | undefined;
}

export type Verdict =
  | { readonly kind: "linearizable" }
  /** No order of the calls explains their results. `longest` is how many of them the best order explained. */
  | { readonly kind: "violation"; readonly longest: number }
  /** Out of time: nothing was proven. */
  | { readonly kind: "undecided" };

/**
 * Is there an order of the calls, each between its call and its return, in which a single object gives all the results?
 * Depth-first over the calls that may come next, remembering which sets of calls have led to which state.
 *
 * @see Jeannette M. Wing, Chun Gong, "Testing and Verifying Concurrent Objects", JPDC 17, 1993; Gavin Lowe, "Testing for
 * Linearizability", CCPE 29, 2017 (the memory).
 */
export function checkLinearizable<Operation, Result>(
  model: SequentialModel<Operation, Result>,
  history: readonly RecordedCall<Operation, Result>[],
  { clock, maxMs }: { readonly clock: Pick<Clock, "monotonicMs">; readonly maxMs: number },
): Verdict {
  const untilMs = clock.monotonicMs() + maxMs;
  const first = linked(history);
  const placed = new Uint8Array(history.length);
  const seen = new Set<string>();
  const path: { readonly call: CallNode; readonly state: string }[] = [];
  let unreturned = history.filter(({ returned }) => returned !== undefined).length;
  let state = model.initial;
  let node = first.next;
  let longest = 0;

  for (let steps = 1; unreturned > 0; steps++) {
    if (steps % stepsBetweenLooks === 0 && clock.monotonicMs() >= untilMs) return { kind: "undecided" };
    if (node?.kind === "call") {
      const { operation, returned } = history[node.index] as RecordedCall<Operation, Result>;
      const next = model.step(state, operation, returned?.result);
      if (next !== undefined && remember(node, next)) {
        path.push({ call: node, state });
        placed[node.index] = 1;
        if (returned !== undefined) unreturned--;
        longest = Math.max(longest, path.length);
        state = next;
        lift(node);
        node = first.next;
      } else node = node.next;
      continue;
    }
    // A call has returned before any way was found to place it: the last one placed was placed wrongly.
    const last = path.pop();
    if (last === undefined) return { kind: "violation", longest };
    state = last.state;
    placed[last.call.index] = 0;
    if (history[last.call.index]?.returned !== undefined) unreturned++;
    unlift(last.call);
    node = last.call.next;
  }
  return { kind: "linearizable" };

  /** False if these calls have led to this state before. */
  function remember(call: CallNode, next: string): boolean {
    placed[call.index] = 1;
    const way = `${placed.join("")} ${next}`;
    placed[call.index] = 0;
    return seen.size < seen.add(way).size;
  }
}

const stepsBetweenLooks = 256;

interface Node {
  previous: Node | undefined;
  next: CallNode | ReturnNode | undefined;
}

interface CallNode extends Node {
  readonly kind: "call";
  readonly index: number;
  /** `undefined` for a call of unknown outcome: nothing has to come before its end. */
  readonly end: ReturnNode | undefined;
}

interface ReturnNode extends Node {
  readonly kind: "return";
}

/** Calls and returns in the order of time, behind a node that is neither. */
function linked(history: readonly RecordedCall<unknown, unknown>[]): Node {
  const timed = history.flatMap(
    ({ calledAt, returned }, index): readonly { at: number; node: CallNode | ReturnNode }[] => {
      const end: ReturnNode | undefined = returned && { kind: "return", previous: undefined, next: undefined };
      const call: CallNode = { kind: "call", index, end, previous: undefined, next: undefined };
      return end === undefined || returned === undefined
        ? [{ at: calledAt, node: call }]
        : [
            { at: calledAt, node: call },
            { at: returned.at, node: end },
          ];
    },
  );
  const head: Node = { previous: undefined, next: undefined };
  let last: Node = head;
  for (const { node } of timed.toSorted((a, b) => a.at - b.at)) {
    node.previous = last;
    last.next = node;
    last = node;
  }
  return head;
}

function lift(call: CallNode): void {
  unlink(call);
  if (call.end !== undefined) unlink(call.end);
}

/** In the opposite order of `lift`. */
function unlift(call: CallNode): void {
  if (call.end !== undefined) relink(call.end);
  relink(call);
}

function unlink({ previous, next }: Node): void {
  if (previous !== undefined) previous.next = next;
  if (next !== undefined) next.previous = previous;
}

function relink(node: CallNode | ReturnNode): void {
  if (node.previous !== undefined) node.previous.next = node;
  if (node.next !== undefined) node.next.previous = node;
}
