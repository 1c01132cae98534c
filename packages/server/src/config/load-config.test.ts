import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigurationError } from "@acteon/core";
import { expect, test } from "vitest";
import { checkConfig, loadConfig } from "./load-config.ts";
import { quickstart, quickstartAction, quickstartCurl } from "./quickstart.ts";

async function problems(text: string): Promise<readonly string[]> {
  const loaded = await checkConfig({ file: "acteon.toml", text, environment: {} });
  if (loaded.kind === "loaded") return [];
  return loaded.diagnostics.map(({ code, span, summary }) => `${code} ${span.start.line}: ${summary}`);
}

test("each provider checks its own settings, together with all else that is wrong", async () => {
  const text = `[server]
port = 70000
[providers.hook]
type = "webhook"
ulr = "https://a.example"
[providers.other]
type = "webhok"
[providers.slack]
token = "x"
[providers.console]
output = "yes"
`;
  expect(await problems(text)).toEqual([
    "ACT-C003 2: server.port must be a whole number from 0 to 65535",
    expect.stringMatching(/^ACT-C010 3: providers\.hook\.url/) as string,
    expect.stringMatching(/^ACT-C010 5: providers\.hook\.ulr/) as string,
    "ACT-C010 7: providers.other: there is no provider of that type",
    "ACT-C004 8: providers.slack: the slack provider is not built yet",
    expect.stringMatching(/^ACT-C010 11: providers\.console\.output/) as string,
  ]);
});

test("text of a variable is the number that a provider wants, or the text that it wants", async () => {
  const text = `[providers.hook]
type = "webhook"
url = "https://a.example"
timeout_seconds = "\${TIMEOUT}"
authorization = "\${TOKEN}"
`;
  const check = async (environment: Readonly<Record<string, string>>): Promise<string> =>
    (await checkConfig({ file: "acteon.toml", text, environment })).kind;
  expect(await check({ TIMEOUT: "5", TOKEN: "12345" })).toBe("loaded");
  expect(await check({ TIMEOUT: "5", TOKEN: "12345", ACTEON_PROVIDERS__HOOK__TIMEOUT_SECONDS: "7" })).toBe("loaded");
  expect(await check({ TIMEOUT: "soon", TOKEN: "12345" })).toBe("rejected");
});

test("a value never shows in what is said about it", async () => {
  const text = '[providers.hook]\ntype = "webhook"\nurl = "https://user:hunter2@a.example/?token=hunter2"\n';
  const loaded = await checkConfig({ file: "acteon.toml", text, environment: {} });
  expect(JSON.stringify(loaded)).not.toContain("hunter2");
  expect(loaded.kind).toBe("rejected");
});

test("a file that is missing means defaults, unless it was asked for", async () => {
  const directory = mkdtempSync(join(tmpdir(), "acteon-config-"));
  const file = join(directory, "acteon.toml");
  await expect(loadConfig({ file, environment: {} })).rejects.toThrow(ConfigurationError);
  writeFileSync(file, "[server]\nport = 1234\n");
  const loaded = await loadConfig({ file, environment: {} });
  expect(loaded).toMatchObject({ kind: "loaded", config: { server: { port: 1234 } }, sources: { file } });
  rmSync(directory, { recursive: true });
});

test("the quickstart configuration is right, and its line can be pasted", async () => {
  const loaded = await checkConfig({ ...quickstart, environment: {} });
  expect(loaded).toMatchObject({
    kind: "loaded",
    config: { server: { host: "127.0.0.1", port: 8080 }, state: { kind: "embedded" }, audit: { kind: "sqlite" } },
  });
  const line = quickstartCurl("http://127.0.0.1:8080");
  expect(JSON.parse(/-d '(.*)'$/.exec(line)?.[1] ?? "")).toEqual(quickstartAction);
});
