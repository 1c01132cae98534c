import { node } from "@acteon/rules";
import type { Extent, Mutation, Verdict } from "@acteon/rules";
import type { DrlExpr } from "../syntax/ast-expression.ts";
import type { DrlActCall, DrlChange } from "../syntax/parse-consequence.ts";
import { spanOf, valueOf } from "./lowering.ts";
import { valueIn } from "./reading.ts";
import type { Reading } from "./reading.ts";

/** `modify($a) { payload.severity = "low" }`, `modify("severity", "low")`, `modify(["severity": "low"])`. */
export function readModify(call: DrlActCall, reading: Reading): Verdict | undefined {
  const mutations =
    call.changes === undefined ? mutationsOfCall(call, reading) : mutationsOfBlock(call, call.changes, reading);
  return mutations && node({ kind: "modify", mutations, terminal: false, span: spanOf(call, reading.lowering) });
}

/** Of a path and a value that one change; of a map all that is in it, which is merged. */
function mutationsOfCall({ args: [first, value] }: DrlActCall, reading: Reading): readonly Mutation[] | undefined {
  const span = spanOf(first!, reading.lowering);
  if (value === undefined) return [node({ op: "merge", patch: valueIn(first!, reading), span })];
  if (first?.kind === "literal" && first.type === "string") {
    return [node({ op: "set", path: first.value.split("."), value: valueIn(value, reading), span })];
  }
  const summary = 'the path of a change must be text, as in `"labels.team"`';
  reading.lowering.source.error({ code: "ACT-R006", at: first!, summary });
  return undefined;
}

function mutationsOfBlock(
  { args: [target, more] }: DrlActCall,
  changes: readonly DrlChange[],
  reading: Reading,
): readonly Mutation[] | undefined {
  const { lowering, inSteps } = reading;
  const fact = valueOf(target!, lowering);
  if (fact.shape.kind !== "action" || more !== undefined) {
    lowering.source.error({
      code: "ACT-R030",
      at: target!,
      summary: "DRL_RHS_UNSUPPORTED: `modify` of a fact, of which there is only the action",
      help: "as in `$a : Action( … )` and `modify($a) { … }`",
    });
    return undefined;
  }
  // The fields of the action are names in the block.
  const inner = { lowering: { ...lowering, fact }, inSteps };
  return changes.flatMap((change) => mutationOf(change, inner) ?? []);
}

function mutationOf(change: DrlChange, reading: Reading): Mutation | undefined {
  const { target, value } = change;
  const span = spanOf(change, reading.lowering);
  if (value !== undefined) {
    const path = pathOf(target);
    return path === undefined
      ? noChange(change, reading)
      : node({ op: "set", path, value: valueIn(value, reading), span });
  }
  const path = target.kind === "call" && target.of !== undefined ? pathOf(target.of) : undefined;
  if (target.kind !== "call" || path === undefined) return noChange(change, reading);
  const [first, second] = target.args;
  const [key, other] = [first, second].map((arg) =>
    arg?.kind === "literal" && arg.type === "string" ? arg.value : undefined,
  );
  switch (`${target.name.text}/${target.args.length}`) {
    case "put/2":
      if (key === undefined) break;
      return node({ op: "set", path: [...path, key], value: valueIn(second!, reading), span });
    case "putAll/1":
      if (path.length > 0) break;
      return node({ op: "merge", patch: valueIn(first!, reading), span });
    case "remove/1":
      return key === undefined ? noChange(change, reading) : node({ op: "remove", path: [...path, key], span });
    case "rename/2":
      if (key === undefined || other === undefined) break;
      return node({ op: "rename", path: [...path, key], to: [...path, other], span });
    default:
  }
  return noChange(change, reading);
}

/** Keys below the payload; `undefined`: it is no place in it. */
function pathOf(expr: DrlExpr): readonly string[] | undefined {
  switch (expr.kind) {
    case "name":
      return expr.name === "payload" ? [] : undefined;
    case "call":
      return expr.of === undefined && expr.name.text === "getPayload" ? [] : undefined;
    case "select": {
      const of = pathOf(expr.of);
      return of && [...of, expr.field.text];
    }
    case "index": {
      const of = expr.at.kind === "literal" && expr.at.type === "string" ? pathOf(expr.of) : undefined;
      return expr.at.kind === "literal" && expr.at.type === "string" ? of && [...of, expr.at.value] : undefined;
    }
    default:
      return undefined;
  }
}

function noChange(at: Extent, { lowering: { source } }: Reading): undefined {
  source.error({
    code: "ACT-R006",
    at,
    summary: "this changes nothing of the payload",
    help: 'changes are `payload.a.b = value`, `payload.put("a", value)`, `payload.remove("a")`, `payload.rename("a", "b")` and `payload.putAll(["a": value])`',
  });
}
