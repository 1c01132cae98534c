import { createAction } from "@acteon/core";
import type { Diagnostic, Span } from "@acteon/core";
import { createFakeClock, createSeededRandom } from "@acteon/core/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RuleEngine } from "../engine/rule-engine.ts";
import type { RuleFrontEnd } from "../front-end.ts";
import type { Rule } from "../ir/rule.ts";
import { sameIr } from "../ir/same-ir.ts";
import { runRuleTest } from "../rule-test/rule-test.ts";
import { semanticProperties } from "./semantic-properties.ts";
import { standardRules } from "./standard-rules.ts";
import type { StandardCase, StandardRule, StandardRuleName } from "./standard-rules.ts";

export interface RuleFrontEndSubject {
  /** Of the subject; a language may have several dialects. */
  readonly name: string;
  readonly frontEnd: RuleFrontEnd;
  /** A file with just this rule; those that the language cannot say are left out. */
  readonly rules: Readonly<Partial<Record<StandardRuleName, string>>>;
  /** Files with mistakes, and the lines on which each of them must be reported. */
  readonly mistakes: readonly { readonly text: string; readonly lines: readonly number[] }[];
}

const file = "rules/subject.rules";

/** Lone surrogates, too. */
const anyUnit = fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit));

/** The promises of `RuleFrontEnd`, as tests that every rule language runs. */
export function describeRuleFrontEnd({ name, frontEnd, rules, mistakes }: RuleFrontEndSubject): void {
  const texts = [...Object.values(rules), ...mistakes.map(({ text }) => text)];

  describe(`${name}: a rule language`, () => {
    test("throws on no text whatever, and what it answers is in order", () => {
      const anything = fc.oneof(fc.string({ unit: anyUnit }), fc.string({ unit: "grapheme-ascii", maxLength: 200 }));
      fc.assert(
        fc.property(anything, (text) => checkAnswer(frontEnd, text)),
        { numRuns: 300 },
      );
    });

    test.runIf(texts.length > 0)("throws on no text that is nearly right", () => {
      fc.assert(
        fc.property(damaged(texts), (text) => checkAnswer(frontEnd, text)),
        { numRuns: 300 },
      );
    });

    test("is not brought down by depth or by long lines", () => {
      for (const bit of ["(", "[", "{", "- ", "a: ", "!", "not ", "a.", '"', "{{", "\n ", "x ".repeat(50)]) {
        checkAnswer(frontEnd, bit.repeat(20_000 / bit.length));
      }
    });

    for (const [text, lines] of mistakes.map((mistake) => [mistake.text, mistake.lines] as const)) {
      test(`reports every problem at once: lines ${lines.join(", ")} of ${JSON.stringify(text.slice(0, 30))}…`, () => {
        const parsed = frontEnd.parse(text, file);
        const errors = parsed.diagnostics.filter(({ severity }) => severity === "error");
        expect(parsed.kind).toBe("rejected");
        expect(errors.map(({ span }) => span.start.line)).toEqual([...lines]);
      });
    }

    for (const [ruleName, text] of Object.entries(rules)) {
      describeStandardRule(frontEnd, text, standardRules[ruleName as StandardRuleName]);
    }
  });
}

function describeStandardRule(frontEnd: RuleFrontEnd, text: string, standard: StandardRule): void {
  describe(standard.rule.name, () => {
    test("lowers to the same rule as in every other language, up to semantics", () => {
      const rule = onlyRule(frontEnd, text);
      expect(rule.name).toBe(standard.rule.name);
      expect(sameIr(rule.condition, standard.rule.condition, semanticProperties), "its condition").toBe(true);
      expect(sameIr(rule.verdict, standard.rule.verdict, semanticProperties), "its verdict").toBe(true);
      expect(sameIr(rule, standard.rule, semanticProperties), "its head").toBe(true);
    });

    test.each(standard.cases.map((each) => [JSON.stringify(each.action), each] as const))(
      "decides %s",
      async (_, each) => {
        const engine = new RuleEngine();
        expect(await engine.loadNative([onlyRule(frontEnd, text)])).toMatchObject({ kind: "loaded" });
        const { actual } = await runRuleTest(engine.current(), ruleTestOf(each));
        expect(actual.verdict).toBe(each.verdict);
        if (each.reason !== undefined) expect(actual.reason).toBe(each.reason);
      },
    );
  });
}

function onlyRule(frontEnd: RuleFrontEnd, text: string): Rule {
  const parsed = frontEnd.parse(text, file);
  if (parsed.kind === "rejected") throw new Error(JSON.stringify(parsed.diagnostics, null, 2));
  expect(parsed.rules).toHaveLength(1);
  return parsed.rules[0]!;
}

