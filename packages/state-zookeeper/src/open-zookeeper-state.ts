import type { ConnectionOptions as TlsOptions } from "node:tls";
import { ActeonError, ConfigurationError, StateUnavailableError, systemClock, systemRandom } from "@acteon/core";
import type { Clock, Random } from "@acteon/core";
import { certificateHelp, isCertificateFault, quorumFinding, readTlsFiles } from "@acteon/state";
import type { BackendFinding, StateTlsSettings } from "@acteon/state";
import { fourLetterWord } from "./client/four-letter-word.ts";
import { JuteWriter } from "./client/jute-writer.ts";
import { creatorAcl, openAcl, writeAcl } from "./client/protocol.ts";
import { Session } from "./client/session.ts";
import { silenceHelp } from "./link.ts";
import { ensembleSize, sessionFinding } from "./look-at-servers.ts";
import { parseZooKeeperUrl, rootOf } from "./zookeeper-address.ts";
import type { ZooKeeperAddress } from "./zookeeper-address.ts";
import { ZooKeeperStateStore } from "./zookeeper-state-store.ts";

export interface ZooKeeperStateOptions {
  /** `zookeeper://[user:password@]host:port[,host:port…][/chroot]`. With a user, nodes are that user's alone. */
  readonly url: string;
  /** Under which all nodes lie, below the chroot; `acteon` unless said. */
  readonly prefix?: string;
  /** Longest time that one call may take; 5,000 unless said. */
  readonly callTimeoutMs?: number;
  /** Asked for; servers give 2 to 20 of their ticks. 40,000 unless said: somewhat longer than the lease of an action. */
  readonly sessionTimeoutMs?: number;
  /** Absent: no TLS. */
  readonly tls?: TlsOptions;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Gives up connecting. */
  readonly signal?: AbortSignal;
  /** Is told what makes the promises weaker than they could be. */
  readonly warn?: (finding: BackendFinding) => void;
}

/**
 * @throws {ConfigurationError} The URL is wrong, the server is older than 3.6, or it denies access.
 * @throws {StateUnavailableError} No server answers.
 */
export async function openZooKeeperState(options: ZooKeeperStateOptions): Promise<ZooKeeperStateStore> {
  const { callTimeoutMs = 5_000, clock = systemClock, random = systemRandom, signal } = options;
  signal?.throwIfAborted();
  const address = parseZooKeeperUrl(options.url);
  const session = openSession(address, { ...options, callTimeoutMs, clock, random });
  const giveUp = (): void => void session[Symbol.asyncDispose]();
  signal?.addEventListener("abort", giveUp, { once: true });
  try {
    return await openStore(session, address, { ...options, callTimeoutMs, clock, random });
  } catch (error) {
    await session[Symbol.asyncDispose]();
    signal?.throwIfAborted();
    throw error instanceof ActeonError ? error : unreachableServers(address, error);
  } finally {
    signal?.removeEventListener("abort", giveUp);
  }
}

async function openStore(
  session: Session,
  address: ZooKeeperAddress,
  options: ZooKeeperStateOptions & Required<Pick<ZooKeeperStateOptions, "callTimeoutMs" | "clock" | "random">>,
): Promise<ZooKeeperStateStore> {
  const { prefix = "acteon", callTimeoutMs, clock, random, warn } = options;
  try {
    await session.connected(clock.monotonicMs() + callTimeoutMs);
  } catch (cause) {
    throw unreachableServers(address, cause);
  }
  const { server } = session;
  // The four-letter words are not spoken over TLS on every server.
  if (server !== undefined && options.tls === undefined)
    refuseOld(await serverVersion(server, { clock, timeoutMs: callTimeoutMs }));
  const servers = await ensembleSize(session);
  const store = new ZooKeeperStateStore({
    session,
    root: rootOf(address, prefix),
    acl: encodedAcl(address),
    callTimeoutMs,
    servers,
    clock,
    random,
  });
  try {
    await store.begin();
  } catch (error) {
    await store[Symbol.asyncDispose]();
    throw error;
  }
  for (const finding of [quorumFinding(servers), sessionFinding(session)])
    if (finding.level === "warning") warn?.(finding);
  return store;
}

export function openSession(
  address: ZooKeeperAddress,
  options: Pick<ZooKeeperStateOptions, "sessionTimeoutMs" | "tls"> & {
    readonly callTimeoutMs: number;
    readonly clock: Clock;
    readonly random: Random;
  },
): Session {
  const { callTimeoutMs, sessionTimeoutMs = 40_000, tls, clock, random } = options;
  const credentials = address.credentials?.reveal();
  const settings = { clock, random, tls, sessionTimeoutMs, requestTimeoutMs: callTimeoutMs };
  return Session.open({ ...settings, addresses: address.servers, credentials });
}

/** @throws {ConfigurationError} A file cannot be read. */
export function tlsOptionsOf(tls: StateTlsSettings): TlsOptions | undefined {
  return tls.enabled === true ? { ...readTlsFiles(tls), rejectUnauthorized: !tls.insecure } : undefined;
}

export function encodedAcl({ credentials }: ZooKeeperAddress): Uint8Array {
  const writer = new JuteWriter();
  writeAcl(writer, credentials === undefined ? openAcl : creatorAcl);
  return writer.take();
}

/** Why no server could be reached: of what an operator has to change it says so. */
export function unreachableServers({ servers }: ZooKeeperAddress, failure: unknown): ActeonError {
  const list = servers.map(({ host, port }) => `${host}:${port}`).join(", ");
  const cause = deepest(failure);
  if (isCertificateFault(cause))
    return new ConfigurationError(`the certificate of ZooKeeper at ${list} is not trusted (${cause.code})`, {
      help: certificateHelp,
      cause: failure,
    });
  const reason = cause === failure ? "" : ` (${cause.message})`;
  return new StateUnavailableError(`no ZooKeeper server answers at ${list}${reason}`, {
    help: silenceHelp,
    cause: failure,
  });
}

/** `undefined`: the server does not tell (`srvr` is not in its `4lw.commands.whitelist`). */
export async function serverVersion(
  server: { readonly host: string; readonly port: number },
  options: { readonly clock: Clock; readonly timeoutMs: number },
): Promise<string | undefined> {
  try {
    return /^Zookeeper version: (\d+\.\d+\.\d+)/m.exec(await fourLetterWord(server, "srvr", options))?.[1];
  } catch {
    return undefined; // the session itself will tell that the server is gone
  }
}

/** The first version with recursive watches, and that the table of guarantees.md §4 names. */
export function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major < 3 || (major === 3 && minor < 6);
}

export const needsNewer = "run 3.6 or newer";

function refuseOld(version: string | undefined): void {
  if (version !== undefined && isTooOld(version))
    throw new ConfigurationError(`ZooKeeper ${version} is too old`, { help: needsNewer });
}

function deepest(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  return error.cause instanceof Error ? deepest(error.cause) : error;
}
