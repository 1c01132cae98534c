import { TinyStore, actionOf } from "@acteon/rules/conformance";
import { describe, expect, test } from "vitest";
import { decide, load } from "./decide.ts";

const net =
  'package lib.net\n\nis_private(ip) if net.cidr_contains(ranges[_], ip)\n\nranges := ["10.0.0.0/8", "192.168.0.0/16"]\n';
const rules = `package acteon.rules

import data.lib.net

deny_external := sprintf("%s is outside", [ip]) if {
  some ip in input.action.payload.ips
  not net.is_private(ip)
}
`;

describe("the files of a folder are one program", () => {
  test("imports reach across them", async () => {
    const { engine, result } = await load({ "net.rego": net, "rules.rego": rules });
    expect(result).toMatchObject({ kind: "loaded", diagnostics: [] });
    const settled = (ips: readonly string[]) => decide(engine.current(), actionOf({ payload: { ips } }));
    expect(await settled(["10.1.2.3"])).toMatchObject({ verdict: "allow" });
    expect(await settled(["10.1.2.3", "8.8.8.8"])).toMatchObject({ verdict: "deny", reason: "8.8.8.8 is outside" });
  });

  test("the clauses of one rule may lie in several, and it is cited where the first is", async () => {
    const { engine } = await load({
      "a.rego": 'package acteon.rules\n\ndeny_x := "a" if input.action.payload.a\n',
      "b.rego": 'package acteon.rules\ndeny_x := "b" if input.action.payload.b\n',
    });
    expect(engine.listRules()).toMatchObject([{ name: "deny_x", file: expect.stringMatching(/a\.rego$/), line: 3 }]);
    expect(await decide(engine.current(), actionOf({ payload: { b: 1 } }))).toMatchObject({ reason: "b" });
  });

  test("a problem is told in its own file, also of a library that no rule asks for", async () => {
    const { result } = await load({
      "lib.rego": 'package lib\n\nurgent if input.action.provder == "pagerduty"\n',
      "rules.rego": rules,
    });
    expect(result.kind).toBe("rejected");
    expect(result.diagnostics).toMatchObject([
      { code: "ACT-R020", span: { file: expect.stringMatching(/lib\.rego$/), start: { line: 3 } } },
      { code: "ACT-R013", span: { file: expect.stringMatching(/rules\.rego$/), start: { line: 7 } } },
    ]);
  });

  test("contradictions between files name the other file", async () => {
    const { result } = await load({ "a.rego": "package p\nq := 1\n", "b.rego": "package p\nq contains 1\n" });
    expect(result.diagnostics).toMatchObject([
      { code: "ACT-R029", notes: [expect.stringMatching(/^the other one is in .*a\.rego$/)] },
    ]);
  });

  test("of a mistake in a rule and in what it is made of one is told", async () => {
    const { result } = await load({ "a.rego": 'package acteon.rules\ndeny_x if input.action.provder == "x"\n' });
    expect(result.diagnostics).toHaveLength(1);
  });
});

test("documents are computed once for an action, with the store's answers", async () => {
  const { engine } = await load({
    "a.rego": `package acteon.rules
quiet if state.get("quiet") == "yes"
deny_x if { quiet; input.action.payload.n == 1 }
suppress_x if quiet
`,
  });
  const store = new TinyStore();
  expect(await decide(engine.current(), actionOf({ payload: { n: 1 } }), store)).toMatchObject({ verdict: "allow" });
  store.entries.set("quiet", "yes");
  expect(await decide(engine.current(), actionOf({ payload: { n: 1 } }), store)).toMatchObject({ verdict: "deny" });
  expect(await decide(engine.current(), actionOf({ payload: { n: 2 } }), store)).toMatchObject({ verdict: "suppress" });
});
