import { didYouMean, literal, node } from "@acteon/rules";
import type { Expr } from "@acteon/rules";
import type { CallTerm } from "../syntax/ast.ts";
import { checkArguments } from "./check-arguments.ts";
import { builtinNamed, defineBuiltin } from "./functions.ts";
import type { BuiltinFunction } from "./functions.ts";
import { functionNames, functionElsewhere } from "./near-names.ts";
import { reportError, spanOf } from "./scope.ts";
import type { Scope } from "./scope.ts";

/** A call whose arguments have values. */
export function lowerCall(call: CallTerm, scope: Scope): Expr {
  const { lowering, unit } = scope;
  const span = spanOf(scope, call);
  const args = call.args.map((arg) => lowering.lowerTerm(arg, scope));
  const own = lowering.program.functionAt(call.operator, unit);
  if (own !== undefined) {
    checkCount(own.name, [own.arity, own.arity], call, scope);
    return node({ kind: "invoke", name: own.name, args, span });
  }
  const name = call.operator.join(".");
  const builtin = builtinNamed(name);
  if (builtin === undefined) {
    reportUnknownFunction(call, scope);
    return literal(null, span);
  }
  if (!checkCount(name, builtin.arity, call, scope)) return literal(null, span);
  if (scope.isReplaceable && lowering.replaced.functions.has(name)) {
    defineBuiltin(name, call, scope);
    return node({ kind: "invoke", name, args, span });
  }
  reportRefused(name, builtin, call, scope);
  checkArguments(name, builtin, call, args, scope);
  return builtin.lower(args, span, scope);
}

function checkCount(name: string, [least, most]: readonly [number, number], call: CallTerm, scope: Scope): boolean {
  const given = call.args.length;
  if (given >= least && given <= most) return true;
  const count = least === most ? String(least) : `${least} to ${most}`;
  reportError(scope, {
    code: "ACT-R013",
    at: call,
    summary: `\`${name}\` takes ${count === "1" ? "one argument" : `${count} arguments`}`,
    label: `${given} given`,
  });
  return false;
}

function reportRefused(name: string, { isOutside, signature }: BuiltinFunction, at: CallTerm, scope: Scope): void {
  if (isOutside) {
    reportError(scope, {
      code: "ACT-R012",
      at,
      summary: `\`${name}\` asks the network, which rules do not`,
      label: "not called here",
      help: "give the rules what they need as configured data, or in the payload",
    });
  }
  if (signature?.deprecated === true) {
    reportError(scope, {
      code: "ACT-R013",
      at: at.operatorExtent,
      summary: `\`${name}\` is a function of Rego before v1`,
      label: "v1 does not have it",
    });
  }
}

/** Is there a function of that name? */
export function isKnownFunction({ operator }: CallTerm, { lowering, unit }: Scope): boolean {
  return lowering.program.functionAt(operator, unit) !== undefined || builtinNamed(operator.join(".")) !== undefined;
}

export function reportUnknownFunction({ operator, operatorExtent: at }: CallTerm, scope: Scope): void {
  const name = operator.join(".");
  const near =
    functionElsewhere(operator.at(-1)!, scope) ?? scope.lowering.suggestions.near(name, functionNames(scope));
  reportError(scope, {
    code: "ACT-R013",
    at,
    summary: `there is no function \`${name}\``,
    label: "an unknown function",
    ...(near === undefined
      ? isLeftOut.test(name) && { help: leftOut }
      : { ...didYouMean(near), fix: { at, text: near } }),
  });
}

const isLeftOut = /^(crypto\.x509|graphql)\.|^rego\.parse_module$/;
const leftOut = "of OPA's functions those for GraphQL, X.509 and modules are left out";
