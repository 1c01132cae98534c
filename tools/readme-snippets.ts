/**
 * Runs the README's snippets, so that none of them lies: ` ```sh run ` line by line in the project's root, ` ```ts run ` as a
 * program of `examples/`, whose output must be what its `// …` comments behind `console.log` say, ` ```yaml rules ` through the
 * linter.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const fence = /^```(\w+) (run|rules)\n([\s\S]*?)^```$/gm;
let failures = 0;
let ran = 0;

for (const [, language, , code = ""] of readFileSync(join(root, "README.md"), "utf8").matchAll(fence)) {
  ran++;
  const problem = language === "sh" ? runShell(code) : language === "ts" ? runProgram(code) : lintRules(code);
  if (problem === undefined) continue;
  failures++;
  process.stderr.write(`README snippet failed: ${problem}\n\n${code}\n`);
}
process.stdout.write(`${ran - failures} of ${ran} README snippets ran\n`);
process.exit(failures > 0 || ran === 0 ? 1 : 0);

function runShell(code: string): string | undefined {
  for (const line of code.split("\n").filter((text) => text.trim() !== "")) {
    const { status, stderr } = run("bash", ["-o", "pipefail", "-c", line]);
    if (status !== 0) return `\`${line}\` ended with ${status}: ${stderr}`;
  }
  return undefined;
}

function runProgram(code: string): string | undefined {
  const file = join(root, "examples", `readme-${process.pid}.ts`);
  try {
    writeFileSync(file, code);
    const { status, stdout, stderr } = run(process.execPath, [file]);
    if (status !== 0) return `ended with ${status}: ${stderr}`;
    const expected = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, said]) => `${said}\n`).join("");
    return stdout === expected ? undefined : `printed ${JSON.stringify(stdout)}, not ${JSON.stringify(expected)}`;
  } finally {
    rmSync(file, { force: true });
  }
}

function lintRules(code: string): string | undefined {
  const directory = mkdtempSync(join(tmpdir(), "acteon-readme-"));
  try {
    writeFileSync(join(directory, "readme.yaml"), code);
    const { status, stdout, stderr } = run("npx", ["acteon", "rules", "lint", directory]);
    return status === 0 ? undefined : `lint ended with ${status}: ${stdout}${stderr}`;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function run(command: string, args: readonly string[]) {
  return spawnSync(command, args, { cwd: root, encoding: "utf8", timeout: 60_000 });
}
