import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { consoleProvider } from "@acteon/provider-console";
import { describe, expect, test } from "vitest";
import type { Action, ProviderResult } from "../index.ts";
import { Acteon, createGateway, defineRule, field, openMemoryState, openRules, rule, RuleLoadError } from "../index.ts";
import { systemClock } from "../index.ts";
import { temporaryFolder } from "../../test/acteon.ts";

const page = {
  namespace: "ops",
  tenant: "shop",
  provider: "pager",
  actionType: "page",
  payload: { severity: "critical" },
};
const answered: ProviderResult = { kind: "answered", response: { status: "success", body: null, headers: {} } };

const quiet = `rules:
  - name: quiet-debug
    when: { field: action.payload.severity, equals: debug }
    then: { suppress: {} }
`;

describe("createGateway, with what is not said filled in", () => {
  test("needs no more than a provider, which is what it does", async () => {
    const sent: Action[] = [];
    await using gateway = await createGateway({
      providers: {
        pager: {
          execute: (action) => {
            sent.push(action);
            return answered;
          },
        },
      },
    });
    expect(await gateway.dispatch(page)).toMatchObject({ kind: "executed", attempts: 1 });
    expect(sent).toMatchObject([{ provider: "pager", actionType: "page" }]);
  });

  test("takes rules of folders and of code together, and reads files again", async () => {
    await using folder = await temporaryFolder();
    const rules = join(folder.path, "rules");
    await mkdir(rules);
    await writeFile(join(rules, "main.yaml"), quiet);
    const noWeekends = defineRule({
      name: "no-weekends",
      evaluate: ({ action }) => (action.actionType === "weekend" ? { kind: "deny" } : undefined),
    });
    const elsewhere = rule("elsewhere").when(field("action.payload.severity").equals("info")).reroute("log");
    const lines: string[] = [];
    await using gateway = await createGateway({
      rules: [rules, noWeekends, elsewhere],
      providers: { pager: { execute: () => answered }, log: { type: consoleProvider } },
      print: (line) => lines.push(line),
    });
    const kindOf = async (severity: string, actionType = "page") =>
      (await gateway.dispatch({ ...page, actionType, payload: { severity } })).kind;
    expect([await kindOf("debug"), await kindOf("critical"), await kindOf("critical", "weekend")]).toEqual([
      "suppressed",
      "executed",
      "suppressed",
    ]);
    expect(await kindOf("info")).toBe("rerouted");
    expect(lines).toEqual([expect.stringContaining('{"severity":"info"}')]);

    await writeFile(join(rules, "main.yaml"), quiet.replace("debug }", "critical }"));
    expect(await gateway.reloadRules()).toEqual({ rules: 3 });
    expect(await kindOf("critical")).toBe("suppressed");
    await writeFile(join(rules, "main.yaml"), quiet.replace("suppress", "supress"));
    await expect(gateway.reloadRules()).rejects.toThrow(RuleLoadError);
    expect(await kindOf("critical")).toBe("suppressed");
  });

  test("the builder takes the same rules", async () => {
    await using gateway = await Acteon.builder()
      .state(openMemoryState({ clock: systemClock }))
      .rules(await openRules([defineRule({ name: "never", evaluate: () => ({ kind: "deny", reason: "never" }) })]))
      .build();
    expect(await gateway.dispatch(page)).toEqual({ kind: "suppressed", rule: "never", reason: "never" });
  });

  test("rules that are wrong are told with file and line; so is a folder that is not there", async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, "main.yaml");
    await writeFile(file, quiet.replace("suppress", "supress"));
    await expect(createGateway({ rules: file, providers: {} })).rejects.toThrow(`${file}:4:`);
    await expect(createGateway({ rules: join(folder.path, "no"), providers: {} })).rejects.toThrow(RuleLoadError);
  });
});
