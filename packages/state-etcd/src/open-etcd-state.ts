import { systemClock, systemRandom } from "@acteon/core";
import type { Clock, Random } from "@acteon/core";
import { quorumDurability, quorumFinding } from "@acteon/state";
import type { BackendFinding, StateTlsSettings } from "@acteon/state";
import { parseEtcdAddress } from "./etcd-address.ts";
import { EtcdCallError, EtcdClient } from "./etcd-client.ts";
import { refusedAtOpen } from "./etcd-errors.ts";
import { EtcdStateStore } from "./etcd-state-store.ts";
import { KeySpace } from "./key-space.ts";
import { readCluster, versionFinding } from "./look-at-cluster.ts";
import { decodeRangeReply } from "./key-value.ts";
import { encodeRange } from "./range-messages.ts";
import { readClusterLead } from "./server-date.ts";
import { StoreClock } from "./store-clock.ts";

export interface EtcdStateOptions {
  /** `etcd://[user:password@]host:2379[,host:2379…]`; `etcds://` for TLS. */
  readonly url: string;
  /** All keys begin with it and a slash. */
  readonly prefix?: string;
  readonly tls?: Partial<StateTlsSettings>;
  /** Longest time that one call may take; then it fails as `state_unavailable`. */
  readonly callTimeoutMs?: number;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Called for each promise that this cluster makes weaker than etcd's could be, at open and when one becomes so. */
  readonly warn?: (finding: BackendFinding) => void;
  /** Gives up connecting; an open store no longer listens to it. */
  readonly signal?: AbortSignal;
}

/** Longest that a member is waited for to tell its time; not knowing it is no reason not to serve. */
const maxDateMs = 1_000;

/**
 * @throws {ConfigurationError} The URL has another form, or etcd refuses user, password or permission.
 * @throws {StateUnavailableError} No member answers; it says what to do.
 */
export async function openEtcdState(options: EtcdStateOptions): Promise<EtcdStateStore> {
  const { clock = systemClock, random = systemRandom, prefix = "acteon", callTimeoutMs = 5_000, signal } = options;
  const warn = options.warn ?? (() => {});
  signal?.throwIfAborted();
  const address = parseEtcdAddress(options.url, options.tls);
  const client = new EtcdClient({ address, clock, callTimeoutMs });
  const giveUp = (): void => client.close();
  signal?.addEventListener("abort", giveUp, { once: true });
  try {
    await client.open();
    const cluster = await readCluster(client);
    for (const finding of [versionFinding(cluster), quorumFinding(cluster.members)])
      if (finding.level !== "ok") warn(finding);
    await client.call("KV/Range", encodeRange(new KeySpace(prefix).all, { limit: 1, revision: 0 }), decodeRangeReply);
    const storeClock = new StoreClock(clock, {
      readLead: () => readClusterLead(address, { clock, timeoutMs: Math.min(callTimeoutMs, maxDateMs) }),
      onCorrected: (leadMs) => warn(correctionFinding(leadMs)),
    });
    await storeClock.start();
    return new EtcdStateStore({
      client,
      clock,
      storeClock,
      random,
      prefix,
      callTimeoutMs,
      durability: quorumDurability(cluster.members),
      revision: cluster.revision,
      warn,
    });
  } catch (error) {
    client.close();
    signal?.throwIfAborted();
    throw error instanceof EtcdCallError ? refusedAtOpen(error) : error;
  } finally {
    signal?.removeEventListener("abort", giveUp);
  }
}

function correctionFinding(leadMs: number): BackendFinding {
  const seconds = Math.round(Math.abs(leadMs) / 1_000);
  return {
    level: "warning",
    subject: "clock",
    found: `etcd's clock is ${seconds} s ${leadMs > 0 ? "ahead of" : "behind"} this machine's, and TTLs go by etcd's, to the half second`,
    help: "keep all machines in step by NTP",
  };
}
