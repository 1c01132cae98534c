import type { BuiltinTable } from "../builtins/builtin.ts";
import { actionField } from "../compile/action-fields.ts";
import type { Expr, QueryExpr } from "../ir/expr.ts";
import { literalValue } from "../compile/compile-expr.ts";
import { typeOf } from "../values/value.ts";
import type { ValueType } from "../values/value.ts";

/** The type of a value as far as it can be told without an action. */
export type StaticType =
  | "null"
  | "bool"
  | "number"
  | "text"
  | "bytes"
  | "duration"
  | "timestamp"
  | "list"
  | "map"
  | "set"
  | "optional"
  | "type";

const ofValues: Readonly<Record<ValueType, StaticType>> = {
  null: "null",
  bool: "bool",
  int: "number",
  uint: "number",
  double: "number",
  string: "text",
  bytes: "bytes",
  duration: "duration",
  timestamp: "timestamp",
  list: "list",
  map: "map",
  set: "set",
  optional: "optional",
  type: "type",
};

/** `undefined`: it depends on the action. A type says nothing of null, which an absent field is. */
export function staticTypeOf(expr: Expr, builtins: BuiltinTable): StaticType | undefined {
  switch (expr.kind) {
    case "literal":
      return ofValues[typeOf(literalValue(expr))];
    case "list":
      return "list";
    case "map":
      return "map";
    case "action":
      return actionTypeOf(expr.path);
    case "dedupKey":
    case "template":
    case "env":
    case "stateEntry":
      return "text";
    case "now":
      return expr.as === "timestamp" ? "timestamp" : "number";
    case "time":
      return expr.part === "weekday" ? "text" : "number";
    case "health":
      return expr.fact === "circuitOpen" ? "bool" : expr.fact === "latencyP99" ? "duration" : "number";
    case "stateSeen":
    case "has":
    case "not":
    case "compare":
    case "in":
    case "and":
    case "or":
    case "quantifier":
      return "bool";
    case "stateCounter":
      return "number";
    case "stateTimeSince":
      return "duration";
    case "let":
      return staticTypeOf(expr.body, builtins);
    case "query":
      return collectedTypes[expr.collect];
    case "call": {
      const returns = builtins.get(expr.name)?.returns;
      return returns === undefined ? undefined : ofValues[returns];
    }
    case "conditional": {
      const then = staticTypeOf(expr.then, builtins);
      return then === staticTypeOf(expr.otherwise, builtins) ? then : undefined;
    }
    case "arithmetic":
      return calculatedType(staticTypeOf(expr.left, builtins), staticTypeOf(expr.right, builtins));
    case "negate":
      return staticTypeOf(expr.operand, builtins);
    case "local":
    case "field":
    case "index":
    case "document":
    case "invoke":
    case "replaceable":
    case "firstDefined":
    case "agreement":
      return undefined;
  }
}

const collectedTypes: Readonly<Record<QueryExpr["collect"], StaticType | undefined>> = {
  exists: "bool",
  first: undefined,
  only: undefined,
  list: "list",
  set: "set",
  map: "map",
  tree: "map",
};

/** Of numbers a number, of texts a text; what of times becomes what, the operator says. */
function calculatedType(left: StaticType | undefined, right: StaticType | undefined): StaticType | undefined {
  return left === right && (left === "number" || left === "text") ? left : undefined;
}

function actionTypeOf(path: readonly string[]): StaticType | undefined {
  const [head, ...keys] = path;
  if (head === undefined) return "map";
  const type = actionField(head)?.type;
  if (type === "map") return keys.length === 0 ? "map" : keys.length === 1 ? "text" : undefined;
  if (keys.length > 0 || type === "payload") return undefined;
  return type;
}
