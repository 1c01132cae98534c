import type { Diagnostic } from "@acteon/core";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { acteon, temporaryFolder } from "./acteon.ts";

/** `acteon rules lint`: every problem of every file at once, those of the language and those beyond it, each with what to do. */

async function lint(file: string, text: string): Promise<readonly string[]> {
  await using folder = await temporaryFolder();
  await mkdir(join(folder.path, "rules"));
  await writeFile(join(folder.path, "rules", file), text);
  await writeFile(join(folder.path, "acteon.toml"), '[providers.slack]\ntype = "console"\n');
  const { code, stdout } = await acteon(["rules", "lint", "-o", "json"], { cwd: folder.path });
  expect(code).toBe(3);
  const findings = JSON.parse(stdout) as readonly Diagnostic[];
  return findings.map(
    ({ span, code: of, summary, help }) => `${span.start.line}:${span.start.column} ${of} ${summary} | ${help ?? ""}`,
  );
}

test("of a file in CEL", async () => {
  const findings = await lint(
    "a.cel",
    `@rule(name = "one", priorty = 5)
@on(supress)
action.paylod.severity == "critical" && action.payload.count > 3

@rule(name = "two", timezone = "Europe/Berln")
@on(reroute, to = "slak")
action.provider == 3 && startWith(action.payload.x, "a") && action.payload.x.startWith("a")

@rule(name = "three")
@on(throttle, rate = "ten", window = "1 minute")
action.provider in "slack" && 1 + "a" == 2 && action.payload.x.matches("(a")

@rule(name = "one")
@on(deny)
time.hours > 3 && env.health("slack").latency_p99 > 5 && action.payload.tags.exist(t, t == "a") && !action.payload.n.size()

@rule(name = "five")
@on(modify, set = {"__proto__.x": 1})
action.provider = "slack"
`,
  );
  expect(findings).toEqual([
    "1:21 ACT-R004 unknown field `priorty` | did you mean `priority`?",
    "2:5 ACT-R008 unknown verdict `supress` | a verdict named `suppress` exists",
    "3:1 ACT-R020 an action has no field `paylod` | did you mean `action.payload.severity`?",
    "5:14 ACT-R015 there is no time zone `Europe/Berln` | did you mean `Europe/Berlin`?",
    '7:1 ACT-R021 comparing text with a number | compare action.provider with text, such as "3", or convert one side',
    '7:25 ACT-R013 there is no function `startWith` | write `action.payload.x.startsWith("a")`',
    "7:78 ACT-R013 there is no function `startWith` | did you mean `startsWith`?",
    "10:22 ACT-R007 out_of_range: a limit must be a whole number of 0 or more | ",
    "10:38 ACT-R006 this is no duration | durations read `30s`, `5m`, `1h30m`",
    '11:20 ACT-R006 `in` needs a list or a map | write `["slack"]`, or ask whether a text contains another',
    "11:31 ACT-R006 calculating with a number and text | convert one side",
    "11:72 ACT-R016 regex_not_allowed: a regular expression that cannot be used | patterns are of RE2 syntax: no look-around, no back-references, at most 1,000 characters",
    "15:1 ACT-R024 `time` has no `hours` | did you mean `time.hour`?",
    '15:19 ACT-R021 comparing a duration with a number | compare env.latency_p99("slack") with a duration, such as 5s, or convert one side',
    "15:78 ACT-R013 there is no function `exist` | did you mean `exists`?",
    "15:101 ACT-R022 this is not a condition | compare it with something",
    "18:35 ACT-R017 forbidden_key: a rule must not write to `__proto__` | ",
    "19:17 ACT-R001 expected an operator, or the `@rule` of the next rule, found `=` | equality is written `==`",
    "13:14 ACT-R011 duplicate_rule: two rules are named `one` | give one of them another name",
    "6:19 ACT-P003 provider `slak` is not configured | did you mean `slack`?",
  ]);
});

