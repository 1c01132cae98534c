import { InternalError, StateUnavailableError } from "@acteon/core";
import type { Clock } from "@acteon/core";
import type { GroupResult } from "@acteon/state";
import { sendMulti } from "./client/multi.ts";
import type { MultiStep } from "./client/multi.ts";
import type { NodeStat } from "./client/protocol.ts";
import { errorCodes } from "./client/protocol.ts";
import { getData } from "./client/requests.ts";
import { ConnectionLostError, ZooKeeperError } from "./client/zookeeper-error.ts";
import { GroupDecider, numberResults } from "./group-decider.ts";
import type { BoundOperation, Moment, Unnumbered } from "./group-decider.ts";
import type { Link } from "./link.ts";
import type { Slot } from "./slot.ts";
import { settleSlots, stepsFor } from "./steps.ts";
import type { StepContext } from "./steps.ts";
import type { Unit } from "./work.ts";

/** What carries transactions out. */
export interface TransactionPorts {
  readonly link: Link;
  readonly clock: Clock;
  readonly context: StepContext;
  readonly moment: () => Moment;
  /** Full jitter between the tries of one transaction, in [0, 1). */
  readonly chance: () => number;
}

/** A packet over 1 MiB (`jute.maxbuffer`) ends the connection. */
const maxPacketBytes = 1_000_000;

/** How long tries of one transaction wait for one another once they are many, in ms; full jitter. */
const patientTries = 3;
const maxPauseMs = 25;

/**
 * Carries groups out: decides them on what is known, has the server check all of that while it writes, and, if something was
 * not so, reads it all and decides again, until it holds or the time is over. Groups of other processes that come between are
 * thereby seen whole or not at all. Of groups that only travel together each is tried alone once they failed together.
 */
export async function carryOut(units: readonly Unit[], ports: TransactionPorts): Promise<void> {
  const left = await tryOnce(inTime(units, ports), ports, false);
  await Promise.all(partsOf(left).map((part) => insist(part, ports)));
}

async function insist(part: readonly Unit[], ports: TransactionPorts): Promise<void> {
  let left = part;
  for (let tries = 1; left.length > 0; tries++) {
    if (tries > patientTries) await ports.link.pause(ports.chance() * Math.min(maxPauseMs, tries));
    left = await tryOnce(inTime(left, ports), ports, true);
  }
}

/** Those whose callers still wait; the others are not carried out any more. */
function inTime(units: readonly Unit[], { clock }: TransactionPorts): readonly Unit[] {
  const nowMs = clock.monotonicMs();
  return units.filter((unit) => {
    if (unit.deadlineMs > nowMs) return true;
    unit.fail(new StateUnavailableError("the time of the call was over before it could be carried out"));
    return false;
  });
}

/** One try. @returns The groups that are still to be carried out. */
async function tryOnce(units: readonly Unit[], ports: TransactionPorts, mustRead: boolean): Promise<readonly Unit[]> {
  if (units.length === 0) return [];
  const { link } = ports;
  const slots = slotsOf(units);
  for (const slot of slots) slot.fresh = false;
  try {
    await link.ready(Math.max(...units.map(({ deadlineMs }) => deadlineMs)));
    if (mustRead || needReading(units)) await readAll(slots, ports);
    let attempt = decideAll(units, slots, ports);
    if (attempt.answers.length === 0) {
      await readAll(slots, ports);
      attempt = decideAll(units, slots, ports);
      if (attempt.answers.length === 0) throw new InternalError("a group has two operations on one lock");
    }
    if (attempt.steps.length > 0) {
      const outcome = await commit(attempt.steps, slots, ports);
      if (outcome.kind === "refused") return await afterRefusal(units, { ...attempt, ...outcome }, ports);
      numberResults(attempt.unnumbered, outcome.zxid);
      settleSlots(slots, { ...outcome, nowMs: ports.clock.monotonicMs() });
    }
    for (const { unit, result } of attempt.answers) unit.answer(result);
    return attempt.left;
  } catch (error) {
    // What was not sent, or only asked, may be sent again; what became of a transaction whose answer was lost nobody knows.
    if (error instanceof ConnectionLostError && !error.sent) return units;
    // Of groups that only travel together one alone may be at fault.
    if (!(error instanceof ConnectionLostError) && !mustRead) return units;
    for (const slot of slots) slot.seen = undefined;
    const failure = link.explain(error);
    for (const unit of units) unit.fail(failure);
    return [];
  }
}

