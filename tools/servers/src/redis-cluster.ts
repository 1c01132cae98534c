import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { findProgram } from "./find-program.ts";
import { freePorts } from "./free-port.ts";
import { RedisServer, redisCommand } from "./redis.ts";
import { hasReplicas, until } from "./redis-sentinel.ts";

export interface ClusterNode {
  readonly id: string;
  readonly port: number;
  readonly isMaster: boolean;
  /** The id of a replica's master. */
  readonly masterId: string | undefined;
}

/** Three masters with a replica each, which takes over once a test allows it: a busy machine is silent for seconds. */
export class RedisCluster implements AsyncDisposable {
  readonly servers: readonly RedisServer[];

  private constructor(servers: readonly RedisServer[]) {
    this.servers = servers;
  }

  /** @param settings Of the servers. `undefined`: there is no Redis here. */
  static async start(settings: Readonly<Record<string, string>> = {}): Promise<RedisCluster | undefined> {
    const cli = findProgram({ name: "redis-cli", debian: ["redis-tools"] });
    const busPorts = await freePorts(6);
    const started = await Promise.all(busPorts.map((busPort) => startNode(busPort, settings)));
    const servers = started.filter((server) => server !== undefined);
    if (cli === undefined || servers.length < busPorts.length) return undefined;
    const addresses = servers.map(({ port }) => `127.0.0.1:${port}`);
    await promisify(execFile)(cli, ["--cluster", "create", ...addresses, "--cluster-replicas", "1", "--cluster-yes"], {
      timeout: 60_000,
    });
    for (const { port } of servers)
      await until(async () => {
        const [cluster, replication, nodes] = await Promise.all([
          redisCommand(port, "CLUSTER", "INFO"),
          redisCommand(port, "INFO", "replication"),
          redisCommand(port, "CLUSTER", "NODES"),
        ]);
        // What became a replica is a master to those who have not heard of it yet, and moves no slot.
        const masters = parseNodes(nodes).filter(({ isMaster }) => isMaster);
        // A replica that is still copying replaces nobody.
        const isCopied = /state=online|master_link_status:up/.test(replication);
        return cluster.includes("cluster_state:ok") && masters.length === servers.length / 2 && isCopied;
      });
    return new RedisCluster(servers);
  }

  get url(): string {
    return `redis+cluster://${this.servers.map(({ port }) => `127.0.0.1:${port}`).join(",")}`;
  }

  /** As a node that is up sees it. */
  async nodes(): Promise<readonly ClusterNode[]> {
    for (const { port } of this.servers) {
      try {
        return parseNodes(await redisCommand(port, "CLUSTER", "NODES"));
      } catch {
        // Killed by the test: the next one knows as well.
      }
    }
    throw new Error("no node of the cluster answers");
  }

  /** The master that holds the slot of a key. */
  async masterOf(key: string): Promise<RedisServer> {
    const [any] = this.servers as readonly [RedisServer];
    const slot = Number(await any.command("CLUSTER", "KEYSLOT", key));
    for (const server of this.servers) if (await holds(server, slot)) return server;
    throw new Error(`no node holds slot ${slot}`);
  }

  /**
   * Moves the slot of a key to another master, key by key, as `redis-cli --cluster reshard` does.
   * @param whileMoving Runs when the slot is open on both sides, and no key has moved yet.
   */
  async moveSlotOf(key: string, whileMoving: () => Promise<void>): Promise<void> {
    const from = await this.masterOf(key);
    const slot = await from.command("CLUSTER", "KEYSLOT", key);
    const masters = (await this.nodes()).filter(({ isMaster }) => isMaster);
    const source = masters.find(({ port }) => port === from.port);
    const target = masters.find(({ port }) => port !== from.port);
    if (source === undefined || target === undefined) throw new Error("no master to move a slot to");
    await redisCommand(target.port, "CLUSTER", "SETSLOT", slot, "IMPORTING", source.id);
    await from.command("CLUSTER", "SETSLOT", slot, "MIGRATING", target.id);
    await whileMoving();
    for (;;) {
      const keys = (await from.command("CLUSTER", "GETKEYSINSLOT", slot, "100")).split("\n").filter(Boolean);
      if (keys.length === 0) break;
      await from.command("MIGRATE", "127.0.0.1", String(target.port), "", "0", "5000", "KEYS", ...keys);
    }
    // The new owner first: a slot that nobody owns refuses everybody.
    for (const { port } of [target, ...masters.filter((master) => master !== target)])
      await redisCommand(port, "CLUSTER", "SETSLOT", slot, "NODE", target.id);
  }

  /** From now on a master that is silent for two seconds is replaced. Each has a replica that has all there is. */
  async allowFailover(): Promise<void> {
    const ports = (await this.nodes()).filter(({ isMaster }) => isMaster).map(({ port }) => port);
    for (const server of this.servers) {
      if (ports.includes(server.port)) await until(() => hasReplicas(server, 1));
      await server.command("CONFIG", "SET", "cluster-replica-no-failover", "no");
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.servers) await server[Symbol.asyncDispose]();
  }
}

function startNode(busPort: number, settings: Readonly<Record<string, string>>): Promise<RedisServer | undefined> {
  const cluster = {
    "cluster-enabled": "yes",
    "cluster-node-timeout": "2000",
    "cluster-port": String(busPort),
    "cluster-replica-no-failover": "yes",
    "repl-diskless-sync-delay": "0",
  };
  return RedisServer.start({ settings: { ...cluster, ...settings } });
}

async function holds(server: RedisServer, slot: number): Promise<boolean> {
  const nodes = await server.command("CLUSTER", "NODES").catch(() => "");
  const myself = nodes.split("\n").find((line) => line.includes("myself,master"));
  const ranges = myself?.split(" ").slice(8) ?? [];
  return ranges.some((range) => {
    const [from = Number.NaN, to = from] = range.split("-").map(Number);
    return from <= slot && slot <= to;
  });
}

function parseNodes(text: string): readonly ClusterNode[] {
  return text.split("\n").map((line) => {
    const [id = "", address = "", flags = "", masterId = "-"] = line.split(" ");
    const port = Number(/:(\d+)@/.exec(address)?.[1]);
    return { id, port, isMaster: flags.includes("master"), masterId: masterId === "-" ? undefined : masterId };
  });
}
