import { systemClock, systemRandom } from "@acteon/core";
import type { Clock, Random } from "@acteon/core";
import type { BackendFinding } from "@acteon/state";
import { parseEtcdAddress } from "./etcd-address.ts";
import type { EtcdTlsFiles } from "./etcd-address.ts";
import { EtcdCallError, EtcdClient } from "./etcd-client.ts";
import { refusedAtOpen } from "./etcd-errors.ts";
import { EtcdStateStore } from "./etcd-state-store.ts";
import { KeySpace } from "./key-space.ts";
import { durabilityFinding, readCluster, versionFinding } from "./look-at-cluster.ts";
import { decodeRangeReply } from "./key-value.ts";
import { encodeRange } from "./range-messages.ts";

export interface EtcdStateOptions {
  /** `etcd://[user:password@]host:2379[,host:2379…]`; `etcds://` for TLS. */
  readonly url: string;
  /** All keys begin with it and a slash. */
  readonly prefix?: string;
  readonly tls?: EtcdTlsFiles;
  /** Longest time that one call may take; then it fails as `state_unavailable`. */
  readonly callTimeoutMs?: number;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Called once for each promise that this cluster makes weaker than etcd's could be. */
  readonly warn?: (finding: BackendFinding) => void;
  /** Gives up connecting; an open store no longer listens to it. */
  readonly signal?: AbortSignal;
}

/**
 * @throws {ConfigurationError} The URL has another form, or etcd refuses user, password or permission.
 * @throws {StateUnavailableError} No member answers; it says what to do.
 */
export async function openEtcdState(options: EtcdStateOptions): Promise<EtcdStateStore> {
  const { clock = systemClock, random = systemRandom, prefix = "acteon", callTimeoutMs = 5_000, signal } = options;
  signal?.throwIfAborted();
  const client = new EtcdClient({ address: parseEtcdAddress(options.url, options.tls), clock, callTimeoutMs });
  const giveUp = (): void => client.close();
  signal?.addEventListener("abort", giveUp, { once: true });
  try {
    await client.open();
    const cluster = await readCluster(client);
    for (const finding of [versionFinding(cluster), durabilityFinding(cluster)])
      if (finding.level !== "ok") options.warn?.(finding);
    await client.call("KV/Range", encodeRange(new KeySpace(prefix).all, { limit: 1, revision: 0 }), decodeRangeReply);
    return new EtcdStateStore({ client, clock, random, prefix, callTimeoutMs, revision: cluster.revision });
  } catch (error) {
    client.close();
    signal?.throwIfAborted();
    throw error instanceof EtcdCallError ? refusedAtOpen(error.endpoint, error.failure) : error;
  } finally {
    signal?.removeEventListener("abort", giveUp);
  }
}
