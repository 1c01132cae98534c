import { execFile } from "node:child_process";
import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { acteon, starterRules, startActeon, temporaryFolder } from "./acteon.ts";

const shell = (line: string) => promisify(execFile)("sh", ["-c", line]);

describe("serve --quickstart, as a new user tries it", () => {
  test("the printed line executes, then is a duplicate; rules follow their file; a signal ends it as 0 (O7)", async () => {
    await using folder = await temporaryFolder();
    await cp(starterRules, join(folder.path, "rules/starter"), { recursive: true });
    const startedMs = performance.now();
    await using running = startActeon(["serve", "--quickstart", "--port", "0"], { cwd: folder.path });

    const url = await running.line("http://");
    expect(running.stdout.split("\n")[0]).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const curl = await running.line("curl -s");
    expect(curl).toMatch(/^curl -s /);
    expect(JSON.parse((await shell(curl)).stdout)).toHaveProperty("Executed");
    const firstAnswerMs = performance.now() - startedMs;
    expect((await shell(curl)).stdout).toBe('"Deduplicated"');
    expect(await running.line("executed  ")).toMatch(/console {2}\d+\.\d ms {2}alert {2}first-alert/);
    expect(await running.line("deduplicated  ")).toMatch(
      /key checkout-payments {2}(4m\d\ds|5m) left {2}deduplicate-alerts {2}rules\/starter\/alerts\.yaml:46$/,
    );

    const rules = join(folder.path, "rules/starter/alerts.yaml");
    const text = await readFile(rules, "utf8");
    const savedMs = performance.now();
    await writeFile(rules, text.replaceAll("window: 5m", "window: 6m"));
    expect(await running.line("reloaded")).toBe("reloaded 5 rules (1 changed): deduplicate-alerts");
    const reloadMs = performance.now() - savedMs;

    await writeFile(rules, text.replace("suppress:", "supress:"));
    expect(await running.errorLine("not reloaded")).toBe("not reloaded: the old rules stay in force");
    expect(running.stderr).toContain("  --> rules/starter/alerts.yaml:16:7\n");
    expect(running.stderr).toContain("16 |       supress:\n   |       ^^^^^^^ not a verdict");
    expect((await shell(curl)).stdout).toBe('"Deduplicated"');

    running.child.kill("SIGTERM");
    expect(await running.ended).toMatchObject({ code: 0 });
    await expect(fetch(url)).rejects.toThrow();
    process.stderr.write(`start to first answer ${firstAnswerMs.toFixed()} ms, reload ${reloadMs.toFixed()} ms\n`);
  });

  test("rules that are wrong at the start end it as 2, framed, before anything is served (row 57)", async () => {
    await using folder = await temporaryFolder();
    await cp(starterRules, join(folder.path, "rules/starter"), { recursive: true });
    await writeFile(join(folder.path, "rules/starter/more.yaml"), "rules:\n  - nam: x\n");
    const { code, stderr, stdout } = await acteon(["serve", "--quickstart", "--port", "0"], { cwd: folder.path });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("  --> rules/starter/more.yaml:2:5\n");
  });

  // Where there are more, or no /proc, Node's own number stays.
  test.runIf(process.platform === "linux" && availableParallelism() <= 2)(
    "on two cores at most V8 has one thread to help with, in the process that was started",
    async () => {
      await using folder = await temporaryFolder();
      await cp(starterRules, join(folder.path, "rules/starter"), { recursive: true });
      await using running = startActeon(["serve", "--quickstart", "--port", "0"], { cwd: folder.path });
      await running.line("http://");
      const tasks = `/proc/${running.child.pid}/task`;
      const names = (await readdir(tasks)).map((task) => readFile(join(tasks, task, "comm"), "utf8"));
      expect((await Promise.all(names)).filter((name) => name.includes("V8Worker"))).toHaveLength(1);
    },
  );

  test("under Node's permission model, which permits no execution, it stays as it was started", async () => {
    await using folder = await temporaryFolder();
    const environment = { NODE_OPTIONS: "--permission --allow-fs-read=*" };
    const { code, stdout } = await acteon(["serve", "--help"], { cwd: folder.path, environment });
    expect({ code, line: stdout.split("\n")[0] }).toEqual({ code: 0, line: "Usage: acteon serve [options]" });
  });

  test("a second signal ends it at once, as 130 (O7)", async () => {
    await using folder = await temporaryFolder();
    await writeFile(
      join(folder.path, "acteon.toml"),
      '[server]\nport = 0\ndrain_delay_ms = 60000\n[state]\nbackend = "memory"\n',
    );
    await using running = startActeon(["serve"], { cwd: folder.path });
    await running.line("http://");
    running.child.kill("SIGINT");
    await running.errorLine("stopping");
    running.child.kill("SIGINT");
    expect(await running.ended).toMatchObject({ code: 130 });
  });
});

