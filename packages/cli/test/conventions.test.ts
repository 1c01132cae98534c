import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { commandTable } from "../src/command-table.ts";
import { acteon, startActeon, temporaryFolder } from "./acteon.ts";

const rules = `rules:
  - name: quiet-debug
    description: Debug messages are not sent
    priority: 10
    when: { field: action.payload.severity, equals: debug }
    then: { suppress: { reason: too chatty } }
  - name: once
    priority: 20
    when: { state.seen: { key: "{{ action.dedup_key }}", window: 5m } }
    then: { deduplicate: { key: "{{ action.dedup_key }}", window: 5m } }
`;
const ruleTests = `tests:
  - name: debug is quiet
    action: { namespace: demo, tenant: acme, provider: console, action_type: alert, payload: { severity: debug } }
    expect: { verdict: suppress, matched_rule: quiet-debug }
`;
const action = {
  id: "a-1",
  namespace: "demo",
  tenant: "acme",
  provider: "console",
  action_type: "alert",
  payload: { severity: "debug" },
  created_at: "2026-03-01T09:30:00Z",
};

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  folder = await temporaryFolder();
  const file = (name: string, text: string) => writeFile(join(folder.path, name), text);
  await mkdir(join(folder.path, "rules"));
  await file("rules/main.yaml", rules);
  await file("rules/main.test.yaml", ruleTests);
  await mkdir(join(folder.path, "failing"));
  await mkdir(join(folder.path, "empty"));
  await file("failing/main.yaml", rules);
  await file("failing/main.test.yaml", ruleTests.replace("verdict: suppress", "verdict: allow"));
  await file("broken.yaml", rules.replace("suppress:", "supress:"));
  await file("misspelt.yaml", rules.replace("suppress:", "supress:"));
  await file("action.json", JSON.stringify(action));
  await file("batch.json", JSON.stringify([action, { ...action, id: "a-2", payload: {} }]));
  await file("not.json", "{");
  await file("half.json", JSON.stringify({ id: "a" }));
  await file(
    "reroute.yaml",
    "rules:\n  - name: elsewhere\n    when: { field: action.provider, equals: sms }\n    then: { reroute: { to: pager } }\n",
  );
  await file("with-provider.toml", "[providers.console]\n");
  await file("no-url.toml", '[state]\nbackend = "redis"\nprefix = "hunter2"\n');
  await file(
    "strong.toml",
    '[state]\nrequire = "strong"\npath = "not/yet"\n[rules]\ndirectory = "rules"\n[providers.console]\n',
  );
  await file("wrong.toml", '[server]\nprot = 1\nport = 70000\n[state]\npath = "${NO_SUCH_VARIABLE}"\n');
});

afterAll(() => folder[Symbol.asyncDispose]());

const run = (args: readonly string[], input?: string) =>
  acteon(args, { cwd: folder.path, ...(input === undefined ? {} : { input }) });

/** The tags of answers, a line each. */
function kindsOf(stdout: string): readonly string[] {
  return stdout
    .trim()
    .split("\n")
    .flatMap((line) => Object.keys(JSON.parse(line) as object));
}

const dispatchFlags = ["--namespace", "demo", "--tenant", "acme", "--provider", "console", "--type", "alert"];

