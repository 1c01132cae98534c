import { defineConfig } from "vitest/config";

/** The engine and the languages: their tests, and one of all languages together. */
const ofRules = ["packages/rules{,-*}/{src,test}/**/*.test.ts", "packages/server/test/hostile-rules.test.ts"];

export default defineConfig({
  test: {
    reporters: ["default", "./tools/skipped-reporter.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 20_000,
    projects: [
      {
        extends: true,
        // Rules are interpreted (guarantees S9): none of it may need code that is made from strings.
        test: { name: "rules", include: ofRules, execArgv: ["--disallow-code-generation-from-strings"] },
      },
      {
        extends: true,
        test: {
          name: "acteon",
          include: [
            "packages/*/{src,test}/**/*.test.ts",
            "providers/*/{src,test}/**/*.test.ts",
            "tools/**/*.test.ts",
            "examples/**/*.test.ts",
            "bench/**/*.test.ts",
          ],
          exclude: ["**/node_modules/**", ...ofRules],
        },
      },
    ],
  },
});
