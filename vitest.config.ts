import { configDefaults, defineConfig } from "vitest/config";

/** Tests beside the code that they test, and of rule languages: they start nothing and leave nothing behind, so that files may share a process. */
const units = [
  "packages/*/src/**/*.test.ts",
  "packages/rules-*/test/**/*.test.ts",
  "providers/*/src/**/*.test.ts",
  "bench/**/*.test.ts",
];

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
      { extends: true, test: { name: "units", include: units, isolate: false } },
      {
        extends: true,
        test: {
          name: "whole",
          include: ["packages/*/test/**/*.test.ts", "tools/**/*.test.ts", "examples/**/*.test.ts"],
          exclude: [...configDefaults.exclude, ...units],
        },
      },
    ],
  },
});
