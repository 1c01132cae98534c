import type { Span } from "@acteon/core";
import { durationLiteral, field, literal, windowOf } from "@acteon/rules";
import type { Expr } from "@acteon/rules";
import type { DrlExpr, DrlOperator } from "../syntax/ast-expression.ts";
import { allOf, called, valueOf } from "./lowering.ts";
import type { Lowering } from "./lowering.ts";
import { compared } from "./methods.ts";
import type { Operand } from "./scope.ts";

/** When something began and ended; of an instant both are the same. */
interface Interval {
  readonly start: Expr;
  readonly end: Expr;
}

/** The time from one instant to another lies between two times; an absent one does not bind it. */
interface Bound {
  readonly from: Expr;
  readonly to: Expr;
  readonly least?: Expr | undefined;
  readonly most?: Expr | undefined;
  /** It is longer than none. */
  readonly positive?: true;
}

interface Times {
  /** Of the parameters so many as there are. */
  readonly at: (index: number) => Expr | undefined;
  readonly count: number;
  readonly ms: (ms: number) => Expr;
  readonly negative: (time: Expr | undefined) => Expr | undefined;
}

type Reading = (a: Interval, b: Interval, times: Times) => readonly Bound[];

/** The relations of Allen's interval algebra, with the parameters that Drools gives them. */
const readings: ReadonlyMap<string, Reading> = new Map<string, Reading>([
  ["after", (a, b, times) => [{ from: b.end, to: a.start, ...distance(times) }]],
  ["before", (a, b, times) => [{ from: a.end, to: b.start, ...distance(times) }]],
  [
    "coincides",
    (a, b, times) => [
      near(b.start, a.start, times.at(0), times),
      near(b.end, a.end, times.at(1) ?? times.at(0), times),
    ],
  ],
  ["during", during],
  ["includes", (a, b, times) => during(b, a, times)],
  ["meets", (a, b, times) => [near(a.end, b.start, times.at(0), times)]],
  ["metby", (a, b, times) => [near(b.end, a.start, times.at(0), times)]],
  ["overlaps", overlaps],
  ["overlappedby", (a, b, times) => overlaps(b, a, times)],
  ["starts", (a, b, times) => [near(b.start, a.start, times.at(0), times), longer(a.end, b.end)]],
  ["startedby", (a, b, times) => [near(b.start, a.start, times.at(0), times), longer(b.end, a.end)]],
  ["finishes", (a, b, times) => [longer(b.start, a.start), near(b.end, a.end, times.at(0), times)]],
  ["finishedby", (a, b, times) => [longer(a.start, b.start), near(b.end, a.end, times.at(0), times)]],
]);

/** From one time on, or from one to another; a millisecond or more where neither is given. */
function distance(times: Times): Pick<Bound, "least" | "most"> {
  return times.count === 0 ? { least: times.ms(1) } : { least: times.at(0), most: times.at(1) };
}

function near(from: Expr, to: Expr, deviation: Expr | undefined, times: Times): Bound {
  const most = deviation ?? times.ms(0);
  return { from, to, least: times.negative(most), most };
}

function longer(from: Expr, to: Expr): Bound {
  return { from, to, positive: true };
}

function during(a: Interval, b: Interval, times: Times): readonly Bound[] {
  const starts = { from: b.start, to: a.start };
  const ends = { from: a.end, to: b.end };
  switch (times.count) {
    case 0:
      return [longer(starts.from, starts.to), longer(ends.from, ends.to)];
    case 1:
      return [starts, ends].map((each) => ({ ...each, positive: true, most: times.at(0) }));
    default: {
      const [least, most, leastEnd = least, mostEnd = most] = [0, 1, 2, 3].map(times.at);
      return [
        { ...starts, least, most },
        { ...ends, least: leastEnd, most: mostEnd },
      ];
    }
  }
}

function overlaps(a: Interval, b: Interval, times: Times): readonly Bound[] {
  const [first, second] = [times.at(0), times.at(1)];
  const overlap = { from: b.start, to: a.end };
  const lasts =
    times.count < 2 ? { ...overlap, positive: true as const, most: first } : { ...overlap, least: first, most: second };
  return [longer(a.start, b.start), lasts, longer(a.end, b.end)];
}

export function isTemporal(operator: string): boolean {
  return readings.has(operator);
}

/** `a after[0, 5m] b`, between two events or instants. Of what is null nothing holds. */
export function lowerTemporal(
  operator: DrlOperator,
  left: Operand,
  right: Operand,
  span: Span,
  lowering: Lowering,
): Expr {
  const parameters = operator.parameters.map((parameter) => timeOf(parameter, lowering));
  const times: Times = {
    count: parameters.length,
    at: (index) => parameters[index],
    ms: (ms) => durationLiteral(ms, span),
    negative: (time) => negative(time),
  };
  const bounds = readings.get(operator.text)!(intervalOf(left, span), intervalOf(right, span), times);
  return allOf(
    bounds.flatMap((bound) => conjunctsOfBound(bound, span)),
    span,
  );
}

function conjunctsOfBound({ from, to, least, most, positive }: Bound, span: Span): readonly Expr[] {
  const time = called("elapsed", [from, to], span);
  const holds = [
    ...(positive === undefined ? [] : [compared("gt", time, durationLiteral(0, span), span)]),
    ...(least === undefined ? [] : [compared("ge", time, least, span)]),
    ...(most === undefined ? [] : [compared("le", time, most, span)]),
  ];
  // Any time is one: both of them are known.
  return holds.length > 0 ? holds : [compared("ne", time, literal(null, span), span)];
}

/** Of an event what its fields say; anything else is an instant. */
function intervalOf({ expr, shape }: Operand, span: Span): Interval {
  if (shape.kind === "action") {
    const start = field(expr, "created_at", "null", span);
    return { start, end: start };
  }
  if (shape.kind !== "declared" || shape.type.timestamp === undefined) return { start: expr, end: expr };
  const start = field(expr, shape.type.timestamp, "null", span);
  const { duration } = shape.type;
  if (duration === undefined) return { start, end: start };
  return { start, end: called("endOf", [start, field(expr, duration, "null", span)], span) };
}

/** A number is milliseconds; `undefined`: any time. */
function timeOf(parameter: DrlExpr, lowering: Lowering): Expr | undefined {
  if (parameter.kind === "literal" && parameter.type === "infinity") return undefined;
  const { expr } = valueOf(parameter, lowering);
  if (expr.kind === "literal" && expr.type === "int") return durationLiteral(Number(expr.value), expr.span);
  const window = windowOf(expr) ?? expr;
  if (window.kind === "literal" && window.type === "duration") return window;
  lowering.source.error({
    code: "ACT-R019",
    at: parameter,
    summary: "this is no time",
    label: "a parameter of a temporal operator",
    help: "times read `30s`, `5m`, `1h30m`; a number is milliseconds",
  });
  return undefined;
}

function negative(time: Expr | undefined): Expr | undefined {
  if (time?.kind !== "literal" || time.type !== "duration") return undefined;
  return durationLiteral(-Number(time.value) / 1e6, time.span);
}
