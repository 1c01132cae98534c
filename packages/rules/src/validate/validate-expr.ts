import { suggest } from "@acteon/core";
import type { Diagnostic } from "@acteon/core";
import type { BuiltinTable } from "../builtins/builtin.ts";
import { compileRegex } from "../builtins/linear-regex.ts";
import { actionField, actionFieldNames } from "../compile/action-fields.ts";
import type { TimeZones } from "../compile/time-zones.ts";
import { didYouMean, errorAt, warningAt } from "../diagnostics/finding.ts";
import { childrenOf } from "../ir/children.ts";
import { displayExpr } from "../ir/display.ts";
import type { ActionPath, Arithmetic, Call, Compare, Expr, Membership, TimePart } from "../ir/expr.ts";
import type { Query } from "../ir/query.ts";
import { staticTypeOf } from "./static-type.ts";
import type { StaticType } from "./static-type.ts";

export const maxDepth = 100;
export const maxNodes = 10_000;
/** Most steps of one body of a query: each runs inside the one before it. */
export const maxBodySteps = 200;

export interface ExprChecks {
  readonly builtins: BuiltinTable;
  readonly zones: TimeZones;
  /** Of the existing YAML dialect, where what can only go wrong at run time is a warning. */
  readonly legacy: boolean;
}

/**
 * Every problem that an expression has for certain, whatever the action.
 *
 * @param names What is bound around it.
 */
export function validateExpr(
  expr: Expr,
  checks: ExprChecks,
  names: ReadonlySet<string> = new Set(),
): readonly Diagnostic[] {
  const { nodes, depth } = measure(expr);
  if (depth > maxDepth || nodes > maxNodes) {
    return [
      errorAt("ACT-R002", expr.span, {
        summary: "an expression that is too large",
        label: depth > maxDepth ? `more than ${maxDepth} levels deep` : `more than ${maxNodes} parts`,
      }),
    ];
  }
  const found: Diagnostic[] = [];
  check(expr, { ...checks, names, report: (diagnostic) => found.push(diagnostic) });
  return found;
}

/** Without recursion: it looks at what may be too deep to recurse into. */
function measure(root: Expr): { readonly nodes: number; readonly depth: number } {
  let nodes = 0;
  let depth = 0;
  let level: readonly Expr[] = [root];
  while (level.length > 0 && depth <= maxDepth && nodes <= maxNodes) {
    nodes += level.length;
    depth++;
    level = level.flatMap(childrenOf);
  }
  return { nodes, depth };
}

interface Scope extends ExprChecks {
  readonly names: ReadonlySet<string>;
  readonly report: (diagnostic: Diagnostic) => void;
}

function check(expr: Expr, scope: Scope): void {
  checkNode(expr, scope);
  if (expr.kind === "quantifier") {
    check(expr.over, scope);
    check(expr.condition, withNames(scope, [expr.key, expr.value]));
  } else if (expr.kind === "let") {
    check(expr.value, scope);
    check(expr.body, withNames(scope, [expr.name]));
  } else if (expr.kind === "query") {
    checkSteps(expr.body, scope);
  } else {
    for (const child of childrenOf(expr)) check(child, scope);
  }
}

function withNames(scope: Scope, names: readonly (string | undefined)[]): Scope {
  return { ...scope, names: new Set([...scope.names, ...names.filter((name) => name !== undefined)]) };
}

function checkNode(expr: Expr, scope: Scope): void {
  switch (expr.kind) {
    case "action":
      return checkPath(expr, scope);
    case "local":
      if (!scope.names.has(expr.name)) scope.report(unknownName(expr.name, expr, scope));
      return;
    case "time":
      return checkZone(expr, scope);
    case "compare":
      return checkComparison(expr, scope);
    case "arithmetic":
      return checkCalculation(expr, scope);
    case "in":
      return checkMembership(expr, scope);
    case "and":
    case "or":
      for (const operand of expr.operands) checkBool(operand, scope);
      return;
    case "not":
      return checkBool(expr.operand, scope);
    case "conditional":
    case "quantifier":
      return checkBool(expr.condition, scope);
    case "call":
      return checkCall(expr, scope);
    default:
  }
}

