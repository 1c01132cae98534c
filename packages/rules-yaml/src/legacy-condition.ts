import { durationLiteral, literal, logicExpr, node } from "@acteon/rules";
import type { Expr, Findings } from "@acteon/rules";

import { checkKeys, entryOf, keyOf, optionalEntryOf, renamed } from "./keys.ts";
import type { Hint } from "./keys.ts";
import { legacyOperators } from "./legacy-operators.ts";
import { legacyPath } from "./legacy-path.ts";
import { integerOf, listOf, textOf, wrongType } from "./values.ts";
import { whole } from "./when-value.ts";
import type { YamlEntry, YamlMap, YamlNode } from "./yaml-node.ts";

/** `all` and `any` inside each other (`wire-api.md` §26.3). */
export const maxLegacyDepth = 16;

/** By precedence: with `all` and `any` on one mapping `all` is meant, and the other is ignored. `not` is our extension. */
const heads = ["all", "any", "not", "field", "state_seen", "state_counter", "semantic_match", "wasm_plugin"] as const;

const operatorNames = [...legacyOperators.keys()];

const operatorHints: ReadonlyMap<string, Hint> = new Map(
  [
    ["regex", "matches"],
    ["in", "in_list"],
    ["equals", "eq"],
    ["not_equals", "ne"],
    ["greater_than", "gt"],
    ["less_than", "lt"],
  ].map(([theirs = "", ours = ""]) => [theirs, renamed("operator", ours)]),
);

/** A condition or predicate of the existing dialect. */
export function legacyCondition(findings: Findings, key: string, value: YamlNode, depth = 0): Expr | undefined {
  if (value.kind !== "map")
    return wrongType(findings, key, value, "a mapping such as `{ field: action.provider, eq: slack }`");
  const name = heads.find((head) => entryOf(value, head) !== undefined);
  const head = name && entryOf(value, name);
  if (name === undefined || head === undefined) {
    checkKeys(findings, value, {
      of: "a condition",
      known: [...heads, ...operatorNames],
      hints: operatorHints,
      unknown: "warning",
    });
    findings.error({
      code: "ACT-R010",
      at: { start: value.start, end: value.start + 1 },
      summary: `a condition needs one of ${heads.map((known) => `\`${known}\``).join(", ")}`,
    });
    return undefined;
  }
  switch (name) {
    case "all":
      return logic(findings, value, head, "and", depth);
    case "any":
      return logic(findings, value, head, "or", depth);
    case "not": {
      warnOfIgnored(findings, value, ["not"]);
      const operand = legacyCondition(findings, "not", head.value, depth);
      return operand && node({ kind: "not", operand, semantics: "legacy", span: findings.spanOf(value) });
    }
    case "field": {
      const path = textOf(findings, head);
      const subject = path === undefined ? undefined : legacyPath(findings, path, head.value);
      return operatorsOf(findings, value, head, subject);
    }
    case "state_counter": {
      const id = textOf(findings, head);
      const span = findings.spanOf(head.value);
      const subject =
        id === undefined ? undefined : node({ kind: "stateCounter", key: literal(id, span), window: undefined, span });
      return operatorsOf(findings, value, head, subject);
    }
    case "state_seen":
      return stateSeen(findings, value, head);
    case "semantic_match":
    case "wasm_plugin":
      return notBuilt(findings, value, head, name);
  }
}

function logic(findings: Findings, map: YamlMap, head: YamlEntry, kind: "and" | "or", depth: number): Expr | undefined {
  warnOfIgnored(findings, map, [head.key]);
  if (depth >= maxLegacyDepth) {
    findings.error({
      code: "ACT-R002",
      at: keyOf(head),
      summary: `more than ${maxLegacyDepth} conditions inside each other`,
    });
    return undefined;
  }
  const list = listOf(findings, head);
  // Of a file that is refused: what could not be understood is there no more.
  const operands = list?.items.flatMap(
    (item) => legacyCondition(findings, `an item of ${head.key}`, item, depth + 1) ?? [],
  );
  return operands && logicExpr(kind, operands, findings.spanOf(map));
}

/** The operators of the mapping, all of which must hold. `eq: null` counts as no operator (`wire-api.md` §26.4). */
function operatorsOf(findings: Findings, map: YamlMap, head: YamlEntry, subject: Expr | undefined): Expr | undefined {
  warnOfIgnored(findings, map, [head.key, ...operatorNames]);
  const found = map.entries.filter(
    ({ key, value }) => legacyOperators.has(key) && !(value.kind === "scalar" && value.value === null),
  );
  if (found.length === 0) {
    findings.error({
      code: "ACT-R010",
      at: keyOf(head),
      summary: `\`${head.key}\` without an operator`,
      label: "what is asked of it?",
      help: `known here: ${operatorNames.join(", ")}${entryOf(map, "eq") ? "; `eq: null` counts as none" : ""}`,
    });
    return undefined;
  }
  // Mistakes in the operators are reported even where the subject has one.
  const stand = subject ?? literal(null, findings.spanOf(head.value));
  const operands = whole(found.map((entry) => legacyOperators.get(entry.key)?.(findings, stand, entry)));
  if (operands === undefined || subject === undefined) return undefined;
  const [only] = operands;
  if (operands.length === 1 && only !== undefined) return only;
  return node({ kind: "and", operands, absorbs: "none", span: findings.spanOf(map) });
}

/** Is there an instant in the entry, and with `within_seconds`, was it less than so long ago? */
function stateSeen(findings: Findings, map: YamlMap, head: YamlEntry): Expr | undefined {
  warnOfIgnored(findings, map, [head.key, "within_seconds"]);
  const within = optionalEntryOf(map, "within_seconds");
  const seconds = within && integerOf(findings, within, { min: 0, max: maxSeconds });
  const id = textOf(findings, head);
  if (id === undefined || (within !== undefined && seconds === undefined)) return undefined;
  const span = findings.spanOf(map);
  const left = node({ kind: "stateTimeSince", key: literal(id, findings.spanOf(head.value)), span });
  // Not `legacy`: there an entry that is absent, null, would be an error in an order, and it is only not seen.
  if (seconds === undefined) {
    return node({ kind: "compare", op: "ne", left, right: literal(null, span), semantics: "plain", span });
  }
  const right = durationLiteral(seconds * 1_000, span);
  return node({ kind: "compare", op: "lt", left, right, semantics: "plain", span });
}

/** Seconds that are a safe integer of milliseconds. */
export const maxSeconds = Math.floor(Number.MAX_SAFE_INTEGER / 1_000);

function notBuilt(
  findings: Findings,
  map: YamlMap,
  head: YamlEntry,
  name: "semantic_match" | "wasm_plugin",
): undefined {
  warnOfIgnored(findings, map, [
    name,
    ...(name === "semantic_match" ? ["threshold", "text_field"] : ["wasm_function"]),
  ]);
  const threshold = entryOf(map, "threshold");
  if (threshold !== undefined && !(threshold.value.kind === "scalar" && typeof threshold.value.value === "number")) {
    wrongType(findings, "threshold", threshold.value, "a number");
  }
  for (const key of [name, "text_field", "wasm_function"]) {
    const entry = optionalEntryOf(map, key);
    if (entry !== undefined) textOf(findings, entry);
  }
  findings.error({ code: "ACT-R012", at: keyOf(head), summary: `\`${name}\` is not built yet` });
}

function warnOfIgnored(findings: Findings, map: YamlMap, known: readonly string[]): void {
  const of = `a condition with \`${known[0]}\``;
  checkKeys(findings, map, { of, known, hints: operatorHints, unknown: "warning" });
}
