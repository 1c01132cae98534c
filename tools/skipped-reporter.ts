import type { Reporter, TestModule } from "vitest/node";

/** Names every test that was skipped, after the summary: a skip without a name is a gap nobody sees. */
export default class SkippedReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = modules.flatMap((module) =>
      [...module.children.allTests("skipped")].map((test) => `${module.relativeModuleId}: ${test.fullName}`),
    );
    if (skipped.length > 0)
      process.stdout.write(`\nSkipped (${skipped.length}):\n${skipped.map((name) => `  ${name}`).join("\n")}\n`);
  }
}