test("of a file in YAML", async () => {
  const findings = await lint(
    "a.yaml",
    `rules:
  - name: a
    when: { field: action.provider, equal: slack }
    then: supress
  - name: b
    supress: true
    when: { all: [{ field: action.paylod.x, equals: 1 }, { field: action.provider, greater_than: 3 }] }
    then: { reroute: { to: slak } }
  - name: c
    priority: high
    when: { field: action.payload.x, matches: "(a" }
    then: { throttle: { rate: -1, window: 5 } }
  - name: d
    timezone: Europe/Berln
    when: { field: action.provider, in: slack }
    then: { deduplicate: { key: "{{ lowr(action.id) }}", windw: 5m } }
  - name: e
    when: { expr: "action.payload.n > && 3" }
    then: { modify: { set: { __proto__.a: 1 } } }
`,
  );
  expect(findings).toEqual([
    "3:37 ACT-R004 unknown field `equal` | did you mean `equals`?",
    "4:11 ACT-R008 unknown verdict `supress` | a verdict named `suppress` exists",
    "6:5 ACT-R004 unknown field `supress` | a verdict named `suppress` exists",
    "7:35 ACT-R020 unknown name `paylod` | did you mean `payload`?",
    '7:84 ACT-R021 comparing text with a number | compare action.provider with text, such as "3", or convert one side',
    "10:15 ACT-R006 `priority` must be a whole number | ",
    "11:47 ACT-R016 regex_not_allowed: a regular expression that cannot be used | patterns are of RE2 syntax: no look-around, no back-references, at most 1,000 characters",
    "12:31 ACT-R007 out_of_range: `rate` must be 0 or more | ",
    "12:43 ACT-R019 `window` needs a unit | for seconds write `5s`",
    "13:11 ACT-R015 there is no time zone `Europe/Berln` | did you mean `Europe/Berlin`?",
    "15:41 ACT-R006 `in` must be a list | write `in: [slack]`",
    "16:37 ACT-R013 unknown function `lowr` | did you mean `lower`?",
    "16:58 ACT-R004 unknown field `windw` | did you mean `window`?",
    "18:39 ACT-R001 expected an expression, found `&&` | ",
    "19:23 ACT-R017 forbidden_key: a rule must not write to `__proto__` | ",
    "8:28 ACT-P003 provider `slak` is not configured | did you mean `slack`?",
  ]);
});

test("of a file in DRL", async () => {
  const findings = await lint(
    "a.drl",
    `rule "one" @timezone("Europe/Berln")
when
    Action( payload.name matches "(a", tenat == "a" )
then
    supress("x");
end

rule "two" when Action( provider == "slack" ) then reroute("slak"); end

rule "base" when Action( payload.host matches "(?=b)" ) then end
rule "three" extends "base" when eval( $nam > 3 ) then throttle("ten", "1 minute"); end

rule "two" when Action( provider = "slack" ) then throttle(); end
`,
  );
  expect(findings).toEqual([
    "1:6 ACT-R015 there is no time zone `Europe/Berln` | did you mean `Europe/Berlin`?",
    "3:34 ACT-R016 regex_not_allowed: a regular expression that cannot be used | patterns are of RE2 syntax: no look-around, no back-references, at most 1,000 characters",
    "3:40 ACT-R020 an action has no field `tenat` | did you mean `tenant`?",
    "5:5 ACT-R008 unknown verdict `supress` | a verdict named `suppress` exists",
    "10:47 ACT-R016 regex_not_allowed: a regular expression that cannot be used | patterns are of RE2 syntax: no look-around, no back-references, at most 1,000 characters",
    "11:40 ACT-R024 `$nam` is bound by nothing here | ",
    "11:65 ACT-R007 out_of_range: a limit must be a whole number of 0 or more | ",
    "11:72 ACT-R006 this is no duration | durations read `30s`, `5m`, `1h30m`",
    "13:34 ACT-R001 expected an operator, `,` or `)`, found `=` | equality is written `==`",
    '13:51 ACT-R013 `throttle` cannot be called so | for example `throttle(10, "1m")`',
    "13:6 ACT-R011 duplicate_rule: two rules are named `two` | give one of them another name",
    "8:60 ACT-P003 provider `slak` is not configured | did you mean `slack`?",
  ]);
});