function checkPath({ path, span }: ActionPath, { legacy, report }: Scope): void {
  const [head] = path;
  if (head === undefined || actionField(head) !== undefined) return;
  const near = head === "type" ? "action_type" : suggest(head, actionFieldNames());
  const finding = {
    summary: `an action has no field \`${head}\``,
    label: "not a field of an action",
    ...(near === undefined
      ? { help: `what the sender put into it lies below the payload: \`action.payload.${path.join(".")}\`` }
      : didYouMean(`action.${[near, ...path.slice(1)].join(".")}`)),
  };
  report((legacy ? warningAt : errorAt)("ACT-R020", span, finding));
}

function unknownName(name: string, { span }: Expr, { names }: Scope): Diagnostic {
  return errorAt("ACT-R024", span, {
    summary: `\`${name}\` is bound by nothing here`,
    label: "an unknown name",
    ...didYouMean(suggest(name, names)),
  });
}

function checkZone({ zone, span }: TimePart, { zones, legacy, report }: Scope): void {
  if (zone !== undefined && zones.clockOf(zone) === undefined) report(unknownZone(zone, span, legacy));
}

export function unknownZone(zone: string, span: Expr["span"], legacy: boolean): Diagnostic {
  const near = suggest(zone, Intl.supportedValuesOf("timeZone"));
  return (legacy ? warningAt : errorAt)("ACT-R015", span, {
    summary: `there is no time zone \`${zone}\``,
    label: "not a time zone",
    ...(near === undefined ? { help: "use an IANA name such as `Europe/Berlin`" } : didYouMean(near)),
  });
}

const unordered: ReadonlySet<StaticType> = new Set(["null", "list", "map"]);

function checkComparison({ op, left, right, semantics, span }: Compare, scope: Scope): void {
  if (semantics === "drl" || semantics === "rego") return;
  const a = staticTypeOf(left, scope.builtins);
  const b = staticTypeOf(right, scope.builtins);
  if (a === undefined || b === undefined) return;
  const ordering = op !== "eq" && op !== "ne";
  if (a === b ? !ordering || !unordered.has(a) : !ordering && (a === "null" || b === "null")) return;
  const [first, second] = a === "text" || b !== "text" ? [a, b] : [b, a];
  const report = scope.legacy ? warningAt : errorAt;
  scope.report(
    report("ACT-R021", span, {
      summary:
        a === b ? `comparing the order of two values of type ${a}` : `comparing ${named[first]} with ${named[second]}`,
      label: `${displayExpr(left)} is ${named[a]}, ${displayExpr(right)} is ${named[b]}`,
      help:
        a === b
          ? "only numbers, texts, durations and instants have an order"
          : `compare ${displayExpr(left)} with ${likeness(a, right)}, or convert one side`,
    }),
  );
}

/** A value of a type, the nearest to a literal of another one. */
function likeness(type: StaticType, other: Expr): string {
  const value = other.kind === "literal" ? other.value : undefined;
  if (type === "text" && typeof value === "number") return `text, such as "${value}"`;
  if (type === "number" && typeof value === "string" && Number.isFinite(Number.parseFloat(value))) {
    return `a number, such as ${Number.parseFloat(value)}`;
  }
  if (type === "duration") return `a duration, such as ${typeof value === "number" ? value : 5}s`;
  return named[type];
}

/** What CEL has no operation for, whatever the values are: a number with something else. */
function checkCalculation({ left, right, semantics, span }: Arithmetic, { builtins, report }: Scope): void {
  const [a, b] = [staticTypeOf(left, builtins), staticTypeOf(right, builtins)];
  if (semantics !== "cel" || a === undefined || b === undefined || (a === "number") === (b === "number")) return;
  report(
    errorAt("ACT-R006", span, {
      summary: `calculating with ${named[a]} and ${named[b]}`,
      label: `${displayExpr(left)} is ${named[a]}, ${displayExpr(right)} is ${named[b]}`,
      help: "convert one side",
    }),
  );
}

