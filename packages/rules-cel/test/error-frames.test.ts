import { renderDiagnostic } from "@acteon/core";
import { expect, test } from "vitest";
import { RuleEngine } from "@acteon/rules";
import { celFrontEnd } from "../src/index.ts";

/** What a person sees of a file: the problems that the language finds, and then those of the engine. */
async function framesOf(text: string): Promise<string> {
  const parsed = celFrontEnd.parse(text, "rules/pager.cel");
  const answer = parsed.kind === "parsed" ? await new RuleEngine().loadNative(parsed.rules) : parsed;
  return answer.diagnostics.map((each) => renderDiagnostic(each, text, { colour: false })).join("\n\n");
}

test("a misspelt verdict, with the one that was meant", async () => {
  expect(await framesOf('@rule(name = "r")\n@on(supress)\ntrue\n')).toBe(`error[ACT-R008]: unknown verdict \`supress\`
  --> rules/pager.cel:2:5
   |
 1 | @rule(name = "r")
 2 | @on(supress)
   |     ^^^^^^^ not a verdict
   |
help: a verdict named \`suppress\` exists`);
});

test("every problem of a file at once", async () => {
  const text = `@rule(name = "a")
@on(deny)
action.payload.count = 3

@rule(name = "b", priorty = 2)
@on(reroute, target = "x")
acton.provider == "slack" && state.sen("k") && action.payload.name.startWith("x")
`;
  const parsed = celFrontEnd.parse(text, "rules/pager.cel");
  expect(parsed.diagnostics.map(({ span, code, summary, help }) => [span.start.line, code, summary, help])).toEqual([
    [3, "ACT-R001", "expected an operator, or the `@rule` of the next rule, found `=`", "equality is written `==`"],
    [5, "ACT-R004", "unknown field `priorty`", "did you mean `priority`?"],
    [6, "ACT-R005", "`reroute` needs `to`", 'name the provider to use instead, as in `to = "slack-backup"`'],
    [6, "ACT-R004", "unknown field `target`", "known here: to"],
    [7, "ACT-R024", "`acton` is bound by nothing here", "did you mean `action`?"],
    [7, "ACT-R013", "there is no function `state.sen`", "did you mean `seen`?"],
    [7, "ACT-R013", "there is no function `startWith`", "did you mean `startsWith`?"],
  ]);
});

test.each([
  ["action.provider >= 3", "ACT-R021", "comparing text with a number"],
  ['action.provder == "x"', "ACT-R020", "an action has no field `provder`"],
  ['action.payload.x.matches("(")', "ACT-R016", "regex_not_allowed: a regular expression that cannot be used"],
  ["1 + 1", "ACT-R022", undefined],
  ["action.payload.n", undefined, undefined],
  ["a.b.Message{field: 1} == null", "ACT-R012", "`a.b.Message{…}` makes a protobuf message"],
  ["action.payload.n.all(n.x, true)", "ACT-R013", "`all` names a value here"],
  ["has(action)", "ACT-R013", "`has` asks for a field"],
  ["data.missing == 1", "ACT-R024", "the configured data has no `data.missing`"],
  ["9223372036854775808 > 1", "ACT-R007", "out_of_range: `9223372036854775808` does not fit"],
  ['"\\q" == ""', "ACT-R001", "`\\q` is no escape sequence"],
  ["action.provider == 'x", "ACT-R001", "this text does not end"],
  ["action.provider == 'x' and true", "ACT-R001", "expected an operator, or the `@rule` of the next rule, found `and`"],
  ['state.seen("a", "b", "c")', "ACT-R013", "`state.seen` takes 1 or 2 arguments"],
  ['env.health("slack")', "ACT-R013", "`env.health` is no value by itself"],
  ['env.health("slack").latency', "ACT-R013", "`env.health(…)` has no `latency`"],
  ['action.payload.x == "a" && startWith(action.payload.x, "a")', "ACT-R013", "there is no function `startWith`"],
  ["action.payload.x.int() > 1", "ACT-R013", "there is no function `int`"],
  ["time.hours > 1", "ACT-R024", "`time` has no `hours`"],
  ["env == 1", "ACT-R024", "`env` is no value by itself"],
  ["state == 1", "ACT-R024", "`state` is no value by itself"],
  ["1 in 2", "ACT-R006", "`in` needs a list or a map"],
  ['1 + "a" == 2', "ACT-R006", "calculating with a number and text"],
  ["math.gratest(1, 2) > 1", "ACT-R013", "there is no function `math.gratest`"],
])("%s", async (condition, code, summary) => {
  const parsed = celFrontEnd.parse(`@rule(name = "r") @on(deny)\n${condition}\n`, "rules/a.cel");
  const answer = parsed.kind === "parsed" ? await new RuleEngine().loadNative(parsed.rules) : parsed;
  const [first] = answer.diagnostics;
  expect(first?.code).toBe(code);
  if (summary !== undefined) expect(first?.summary).toBe(summary);
  if (first !== undefined) expect(first.span.start.line).toBe(2);
});

test("a macro that is misspelt has one mistake, and those of its arguments", () => {
  const text = '@rule(name = "r") @on(deny)\naction.payload.tags.exist(t, t == u)\n';
  const { diagnostics } = celFrontEnd.parse(text, "rules/a.cel");
  expect(diagnostics.map(({ summary }) => summary)).toEqual([
    "there is no function `exist`",
    "`u` is bound by nothing here",
  ]);
});
