import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const programs: readonly (readonly [file: string, output: string])[] = [
  [
    "library-alone.ts",
    "api critical: executed\napi critical: deduplicated\ndb critical: executed\nweb info: suppressed\npaged for: api, db\n",
  ],
  ["several-providers.ts", "rerouted\nfailed\nb again: executed\nterminal a, mail b\n"],
];

test.each(programs)("%s prints what it is there to show", (file, output) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, file)], {
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  expect({ status, stdout }).toEqual({ status: 0, stdout: output });
});