test("dev --plain makes rules where there are none, and tells each event on a line; -o json as data", async () => {
  await using folder = await temporaryFolder();
  await using running = startActeon(["dev", "--port", "0", "-o", "json"], { cwd: folder.path });
  const listening = JSON.parse(await running.line("listening")) as { readonly url: string };
  const { curl } = JSON.parse(await running.line("curl")) as { readonly curl: string };
  expect(running.stderr).toBe("made rules/ with rules to begin with\n");
  expect(curl).toContain(listening.url);
  await shell(curl);
  await shell(curl);
  expect(JSON.parse(await running.line('"outcome":"deduplicated"'))).toEqual({
    event: "action",
    id: "first-alert",
    namespace: "demo",
    tenant: "acme",
    provider: "console",
    action_type: "alert",
    outcome: "deduplicated",
    verdict: "deduplicate",
    rule: { name: "deduplicate-alerts", file: "rules/alerts.yaml", line: 46 },
    duration_ms: expect.any(Number),
    key: "checkout-payments",
    expires_at: expect.stringMatching(/^\d{4}-/),
  });
  await rm(join(folder.path, "rules/alerts.yaml"));
  expect(JSON.parse(await running.line("rules_reloaded"))).toMatchObject({ rules: 0, changed: [], added: [] });
  running.child.kill("SIGINT");
  expect(await running.ended).toMatchObject({ code: 0 });
});

describe("commands that ask a server", () => {
  test("dispatch, batches as a stream, dead letters; a key that is not known is 4", async () => {
    await using folder = await temporaryFolder();
    const inFolder = (args: readonly string[], input?: string) =>
      acteon(args, { cwd: folder.path, environment, ...(input === undefined ? {} : { input }) });
    const { stderr: entry, stdout: key } = await acteon(["keys", "create", "ci"], { cwd: folder.path });
    // As it is printed: with grants, without which the key could do nothing.
    await writeFile(join(folder.path, "auth.toml"), entry.slice(entry.indexOf("[[api_keys]]")));
    await writeFile(
      join(folder.path, "acteon.toml"),
      `[server]
port = 0
drain_delay_ms = 0
[state]
backend = "memory"
[auth]
enabled = true
config_path = "auth.toml"
[executor]
max_retries = 0
[providers.console]
[providers.hook]
type = "webhook"
url = "http://127.0.0.1:9/"
`,
    );
    await using running = startActeon(["serve"], { cwd: folder.path });
    const environment = { ACTEON_SERVER: await running.line("http://"), ACTEON_API_KEY: key.trim() };
    const flags = ["--namespace", "demo", "--tenant", "acme", "--type", "alert"];

    const stranger = await inFolder(["dlq", "list", "--api-key", "acteon_no"]);
    expect(stranger).toMatchObject({ code: 4, stdout: "", stderr: expect.stringMatching(/^error: .*\n$/) });

    const executed = await inFolder(["dispatch", ...flags, "--provider", "console"]);
    expect(executed).toMatchObject({ code: 0, stdout: expect.stringMatching(/^executed {2}success/), stderr: "" });

    const lines = Array.from({ length: 1_500 }, (_, i) =>
      JSON.stringify({
        id: `a-${i}`,
        namespace: "demo",
        tenant: "acme",
        provider: "console",
        action_type: "x",
        payload: i,
      }),
    );
    const batch = await inFolder(["dispatch", "--batch", "-", "-o", "jsonl"], [...lines, "{}"].join("\n"));
    const answers = batch.stdout.trim().split("\n");
    expect(answers).toHaveLength(1_501);
    expect(answers.slice(0, -1).every((line) => line.startsWith('{"Executed"'))).toBe(true);
    expect(JSON.parse(answers.at(-1) ?? "")).toMatchObject({ error: { code: "missing_field" } });
    expect(batch.code).toBe(1);

    const failed = await inFolder(["dispatch", ...flags, "--provider", "hook", "-o", "json"]);
    expect(failed.code).toBe(1);
    expect(JSON.parse(failed.stdout)).toMatchObject({ Failed: { code: "CONNECTION", attempts: 1 } });
    const letters = JSON.parse((await inFolder(["dlq", "list", "-o", "json"])).stdout) as readonly {
      readonly id: string;
    }[];
    expect(letters).toMatchObject([{ reason: "attempts_exhausted", error: { code: "CONNECTION" }, attempts: 1 }]);
    const id = letters[0]?.id ?? "";
    expect(JSON.parse((await inFolder(["dlq", "show", id, "-o", "json"])).stdout)).toEqual(letters[0]);
    expect(await inFolder(["dlq", "list", "--limit", "1"])).toMatchObject({
      code: 0,
      stderr: "no more than 1 are listed: there may be others (--limit)\n",
    });
    expect(await inFolder(["dlq", "show", "nobody"])).toMatchObject({
      code: 5,
      stderr: "error: dead letter not found: nobody\n",
    });
    expect(await inFolder(["dlq", "discard", id])).toMatchObject({
      code: 2,
      stderr: "1 letter will be discarded for good\nerror: nobody to ask: say --yes\n",
    });

    const requeued = await inFolder(["dlq", "requeue", id, "-o", "json"]);
    expect(requeued.code).toBe(1);
    expect(JSON.parse(requeued.stdout)).toMatchObject([{ id, outcome: { Failed: { code: "CONNECTION" } } }]);
    const [again] = JSON.parse((await inFolder(["dlq", "list", "-o", "json"])).stdout) as readonly {
      readonly id: string;
    }[];
    const discarded = await inFolder(["dlq", "discard", again?.id ?? "", "--yes", "-o", "json"]);
    expect(JSON.parse(discarded.stdout)).toEqual([{ id: again?.id, discarded: true }]);
    expect(await inFolder(["dlq", "list"])).toMatchObject({ code: 0, stdout: "", stderr: "no dead letters\n" });
  });
});
