import { durationLiteral, literal, logicExpr, node } from "@acteon/rules";
import { celExpression } from "@acteon/rules-cel";
import type { CelSource } from "@acteon/rules-cel";
import type { Expr, Extent, Findings } from "@acteon/rules";

import { checkKeys, entryOf, keyOf, missingKey } from "./keys.ts";
import type { Hint } from "./keys.ts";
import { parsePath } from "./path.ts";
import { referenceOf } from "./reference.ts";
import { templateOf } from "./template.ts";
import { durationMsOf, listOf, mapOf, textOf, wrongType } from "./values.ts";
import { counterOperators, operatorHints, whenOperators } from "./when-operators.ts";
import { whole } from "./when-value.ts";
import { WrittenText } from "./written-text.ts";
import type { YamlEntry, YamlList, YamlMap, YamlNode, YamlScalar } from "./yaml-node.ts";
import type { YamlSource } from "./yaml-source.ts";

const heads = ["all", "any", "not", "field", "expr", "state.seen", "state.counter"];

/**
 * A condition of the `when` / `then` dialect: `all`, `any`, `not`, CEL, or a check of a field or of the state. Several
 * operators of one check must all hold.
 */
export function whenCondition(findings: YamlSource, key: string, value: YamlNode): Expr | undefined {
  if (value.kind !== "map") return notAMapping(findings, key, value);
  const [head, second] = value.entries.filter((entry) => heads.includes(entry.key));
  if (head === undefined) return headless(findings, value);
  if (second !== undefined) return twoQuestions(findings, head, second);
  switch (head.key) {
    case "all":
      return logic(findings, value, head, "and");
    case "any":
      return logic(findings, value, head, "or");
    case "not":
      return negation(findings, value, head);
    case "field":
      return fieldCheck(findings, value, head);
    case "expr":
      return celCheck(findings, value, head);
    case "state.seen":
      return stateSeen(findings, value, head);
    default:
      return stateCounter(findings, value, head);
  }
}

function notAMapping(findings: Findings, key: string, value: YamlScalar | YamlList): undefined {
  if (value.kind === "scalar") {
    return wrongType(findings, key, value, "a mapping such as `{ field: action.provider, equals: slack }`");
  }
  findings.error({
    code: "ACT-R006",
    at: { start: value.start, end: value.start + 1 },
    summary: `\`${key}\` must be a mapping`,
    label: "this is a list",
    help: "write `all:` above the list if every item must hold, `any:` if one is enough",
  });
}

function headless(findings: Findings, map: YamlMap): undefined {
  if (map.entries.length > 0) {
    checkKeys(findings, map, { of: "a condition", known: heads, hints: headlessHints, unknown: "error" });
    return undefined;
  }
  findings.error({
    code: "ACT-R010",
    at: { start: map.start, end: map.start + 1 },
    summary: `a condition needs one of ${heads.map((head) => `\`${head}\``).join(", ")}`,
    help: "what holds for every action is `all: []`",
  });
}

const headlessHints: ReadonlyMap<string, Hint> = new Map(
  [...whenOperators.keys()].map((name) => [name, { help: "an operator needs `field: action.…` beside it" }]),
);

function twoQuestions(findings: Findings, head: YamlEntry, second: YamlEntry): undefined {
  findings.error({
    code: "ACT-R006",
    at: keyOf(second),
    summary: `\`${head.key}\` and \`${second.key}\` in one condition`,
    label: "a second question",
    related: { at: keyOf(head), text: "the first" },
    help: "make them two items of a list under `all:` or `any:`",
  });
}

function logic(findings: YamlSource, map: YamlMap, head: YamlEntry, kind: "and" | "or"): Expr | undefined {
  checkKeys(findings, map, { of: `a condition with \`${head.key}\``, known: [head.key], unknown: "error" });
  const list = listOf(findings, head);
  // Of a file that is refused: what could not be understood is there no more.
  const operands = list?.items.flatMap((item) => whenCondition(findings, `an item of ${head.key}`, item) ?? []);
  return operands && logicExpr(kind, operands, findings.spanOf(map));
}

function negation(findings: YamlSource, map: YamlMap, head: YamlEntry): Expr | undefined {
  checkKeys(findings, map, { of: "a condition with `not`", known: ["not"], unknown: "error" });
  const operand = whenCondition(findings, "not", head.value);
  return operand && node({ kind: "not", operand, semantics: "plain", span: findings.spanOf(map) });
}

function fieldCheck(findings: Findings, map: YamlMap, head: YamlEntry): Expr | undefined {
  const operators = [...whenOperators.keys()];
  const known = ["field", ...operators];
  checkKeys(findings, map, { of: "a condition with `field`", known, hints: operatorHints, unknown: "error" });
  const path = textOf(findings, head);
  const subject = path === undefined ? undefined : fieldOf(findings, head.value, path);
  return operatorsOf(findings, { map, head, operators, known }, subject);
}

