/**
 * Shows that the suite turns red (guarantees T14): plants each of the classical mistakes in a copy of the project, one at a
 * time, runs the tests that must notice, and fails if one stays green. `node tools/planted-bugs.ts [name…]`
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { plantedBugs, type PlantedBug } from "./planted-bug-list.ts";

const root = resolve(import.meta.dirname, "..");
const copied = ["packages", "providers", "rules", "tools", "docs", "package.json", "tsconfig.json", "vitest.config.ts"];

const wanted = process.argv.slice(2);
const chosen = plantedBugs.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
if (chosen.length === 0) {
  process.stderr.write(`no such bug; there are: ${plantedBugs.map(({ name }) => name).join(", ")}\n`);
  process.exit(2);
}
const control = {
  name: "no bug at all",
  file: "package.json",
  find: "",
  replace: "",
  tests: chosen.flatMap(({ tests }) => tests),
};
if (isNoticed({ ...control, environment: { ACTEON_SIMULATION_SEEDS: "20" } })) {
  process.stderr.write("the copy without a bug is red too: mend the suite first\n");
  process.exit(1);
}
const survivors = chosen.filter((bug) => !isNoticed(bug)).map(({ name }) => name);
process.stdout.write(`${chosen.length - survivors.length} planted bugs noticed, ${survivors.length} not\n`);
if (survivors.length > 0) {
  process.stdout.write(`not noticed: ${survivors.join(", ")}\n`);
  process.exit(1);
}

function isNoticed({ name, file, find, replace, tests, environment }: PlantedBug): boolean {
  const directory = mkdtempSync(join(tmpdir(), "acteon-planted-"));
  try {
    copyProject(directory);
    const path = join(directory, file);
    const source = readFileSync(path, "utf8");
    if (!source.includes(find)) throw new Error(`${name}: ${file} does not contain the text to be spoilt`);
    writeFileSync(
      path,
      source.replace(find, () => replace),
    );
    const { status } = spawnSync(join(directory, "node_modules/.bin/vitest"), ["run", ...tests], {
      cwd: directory,
      env: { ...process.env, ...environment },
      stdio: "ignore",
      timeout: 300_000,
    });
    const noticed = status !== 0 && status !== null;
    process.stdout.write(`${noticed ? "red  " : "GREEN"} ${name}\n`);
    return noticed;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The sources are copied; installed packages are linked, except the workspace's own, which link to the copies. */
function copyProject(directory: string): void {
  for (const name of copied) {
    cpSync(join(root, name), join(directory, name), {
      recursive: true,
      filter: (path) => !path.includes("node_modules"),
    });
  }
  const modules = join(directory, "node_modules");
  mkdirSync(join(modules, "@acteon"), { recursive: true });
  for (const name of readdirSync(join(root, "node_modules"))) {
    if (name !== "@acteon" && name !== "acteon") symlinkSync(join(root, "node_modules", name), join(modules, name));
  }
  for (const group of ["packages", "providers"]) {
    for (const folder of readdirSync(join(directory, group))) {
      const { name } = JSON.parse(readFileSync(join(directory, group, folder, "package.json"), "utf8")) as {
        name: string;
      };
      symlinkSync(join(directory, group, folder), join(modules, name));
    }
  }
}