const nowMs = Date.UTC(2026, 2, 2, 9, 30);

function ruleTestOf({ action, state, verdict, reason }: StandardCase): Parameters<typeof runRuleTest>[1] {
  const fields = { id: "a-1", namespace: "ops", tenant: "acme", provider: "slack", actionType: "alert", payload: {} };
  const span = { file, start: { line: 1, column: 1, offset: 0 }, end: { line: 1, column: 1, offset: 0 } };
  return {
    name: verdict,
    span,
    action: createAction({ ...fields, ...action }, { clock: createFakeClock(nowMs), random: createSeededRandom(1) }),
    nowMs,
    state: {
      entries: new Map(),
      counters: new Map(Object.entries(state?.counters ?? {})),
      seen: new Map((state?.seen ?? []).map((key) => [key, nowMs - 1_000])),
    },
    expect: { span, verdict, matchedRule: undefined, reason },
  };
}

/** A text that is right, or nearly: pieces of it cut out, doubled, swapped, or replaced. */
function damaged(texts: readonly string[]): fc.Arbitrary<string> {
  const piece = fc.tuple(fc.nat(), fc.nat({ max: 12 }));
  const change = fc.oneof(
    piece.map(
      ([at, length]) =>
        (text: string) =>
          cut(text, at, length, ""),
    ),
    piece.map(
      ([at, length]) =>
        (text: string) =>
          cut(text, at, 0, text.slice(at % (text.length + 1)).slice(0, length)),
    ),
    fc.tuple(piece, fc.string({ unit: anyUnit, maxLength: 4 })).map(
      ([[at, length], other]) =>
        (text: string) =>
          cut(text, at, length, other),
    ),
    fc
      .tuple(
        piece,
        fc.constantFrom("\t", "\r\n", '"', "'", "{{", "}}", ":", "-", "#", "&a", "*a", "!!js", "\u0000", "\uD800"),
      )
      .map(
        ([[at, length], other]) =>
          (text: string) =>
            cut(text, at, length, other),
      ),
  );
  return fc
    .tuple(fc.constantFrom(...texts), fc.array(change, { minLength: 1, maxLength: 6 }))
    .map(([text, changes]) => changes.reduce((changed, each) => each(changed), text));
}

function cut(text: string, at: number, length: number, put: string): string {
  const start = at % (text.length + 1);
  return text.slice(0, start) + put + text.slice(start + length);
}

/** What holds of every answer, to whatever text. */
function checkAnswer(frontEnd: RuleFrontEnd, text: string): void {
  const parsed = frontEnd.parse(text, file);
  const errors = parsed.diagnostics.filter(({ severity }) => severity === "error");
  expect(errors.length > 0).toBe(parsed.kind === "rejected");
  for (const diagnostic of parsed.diagnostics) checkDiagnostic(diagnostic, text);
  for (const [order, rule] of (parsed.rules ?? []).entries()) {
    if (parsed.kind === "parsed") expect(rule.order).toBe(order);
    checkSpan(rule.nameSpan, text);
    checkNodes(rule, text);
  }
}

function checkDiagnostic({ span, labels = [], fix, summary }: Diagnostic, text: string): void {
  expect(summary).not.toBe("");
  for (const each of [span, ...labels.map((label) => label.span), ...(fix === undefined ? [] : [fix.span])]) {
    checkSpan(each, text);
  }
}

/** In the file, in the text, not backwards; lines and columns say the same as the offsets. */
function checkSpan({ file: of, start, end }: Span, text: string): void {
  expect(of).toBe(file);
  expect(start.offset).toBeGreaterThanOrEqual(0);
  expect(end.offset).toBeGreaterThanOrEqual(start.offset);
  expect(end.offset).toBeLessThanOrEqual(text.length);
  for (const { line, column, offset } of [start, end]) {
    expect(line).toBeGreaterThanOrEqual(1);
    expect(column).toBeGreaterThanOrEqual(1);
    if (text.includes("\r")) continue; // What ends a line then is the language's own affair.
    const before = text.slice(0, offset);
    expect({ line, column }).toEqual({
      line: before.split("\n").length,
      column: offset - before.lastIndexOf("\n"),
    });
  }
}

/** Every node is frozen and knows its place. */
function checkNodes(value: unknown, text: string): void {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return;
  if ("span" in value) {
    expect(Object.isFrozen(value)).toBe(true);
    checkSpan(value.span as Span, text);
  }
  for (const [key, below] of Object.entries(value)) if (key !== "span" && key !== "nameSpan") checkNodes(below, text);
}