describe.concurrent("exit codes (ux.md §4.1, guarantees §8 row 77)", () => {
  test.each<readonly [code: number, args: readonly string[], said: string]>([
    [0, ["dispatch", ...dispatchFlags], ""],
    [0, ["dispatch", "action.json", "--expect", "Suppressed"], ""],
    [0, ["doctor", "-c", "with-provider.toml"], "0 failures, 1 warning"],
    [0, ["migrate"], "state (embedded): nothing is to be done"],
    [0, ["rules", "lint"], "2 rules, 0 errors, 0 warnings"],
    [0, ["rules", "list", "empty"], "no rules in empty"],
    [0, ["rules", "lint", "reroute.yaml", "-c", "with-provider.toml"], "1 warning"],
    [1, ["dispatch", "half.json"], "/namespace"],
    [1, ["dispatch", ...dispatchFlags.with(5, "nobody")], ""],
    [2, ["dispatch", "--namespace", "demo"], "needs --tenant, --provider, --type"],
    [2, ["dispatch", ...dispatchFlags, "--expect", "executd"], "did you mean executed?"],
    [2, ["dispatch", "not.json"], "not.json is not JSON"],
    [2, ["explain", "no-such-file.json"], "no-such-file.json cannot be read: there is no such file or folder"],
    [2, ["explain", "rules"], "rules cannot be read: it is a folder"],
    [2, ["rules", "list", "broken.yaml"], "error[ACT-R008]"],
    [2, ["rules", "lnt"], "(Did you mean lint?)"],
    [2, ["dispach"], "(Did you mean dispatch?)"],
    [2, ["rules", "lint", "--strickt"], "(Did you mean --strict?)"],
    [2, ["rules", "lint", "-o", "xml"], "--output must be one of text, json"],
    [2, ["serve", "-c", "wrong.toml"], "wrong.toml: 3 problems"],
    [2, ["serve", "-c", "no-such-file.toml"], "no-such-file.toml cannot be read: there is no such file or folder"],
    [2, ["doctor", "-c", "wrong.toml"], "wrong.toml: 3 problems"],
    [2, ["migrate", "-c", "no-url.toml"], "state.url is missing"],
    [3, ["doctor", "-c", "strong.toml"], "1 failure, 0 warnings"],
    [3, ["doctor", "--strict", "-c", "with-provider.toml"], "0 failures, 1 warning"],
    [3, ["rules", "lint", "broken.yaml"], "1 error"],
    [3, ["rules", "lint", "--strict", "reroute.yaml", "-c", "with-provider.toml"], "1 warning"],
    [3, ["rules", "test", "failing"], "0 passed, 1 failed"],
    [3, ["dispatch", "action.json", "--expect", "executed"], ""],
    [5, ["rules", "show", "once-more"], "rule not found: once-more"],
    [5, ["help", "ACT-R999"], "no code ACT-R999"],
    [7, ["dlq", "list", "--server", "http://127.0.0.1:9"], "no answer from http://127.0.0.1:9: nothing listens there"],
  ])("%i: acteon %j", async (code, args, said) => {
    const ended = await run(args);
    expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code, stderr: expect.stringContaining(said) });
  });

  test("a failed action is 1, also where many are sent; a port in use is 7 (row 66)", async () => {
    const busy = createServer().listen(0, "127.0.0.1");
    await new Promise((listening) => busy.once("listening", listening));
    const address = busy.address();
    const port = typeof address === "object" ? String(address?.port) : "";
    const served = await run(["serve", "--port", port]);
    busy.close();
    expect(served).toMatchObject({ code: 7, stdout: "", stderr: expect.stringContaining(`127.0.0.1:${port}`) });
    const lines = [action, { ...action, id: "a-3", provider: "nobody", payload: {} }].map((each) =>
      JSON.stringify(each),
    );
    const batch = await run(["dispatch", "--batch", "-", "-o", "jsonl"], lines.join("\n"));
    expect(batch.code).toBe(1);
    expect(kindsOf(batch.stdout)).toEqual(["Suppressed", "Failed"]);
  });

  test("a line of a batch that is no action is refused by itself (row 24)", async () => {
    const line = JSON.stringify(action);
    const batch = await run(["dispatch", "--batch", "-", "-o", "jsonl"], `${line}\n{"id":\n\n{}\n${line}\n`);
    expect({ code: batch.code, kinds: kindsOf(batch.stdout) }).toEqual({
      code: 1,
      kinds: ["Suppressed", "error", "error", "Suppressed"],
    });
    expect(batch.stdout).toContain(
      '{"error":{"code":"malformed_json","message":"must be JSON: at byte 6 expected a value',
    );
  });
});

describe("results go to standard output, all else to standard error", () => {
  test("configuration errors are framed, with names and never values (row 65)", async () => {
    const { stdout, stderr } = await run(["serve", "-c", "wrong.toml"]);
    expect(stdout).toBe("");
    expect(stderr).toMatchSnapshot();
  });

  test("what the environment or a flag sets is told without the file, which has no part in it", async () => {
    const environment = { ACTEON_SERVER__PORT: "abc" };
    const set = await acteon(["serve", "-c", "with-provider.toml"], { cwd: folder.path, environment });
    expect(set).toMatchObject({
      code: 2,
      stderr: `error[ACT-C003]: server.port must be a whole number from 0 to 65535
  --> environment variable ACTEON_SERVER__PORT:1:1
note: found text
error: with-provider.toml: 1 problem
`,
    });
    const { stderr } = await run(["serve", "-c", "with-provider.toml", "--port", "99999"]);
    expect(stderr).toContain("  --> command line --port:1:1\nnote: found 99999\n");
  });

  test("findings of doctor are a table with what to do, and what each store promises", async () => {
    const { stdout } = await run(["doctor", "-c", "strong.toml"]);
    expect(stdout).toMatchSnapshot();
  });

  test("findings of rules are the result of lint, framed", async () => {
    const { stdout, stderr } = await run(["rules", "lint", "broken.yaml"]);
    expect(stdout).toMatchSnapshot();
    expect(stderr).toBe("1 error, 0 warnings\n");
  });

  test("colour comes when it is asked for, and only then", async () => {
    const [plain, forced, named] = await Promise.all([
      run(["rules", "list"]),
      acteon(["rules", "list"], { cwd: folder.path, environment: { FORCE_COLOR: "1" } }),
      run(["rules", "list", "--color", "always"]),
    ]);
    expect(plain.stdout).not.toContain("\u001b");
    expect(forced.stdout).toContain("\u001b[");
    expect(named.stdout).toBe(forced.stdout);
  });

  test("a reader that leaves is no error", async () => {
    await using running = startActeon(["rules", "list"], { cwd: folder.path });
    running.child.stdout.destroy();
    expect(await running.ended).toMatchObject({ code: 0, stderr: "" });
  });
});

