import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { ServerUnderTest } from "./server-under-test.ts";

/** `rules.data`: documents that rules read. */

const soon = { timeout: 5_000, interval: 10 };

const rules = `rules:
  - name: in-maintenance
    when: { expr: "action.payload.service in data.maintenance.services" }
    then: { suppress: { reason: maintenance } }
`;

test("a document is in force as it stands on disk, and a mistake in it leaves what was", async () => {
  await using server = new ServerUnderTest();
  const file = join(server.directory, "maintenance.yaml"); // beside the rules, and none itself
  writeFileSync(file, "services: [db]\n");
  server.writeRules(rules);
  const text = server.config.replace("[rules]\n", `[rules]\ndata = ["${file}"]\n`);
  await server.start(text);
  const kindOf = async (service: string) => {
    const { body } = await server.dispatch({ payload: { service } });
    return Object.keys(body as object)[0];
  };
  expect([await kindOf("db"), await kindOf("web")]).toEqual(["Suppressed", "Executed"]);

  writeFileSync(file, "services: [web]\n");
  await vi.waitFor(async () => expect(await kindOf("web")).toBe("Suppressed"), soon);
  expect(await kindOf("db")).toBe("Executed");

  writeFileSync(file, "services: [web\n");
  const reload = await server.post("/v1/rules/reload", {});
  expect(reload.status).toBe(422);
  expect(await reload.text()).toContain("maintenance.yaml");
  expect(await kindOf("web")).toBe("Suppressed");
  rmSync(file);
  expect(await (await server.post("/v1/rules/reload", {})).text()).toContain("there is no such file");
});