function checkMembership({ collection, semantics }: Membership, { builtins, report }: Scope): void {
  const type = staticTypeOf(collection, builtins);
  if (type === undefined || semantics === "rego" || semantics === "drl") return;
  if (type === "list" || type === "map" || type === "set" || type === "optional") return;
  report(
    errorAt("ACT-R006", collection.span, {
      summary: "`in` needs a list or a map",
      label: `this is ${named[type]}`,
      help: `write \`[${displayExpr(collection)}]\`${type === "text" ? ", or ask whether a text contains another" : ""}`,
    }),
  );
}

const named: Readonly<Record<StaticType, string>> = {
  null: "null",
  bool: "true or false",
  number: "a number",
  text: "text",
  bytes: "bytes",
  duration: "a duration",
  timestamp: "an instant",
  list: "a list",
  map: "a map",
  set: "a set",
  optional: "an optional",
  type: "a type",
};

/** Reports what is known to be neither true nor false. */
export function checkBool(expr: Expr, { builtins, report }: Pick<Scope, "builtins" | "report">): void {
  const type = staticTypeOf(expr, builtins);
  if (type === undefined || type === "bool") return;
  report(
    errorAt("ACT-R022", expr.span, {
      summary: "this is not a condition",
      label: `${named[type]}, neither true nor false`,
      help: "compare it with something",
    }),
  );
}

function checkCall({ name, args, span }: Call, { builtins, report }: Scope): void {
  const builtin = builtins.get(name);
  if (builtin === undefined) {
    report(
      errorAt("ACT-R013", span, {
        summary: `there is no function \`${name}\``,
        label: "an unknown function",
        ...didYouMean(suggest(name, builtins.keys())),
      }),
    );
    return;
  }
  const [least, most] = typeof builtin.arity === "number" ? [builtin.arity, builtin.arity] : builtin.arity;
  if (args.length < least || args.length > most) {
    const count = least === most ? String(least) : `${least} to ${most}`;
    const takes = count === "1" ? "one argument" : `${count} arguments`;
    report(errorAt("ACT-R013", span, { summary: `\`${name}\` takes ${takes}`, label: `${args.length} given` }));
  }
  const pattern = args[1];
  if (name !== "matches" || pattern?.kind !== "literal" || pattern.type !== "string") return;
  const compiled = compileRegex(pattern.value);
  if (compiled.kind === "compiled") return;
  report(
    errorAt("ACT-R016", pattern.span, {
      summary: "regex_not_allowed: a regular expression that cannot be used",
      label: `this pattern ${compiled.message}`,
      help: "patterns are of RE2 syntax: no look-around, no back-references, at most 1,000 characters",
    }),
  );
}

/** The steps of a body bind names for those behind them. */
function checkSteps(steps: readonly Query[], scope: Scope): void {
  const last = steps[maxBodySteps];
  if (last !== undefined) {
    scope.report(errorAt("ACT-R002", last.span, { summary: `a body has more than ${maxBodySteps} steps` }));
    return;
  }
  let inner = scope;
  for (const step of steps) {
    checkStep(step, inner);
    if (step.kind === "scan") inner = withNames(inner, [step.key, step.value]);
    if (step.kind === "bind") inner = withNames(inner, [step.name]);
    if (step.kind === "with") inner = withNames(inner, namesBoundIn(step.body));
  }
}

/** Those of a `with` are there behind it, too. */
function namesBoundIn(steps: readonly Query[]): readonly (string | undefined)[] {
  return steps.flatMap((step) => {
    if (step.kind === "scan") return [step.key, step.value];
    if (step.kind === "bind") return [step.name];
    return step.kind === "with" ? namesBoundIn(step.body) : [];
  });
}

function checkStep(step: Query, scope: Scope): void {
  switch (step.kind) {
    case "scan":
      return check(step.over, scope);
    case "bind":
      return check(step.value, scope);
    case "guard":
      checkBool(step.condition, scope);
      return check(step.condition, scope);
    case "not":
      return checkSteps(step.body, scope);
    case "or":
      for (const branch of step.branches) checkSteps(branch, scope);
      return;
    case "with":
      if (typeof step.replaced.by !== "string") check(step.replaced.by, scope);
      return checkSteps(step.body, scope);
    case "emit":
      if (step.key !== undefined) check(step.key, scope);
      return check(step.value, scope);
  }
}
