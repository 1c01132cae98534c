import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const main = resolve(import.meta.dirname, "../../packages/cli/bin/acteon.js");

export interface ServerSettings {
  readonly directory: string;
  readonly port: number;
  readonly sinkUrl: string;
  readonly leaseMs: number;
}

const rules = `rules:
  - name: once
    when:
      field: action.action_type
      equals: once
    then:
      deduplicate:
        key: "{{ action.dedup_key }}"
        window: 1h
`;

/** Writes what `acteon serve` needs: embedded state, a trail, and a webhook to the sink. */
export function writeServerFiles({ directory, port, sinkUrl, leaseMs }: ServerSettings): void {
  mkdirSync(join(directory, "rules"), { recursive: true });
  writeFileSync(join(directory, "rules/once.yaml"), rules);
  const configuration = `[server]
port = ${port}
[state]
backend = "embedded"
path = "${join(directory, "data")}"
[lock]
lease_ms = ${leaseMs}
[rules]
directory = "${join(directory, "rules")}"
[audit]
backend = "sqlite"
[executor]
max_concurrent = 200
[providers.hook]
type = "webhook"
url = "${sinkUrl}"
`;
  writeFileSync(join(directory, `acteon-${port}.toml`), configuration);
}

/** One server process, which the test may kill, stop and go on with. */
export class ServerUnderTest {
  readonly child: ChildProcess;
  /** It serves. Rejected if it ends before. */
  readonly ready: Promise<void>;
  readonly #ended: Promise<unknown>;

  constructor({ directory, port }: Pick<ServerSettings, "directory" | "port">) {
    this.child = spawn(process.execPath, [main, "serve", "-c", join(directory, `acteon-${port}.toml`)], {
      cwd: directory,
      stdio: ["ignore", "pipe", process.env["ACTEON_TEST_VERBOSE"] === undefined ? "ignore" : "inherit"],
    });
    this.#ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.ready = new Promise((resolve, reject) => {
      this.child.stdout?.on("data", () => resolve()); // the address, once it listens
      this.child.once("exit", (code, signal) => reject(new Error(`the server ended with ${code ?? signal}`)));
    });
    this.ready.catch(() => {}); // told to whoever awaits it
  }

  async end(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal);
    await this.#ended;
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
