import type { BackendFinding, Durability } from "@acteon/state";
import type { Redis } from "ioredis";

/** What a server says of itself. */
export interface ServerFacts {
  /** `Redis 7.0.15`, `Valkey 8.0.1`, `Dragonfly 1.30.0`. */
  readonly product: string;
  /** Of the commands that it knows, whatever product it is. */
  readonly major: number;
  readonly isCluster: boolean;
  readonly logsWrites: boolean;
  /** `undefined`: it does not let us look. */
  readonly fsync: string | undefined;
  readonly maxMemoryBytes: number;
  readonly evicts: string | undefined;
}

export async function readServerFacts(server: Redis): Promise<ServerFacts> {
  const fields = parseInfo(await server.info());
  const version = fields.get("redis_version") ?? "";
  return {
    product: productOf(fields) ?? `Redis ${version}`,
    major: Number.parseInt(version, 10),
    isCluster: fields.get("redis_mode") === "cluster",
    logsWrites: fields.get("aof_enabled") === "1",
    fsync: await setting(server, "appendfsync"),
    maxMemoryBytes: Number(fields.get("maxmemory") ?? 0),
    evicts: evictingPolicy(fields.get("maxmemory_policy")),
  };
}

function parseInfo(text: string): ReadonlyMap<string, string> {
  const lines = text.split("\r\n").map((line) => line.split(":"));
  return new Map(lines.map(([name = "", ...value]) => [name, value.join(":")]));
}

function productOf(fields: ReadonlyMap<string, string>): string | undefined {
  for (const [field, name] of [
    ["valkey_version", "Valkey"],
    ["dragonfly_version", "Dragonfly"],
  ] as const) {
    const version = fields.get(field);
    if (version !== undefined) return `${name} ${version}`;
  }
  return undefined;
}

/** Managed servers have no `CONFIG`, and a user may not have the right to it. */
async function setting(server: Redis, name: string): Promise<string | undefined> {
  try {
    const answer = await server.config("GET", name);
    return Array.isArray(answer) ? String(answer[1]) : undefined;
  } catch {
    return undefined;
  }
}

function evictingPolicy(policy: string | undefined): string | undefined {
  return policy === undefined || policy === "noeviction" ? undefined : policy;
}

const oldestMajor = 7;

/** Why this server cannot be used at all, and what to do. */
export function unusable(facts: ServerFacts, isCluster: boolean): BackendFinding | undefined {
  if (facts.major < oldestMajor)
    return failure("server version", `${facts.product} is too old`, "upgrade it to Redis 7, or Valkey");
  if (facts.isCluster && !isCluster)
    return failure("server mode", "the server is a node of a cluster", "write redis+cluster:// in state.url");
  return undefined;
}

/** Which promises the settings of the server make weaker than its class (guarantees §4). */
export function weaknesses(facts: ServerFacts): readonly BackendFinding[] {
  const found: BackendFinding[] = [];
  if (!facts.logsWrites)
    found.push(
      warning(
        "durability",
        "appendonly is no: what was acknowledged is forgotten when the server restarts",
        "set appendonly yes and appendfsync always (CONFIG SET, and redis.conf)",
      ),
    );
  else if (facts.fsync !== undefined && facts.fsync !== "always")
    found.push(
      warning(
        "durability",
        `appendfsync is ${facts.fsync}: a crash of the server's machine may forget about a second of acknowledged writes`,
        "set appendfsync always (CONFIG SET, and redis.conf), or accept that",
      ),
    );
  else if (facts.fsync === undefined)
    found.push(
      warning(
        "durability",
        "appendfsync is not told (CONFIG GET is refused): what a restart forgets is not known",
        "see that appendfsync is always, and give the user +config|get",
      ),
    );
  if (facts.maxMemoryBytes > 0 && facts.evicts !== undefined)
    found.push(
      warning(
        "memory",
        `maxmemory-policy is ${facts.evicts}: a full server throws away locks, dedup keys and records`,
        "set maxmemory-policy noeviction: a full server then refuses, and nothing is lost",
      ),
    );
  return found;
}

/** What no setting of a server changes, where there are several; none of one that stands alone. */
export function failoverWeakness(durability: Durability): readonly BackendFinding[] {
  if (durability !== "lossy") return [];
  return [
    warning(
      "failover",
      "a failover may forget acknowledged locks and records: duplicates and losses then",
      "choose PostgreSQL, etcd or ZooKeeper where that is too much, or lower min-replicas-max-lag with min-replicas-to-write 1",
    ),
  ];
}

function warning(subject: string, found: string, help: string): BackendFinding {
  return { level: "warning", subject, found, help };
}

function failure(subject: string, found: string, help: string): BackendFinding {
  return { level: "failure", subject, found, help };
}
