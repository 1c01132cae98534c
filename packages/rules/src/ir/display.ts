import { isJsonArray, isJsonObject } from "@acteon/core";
import type { JsonValue } from "@acteon/core";
import { durationText, timestampText } from "../values/text.ts";
import { Duration, Timestamp } from "../values/value.ts";
import type { Arithmetic, Compare, Expr, Literal } from "./expr.ts";
import type { Query, With } from "./query.ts";

/** A condition as text, in the grammar of `wire-api.md` §6.4. For people, so that long values are cut; nothing reads it back. */
export function displayExpr(expr: Expr): string {
  switch (expr.kind) {
    case "literal":
      return displayLiteral(expr);
    case "list":
      return `[${cutList(expr.items.slice(0, maxShownItems).map(displayExpr), expr.items.length)}]`;
    case "map":
      return `{${expr.entries.map(([key, value]) => `${displayExpr(key)}: ${displayExpr(value)}`).join(", ")}}`;
    case "action":
      return ["action", ...expr.path].join(".");
    case "dedupKey":
      return "action.dedup_key()";
    case "local":
      return expr.name;
    case "now":
      return "now";
    case "time":
      return `time.${expr.part}`;
    case "env":
      return `env.${expr.name}`;
    case "health":
      return `env.${healthFacts[expr.fact]}(${displayExpr(expr.provider)})`;
    case "stateSeen":
      return displayState("StateSeen", expr.key, expr.window);
    case "stateEntry":
      return displayState("StateGet", expr.key);
    case "stateCounter":
      return displayState("StateCounter", expr.key, expr.window);
    case "stateTimeSince":
      return displayState("StateTimeSince", expr.key);
    case "field":
      return `${displayExpr(expr.of)}.${expr.name}`;
    case "index":
      return `${displayExpr(expr.of)}[${displayExpr(expr.at)}]`;
    case "has":
      return `has(${displayExpr(expr.reference)})`;
    case "not":
      return `!${displayExpr(expr.operand)}`;
    case "negate":
      return `-${displayExpr(expr.operand)}`;
    case "compare":
      return infix(expr.left, comparisons[expr.op], expr.right);
    case "arithmetic":
      return infix(expr.left, calculations[expr.op], expr.right);
    case "in":
      return infix(expr.item, "in", expr.collection);
    case "and":
      return `all(${expr.operands.map(displayExpr).join(" && ")})`;
    case "or":
      return `any(${expr.operands.map(displayExpr).join(" || ")})`;
    case "conditional":
      return `(${displayExpr(expr.condition)} ? ${displayExpr(expr.then)} : ${displayExpr(expr.otherwise)})`;
    case "call":
      return displayCall(expr.name, expr.args);
    case "template":
      return expr.parts.map((part) => (isText(part) ? part.value : `{{ ${displayExpr(part)} }}`)).join("");
    case "quantifier":
      return displayQuantifier(expr.quantifier, expr);
    case "let":
      return `let ${expr.name} = ${displayExpr(expr.value)} in ${displayExpr(expr.body)}`;
    case "query":
      return `${expr.collect} { ${expr.body.map(displayStep).join("; ")} }`;
    case "document":
      return expr.name;
    case "invoke":
      return displayCall(expr.name, expr.args);
    case "replaceable":
      return displayExpr(expr.value);
    case "firstDefined":
      return `first(${expr.options.map(displayExpr).join(", ")})`;
    case "agreement":
      return `only(${expr.options.map(displayExpr).join(", ")})`;
  }
}

const healthFacts = { circuitOpen: "circuit_open", latencyP99: "latency_p99", failureRate: "failure_rate" } as const;

const comparisons: Readonly<Record<Compare["op"], string>> = {
  eq: "==",
  ne: "!=",
  lt: "<",
  le: "<=",
  gt: ">",
  ge: ">=",
};

const calculations: Readonly<Record<Arithmetic["op"], string>> = {
  add: "+",
  subtract: "-",
  multiply: "*",
  divide: "/",
  modulo: "%",
};

