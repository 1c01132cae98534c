import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProgram } from "./find-program.ts";
import { freePorts } from "./free-port.ts";
import { ServerProcess } from "./server-process.ts";

export interface EtcdOptions {
  /** Files of a certificate for 127.0.0.1: clients then speak TLS. */
  readonly tls?: { readonly certPath: string; readonly keyPath: string };
  /** Further flags of the program. */
  readonly flags?: readonly string[];
}

/** One or three members of a private etcd cluster. */
export class EtcdCluster implements AsyncDisposable {
  readonly members: readonly ServerProcess[];
  /** `127.0.0.1:<port>` of each member. */
  readonly endpoints: readonly string[];
  readonly #folder: string;

  constructor(members: readonly ServerProcess[], folder: string) {
    this.members = members;
    this.endpoints = members.map(({ port }) => `127.0.0.1:${port}`);
    this.#folder = folder;
  }

  /** What `etcdctl` prints. @throws {Error} It ended with another code than 0, or cannot be had here. */
  ctl(...args: readonly string[]): string {
    const program = findProgram({ name: "etcdctl", debian: ["etcd-client"] });
    if (program === undefined) throw new Error("etcdctl cannot be had here");
    const env = { ...process.env, ETCDCTL_API: "3" };
    return execFileSync(program, [`--endpoints=${this.endpoints.join(",")}`, ...args], { encoding: "utf8", env });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.members.map((member) => member.kill()));
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** `undefined`: etcd cannot be had here. */
export async function startEtcd(options: EtcdOptions = {}): Promise<EtcdCluster | undefined> {
  return startCluster(1, options);
}

/** Three members, one of them the leader. */
export async function startEtcdCluster(options: EtcdOptions = {}): Promise<EtcdCluster | undefined> {
  return startCluster(3, options);
}

async function startCluster(size: number, { tls, flags = [] }: EtcdOptions): Promise<EtcdCluster | undefined> {
  const program = findProgram({ name: "etcd", debian: ["etcd-server"] });
  if (program === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "acteon-etcd-"));
  const ports = await freePorts(2 * size);
  const members = Array.from({ length: size }, (_, i) => ({
    name: `m${i}`,
    clientPort: ports[2 * i] as number,
    peer: `http://127.0.0.1:${ports[2 * i + 1]}`,
  }));
  const scheme = tls === undefined ? "http" : "https";
  const started = members.map(({ name, clientPort, peer }) => {
    const client = `${scheme}://127.0.0.1:${clientPort}`;
    return ServerProcess.start({
      name: `etcd ${name}`,
      program,
      port: clientPort,
      args: [
        `--name=${name}`,
        `--data-dir=${join(folder, name)}`,
        `--listen-client-urls=${client}`,
        `--advertise-client-urls=${client}`,
        `--listen-peer-urls=${peer}`,
        `--initial-advertise-peer-urls=${peer}`,
        `--initial-cluster=${members.map((member) => `${member.name}=${member.peer}`).join(",")}`,
        "--logger=zap",
        "--log-level=error",
        ...(tls === undefined ? [] : [`--cert-file=${tls.certPath}`, `--key-file=${tls.keyPath}`]),
        ...flags,
      ],
      ...(tls === undefined ? { isReady: () => isHealthy(client) } : {}),
    });
  });
  return new EtcdCluster(await Promise.all(started), folder);
}

/** A member that takes connections may still have no leader. */
async function isHealthy(client: string): Promise<boolean> {
  try {
    const answer = await fetch(`${client}/health`, { signal: AbortSignal.timeout(1_000) });
    return answer.ok && ((await answer.json()) as { readonly health?: unknown }).health === "true";
  } catch {
    return false;
  }
}
