import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { freePort } from "@acteon/test-servers";
import { roadRules } from "./workload.ts";

const root = resolve(import.meta.dirname, "../..");
const ticksPerSecond = 100; // USER_HZ of every Linux that Node runs on

/** A server under load, in a process of its own. */
export class ServerProcess implements AsyncDisposable {
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  /** `acteon serve` on embedded state in `directory`, with the road's rules. */
  static async acteon(directory: string, options: { readonly sync: boolean }): Promise<ServerProcess> {
    const port = await freePort();
    await mkdir(join(directory, "rules"), { recursive: true });
    await writeFile(join(directory, "rules/road.yaml"), roadRules);
    const configuration = `[server]
host = "127.0.0.1"
port = ${port}
[state]
backend = "embedded"
path = "${join(directory, "state")}"
sync = ${options.sync}
[rules]
directory = "${join(directory, "rules")}"
[audit]
backend = "sqlite"
[executor]
max_concurrent = 1000
[providers.console]
type = "log"
[providers.backup]
type = "log"
`;
    await writeFile(join(directory, "acteon.toml"), configuration);
    const main = join(root, "packages/cli/bin/acteon.js");
    const child = spawn(process.execPath, [main, "serve", "-c", join(directory, "acteon.toml")], {
      cwd: directory,
      stdio: ["ignore", "ignore", "inherit"],
    });
    const server = new ServerProcess(child, port);
    await server.#answers();
    return server;
  }

  static async bare(): Promise<ServerProcess> {
    const child = spawn(process.execPath, [join(import.meta.dirname, "bare-server.ts")], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const port = await new Promise<number>((resolve) => child.stdout?.once("data", (chunk) => resolve(Number(chunk))));
    return new ServerProcess(child, port);
  }

  /** CPU of the process so far, all threads, in µs. */
  cpuMicros(): number {
    const fields = readFileSync(`/proc/${this.#child.pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return ((Number(fields[11]) + Number(fields[12])) / ticksPerSecond) * 1e6;
  }

  /** Resident memory in MB. */
  residentMegabytes(): number {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, "utf8");
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGTERM");
    await ended;
  }

  async #answers(): Promise<void> {
    const deadline = performance.now() + 15_000;
    while (performance.now() < deadline) {
      if (this.#child.exitCode !== null) throw new Error(`the server ended with ${this.#child.exitCode}`);
      const ready = await fetch(`http://127.0.0.1:${this.port}/ready`).then(
        (reply) => reply.ok,
        () => false,
      );
      if (ready) return;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error("the server did not become ready within 15 s");
  }
}