const infixCalls: ReadonlyMap<string, string> = new Map([
  ["contains", "contains"],
  ["startsWith", "starts_with"],
  ["endsWith", "ends_with"],
  ["matches", "matches"],
]);

function infix(left: Expr, operator: string, right: Expr): string {
  return `(${displayExpr(left)} ${operator} ${displayExpr(right)})`;
}

function displayCall(name: string, args: readonly Expr[]): string {
  const operator = infixCalls.get(name);
  const [left, right] = args;
  if (operator !== undefined && left !== undefined && right !== undefined) return infix(left, operator, right);
  return `${name}(${args.map(displayExpr).join(", ")})`;
}

function displayState(name: string, key: Expr, window?: Expr): string {
  const shown = key.kind === "template" ? JSON.stringify(displayExpr(key)) : displayExpr(key);
  return window === undefined ? `${name}(${shown})` : `${name}(${shown}, ${displayExpr(window)})`;
}

function displayQuantifier(
  name: string,
  { over, key, value, condition }: Extract<Expr, { kind: "quantifier" }>,
): string {
  const names = [key, value].filter((each) => each !== undefined).join(", ");
  return `${name}(${names} in ${displayExpr(over)}: ${displayExpr(condition)})`;
}

function displayStep(step: Query): string {
  switch (step.kind) {
    case "scan":
      return `${[step.key, step.value].filter((each) => each !== undefined).join(", ")} in ${displayExpr(step.over)}`;
    case "bind":
      return `${step.name} = ${displayExpr(step.value)}`;
    case "guard":
      return displayExpr(step.condition);
    case "not":
      return `not { ${step.body.map(displayStep).join("; ")} }`;
    case "or":
      return step.branches.map((branch) => `{ ${branch.map(displayStep).join("; ")} }`).join(" or ");
    case "with":
      return `with ${displayReplaced(step)} { ${step.body.map(displayStep).join("; ")} }`;
    case "emit":
      return step.key === undefined
        ? `emit ${displayExpr(step.value)}`
        : `emit ${displayExpr(step.key)}: ${displayExpr(step.value)}`;
  }
}

function displayReplaced({ replaced }: With): string {
  const target = replaced.kind === "document" ? replaced.path.join(".") : replaced.name;
  return `${target} as ${typeof replaced.by === "string" ? replaced.by : displayExpr(replaced.by)}`;
}

function isText(expr: Expr): expr is Extract<Literal, { type: "string" }> {
  return expr.kind === "literal" && expr.type === "string";
}

function displayLiteral(literal: Literal): string {
  switch (literal.type) {
    case "string":
      return cutText(JSON.stringify(literal.value));
    case "double":
      return Number.isInteger(literal.value) ? literal.value.toFixed(1) : String(literal.value);
    case "uint":
      return `${literal.value}u`;
    case "bytes":
      return `bytes(${Buffer.from(literal.value).toString("base64")})`;
    case "duration":
      return durationText(new Duration(literal.value));
    case "timestamp":
      return timestampText(new Timestamp(literal.value));
    case "type":
      return literal.value;
    case "json":
      return displayJson(literal.value);
    case "null":
    case "bool":
    case "int":
      return String(literal.value);
  }
}

/** Whole documents of the configured data are literals, too. */
function displayJson(json: JsonValue): string {
  if (isJsonArray(json)) return `[${cutList(json.slice(0, maxShownItems).map(displayJson), json.length)}]`;
  if (!isJsonObject(json)) return cutText(JSON.stringify(json));
  const entries = Object.entries(json);
  const shown = entries.slice(0, maxShownItems).map(([key, value]) => `${JSON.stringify(key)}: ${displayJson(value)}`);
  return `{${cutList(shown, entries.length)}}`;
}

function cutList(shown: readonly string[], count: number): string {
  return [...shown, ...(count > shown.length ? [`… ${count - shown.length} more`] : [])].join(", ");
}

function cutText(text: string): string {
  return text.length > maxShownChars ? `${text.slice(0, maxShownChars)}…"` : text;
}

const maxShownItems = 20;
const maxShownChars = 200;
