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
  readonly port: number;
  readonly #ended: Promise<unknown>;

  constructor({ directory, port }: Pick<ServerSettings, "directory" | "port">) {
    this.port = port;
    this.child = spawn(process.execPath, [main, "serve", "-c", join(directory, `acteon-${port}.toml`)], {
      cwd: directory,
      stdio: ["ignore", "ignore", process.env["ACTEON_TEST_VERBOSE"] === undefined ? "ignore" : "inherit"],
    });
    this.#ended = new Promise((resolve) => this.child.once("exit", resolve));
  }

  async ready(): Promise<void> {
    const deadline = Date.now() + 20_000;
    while (Date.now() < deadline) {
      if (this.child.exitCode !== null) throw new Error(`the server ended with ${this.child.exitCode}`);
      const ok = await fetch(`http://127.0.0.1:${this.port}/ready`).then(
        ({ status }) => status === 200,
        () => false,
      );
      if (ok) return;
      await sleep(10);
    }
    throw new Error("the server did not become ready within 20 s");
  }

  async end(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal);
    await this.#ended;
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
