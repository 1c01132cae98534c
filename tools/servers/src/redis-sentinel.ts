import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "./free-port.ts";
import { RedisServer, redisCommand, redisServerProgram } from "./redis.ts";
import { ServerProcess } from "./server-process.ts";

/** As the sentinels call the master. */
const masterName = "acteon";
const hardlyEverMs = 600_000;

/** One master, two replicas, and three sentinels, which fail over once a test allows it: a busy machine is silent for seconds. */
export class RedisSentinels implements AsyncDisposable {
  readonly servers: readonly RedisServer[];
  readonly #sentinels: readonly ServerProcess[];
  readonly #folder: string;

  private constructor(servers: readonly RedisServer[], sentinels: readonly ServerProcess[], folder: string) {
    this.servers = servers;
    this.#sentinels = sentinels;
    this.#folder = folder;
  }

  /** @param settings Of the servers. `undefined`: there is no Redis here. */
  static async start(settings: Readonly<Record<string, string>> = {}): Promise<RedisSentinels | undefined> {
    const program = redisServerProgram();
    const master = await RedisServer.start({ settings: { "repl-diskless-sync-delay": "0", ...settings } });
    if (program === undefined || master === undefined) return undefined;
    const replicaSettings = { ...settings, replicaof: `127.0.0.1 ${master.port}` };
    const servers = [master];
    for (let i = 0; i < 2; i++) servers.push((await RedisServer.start({ settings: replicaSettings })) as RedisServer);
    // One that is still copying has nothing yet; and a sentinel that sees no replica at its first look has nobody to promote for
    // ten seconds.
    await until(() => hasReplicas(master, 2));
    const folder = mkdtempSync(join(tmpdir(), "acteon-sentinel-"));
    const sentinels = await Promise.all(
      (await freePorts(3)).map((port) => startSentinel({ program, folder, port, masterPort: master.port })),
    );
    for (const { port } of sentinels)
      await until(async () => {
        const seen = await redisCommand(port, "SENTINEL", "MASTER", masterName);
        return /num-slaves\n2\nnum-other-sentinels\n2/.test(seen);
      });
    return new RedisSentinels(servers, sentinels, folder);
  }

  get url(): string {
    const addresses = this.#sentinels.map(({ port }) => `127.0.0.1:${port}`);
    return `redis+sentinel://${addresses.join(",")}/${masterName}`;
  }

  /** The one that the sentinels call the master now. */
  async master(): Promise<RedisServer> {
    const [sentinel] = this.#sentinels as readonly [ServerProcess];
    const answer = await redisCommand(sentinel.port, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", masterName);
    const port = Number(answer.split("\n")[1]);
    const found = this.servers.find((server) => server.port === port);
    if (found === undefined) throw new Error(`the sentinels name a master on port ${port}, which is none of theirs`);
    return found;
  }

  /** From now on a master that is silent for a second is replaced. Both replicas have all there is. */
  async allowFailover(): Promise<void> {
    const master = await this.master();
    await until(() => hasReplicas(master, 2));
    for (const { port } of this.#sentinels)
      await redisCommand(port, "SENTINEL", "SET", masterName, "down-after-milliseconds", "1000");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const process of [...this.#sentinels, ...this.servers]) await process[Symbol.asyncDispose]();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function startSentinel(options: {
  readonly program: string;
  readonly folder: string;
  readonly port: number;
  readonly masterPort: number;
}): Promise<ServerProcess> {
  const { program, folder, port, masterPort } = options;
  const path = join(folder, `sentinel-${port}.conf`);
  const lines = [
    `port ${port}`,
    "bind 127.0.0.1",
    `dir ${folder}`,
    `sentinel monitor ${masterName} 127.0.0.1 ${masterPort} 2`,
    `sentinel down-after-milliseconds ${masterName} ${hardlyEverMs}`,
    `sentinel failover-timeout ${masterName} 5000`,
  ];
  writeFileSync(path, lines.join("\n"));
  return ServerProcess.start({ name: "redis-sentinel", program, args: [path, "--sentinel"], port });
}

/** In step, which those are not that still copy. */
export async function hasReplicas(master: RedisServer, count: number): Promise<boolean> {
  const replication = await master.command("INFO", "replication");
  return replication.includes("role:master") && replication.match(/state=online/g)?.length === count;
}

/** Looks every 50 ms. @throws {Error} Not within 30 s. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let looks = 0; !(await isSo()); looks++) {
    if (looks === 600) throw new Error("what was waited for did not come about in 30 s");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
