import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonValue } from "@acteon/core";
import { checkConfig } from "../src/config/load-config.ts";
import { silentLogger } from "../src/log/logger.ts";
import type { LocalServer, ServerOptions } from "../src/server.ts";
import { startServer } from "../src/server.ts";
import { wireAction } from "./actions.ts";

/** A server over its real parts, with memory state, rules in a directory of its own and a `console` provider. */
export class ServerUnderTest implements AsyncDisposable {
  /** Of the rules. */
  readonly directory = mkdtempSync(join(tmpdir(), "acteon-server-"));
  /** What the `console` provider printed. */
  readonly lines: string[] = [];
  #server: LocalServer | undefined;

  /** With one rule, `quiet`, that suppresses actions of the type `noise`. */
  constructor() {
    this.writeRules(noiseRule("quiet", "suppress"));
  }

  get config(): string {
    return `
[server]
port = 0
drain_delay_ms = 0
shutdown_timeout_seconds = 5
[state]
backend = "memory"
[rules]
directory = "${this.directory}"
[providers.console]
`;
  }

  get url(): string {
    return this.#server?.url ?? "";
  }

  /** In one step, as editors do. */
  writeRules(text: string): void {
    writeFileSync(join(this.directory, "new"), text);
    renameSync(join(this.directory, "new"), join(this.directory, "rules.yaml"));
  }

  async start(text = this.config, options: Partial<ServerOptions> = {}): Promise<LocalServer> {
    const loaded = await checkConfig({ file: "acteon.toml", text, environment: {} });
    if (loaded.kind === "rejected") throw new Error(JSON.stringify(loaded.diagnostics));
    this.#server = await startServer({
      config: loaded.config,
      environment: {},
      logger: silentLogger,
      print: (line) => this.lines.push(line),
      ...options,
    });
    return this.#server;
  }

  async dispatch(
    changes: Parameters<typeof wireAction>[0] = {},
  ): Promise<{ readonly status: number; readonly body: unknown }> {
    const reply = await this.post("/v1/dispatch", wireAction(changes));
    return { status: reply.status, body: await reply.json() };
  }

  post(path: string, body: JsonValue, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
  }

  async get(path: string): Promise<unknown> {
    return (await fetch(`${this.url}${path}`)).json();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server?.stop();
    rmSync(this.directory, { recursive: true });
  }
}

/** A rule file with one rule. */
export function noiseRule(name: string, verdict: string): string {
  return `rules:\n  - name: ${name}\n    when:\n      field: action.action_type\n      equals: noise\n    then: ${verdict}\n`;
}
