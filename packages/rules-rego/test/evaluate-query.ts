import type { JsonObject, JsonValue } from "@acteon/core";
import { evaluateExpr } from "@acteon/rules";
import type { ExprResult, Value } from "@acteon/rules";
import { actionOf } from "@acteon/rules/conformance";
import { regoBuiltins } from "../src/builtins/rego-builtins.ts";
import { createLowering, definitionsOf } from "../src/lower/lower-program.ts";
import { ownBuiltins } from "../src/lower/own-builtins.ts";
import { scopeOf } from "../src/lower/scope.ts";
import { readFile } from "../src/source-units.ts";

export interface QueryOptions {
  readonly data?: JsonObject | undefined;
  readonly input?: JsonValue | undefined;
  /** A term, in the place of the input. */
  readonly inputTerm?: string | undefined;
  /** What goes wrong in a built-in is an error, not undefined. */
  readonly strict?: boolean | undefined;
}

export type QueryResult = ExprResult | { readonly kind: "rejected"; readonly problems: readonly string[] };

const environment = {
  nowMs: Date.UTC(2026, 2, 1, 12),
  health: { circuitOpen: () => false, latencyP99Ms: () => undefined, failureRate: () => 0 },
  variables: {},
};

const builtins = [...regoBuiltins, ...ownBuiltins];

/** What a term such as `data.test.p` is under some modules, with an input of its own instead of an action. */
export function evaluateQuery(term: string, modules: readonly string[], options: QueryOptions = {}): QueryResult {
  const { data = {}, input, inputTerm, strict = false } = options;
  if (inputTerm !== undefined) {
    const given = evaluateQuery(inputTerm, [], { data, strict });
    if (given.kind !== "value") return given;
    return evaluateQuery(term, modules, { data, input: given.value as JsonValue, strict });
  }
  const files = modules.map((text, i) => readFile({ text, file: `module-${i}.rego` }));
  const query = readFile({ text: `package query\nresult := ${term}\n`, file: "query.rego" });
  const lowering = createLowering(
    files.flatMap(({ unit }) => unit ?? []),
    { data, input: ["payload", "input"], strict },
  );
  const rule = query.unit?.module.rules[0];
  const value = rule?.head.value;
  const scope = query.unit && rule && scopeOf({ rule, unit: query.unit }, lowering);
  const { steps = [], heads = [] } = value && scope ? lowering.lowerBody([], [value], scope) : {};
  const definitions = definitionsOf(lowering);
  const problems = [...files, query].flatMap(({ findings }) =>
    findings
      .sorted()
      .filter(({ severity }) => severity === "error")
      .map(({ code, summary, span }) => `${span.file}:${span.start.line} ${code} ${summary}`),
  );
  const [asked] = heads;
  if (asked === undefined || problems.length > 0 || steps.length > 0) return { kind: "rejected", problems };
  const payload = (input === undefined ? {} : { input }) as Readonly<Record<string, Value>>;
  const action = { ...actionOf(), payload: payload as JsonValue };
  return evaluateExpr(asked, action, environment, { definitions, builtins });
}
