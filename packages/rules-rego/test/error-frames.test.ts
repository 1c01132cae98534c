import { renderDiagnostic } from "@acteon/core";
import type { JsonObject } from "@acteon/core";
import { describe, expect, test } from "vitest";
import { regoFrontEnd } from "../src/index.ts";
import { load, problemsOf } from "./decide.ts";

/** What a person sees of a file: the problems that the language finds, and then those of the engine. */
async function framesOf(text: string, data: JsonObject = {}): Promise<string> {
  const found = await problemsOf(text, data);
  const named = found.map((each) => ({ ...each, span: { ...each.span, file: "rules/pager.rego" } }));
  return named.map((each) => renderDiagnostic(each, text, { colour: false })).join("\n\n");
}

test("a misspelt function, with the one that was meant", async () => {
  const text = `package acteon.rules

deny_external if {
  some host in input.action.payload.hosts
  not internl(host)
}

internal(host) if startswith(host, "10.")
`;
  expect(await framesOf(text)).toBe(`error[ACT-R013]: there is no function \`internl\`
  --> rules/pager.rego:5:7
   |
 4 |   some host in input.action.payload.hosts
 5 |   not internl(host)
   |       ^^^^^^^ an unknown function
   |
help: did you mean \`internal\`?`);
});

test("a field that an action does not have", async () => {
  expect(await framesOf('package acteon.rules\ndeny if input.action.provder == "slack"\n'))
    .toBe(`error[ACT-R020]: an action has no field \`provder\`
  --> rules/pager.rego:2:9
   |
 1 | package acteon.rules
 2 | deny if input.action.provder == "slack"
   |         ^^^^^^^^^^^^^^^^^^^^ not a field of an action
   |
help: did you mean \`action.provider\`?`);
});

test("METADATA that means nothing, at its key", async () => {
  expect(await framesOf("package acteon.rules\n# METADATA\n# custom:\n#   verdict: denny\np if true\n"))
    .toBe(`error[ACT-R008]: unknown verdict \`denny\`
  --> rules/pager.rego:4:5
   |
 3 | # custom:
 4 | #   verdict: denny
   |     ^^^^^^^ not a verdict
   |
help: a verdict named \`deny\` exists`);
});

test("rules that ask for each other in a circle", async () => {
  expect(await framesOf("package acteon.rules\nquiet if not loud\nloud if not quiet\n"))
    .toBe(`error[ACT-R028]: this rule asks for itself
  --> rules/pager.rego:2:1
   |
 1 | package acteon.rules
 2 | quiet if not loud
   | ^^^^^ its value depends on it
note: the circle: data.acteon.rules.quiet → data.acteon.rules.loud → data.acteon.rules.quiet`);
});

test("every problem of a file at once", () => {
  const text = `package acteon.rules

import data.lib.net

deny_a if severity > 3

throttle_b := 5 if input.action.payload.n

reroute_c := {"target": "sms"} if input.actoin.payload.n

deduplicate_d if { x := 1; x := 2 }

supress_e if true

suppress_f := {"verdict": "supress"}

f(x) := upper(5)
f(x, y) := lower(x, y, 1)
`;
  const { diagnostics } = regoFrontEnd.parse(text, "rules/pager.rego");
  expect(
    diagnostics.map(({ span, severity, code, summary, help }) => [span.start.line, severity, code, summary, help]),
  ).toEqual([
    [
      5,
      "error",
      "ACT-R027",
      "`severity` has no value here",
      "give it one, as in `severity := …` or `some severity in …`",
    ],
    [7, "error", "ACT-R006", "the value of a rule that says `throttle` is an object", "with `rate`, `window`"],
    [9, "error", "ACT-R005", "`reroute` needs `to`", 'name the provider to use instead, as in `"to": "slack-backup"`'],
    [9, "error", "ACT-R004", "unknown field `target`", "known here: to"],
    [9, "error", "ACT-R020", "`input` has no field `actoin`", "did you mean `input.action`?"],
    [11, "error", "ACT-R033", "`x` cannot be declared here", "give it another name; `==` compares"],
    [
      13,
      "warning",
      "ACT-R031",
      "`supress_e` is named nearly like a verdict and decides nothing",
      "did you mean `suppress_e`?",
    ],
    [15, "error", "ACT-R008", "unknown verdict `supress`", "a verdict named `suppress` exists"],
    [17, "error", "ACT-R006", "`upper` does not take a number here", "it takes text"],
    [18, "error", "ACT-R029", "`data.acteon.rules.f` takes 1 arguments in one place and 2 in another", undefined],
    [18, "error", "ACT-R013", "`lower` takes one argument", undefined],
  ]);
});

