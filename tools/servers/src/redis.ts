import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { findProgram } from "./find-program.ts";
import { freePort } from "./free-port.ts";
import { ServerProcess } from "./server-process.ts";

export interface RedisOptions {
  /** Another that takes the same settings, such as Valkey; `redis-server` unless said. */
  readonly program?: string;
  /** Settings over ours, as `redis.conf` calls them. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Beside `redis-server`'s own port. */
  readonly port?: number;
}

/** One Redis with a data folder of its own, that outlives `kill` and goes with `dispose`. */
export class RedisServer implements AsyncDisposable {
  readonly process: ServerProcess;
  readonly #folder: string;

  private constructor(process: ServerProcess, folder: string) {
    this.process = process;
    this.#folder = folder;
  }

  /** Every acknowledged write is on disk, unless `settings` say otherwise. `undefined`: there is no Redis here. */
  static async start({ program = redisServerProgram(), settings = {}, port }: RedisOptions = {}): Promise<
    RedisServer | undefined
  > {
    if (program === undefined) return undefined;
    const folder = mkdtempSync(join(tmpdir(), "acteon-redis-"));
    const ownPort = port ?? (await freePort());
    const all: Readonly<Record<string, string>> = {
      port: String(ownPort),
      bind: "127.0.0.1",
      dir: folder,
      save: "",
      appendonly: "yes",
      appendfsync: "always",
      ...settings,
    };
    const args = Object.entries(all).flatMap(([name, value]) => [`--${name}`, ...value.split(" ")]);
    try {
      const process = await ServerProcess.start({ name: "redis-server", program, args, port: ownPort });
      return new RedisServer(process, folder);
    } catch (error) {
      rmSync(folder, { recursive: true });
      throw error;
    }
  }

  get port(): number {
    return this.process.port;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** What `redis-cli` prints. */
  command(...args: readonly string[]): Promise<string> {
    return redisCommand(this.port, ...args);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.process[Symbol.asyncDispose]();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export function redisServerProgram(): string | undefined {
  return findProgram({ name: "redis-server", debian: ["redis-server"] });
}

/** Where the machine has one: no package of Debian 12 brings it. */
export function valkeyProgram(): string | undefined {
  return findProgram({ name: "valkey-server", debian: [] });
}

/** What `redis-cli` prints when it asks the server on that port. @throws {Error} The server, or the command, refused. */
export async function redisCommand(port: number, ...args: readonly string[]): Promise<string> {
  const program = findProgram({ name: "redis-cli", debian: ["redis-tools"] });
  if (program === undefined) throw new Error("redis-cli cannot be had here");
  const { stdout } = await promisify(execFile)(program, ["-e", "-h", "127.0.0.1", "-p", String(port), ...args], {
    timeout: 30_000,
  });
  return stdout.trim();
}
