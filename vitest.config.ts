import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [
      "packages/*/{src,test}/**/*.test.ts",
      "providers/*/{src,test}/**/*.test.ts",
      "tools/**/*.test.ts",
      "examples/**/*.test.ts",
      "bench/**/*.test.ts",
    ],
    reporters: ["default", "./tools/skipped-reporter.ts"],
    pool: "forks",
    maxWorkers: 2,
    // These end what hangs, and say nothing about speed: a busy machine takes many times as long as a quiet one.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000, interval: 10 } },
  },
});
