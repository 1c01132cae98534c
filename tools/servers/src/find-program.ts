import { execFileSync } from "node:child_process";
import { existsSync, globSync } from "node:fs";
import { join } from "node:path";

export interface ProgramSource {
  /** The name of the program, or of a file such as a jar. */
  readonly name: string;
  /** Folders besides those of `PATH`; may be glob patterns. */
  readonly folders?: readonly string[];
  /** Debian's packages that bring it; none: it is not looked for further. */
  readonly debian: readonly string[];
}

/**
 * The path of a program: from `PATH` or `folders`; else, on a Debian machine as root, installed now. `undefined`: it cannot be
 * had here.
 */
export function findProgram({ name, folders = [], debian }: ProgramSource): string | undefined {
  const found = lookFor(name, folders);
  if (found !== undefined || debian.length === 0 || !mayInstall()) return found;
  install(debian);
  return lookFor(name, folders);
}

function lookFor(name: string, folders: readonly string[]): string | undefined {
  const inPath = (process.env["PATH"] ?? "").split(":").filter((folder) => folder !== "");
  return [...inPath, ...folders.flatMap((pattern) => globSync(pattern).toSorted().toReversed())]
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}

function mayInstall(): boolean {
  return process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
}

function install(packages: readonly string[]): void {
  // Test files run side by side, and apt has one lock: it waits for that by itself.
  const options = ["-o", "DPkg::Lock::Timeout=600", "-qq", "-y", "--no-install-recommends"];
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  try {
    execFileSync("apt-get", ["-qq", "update"], { stdio: "ignore", env });
    execFileSync("apt-get", ["install", ...options, ...packages], { stdio: "ignore", env });
  } catch {
    // Not to be had: the caller skips by name, or fails.
  }
}