describe("what is wrong with a rule", () => {
  test.each([
    ["p if not q[_]\nq contains 1", "ACT-R027", "`_` stands for any value, and here none is looked for"],
    ["p if x == 1", "ACT-R027", "`x` has no value here"],
    ["p if { y := x + 1; z := y; z > 1 }", "ACT-R027", "`x` has no value here"],
    ["p if { x := funktion(y); y = 1; x > 1 }", "ACT-R013", "there is no function `funktion`"],
    ["p if { funktion(1, x); x > 1; y := x }", "ACT-R013", "there is no function `funktion`"],
    ["p if { y > count([x | x := z]) }", "ACT-R027", "`y` has no value here"],
    ["p := x", "ACT-R027", "`x` has no value here"],
    ["p if { some x; true }", "ACT-R033", "`x` is declared, and nothing asks for it"],
    ["p if { input := 1 }", "ACT-R033", "`input` cannot be declared here"],
    ["p if count(1) > 2", "ACT-R006", "`count` does not take a number here"],
    ['p if startswith("a")', "ACT-R013", "`startswith` takes 2 arguments"],
    ['p if http.send({"url": "x"})', "ACT-R012", "`http.send` asks the network, which rules do not"],
    ["p if any([true])", "ACT-R013", "`any` is a function of Rego before v1"],
    ["p if f\nf(x) := x", "ACT-R013", "`data.acteon.rules.f` is a function"],
    ["p := 1\np contains 2", "ACT-R029", "`data.acteon.rules.p` is a set and a single value"],
    [
      "p := 1\np.q := 2",
      "ACT-R029",
      "`data.acteon.rules.p.q` lies inside of `data.acteon.rules.p`, which has a value of its own",
    ],
    ["default p := 1\ndefault p := 2", "ACT-R029", "`data.acteon.rules.p` has two defaults"],
    ["p if true with x as 1", "ACT-R024", "`with` has nothing to replace here"],
    ["p if true with q.r as 1\nq := 1", "ACT-R024", "a document of rules is replaced as a whole, or not at all"],
    ['p if state.seen("k", "5 minutes")', "ACT-R019", "this is no duration"],
    [
      'p if regex.match("(", input.action.id)',
      "ACT-R016",
      "regex_not_allowed: a regular expression that cannot be used",
    ],
    ['deny := {"verdict": "suppress"}\ndeny := {"verdict": "allow"}', "ACT-R008", "two verdicts in one rule"],
    ['modify_x := {"set": 5}', "ACT-R006", '`set` must be names with values, as in `"set": {"name": …}`'],
    ['custom_x := {"params": {}}', "ACT-R005", "`custom` needs `handler`"],
    ["group_x if true", "ACT-R012", "the verdict `group` is not built yet"],
    [
      'throttle_x := {"rate": -1, "window": "1m"}',
      "ACT-R007",
      "out_of_range: a limit must be a whole number of 0 or more",
    ],
    ["# METADATA\n# custom: { priority: high }\nallow if true", "ACT-R006", "`priority` must be a whole number"],
    [
      "# METADATA\n# custom: { verdict: deny }\nf(x) if x",
      "ACT-R006",
      "a rule that decides is a document of one value, or a set",
    ],
  ])("%s", async (rule, code, summary) => {
    const [first] = await problemsOf(`package acteon.rules\n${rule}\n`);
    expect(first).toMatchObject({ code, summary, severity: "error" });
  });
});

describe("what was probably meant", () => {
  const data = { maintenance_windows: [], limits: { slack: 1 } };
  const lib = "package lib.net\nis_private(ip) if ip\nranges := []\n";

  test.each([
    ["deny if maintenence\nmaintenance if true", "maintenance"],
    ["deny if { service := 1; sevice > 1 }", "service"],
    ["deny if action.payload.n", "input.action"],
    ["deny if limits.slack", "data.limits"],
    ["deny if ranges[_]", "data.lib.net.ranges"],
    ["import data.lib.net\ndeny if ranges[_]", "net.ranges"],
    ["deny if is_private(1)", "data.lib.net.is_private"],
    ["import data.lib.net\ndeny if net.is_privat(1)", "net.is_private"],
    ['deny if startwith(input.action.id, "a")', "startswith"],
    ["deny if data.maintenence_windows[_]", "data.maintenance_windows"],
    ["deny if data.acteon.rules.helprs\nhelpers if true", "data.acteon.rules.helpers"],
    ["import data.lib.nett\ndeny if nett.ranges", "data.lib.net"],
    ["import input.actoin\ndeny if actoin.id", "input.action"],
  ])("%s", async (rules, meant) => {
    const { result } = await load({ "a.rego": `package acteon.rules\n${rules}\n`, "net.rego": lib }, data);
    expect(result.diagnostics[0]).toMatchObject({ help: `did you mean \`${meant}\`?` });
  });

  test("what is not there is no mistake by itself: data may be configured elsewhere", async () => {
    expect(
      await problemsOf("package acteon.rules\nimport data.other\ndeny if { other.x; data.teams[_] }\n", data),
    ).toEqual([]);
  });
});

test("of a rule that cannot be read nothing more is told, of the others all", () => {
  const { diagnostics } = regoFrontEnd.parse("package a\np if { x := ; y > x }\nq if z > 1\n", "a.rego");
  expect(diagnostics.map(({ span, code }) => [span.start.line, code])).toEqual([
    [2, "ACT-R001"],
    [3, "ACT-R027"],
  ]);
});