describe("the shapes of -o json, each of them parsed", () => {
  test.each<readonly [name: string, args: readonly string[]]>([
    ["rules list", ["rules", "list"]],
    ["rules show", ["rules", "show", "once"]],
    ["rules lint", ["rules", "lint", "broken.yaml"]],
    ["rules test", ["rules", "test", "failing"]],
    ["explain", ["explain", "action.json", "--at", "2026-03-01T12:00:00Z"]],
    ["dispatch", ["dispatch", "action.json"]],
    ["dispatch --dry-run", ["dispatch", "action.json", "--dry-run"]],
    ["dispatch --batch", ["dispatch", "--batch", "batch.json"]],
    ["help", ["help", "ACT-R004"]],
    ["doctor", ["doctor", "-c", "strong.toml"]],
    ["migrate", ["migrate"]],
  ])("%s", async (_name, args) => {
    const { stdout } = await run([...args, "-o", "json"]);
    const masked = (key: string, value: unknown): unknown => (key === "evaluation_duration_us" ? 0 : value);
    expect(JSON.parse(stdout, masked)).toMatchSnapshot();
  });

  test("bench, version and keys create, whose values are their own", async () => {
    const [bench, version, keys] = await Promise.all([
      run(["bench", "--seconds", "1", "-o", "json"]),
      run(["version", "-o", "json"]),
      run(["keys", "create", "ci", "-o", "json"]),
    ]);
    expect(JSON.parse(bench.stdout)).toEqual({
      actions_per_second: expect.any(Number),
      cpu_us_per_action: expect.any(Number),
      batch_p50_ms: expect.any(Number),
      batch_p99_ms: expect.any(Number),
      rules: 2,
      actions: expect.any(Number),
      outcomes: { executed: expect.any(Number) },
      cores: expect.any(Number),
      node: process.versions.node,
    });
    expect(JSON.parse(version.stdout)).toEqual({
      version: expect.stringMatching(/^\d+\./),
      node: process.versions.node,
    });
    expect(JSON.parse(keys.stdout)).toEqual({
      name: "ci",
      role: "operator",
      key: expect.stringMatching(/^acteon_[0-9a-f]{16}_[0-9a-f]{64}$/),
      key_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  test("jsonl is a line each, YAML the same data, none nothing; integers keep their digits", async () => {
    const long = JSON.stringify({ ...action, payload: {} }).replace(
      '"payload":{}',
      '"payload":{"n":12345678901234567890}',
    );
    await writeFile(join(folder.path, "long.json"), long);
    const [jsonl, yaml, none, explained] = await Promise.all([
      run(["rules", "list", "-o", "jsonl"]),
      run(["rules", "list", "-o", "yaml"]),
      run(["rules", "list", "-o", "none"]),
      run(["dispatch", "long.json"]),
    ]);
    const lines = jsonl.stdout.trim().split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(parse(yaml.stdout));
    expect(none).toMatchObject({ code: 0, stdout: "" });
    expect(explained.stderr).toContain('{"n":12345678901234567890}');
  });
});

describe("help", () => {
  test("names every command and needs none of their code", async () => {
    const { code, stdout } = await run(["--help"]);
    expect(code).toBe(0);
    for (const { path } of commandTable) expect(stdout).toContain(`  ${path.split(" ")[0]}`);
    expect(stdout).toMatch(/Examples:\n {2}acteon .*\n {2}acteon .*\n\nExit codes:\n/);
  });

  test("every command has two examples that name it, and says how it ends", () => {
    for (const { examples, exits, path } of commandTable) {
      for (const example of examples) expect(example).toContain(`acteon ${path}`);
      expect(exits).not.toContain(0);
    }
  });
});

test("rules lint --fix mends what can be mended, and leaves the rest of the file as it was", async () => {
  const { code, stderr } = await run(["rules", "lint", "--fix", "misspelt.yaml"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "1 edit made\n2 rules, 0 errors, 0 warnings\n" });
  expect(await readFile(join(folder.path, "misspelt.yaml"), "utf8")).toBe(rules);
});
