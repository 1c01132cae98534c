import type { Agreement, FirstDefined, Logic } from "../ir/expr.ts";
import { equal } from "../values/equality.ts";
import { EvalError, isValue, pending, undefinedResult } from "../values/value.ts";
import type { Result } from "../values/value.ts";
import type { Compiler, Evaluate } from "./compiler.ts";

/**
 * `and`, `or`. An operand that waits for the store does not stop the others: one of them may decide without it, and the
 * reads of all of them go out in one round. What such an operand would have decided first is still left to it: an error
 * behind it counts only when it is known.
 */
export function compileLogic(node: Logic, compiler: Compiler): Evaluate {
  const operands = node.operands.map((operand) => compiler.compile(operand));
  const decisive = node.kind === "or";
  const neither = node.operands.map(({ span }) => new EvalError("an operand that is neither true nor false", span));
  return node.absorbs === "errors" ? absorbing(operands, decisive, neither) : inOrder(operands, decisive, neither);
}

function inOrder(operands: readonly Evaluate[], decisive: boolean, neither: readonly EvalError[]): Evaluate {
  return (frame) => {
    let waits = false;
    let undecided: Result = !decisive;
    for (let i = 0; i < operands.length; i++) {
      const result = operands[i]!(frame);
      if (result === !decisive) continue;
      if (result === decisive) return decisive;
      if (result === pending) {
        waits = true;
      } else if (result === undefinedResult) {
        // Neither holds nor decides: no conjunction holds with it, a disjunction only through another operand.
        if (!decisive) return undefinedResult;
        undecided = undefinedResult;
      } else {
        return waits ? pending : isValue(result) ? neither[i]! : result;
      }
    }
    return waits ? pending : undecided;
  };
}

/** CEL: an operand that decides wins over an error on either side of it. (CEL itself has nothing undefined.) */
function absorbing(operands: readonly Evaluate[], decisive: boolean, neither: readonly EvalError[]): Evaluate {
  return (frame) => {
    let waits = false;
    let undecided: Result = !decisive;
    for (let i = 0; i < operands.length; i++) {
      const result = operands[i]!(frame);
      if (result === !decisive) continue;
      if (result === decisive) return decisive;
      if (result === pending) waits = true;
      else if (result === undefinedResult && !decisive) return undefinedResult;
      else if (undecided === !decisive) undecided = isValue(result) ? neither[i]! : result;
    }
    return waits ? pending : undecided;
  };
}

export function compileFirstDefined(node: FirstDefined, compiler: Compiler): Evaluate {
  const options = node.options.map((option) => compiler.compile(option));
  return (frame) => {
    for (const option of options) {
      const result = option(frame);
      if (result !== undefinedResult) return result;
    }
    return undefinedResult;
  };
}

/** An error of any of them is one of the whole; else what is pending may still differ. */
export function compileAgreement(node: Agreement, compiler: Compiler): Evaluate {
  const options = node.options.map((option) => compiler.compile(option));
  const conflict = new EvalError("two different values where there can be one", node.span);
  return (frame) => {
    let agreed: Result = undefinedResult;
    let waits = false;
    for (const option of options) {
      const result = option(frame);
      if (result === undefinedResult) continue;
      if (result === pending) waits = true;
      else if (!isValue(result)) return result;
      else if (!isValue(agreed)) agreed = result;
      else if (!equal(agreed, result)) return conflict;
    }
    return waits ? pending : agreed;
  };
}