interface Attempt {
  readonly answers: readonly { readonly unit: Unit; readonly result: GroupResult }[];
  /** Cannot be answered by this attempt: nodes are to be read first, or a token is to be known. In order. */
  readonly left: readonly Unit[];
  readonly unnumbered: readonly Unnumbered[];
  readonly steps: readonly MultiStep[];
}

function decideAll(units: readonly Unit[], slots: readonly Slot[], ports: TransactionPorts): Attempt {
  for (const slot of slots) slot.begin();
  const decider = new GroupDecider(ports.moment());
  const answers: { readonly unit: Unit; readonly result: GroupResult }[] = [];
  const left: Unit[] = [];
  for (const unit of units) {
    // Behind what is left, on one of its nodes, nothing goes before it.
    const isBehind = left.some(({ slots: theirs }) => unit.slots.some((slot) => theirs.includes(slot)));
    const result = isBehind ? undefined : decideUnit(unit, decider);
    if (result === undefined) left.push(unit);
    else answers.push({ unit, result });
  }
  const writes = slots.some((slot) => slot.writes > 0);
  // A read never fails because of others; a transaction that only checks could.
  if (!writes && slots.some(({ touched, fresh }) => touched && !fresh))
    return { answers: [], left: units, unnumbered: [], steps: [] };
  const steps = writes || slots.some(({ touched }) => touched) ? stepsFor(slots, ports.context) : [];
  if (sizeOf(steps) <= maxPacketBytes) return { answers, left, unnumbered: decider.unnumbered, steps };
  if (units.length === 1)
    throw new StateUnavailableError(
      `a group of more than ${maxPacketBytes} bytes does not fit into a request to ZooKeeper (jute.maxbuffer)`,
      { help: "send less in one action: a record is 1 MiB at most" },
    );
  const half = Math.ceil(units.length / 2);
  const attempt = decideAll(units.slice(0, half), slots, ports);
  return { ...attempt, left: [...attempt.left, ...units.slice(half)] };
}

/** `undefined`: not yet. Marks the nodes that the transaction has to check. */
function decideUnit({ operations, slots }: Unit, decider: GroupDecider): GroupResult | undefined {
  const before = slots.map(({ writes }) => writes);
  const decision = decider.decide(operations);
  if (decision.kind === "later") return undefined;
  const wrote = slots.some(({ writes }, i) => writes !== before[i]);
  // What an earlier group of this attempt wrote is as certain as the attempt.
  const isKnown = slots.every(({ fresh, writes }) => fresh || writes > 0);
  // Nodes read one after another are of one moment only if they still are as they were.
  const isOfOneMoment = decision.kind === "refused" || slots.length === 1;
  if (wrote || !isKnown || !isOfOneMoment) for (const slot of slots) slot.touched = true;
  return decision;
}

type Outcome =
  | { readonly kind: "committed"; readonly zxid: number; readonly stat: NodeStat | undefined }
  | { readonly kind: "refused"; readonly code: number; readonly at: number };

function commit(steps: readonly MultiStep[], slots: readonly Slot[], { link }: TransactionPorts): Promise<Outcome> {
  const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
  const writes = slots.some((slot) => slot.writes > 0);
  link.sendTimed((sender, learn) => {
    sendMulti(sender, steps, {
      committed(zxid, stat) {
        learn(zxid, stat);
        resolve({ kind: "committed", zxid, stat });
      },
      refused: (code, at) => resolve({ kind: "refused", code, at }),
      failed(error) {
        // A transaction that only checks may be sent again.
        const again = error instanceof ConnectionLostError && !writes;
        reject(again ? new ConnectionLostError(error.message, { cause: error, sent: false }) : error);
      },
    });
  });
  return promise;
}

