import type { JsonObject, JsonValue } from "@acteon/core";
import { toJson, total } from "@acteon/rules";
import type { Value } from "@acteon/rules";
import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import { evaluateQuery } from "./evaluate-query.ts";
import { vectors } from "./vectors.ts";
import type { RegoCase } from "./vectors.ts";

const outOfScope = /^(graphql\.|crypto\.x509|http\.|net\.lookup)/;
const suite = vectors();

describe.skipIf(suite === undefined)("OPA's compliance suite", () => {
  test("cases in scope", () => {
    const cases = (suite ?? []).filter(({ builtins }) => !builtins.some((name) => outOfScope.test(name)));
    const failing: string[] = [];
    for (const each of cases) {
      let kept: unknown;
      try {
        kept = keeps(each);
      } catch (error) {
        kept = `THROWN ${(error as Error).stack?.slice(0, 400)}`;
      }
      if (kept !== true) failing.push(`${each.id} | ${String(kept).slice(0, 400)}`);
    }
    process.stdout.write(
      `failing ${failing.length} of ${cases.length}\n${process.env["REGO_FAILING"] ? failing.join("\n") : ""}\n`,
    );
    expect(failing.length).toBe(0);
  });
});

function keeps(each: RegoCase): unknown {
  const { query, modules = [], data, input, input_term: inputTerm, want_result, want_error, want_error_code } = each;
  const names = [...query.matchAll(/(?<![.\w"])[a-z](?![\w"])/g)].map(([name]) => name);
  const isPlain = /^data(\.\w+|\["[^"]*"\])* = [a-z]$/.test(query);
  const bound = names.map((name) => `"${name}": ${name}`).join(", ");
  const result = evaluateQuery(isPlain ? query.slice(0, query.indexOf(" = ")) : `[{${bound}} | ${query}]`, modules, {
    ...(data !== undefined && { data }),
    ...(input !== undefined && { input }),
    ...(inputTerm !== undefined && { inputTerm }),
    strict: each.strict_error === true,
  });
  const wantsError = want_error !== undefined || want_error_code !== undefined;
  if (result.kind === "rejected") return wantsError || result.problems.join("; ");
  if (result.kind === "error")
    return wantsError || `error ${result.message} ${result.span.file}:${result.span.start.line}`;
  const json = result.kind === "value" ? toJson(result.value) : undefined;
  if (wantsError) return `no error but ${JSON.stringify(json)}`;
  const rows = json === undefined ? [] : isPlain ? [{ [names[0]!]: json }] : (json as readonly JsonObject[]);
  return (
    isDeepStrictEqual(shown(rows, each), shown(want_result ?? [], each)) ||
    `${JSON.stringify(rows)} wanted ${JSON.stringify(want_result)}`
  );
}

function shown(rows: readonly Readonly<Record<string, JsonValue>>[], { sort_bindings: sorts }: RegoCase): unknown {
  const entries = rows.map((row) =>
    Object.entries(row).map(([name, value]) => [
      name,
      sorts === true && Array.isArray(value) ? value.toSorted((a, b) => total(a as Value, b as Value)) : value,
    ]),
  );
  return JSON.parse(JSON.stringify(entries.map((row) => Object.fromEntries(row))));
}
