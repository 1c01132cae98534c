import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { acteon, startActeon, temporaryFolder } from "./acteon.ts";
import type { Ended, RunningActeon } from "./acteon.ts";

/** `acteon explain`: the same trace by the rules of files and by those in force on a server. */

const pages = `@rule(name = "db-tags", priority = 1)
@on(suppress, reason = "tagged")
action.payload.tags.exists(tag, tag.startsWith("db"))

@rule(name = "unguarded", priority = 2, on_error = "skip")
@on(deny)
action.payload.missing > 3

@rule(name = "secret", priority = 3)
@on(deny)
action.payload.token == "guess" || action.payload.text.contains("guess")

@rule(name = "after-deploy", priority = 4)
@on(suppress, reason = "just deployed")
state.time_since("deploy") < duration("10m") && time.hour < 8
`;

const alerts = `rules:
  - name: mail-only
    priority: 10
    when: { all: [{ field: action.provider, equals: mail }, { field: action.payload.level, greater_than: 3 }] }
    then: deny
  - name: once
    priority: 20
    when: { state.seen: { key: "{{ action.payload.service }}", window: 5m } }
    then: { deduplicate: { key: "{{ action.payload.service }}", window: 5m } }
  - name: off
    enabled: false
    when: { all: [] }
    then: deny
  - name: all-the-rest
    priority: 30
    when: { not: { field: action.payload.service, equals: web } }
    then: allow
  - name: behind
    priority: 40
    when: { all: [] }
    then: deny
`;

const action = {
  id: "a-1",
  namespace: "ops",
  tenant: "acme",
  provider: "console",
  action_type: "page",
  payload: { service: "db", tags: ["web"], token: "t-123", text: "seen with t-123" },
};

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: RunningActeon;
let url: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  await mkdir(join(folder.path, "rules"));
  await writeFile(join(folder.path, "rules/pages.cel"), pages);
  await writeFile(join(folder.path, "rules/alerts.yaml"), alerts);
  const configuration =
    '[rules]\ndirectory = "rules"\n[state]\nbackend = "memory"\n[server]\nport = 0\n[providers.console]\n';
  await writeFile(join(folder.path, "acteon.toml"), configuration);
  server = startActeon(["serve"], { cwd: folder.path });
  url = await server.line("http://");
}, 60_000);

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

function explain(...flags: readonly string[]): Promise<Ended> {
  return acteon(["explain", "-", ...flags], { cwd: folder.path, input: JSON.stringify(action) });
}

const noon = ["--at", "2026-03-01T12:00:00Z"];

test("each rule says why, in the order of evaluation; secrets are masked wherever they are", async () => {
  const [here, there] = await Promise.all([explain(...noon), explain(...noon, "--server", url)]);
  expect(here.stdout).toBe(`allow  all-the-rest  rules/alerts.yaml:14

- off  deny  rules/alerts.yaml:10
    switched off
· db-tags  suppress  rules/pages.cel:1  nearest miss
    ✗ any(tag in action.payload.tags: (tag starts_with "db"))   tag = "web"
! unguarded  deny  rules/pages.cel:5
    \`action.payload.missing\` does not exist (taken as not matched)
    ! (action.payload.missing > 3)   \`action.payload.missing\` does not exist
· secret  deny  rules/pages.cel:9
    ✗ any((action.payload.token == "guess") || (action.payload.text contains "guess"))
      ✗ (action.payload.token == "guess")   action.payload.token = "[redacted]"
      ✗ (action.payload.text contains "guess")   action.payload.text = "[redacted]"
· after-deploy  suppress  rules/pages.cel:13
    - (StateTimeSince("deploy") < 10m)
    ✗ (time.hour < 8)   time.hour = 12
· mail-only  deny  rules/alerts.yaml:2
    not asked: the index has it for other actions
    ✗ action.provider is "console", and must be "mail"
· once  deduplicate  rules/alerts.yaml:6
    all of it holds, and nothing is against sending it yet
    ✗ StateSeen(action.payload.service, 5m)   action.payload.service = "db"
✓ all-the-rest  allow  rules/alerts.yaml:14
    ✓ !(action.payload.service == "web")
      ✗ (action.payload.service == "web")   action.payload.service = "db"
- behind  deny  rules/alerts.yaml:18
    not asked: all-the-rest decided
`);
  expect(there.stdout).toBe(here.stdout);
  expect(here.stderr).toBe(
    "decided by the rules of rules, at 2026-03-01T12:00:00.000Z, as if nothing had been dispatched before\n",
  );
});

test("time travel: at another time, on another state, and on behind the rule that decided", async () => {
  const flags = ["--at", "2026-03-01T07:05:00Z", "--state", "deploy=2026-03-01T07:00:00Z", "--state", "db=1", "--all"];
  const [here, there] = await Promise.all([explain(...flags), explain(...flags, "--server", url)]);
  expect(here.stdout).toContain("suppress  after-deploy  rules/pages.cel:13  (just deployed)\n");
  expect(here.stdout).toContain('✓ (StateTimeSince("deploy") < 10m)   StateTimeSince("deploy") = "5m"\n');
  expect(here.stdout).toContain("✓ once  deduplicate  rules/alerts.yaml:6\n    ✓ StateSeen(action.payload.service");
  expect(here.stdout).toContain("✓ behind  deny  rules/alerts.yaml:18\n");
  expect(there.stdout).toBe(here.stdout);
});

test("as data it is what a server answers", async () => {
  const [here, there] = await Promise.all([
    explain(...noon, "-o", "json"),
    explain(...noon, "-o", "json", "--server", url),
  ]);
  const withoutTimes = (text: string): unknown =>
    JSON.parse(text, (key, value: unknown) => (key === "evaluation_duration_us" ? 0 : value));
  expect(withoutTimes(here.stdout)).toEqual(withoutTimes(there.stdout));
  expect(withoutTimes(here.stdout)).toMatchObject({ verdict: "allow", nearest_miss: "db-tags", has_errors: true });
});

test.each([
  [["--at", "yesterday"], "--at must be an instant with its offset"],
  [["--state", "deploy"], "--state takes key=text"],
])("%j is wrong usage", async (flags, message) => {
  const { code, stderr } = await explain(...flags);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});
