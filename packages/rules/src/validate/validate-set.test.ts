import { describe, expect, test } from "vitest";
import { node } from "../ir/build.ts";
import type { Expr } from "../ir/expr.ts";
import type { Rule } from "../ir/rule.ts";
import { always, and, call, eq, json, path, rule, span, verdicts } from "../testing/ir.ts";
import { rerouteCycles } from "./reroute-cycles.ts";
import { duplicateNames, unknownProviders } from "./validate-set.ts";

describe("two rules of one name (row 62)", () => {
  const one = rule("one", always, verdicts.allow);
  const legacy = rule("one", always, verdicts.allow, { legacy: true });

  test("are refused, and both places are named", () => {
    expect(duplicateNames([one, rule("two", always, verdicts.allow), one])).toMatchObject([
      { code: "ACT-R011", severity: "error", labels: [{ text: "first used here" }] },
    ]);
  });

  test("are a warning within the existing dialect alone", () => {
    expect(duplicateNames([legacy, legacy])).toMatchObject([{ severity: "warning" }]);
    expect(duplicateNames([legacy, one])).toMatchObject([{ severity: "error" }]);
  });
});

test("a provider that is not configured is a warning, with what was probably meant", () => {
  const rules = [rule("r", always, verdicts.reroute("slack-ops")), rule("s", always, verdicts.reroute("mail"))];
  expect(unknownProviders(rules, new Set(["mail", "slack-oncall", "slack-op"]))).toMatchObject([
    {
      code: "ACT-P003",
      severity: "warning",
      notes: ["configured here: mail, slack-oncall, slack-op"],
      help: "did you mean `slack-op`?",
    },
  ]);
});

describe("reroutes in a circle (row 61)", () => {
  const from = (provider: string, to: string, ...more: readonly Expr[]): Rule =>
    rule(`${provider}-${to}`, and(eq(path("provider"), provider), ...more), verdicts.reroute(to));
  const cycles = (...rules: readonly Rule[]): readonly string[] => rerouteCycles(rules).map(({ summary }) => summary);

  test("are refused once, with the circle", () => {
    expect(cycles(from("a", "b"), from("b", "c"), from("c", "a"), from("d", "a"))).toEqual([
      "reroute_loop: rules reroute in a circle: `a` → `b` → `c` → `a`",
    ]);
    expect(cycles(from("a", "a"))).toHaveLength(1);
  });

  test("are none where no action can go all the way round", () => {
    const tenant = (name: string): Expr => eq(path("tenant"), name);
    expect(cycles(from("a", "b", tenant("x")), from("b", "a", tenant("y")))).toEqual([]);
    expect(cycles(from("a", "b", tenant("x")), from("b", "a", tenant("x")))).toHaveLength(1);
    expect(cycles(from("a", "b"), from("b", "c"))).toEqual([]);
  });

  test("are none where a condition hangs on anything but fields of the action", () => {
    const open = node({ kind: "health", provider: json("a"), fact: "circuitOpen", span });
    expect(cycles(from("a", "b", open), from("b", "a"))).toEqual([]);
    expect(cycles(from("a", "b"), from("b", "a", call("startsWith", [path("payload.x"), "y"])))).toEqual([]);
  });

  test("are none when several providers are sent to one of them, or a rule is disabled", () => {
    const several = node({
      kind: "in",
      item: path("provider"),
      collection: json(["a", "b"]),
      semantics: "plain",
      span,
    });
    expect(cycles(rule("merge", several, verdicts.reroute("b")))).toEqual([]);
    expect(cycles(from("a", "b"), { ...from("b", "a"), enabled: false })).toEqual([]);
  });

  test("are looked for in bounded time", () => {
    const names = Array.from({ length: 60 }, (_, i) => `p${i}`);
    const dense = names.flatMap((a, i) => names.slice(i + 1).map((b) => from(a, b)));
    expect(cycles(...dense)).toEqual([]);
  });
});
