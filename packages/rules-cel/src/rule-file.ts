import type { JsonObject } from "@acteon/core";
import { literal, node } from "@acteon/rules";
import type { Findings, Rule } from "@acteon/rules";
import { readAnnotation } from "./annotation.ts";
import type { Annotation } from "./annotation.ts";
import { checkArguments, entriesOf, flagOf, integerOf, missingArgument, textOf } from "./annotation-values.ts";
import type { CelExpr } from "./ast.ts";
import { tokensOf } from "./lexer.ts";
import { lower } from "./lower.ts";
import { Parser } from "./parser.ts";
import { ruleNames } from "./rule-names.ts";
import { readVerdict } from "./verdict.ts";

/**
 * A file of rules: each is `@rule(…)`, `@on(…)` and an expression, which is its condition. After a mistake reading goes
 * on with the next `@rule`.
 */
export function readRuleFile(findings: Findings, data: JsonObject): readonly Rule[] {
  const parser = new Parser(findings, tokensOf(findings));
  const rules: Rule[] = [];
  if (parser.next.kind === "end") {
    // An editor that empties a file before it writes must not switch every rule off: nothing is not "no rules".
    findings.error({
      code: "ACT-R005",
      at: { start: 0, end: 0 },
      summary: "the file is empty",
      help: "a file without rules has no place here: take it away",
    });
  } else if (parser.next.kind !== "@") {
    parser.unexpected(
      "`@rule(…)`",
      'a rule begins with `@rule(name = "…")` and `@on(…)`; its condition stands below them',
    );
    parser.skipTo("@");
  }
  while (parser.next.kind !== "end") {
    const rule = readRule(findings, parser, rules.length, data);
    if (rule !== undefined) rules.push(rule);
  }
  return rules;
}

function readRule(findings: Findings, parser: Parser, order: number, data: JsonObject): Rule | undefined {
  const { start } = parser.next;
  const annotations = readPreamble(findings, parser);
  if (annotations === undefined) {
    skipRule(parser);
    return undefined;
  }
  const condition = readCondition(findings, parser, annotations);
  const rule = annotations.get("rule");
  const on = annotations.get("on");
  if (rule === undefined) {
    const at = annotations.values().next().value ?? { start, end: start + 1 };
    findings.error({ code: "ACT-R005", at, summary: "a rule needs `@rule(…)`", help: 'as in `@rule(name = "quiet")`' });
  } else if (on === undefined) {
    findings.error({
      code: "ACT-R005",
      at: rule,
      summary: "a rule needs a verdict",
      label: "without `@on(…)`",
      help: "say below it what is to be done, as in `@on(suppress)`",
    });
  }
  const names = ruleNames(findings, data);
  const lowered = (expr: CelExpr) => lower(expr, { source: findings, names, strict: false, locals: new Set(), lower });
  const verdict = on && readVerdict(findings, on, lowered);
  const head = rule && readHead(findings, rule);
  const whole = condition && lowered(condition);
  if (head === undefined) return undefined;
  const span = findings.spanOf({ start, end: condition?.end ?? rule?.end ?? start });
  return node({
    kind: "rule",
    ...head,
    span,
    order,
    language: "cel",
    legacy: false,
    muteTimeIntervals: [],
    activeTimeIntervals: [],
    // Of a file that is refused: what could not be understood is there no more.
    condition: whole ?? literal(true, span),
    verdict: verdict ?? node({ kind: "allow", span }),
  });
}

/** The annotations of a rule, by name; `undefined`: one of them cannot be read. */
function readPreamble(findings: Findings, parser: Parser): ReadonlyMap<string, Annotation> | undefined {
  const annotations = new Map<string, Annotation>();
  while (parser.next.kind === "@") {
    // The next rule begins: this one has no condition.
    if (annotations.size > 0 && parser.second.text === "rule") break;
    const at = parser.take();
    const annotation = readAnnotation(findings, parser, at.start);
    if (annotation === undefined) return undefined;
    const { name, start, end } = annotation;
    if (name !== "rule" && name !== "on") {
      findings.error({
        code: "ACT-R004",
        at: { start, end },
        summary: `unknown annotation \`@${name}\``,
        help: "a rule has `@rule(…)` and `@on(…)`",
      });
    } else if (annotations.has(name)) {
      const help = name === "on" ? "a rule has one verdict: another one is another rule" : undefined;
      const summary = `\`@${name}\` is given twice`;
      findings.error({ code: "ACT-R004", at: { start, end }, summary, ...(help !== undefined && { help }) });
    } else {
      annotations.set(name, annotation);
    }
  }
  return annotations;
}

/** `undefined`: there is none, or it breaks off. */
function readCondition(
  findings: Findings,
  parser: Parser,
  annotations: ReadonlyMap<string, Annotation>,
): CelExpr | undefined {
  if (parser.isAtEnd) {
    const at = [...annotations.values()].at(-1) ?? parser.next;
    findings.error({
      code: "ACT-R010",
      at,
      summary: "a rule without a condition",
      help: "the condition stands below the annotations; what holds for every action is `true`",
    });
    return undefined;
  }
  const condition = parser.expression();
  if (condition.kind === "hole") {
    skipRule(parser);
    return undefined;
  }
  if (parser.isAtEnd) return condition;
  parser.unexpected("an operator, or the `@rule` of the next rule");
  skipRule(parser);
  return undefined;
}

/** To the `@rule` of the next rule. */
function skipRule(parser: Parser): void {
  do {
    if (parser.next.kind !== "end") parser.take();
    parser.skipTo("@");
  } while (parser.next.kind === "@" && parser.second.text !== "rule");
}

type Head = Pick<
  Rule,
  "name" | "nameSpan" | "priority" | "enabled" | "description" | "metadata" | "timezone" | "onError"
>;

const fields = ["name", "priority", "enabled", "description", "metadata", "timezone", "on_error"];

function readHead(findings: Findings, rule: Annotation): Head | undefined {
  const { args } = rule;
  checkArguments(findings, rule, "a rule", fields);
  const priority = integerOf(findings, "priority", args.get("priority")) ?? 0;
  const enabled = flagOf(findings, "enabled", args.get("enabled")) ?? true;
  const description = textOf(findings, "description", args.get("description"));
  const timezone = textOf(findings, "timezone", args.get("timezone"));
  const metadata = entriesOf(findings, "metadata", args.get("metadata")).flatMap(([key, value]) => {
    const text = textOf(findings, key, { keyStart: value.start, keyEnd: value.end, value });
    return text === undefined ? [] : [[key, text] as const];
  });
  const onError = onErrorOf(findings, rule);
  const entry = args.get("name");
  if (entry === undefined) {
    return missingArgument(findings, rule, "name", "a rule", "verdicts and audit records cite it");
  }
  const name = textOf(findings, "name", entry);
  if (name === undefined) return undefined;
  const nameSpan = findings.spanOf(entry.value);
  return { name, nameSpan, priority, enabled, description, metadata: Object.fromEntries(metadata), timezone, onError };
}

function onErrorOf(findings: Findings, { args }: Annotation): Rule["onError"] {
  const argument = args.get("on_error");
  const text = textOf(findings, "on_error", argument);
  if (argument === undefined || text === undefined) return "fail";
  if (text === "skip" || text === "fail") return text;
  findings.error({
    code: "ACT-R007",
    at: argument.value,
    summary: '`on_error` must be `"fail"` or `"skip"`',
    help: "`fail`, the default, fails the dispatch; `skip` takes the rule as not matched",
  });
  return "fail";
}
