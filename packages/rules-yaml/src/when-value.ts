import { jsonExpr, literal, node } from "@acteon/rules";
import type { Expr, Findings } from "@acteon/rules";

import { templateOf } from "./template.ts";
import type { YamlNode, YamlScalar } from "./yaml-node.ts";

/** A value of the `when` / `then` dialect: YAML in which every text may have holes. */
export function exprOf(findings: Findings, value: YamlNode): Expr | undefined {
  switch (value.kind) {
    case "scalar":
      return scalarExpr(findings, value);
    case "list": {
      const items = whole(value.items.map((item) => exprOf(findings, item)));
      return items && node({ kind: "list", items, span: findings.spanOf(value) });
    }
    case "map": {
      const values = whole(value.entries.map((entry) => exprOf(findings, entry.value)));
      const entries = values?.map((item, i): [Expr, Expr] => {
        const { key, keyStart, keyEnd } = value.entries[i] as (typeof value.entries)[number];
        return [literal(key, findings.spanOf({ start: keyStart, end: keyEnd })), item];
      });
      return entries && node({ kind: "map", entries, span: findings.spanOf(value) });
    }
  }
}

function scalarExpr(findings: Findings, scalar: YamlScalar): Expr | undefined {
  const { value } = scalar;
  if (typeof value === "string") return templateOf(findings, scalar, value, "value");
  return jsonExpr(value, findings.spanOf(scalar));
}

/** The list without `undefined` in it, or `undefined` if there was one. */
export function whole<T>(items: readonly (T | undefined)[]): T[] | undefined {
  return items.includes(undefined) ? undefined : (items as T[]);
}
