import { inspect } from "node:util";
import { Findings, node } from "@acteon/rules";
import type { Expr } from "@acteon/rules";
import { describePublicSuite } from "@acteon/rules/conformance";
import type { Span } from "@acteon/core";
import { tokensOf } from "../src/lexer.ts";
import { lower } from "../src/lower.ts";
import type { CelNames } from "../src/names.ts";
import { Parser } from "../src/parser.ts";
import { evaluateExpr } from "./evaluate.ts";
import { exprOfValue, sameValue } from "./cel-value.ts";
import { vectors } from "./vectors.ts";
import type { CelCase } from "./vectors.ts";

const suite = await vectors("conformance");

describePublicSuite({
  suite: "cel language",
  cases: suite.filter(({ proto, typedResult }) => proto !== true && typedResult === undefined),
  floor: 1_621,
  idOf: ({ path, expr }) => `${path}: ${expr}`,
  faultOf,
});

const span: Span = {
  file: "case.cel",
  start: { line: 1, column: 1, offset: 0 },
  end: { line: 1, column: 1, offset: 0 },
};

function faultOf(each: CelCase): string | undefined {
  const { expr, bindings = {}, container = "", value = { boolValue: true }, evalError, anyEvalErrors } = each;
  const findings = new Findings("case.cel", expr);
  const parser = new Parser(findings, tokensOf(findings));
  const ast = parser.expression();
  if (parser.next.kind !== "end") return "not parsed";
  const names = boundNames(Object.keys(bindings), container);
  const lowered = lower(ast, { source: findings, names, strict: true, locals: new Set(), lower });
  const whole = Object.entries(bindings).reduce<Expr>(
    (body, [name, bound]) => node({ kind: "let", name: `:${name}`, value: exprOfValue(bound.value, span), body, span }),
    lowered,
  );
  const result = evaluateExpr(whole);
  const cameOut =
    result.kind === "value" ? inspect(result.value) : result.kind === "error" ? result.message : result.kind;
  if (evalError !== undefined || anyEvalErrors !== undefined) return result.kind === "error" ? undefined : cameOut;
  return result.kind === "value" && sameValue(result.value, value) ? undefined : cameOut;
}

/** Names with dots, looked up in the container and the packages around it, the longest first. */
function boundNames(bound: readonly string[], container: string): CelNames {
  const packages = container.split(".").map((_, i, parts) => parts.slice(0, parts.length - i).join("."));
  const prefixes = container === "" ? [""] : [...packages.map((name) => `${name}.`), ""];
  return {
    known: bound,
    members: new Map(),
    resolve(path, _, isAbsolute) {
      for (const prefix of isAbsolute ? [""] : prefixes) {
        for (let count = path.length; count > 0; count--) {
          const name = prefix + path.slice(0, count).join(".");
          if (bound.includes(name)) return { expr: node({ kind: "local", name: `:${name}`, span }), count };
        }
      }
      return undefined;
    },
  };
}