function fieldOf(findings: Findings, extent: Extent, text: string): Expr | undefined {
  const written = new WrittenText(findings, extent, text);
  const parsed = parsePath(text, 0);
  const end = parsed.kind === "parsed" ? parsed.path.end : parsed.at;
  if (parsed.kind === "parsed" && end === text.length) return referenceOf(parsed.path, written);
  return written.refuse(end, end + 1, {
    code: "ACT-R001",
    summary: `\`${text}\` is no path`,
    label: parsed.kind === "rejected" ? `expected ${parsed.expected}` : "expected a dot, a bracket or the end",
    help: 'names with dots between them are one, as `action.payload.service`; any other key stands in brackets: `action.payload["a b"]`',
  });
}

/** A condition written in CEL, with CEL's semantics. */
function celCheck(findings: YamlSource, map: YamlMap, head: YamlEntry): Expr | undefined {
  checkKeys(findings, map, { of: "a condition with `expr`", known: ["expr"], unknown: "error" });
  const text = textOf(findings, head);
  if (text === undefined) return undefined;
  const written = new WrittenText(findings, head.value, text);
  const source: CelSource = {
    text,
    spanOf: () => written.span,
    error: ({ at, fix, ...finding }) => {
      const mended = fix && { at: written.placeOf(fix.at.start, fix.at.end), text: fix.text };
      written.refuse(at.start, at.end, { ...finding, ...(mended && { fix: mended }) });
    },
  };
  return celExpression(source, findings);
}

function stateSeen(findings: Findings, map: YamlMap, head: YamlEntry): Expr | undefined {
  checkKeys(findings, map, { of: "a condition with `state.seen`", known: ["state.seen"], unknown: "error" });
  const seen = mapOf(findings, head);
  if (seen === undefined) return undefined;
  checkKeys(findings, seen, { of: "`state.seen`", known: ["key", "window"], unknown: "error" });
  const key = stateKey(findings, seen, head);
  const window = stateWindow(findings, seen);
  return key && window && node({ kind: "stateSeen", key, window: window.duration, span: findings.spanOf(map) });
}

function stateCounter(findings: Findings, map: YamlMap, head: YamlEntry): Expr | undefined {
  checkKeys(findings, map, { of: "a condition with `state.counter`", known: ["state.counter"], unknown: "error" });
  const counter = mapOf(findings, head);
  if (counter === undefined) return undefined;
  const known = ["key", "window", ...counterOperators];
  checkKeys(findings, counter, { of: "`state.counter`", known, hints: operatorHints, unknown: "error" });
  const key = stateKey(findings, counter, head);
  const window = stateWindow(findings, counter);
  const span = findings.spanOf(counter);
  const subject = key && window && node({ kind: "stateCounter", key, window: window.duration, span });
  return operatorsOf(findings, { map: counter, head, operators: counterOperators, known }, subject);
}

function stateKey(findings: Findings, map: YamlMap, head: YamlEntry): Expr | undefined {
  const help = 'for example `key: "{{ action.dedup_key }}"`';
  const entry = entryOf(map, "key") ?? missingKey(findings, map, "key", `\`${head.key}\``, help);
  const text = entry && textOf(findings, entry);
  if (text === undefined || entry?.value.kind !== "scalar") return undefined;
  return templateOf(findings, entry.value, text, "key");
}

/** The window where there is one; `undefined` only after a mistake in it was reported. */
function stateWindow(findings: Findings, map: YamlMap): { readonly duration: Expr | undefined } | undefined {
  const entry = entryOf(map, "window");
  if (entry === undefined) return { duration: undefined };
  const ms = durationMsOf(findings, entry);
  return ms === undefined ? undefined : { duration: durationLiteral(ms, findings.spanOf(entry.value)) };
}

interface Check {
  readonly map: YamlMap;
  /** What is asked: `field` or `state.counter`. */
  readonly head: YamlEntry;
  readonly operators: readonly string[];
  /** Every key that the mapping may have. */
  readonly known: readonly string[];
}

/** All the operators of a check, asked of `subject`. Without one, mistakes in the operators are still reported. */
function operatorsOf(findings: Findings, check: Check, subject: Expr | undefined): Expr | undefined {
  const { map, head, operators, known } = check;
  const found = map.entries.filter(({ key }) => operators.includes(key));
  // A key that is unknown was reported, and was probably meant to be the operator.
  if (found.length === 0 && map.entries.every(({ key }) => known.includes(key))) {
    findings.error({
      code: "ACT-R010",
      at: keyOf(head),
      summary: `\`${head.key}\` without an operator`,
      label: "what is asked of it?",
      help: `known here: ${operators.join(", ")}`,
    });
  }
  const standIn = literal(null, findings.spanOf(head.value));
  const operands = whole(found.map((entry) => whenOperators.get(entry.key)?.(findings, subject ?? standIn, entry)));
  if (operands === undefined || subject === undefined) return undefined;
  const [only] = operands;
  if (operands.length === 1 && only !== undefined) return only;
  return node({ kind: "and", operands, absorbs: "none", span: findings.spanOf(map) });
}
