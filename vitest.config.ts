import { configDefaults, defineConfig } from "vitest/config";

/** Of the engine and the languages, and of all languages together. */
const ofRules = ["packages/rules{,-*}/{src,test}/**/*.test.ts", "packages/server/test/hostile-rules.test.ts"];

/** Tests beside the code that they test, as those of rules: they start nothing and leave nothing behind, so that files may share a process. */
const units = ["packages/*/src/**/*.test.ts", "providers/*/src/**/*.test.ts", "bench/**/*.test.ts"];

const { exclude } = configDefaults;

export default defineConfig({
  test: {
    reporters: ["default", "./tools/skipped-reporter.ts"],
    pool: "forks",
    // More than the cores of a small machine: what talks to servers waits half of its time.
    maxWorkers: 3,
    // These end what hangs, and say nothing about speed: a busy machine takes many times as long as a quiet one.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000, interval: 10 } },
    projects: [
      {
        extends: true,
        test: {
          name: "rules",
          include: ofRules,
          isolate: false,
          // Rules are interpreted (guarantees S9): none of it may need code that is made from strings.
          execArgv: ["--disallow-code-generation-from-strings"],
        },
      },
      { extends: true, test: { name: "units", include: units, exclude: [...exclude, ...ofRules], isolate: false } },
      {
        extends: true,
        test: {
          name: "whole",
          include: ["packages/*/test/**/*.test.ts", "tools/**/*.test.ts", "examples/**/*.test.ts"],
          exclude: [...exclude, ...ofRules],
        },
      },
    ],
  },
});
