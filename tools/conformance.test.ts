import { execFile } from "node:child_process";
import { expect, test } from "vitest";
import { exitCodeOf, renderReport, reportOn } from "./conformance-report.ts";

/** What a run of the command wrote, and how it ended. */
function conformance(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ["tools/conformance.ts", ...args], { timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
    });
  });
}

test("runs the suite of a backend and says what was kept, and which gaps are known", { timeout: 60_000 }, async () => {
  const { code, stdout } = await conformance("state", "memory", "-o", "json");
  const report: unknown = JSON.parse(stdout);
  expect(report).toMatchObject({ contract: "state", subjects: [{ subject: "memory", failed: [], notRun: [] }] });
  expect(report).toHaveProperty("subjects.0.knownGaps.0", { law: expect.any(String), reason: expect.any(String) });
  expect(report).toHaveProperty("subjects.0.passed", expect.any(Number));
  expect(code).toBe(0);
});

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

const kept = { law: "kept", state: "passed", knownGap: undefined, message: undefined } as const;

test("a broken law, a closed gap, and a suite without laws end with 1", () => {
  const exit = (...runs: Parameters<typeof reportOn>[1]) =>
    exitCodeOf({ contract: "state", subjects: [reportOn("memory", [kept]), reportOn("redis", runs)] });
  expect(exit(kept, { ...kept, knownGap: "why" }, { ...kept, state: "skipped" })).toBe(0);
  expect(exit(kept, { ...kept, state: "failed", message: "no" })).toBe(1);
  expect(exit(kept, { ...kept, state: "failed", knownGap: "why" })).toBe(1);
  expect(exit()).toBe(1);
});

test("the text names what was broken and why, what is a gap, and what was not run", () => {
  const report = reportOn("redis", [
    kept,
    { law: "L1", state: "failed", knownGap: undefined, message: "two\nholders" },
    { law: "L2", state: "failed", knownGap: "why", message: undefined },
    { law: "L3", state: "passed", knownGap: "why", message: undefined },
    { law: "L4", state: "skipped", knownGap: undefined, message: undefined },
  ]);
  expect(renderReport({ contract: "state", subjects: [report] })).toBe(
    [
      "state redis: 1 laws kept, 2 broken, 1 known gaps, 1 not run",
      "  broken     L1",
      "             two",
      "             holders",
      "  broken     L2",
      "             this gap is known and has closed: take it off the list",
      "  known gap  L3 (why)",
      "  not run    L4",
      "",
    ].join("\n"),
  );
});
