import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProgram } from "./find-program.ts";
import { freePorts } from "./free-port.ts";
import { ServerProcess } from "./server-process.ts";

export interface ZooKeeperOptions {
  /** Sessions live for 2 to 20 ticks. 500 unless said. */
  readonly tickMs?: number;
  /** Longest session, in ms; 20 ticks unless said. */
  readonly maxSessionMs?: number;
  /** Further lines of `zoo.cfg`. */
  readonly config?: readonly string[];
}

/** One member, or three, of a private ZooKeeper ensemble. */
export class ZooKeeperEnsemble implements AsyncDisposable {
  readonly members: readonly ServerProcess[];
  readonly #folder: string;

  constructor(members: readonly ServerProcess[], folder: string) {
    this.members = members;
    this.#folder = folder;
  }

  /** `127.0.0.1:<port>` of each member, with commas. */
  get hosts(): string {
    return this.members.map(({ port }) => `127.0.0.1:${port}`).join(",");
  }

  /** The member that leads now. */
  async leader(): Promise<ServerProcess> {
    for (const member of this.members) if ((await modeOf(member.port)) === "leader") return member;
    throw new Error("the ZooKeeper ensemble has no leader");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.members.map((member) => member.kill()));
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** `undefined`: ZooKeeper cannot be had here. */
export async function startZooKeeper(options: ZooKeeperOptions = {}): Promise<ZooKeeperEnsemble | undefined> {
  return startMembers(1, options);
}

/** Three members, one of them the leader. */
export async function startZooKeeperEnsemble(options: ZooKeeperOptions = {}): Promise<ZooKeeperEnsemble | undefined> {
  return startMembers(3, options);
}

async function startMembers(count: number, options: ZooKeeperOptions): Promise<ZooKeeperEnsemble | undefined> {
  const debian = ["zookeeper", "default-jre-headless"];
  const jar = findProgram({ name: "zookeeper.jar", folders: ["/usr/share/java"], debian });
  const java = findProgram({ name: "java", debian });
  if (jar === undefined || java === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "acteon-zookeeper-"));
  const ports = await freePorts(3 * count);
  const peers = Array.from(
    { length: count },
    (_, i) => `server.${i + 1}=127.0.0.1:${ports[3 * i + 1]}:${ports[3 * i + 2]}`,
  );
  const started = peers.map((_, i) => {
    const home = join(folder, String(i + 1));
    const port = ports[3 * i] as number;
    mkdirSync(home);
    writeFileSync(join(home, "myid"), String(i + 1));
    writeFileSync(join(home, "zoo.cfg"), configOf(home, port, count === 1 ? [] : peers, options));
    return ServerProcess.start({
      name: `zookeeper ${i + 1}`,
      program: java,
      // Small and quick to start; without a binding for its logger it says nothing.
      args: [
        "-Xmx256m",
        "-XX:+UseSerialGC",
        "-cp",
        jar,
        "org.apache.zookeeper.server.quorum.QuorumPeerMain",
        "zoo.cfg",
      ],
      cwd: home,
      port,
      isReady: async () => ["standalone", "leader", "follower"].includes(await modeOf(port)),
    });
  });
  return new ZooKeeperEnsemble(await Promise.all(started), folder);
}

function configOf(home: string, port: number, peers: readonly string[], options: ZooKeeperOptions): string {
  const { tickMs = 500, maxSessionMs = 20 * tickMs, config = [] } = options;
  return [
    `tickTime=${tickMs}`,
    `maxSessionTimeout=${maxSessionMs}`,
    `dataDir=${home}`,
    `clientPort=${port}`,
    "clientPortAddress=127.0.0.1",
    "initLimit=20",
    "syncLimit=10",
    "admin.enableServer=false",
    "4lw.commands.whitelist=*",
    "maxClientCnxns=0",
    ...peers,
    ...config,
    "",
  ].join("\n");
}

const modeTimeoutMs = 500;

/** `standalone`, `leader`, `follower`; empty while it is none of them. */
async function modeOf(port: number): Promise<string> {
  const socket = createConnection({ port, host: "127.0.0.1" });
  // A server that starts takes connections, and leaves some of them without an answer.
  socket.setTimeout(modeTimeoutMs, () => socket.destroy());
  try {
    await once(socket, "connect");
    socket.write("srvr");
    let answer = "";
    for await (const data of socket) answer += String(data);
    return /^Mode: (\w+)$/m.exec(answer)?.[1] ?? "";
  } catch {
    return "";
  } finally {
    socket.destroy();
  }
}
