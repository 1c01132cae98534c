import { isDeepStrictEqual } from "node:util";
import type { JsonObject, JsonValue } from "@acteon/core";
import { toJson, total } from "@acteon/rules";
import type { Value } from "@acteon/rules";
import { describePublicSuite } from "@acteon/rules/conformance";
import { evaluateQuery } from "./evaluate-query.ts";
import { cases } from "./vectors.ts";
import type { RegoCase } from "./vectors.ts";

/** What asks the network, X.509 and GraphQL. */
const outOfScope = /^(graphql\.|crypto\.x509|http\.|net\.lookup)/;

/** The cases that are of the language and not of its functions, by the first part of their ids. */
const languageParts: ReadonlySet<string> = new Set(
  `assignments baseandvirtualdocs comparisonexpr completedoc compositebasedereference compositereferences comprehensions
  dataderef defaultkeyword disjunction elsekeyword eqexpr evaltermexpr every example fix1863 functionerrors functions
  helloworld indirectreferences inputvalues keywordrefs negation nestedreferences partialdocconstants partialobjectdoc
  partialsetdoc planner-ir refheads regometadatarule sets topdowndynamicdispatch type undos varreferences virtualdocs
  withkeyword`.split(/\s+/),
);

const inScope = cases?.filter(({ builtins }) => !builtins.some((name) => outOfScope.test(name)));

describePublicSuite({
  suite: "rego language",
  cases: inScope?.filter(({ id }) => languageParts.has(id.slice(0, id.indexOf("/")))),
  floor: 462,
  idOf: ({ id }) => id,
  faultOf,
});

describePublicSuite({ suite: "rego all in scope", cases: inScope, floor: 1_146, idOf: ({ id }) => id, faultOf });

function faultOf(each: RegoCase): string | undefined {
  const { query, modules = [], data = {}, input, input_term: inputTerm, want_result: wanted = [] } = each;
  const options = { data, input, inputTerm, strict: each.strict_error === true };
  // Of any other query than the usual one every solution is listed, with the variables in it.
  const [, asked, name = ""] = /^(data(?:\.\w+|\["[^"]*"\])*) = ([a-z])$/.exec(query) ?? [];
  const [unquoted = ""] = query.split('"');
  const names = new Set(
    [...unquoted.matchAll(/(?<![.\w])[a-z]\w*(?![\w.(])/g)]
      .map(([variable]) => variable)
      .filter((name) => name !== "input" && name !== "data"),
  );
  const variables = [...names].map((variable) => `"${variable}": ${variable}`);
  const result = evaluateQuery(asked ?? `[{${variables.join(", ")}} | ${query}]`, modules, options);
  const wantsError = each.want_error !== undefined || each.want_error_code !== undefined;
  if (result.kind === "rejected") return wantsError ? undefined : result.problems.join("; ");
  if (result.kind === "error") return wantsError ? undefined : `error: ${result.message}`;
  const json = result.kind === "value" ? toJson(result.value) : undefined;
  const rows = json === undefined ? [] : asked === undefined ? (json as readonly JsonObject[]) : [{ [name]: json }];
  if (wantsError) return `no error, but ${JSON.stringify(rows)}`;
  return isDeepStrictEqual(ordered(rows, each), ordered(wanted, each)) ? undefined : JSON.stringify(rows);
}

/** As plain JSON, in order where the case asks for it. */
function ordered(rows: readonly JsonObject[], { sort_bindings: sorts = false }: RegoCase): unknown {
  const inOrder = (value: JsonValue): JsonValue =>
    sorts && Array.isArray(value) ? value.toSorted((a, b) => total(a as Value, b as Value)) : value;
  const entries = rows.map((row) => Object.entries(row).map(([name, value]) => [name, inOrder(value)] as const));
  return JSON.parse(JSON.stringify(entries.map((row) => Object.fromEntries(row))));
}
