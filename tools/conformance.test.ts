import { execFile } from "node:child_process";
import { expect, test } from "vitest";
import { renderBars } from "./bar-report.ts";
import { exitCodeOf, renderReport, reportOn } from "./conformance-report.ts";

/** What a run of the command wrote, and how it ended. */
function conformance(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ["tools/conformance.ts", ...args], { timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
    });
  });
}

test("runs the suite of a backend and says what was kept, and which gaps are known", async () => {
  const { code, stdout } = await conformance("state", "memory", "-o", "json");
  const report: unknown = JSON.parse(stdout);
  const memory = {
    subject: "memory",
    durability: "process",
    passed: expect.any(Number),
    failed: [],
    knownGaps: expect.arrayContaining([{ law: expect.any(String), reason: expect.any(String) }]),
    notRun: [],
    topics: expect.objectContaining({ durability: { kept: 0, knownGaps: 3, broken: 0, notRun: 0 } }),
  };
  expect(report).toMatchObject({
    contract: "state",
    subjects: expect.arrayContaining([expect.objectContaining(memory)]),
  });
  expect(code).toBe(0);
});

test(
  "says of a rule language how many cases of the public suites hold, and which do not",
  { timeout: 60_000 },
  async () => {
    const { code, stdout } = await conformance("rules", "cel", "-o", "json");
    const { bars } = JSON.parse(stdout) as {
      bars: readonly { suite: string; of: number; passed: number; failing: [] }[];
    };
    expect(bars.map(({ suite }) => suite)).toEqual(["cel language", "cel parser"]);
    for (const { of, passed, failing } of bars) expect(failing).toHaveLength(of - passed);
    expect(bars[0]?.failing).toContainEqual({ id: expect.stringMatching(/^proto2\//), why: expect.any(String) });
    expect(code).toBe(0);
  },
);

test.each([
  [[]],
  [["nothing"]],
  [["state", "nothing"]],
  [["state", "memory", "embedded"]],
  [["state", "-o", "xml"]],
  [["--what"]],
])("%j is no usage: 2, and a line that says what is", async (args) => {
  const { code, stdout, stderr } = await conformance(...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/\nusage: npm run conformance -- <state\|/);
});

const run = { topic: undefined, knownGap: undefined, message: undefined } as const;
const kept = { ...run, law: "kept", state: "passed" } as const;
const noServer = { ...kept, state: "skipped", message: "redis cannot be had here" } as const;

test("a broken law, a closed gap, and a suite without laws end with 1", () => {
  const exit = (...runs: Parameters<typeof reportOn>[1]) =>
    exitCodeOf({ contract: "state", subjects: [reportOn("memory", [kept]), reportOn("redis", runs)] });
  expect(exit(kept, { ...kept, knownGap: "why" }, { ...kept, state: "skipped" })).toBe(0);
  expect(exit(kept, { ...kept, state: "failed", message: "no" })).toBe(1);
  expect(exit(kept, { ...kept, state: "failed", knownGap: "why" })).toBe(1);
  expect(exit()).toBe(1);
});

test("a server that cannot be had is named, and counts as failed where every one is required", () => {
  const report = { contract: "state", subjects: [reportOn("redis", [noServer, noServer])] };
  expect(renderReport(report)).toBe("state redis: not run, redis cannot be had here\n");
  expect(exitCodeOf(report)).toBe(0);
  // With ACTEON_TEST_REQUIRE=all its start fails the file, which the command reports as a law.
  const required = { ...noServer, law: "the suite can be run", state: "failed", message: "required" } as const;
  expect(exitCodeOf({ contract: "state", subjects: [reportOn("redis", [required, noServer])] })).toBe(1);
});

test("the text names what was broken and why, what is a gap, what was not run, and what was measured", () => {
  const report = reportOn("redis", [
    kept,
    { ...run, law: "L1", state: "failed", message: "two\nholders" },
    { ...run, law: "L2", state: "failed", knownGap: "why" },
    { ...run, law: "L3", state: "passed", knownGap: "why" },
    { ...run, law: "L4", state: "skipped" },
    { ...kept, law: "L5", note: "7 ms" },
  ]);
  expect(renderReport({ contract: "state", subjects: [report] })).toBe(
    [
      "state redis: 2 laws kept, 2 broken, 1 known gaps, 1 not run",
      "  broken     L1",
      "             two",
      "             holders",
      "  broken     L2",
      "             this gap is known and has closed: take it off the list",
      "  known gap  L3 (why)",
      "  not run    L4",
      "  measured   L5: 7 ms",
      "",
    ].join("\n"),
  );
});

test("one table says of every backend what it is and what it keeps of each group of laws", () => {
  const values = { ...kept, topic: "values" };
  const runs = [
    { ...values, durability: "host" },
    values,
    { ...values, knownGap: "why" },
    { ...values, state: "failed" },
    { ...kept, topic: "watch", state: "skipped" },
  ] as const;
  const subjects = [
    reportOn("redis", runs, "Redis 7.0.15"),
    reportOn("memory", [{ ...kept, topic: "watch", durability: "process" }]),
  ];
  const table = renderReport({ contract: "state", subjects }).split("\n\n")[0];
  expect(table?.split("\n")).toEqual([
    "        redis         memory",
    "class   host          process",
    "server  Redis 7.0.15  -",
    "values  2 +1 gap 1    -",
    "        BROKEN",
    "watch   -             1",
  ]);
});

test("a suite below its bar, one with cases that do not hold, and one that was not run are told apart", () => {
  const failing = [{ id: "a/b: x +\n  y", why: "false" }];
  const text = renderBars([
    { suite: "cel language", atLeast: 1_580, passed: 1_636, of: 1_637, failing },
    { suite: "cel parser", atLeast: 2, passed: 1, of: 1, failing: [] },
    { suite: "rego language", atLeast: 462 },
  ]);
  expect(text.split("\n")).toEqual([
    "public suite   passed  of     at least",
    "cel language   1,636   1,637  1,580",
    "cel parser     1       1      2         BELOW THE BAR",
    "rego language  -       -      462       not run",
    "",
    "cel language: 1 failing",
    "  a/b: x + y: false",
    "",
  ]);
});
