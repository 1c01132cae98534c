import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** The command as it is installed. */
const main = resolve(import.meta.dirname, "../bin/acteon.js");
export const starterRules = resolve(import.meta.dirname, "../../../rules/starter");

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ActeonOptions {
  readonly cwd: string;
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs the command to its end, in a process of its own. */
export async function acteon(args: readonly string[], options: ActeonOptions): Promise<Ended> {
  const running = startActeon(args, options);
  running.child.stdin.end(options.input ?? "");
  return running.ended;
}

/** The command while it runs. Disposing kills it, if it has not ended. */
export class RunningActeon implements AsyncDisposable {
  readonly child: ReturnType<typeof spawnActeon>;
  readonly ended: Promise<Ended>;
  stdout = "";
  stderr = "";

  constructor(child: ReturnType<typeof spawnActeon>) {
    this.child = child;
    child.stdin.on("error", () => undefined); // a command that needs no input does not read it
    child.stdout.setEncoding("utf8").on("data", (text: string) => (this.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (this.stderr += text));
    this.ended = once(child, "close").then(([code]) => ({
      code: code as number | null,
      stdout: this.stdout,
      stderr: this.stderr,
    }));
  }

  /** The first line of standard output that has this in it, once it is there. */
  line(part: string): Promise<string> {
    return this.#lineOf(() => this.stdout, part);
  }

  errorLine(part: string): Promise<string> {
    return this.#lineOf(() => this.stderr, part);
  }

  async #lineOf(text: () => string, part: string): Promise<string> {
    const endMs = performance.now() + 30_000; // a loaded machine
    while (performance.now() < endMs) {
      const line = text()
        .split("\n")
        .slice(0, -1)
        .find((each) => each.includes(part));
      if (line !== undefined) return line;
      await new Promise((wake) => setTimeout(wake, 5));
    }
    throw new Error(`no line with ${part} in:\n${this.stdout}\n${this.stderr}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill("SIGKILL");
    await this.ended;
  }
}

export function startActeon(args: readonly string[], options: ActeonOptions): RunningActeon {
  return new RunningActeon(spawnActeon(args, options));
}

function spawnActeon(args: readonly string[], { cwd, environment = {} }: ActeonOptions) {
  const { PATH, HOME } = process.env;
  return spawn(process.execPath, [main, ...args], { cwd, env: { PATH, HOME, ...environment }, stdio: "pipe" });
}

/** A folder of its own, gone at the end. */
export async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "acteon-cli-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