/** A step could not be done: what was seen is no longer so, a folder is missing, or it is forbidden. */
async function afterRefusal(
  units: readonly Unit[],
  refusal: Extract<Outcome, { readonly kind: "refused" }> & Pick<Attempt, "steps">,
  { link }: TransactionPorts,
): Promise<readonly Unit[]> {
  const { code, at, steps } = refusal;
  if (!lostRaces.has(code)) throw new ZooKeeperError(code);
  if (code === errorCodes.noNode && steps[at]?.step === "create")
    await link.makeFolders(steps.filter(({ step }) => step === "create").map(({ path }) => path));
  return units;
}

const lostRaces: ReadonlySet<number> = new Set([
  errorCodes.noNode,
  errorCodes.nodeExists,
  errorCodes.badVersion,
  errorCodes.notEmpty,
]);

/** All at once, and so that what anybody had acknowledged before is seen. */
async function readAll(slots: readonly Slot[], { link, clock }: TransactionPorts): Promise<void> {
  await link.readable(async (sender) => {
    const unread = slots.filter(({ fresh }) => !fresh);
    const nodes = await Promise.all(unread.map(({ path }) => getData(sender, path)));
    const nowMs = clock.monotonicMs();
    unread.forEach((slot, i) => slot.found(nodes[i], nowMs));
  });
}

/**
 * Whether a group cannot be decided on what is known. Where a lock is taken, or something stored, that nothing is there yet is
 * the best guess; if it is wrong, the transaction fails, and all is read.
 */
export function needReading(units: readonly Pick<Unit, "operations">[]): boolean {
  const guessed = new Set<Slot>();
  const isUnknown = (slot: Slot | undefined): boolean =>
    slot !== undefined && slot.seen === undefined && !guessed.has(slot);
  for (const { operations } of units)
    for (const bound of operations) {
      if (isUnknown(bound.fenceSlot) || isUnknown(bound.fencedBy)) return true;
      if (!isUnknown(bound.slot)) continue;
      if (!guessesAbsence(bound)) return true;
      guessed.add(bound.slot);
    }
  return false;
}

function guessesAbsence({ operation }: BoundOperation): boolean {
  switch (operation.op) {
    case "acquire":
    case "checkAndSet":
    case "set":
    case "indexDue":
      return true;
    case "compareAndSwap":
      return operation.expected === "absent";
    default:
      return false;
  }
}

function slotsOf(units: readonly Unit[]): readonly Slot[] {
  const [first, ...others] = units;
  if (first !== undefined && others.length === 0) return first.slots;
  return [...new Set(units.flatMap(({ slots }) => slots))];
}

/** Groups that share a node, directly or by way of others, stay together. */
function partsOf(units: readonly Unit[]): readonly (readonly Unit[])[] {
  const partOf = new Map<Slot, Unit[]>();
  const parts = new Set<Unit[]>();
  for (const unit of units) {
    const joined = [...new Set(unit.slots.map((slot) => partOf.get(slot)).filter((part) => part !== undefined))];
    const part = [...joined.flat(), unit];
    for (const old of joined) parts.delete(old);
    parts.add(part);
    for (const { slots } of part) for (const slot of slots) partOf.set(slot, part);
  }
  // In the order in which they came.
  return [...parts].map((part) => units.filter((unit) => part.includes(unit)));
}

/** At least what the steps take on the wire. */
function sizeOf(steps: readonly MultiStep[]): number {
  let bytes = 0;
  for (const step of steps) {
    bytes += step.path.length + stepOverheadBytes;
    if ("data" in step) bytes += step.data.length > longText ? Buffer.byteLength(step.data) : 3 * step.data.length;
  }
  return bytes;
}

const stepOverheadBytes = 64;
/** Shorter texts are counted at their longest. */
const longText = 10_000;
