import type { Clock } from "@acteon/core";
import { EtcdCallError } from "./etcd-client.ts";
import type { EtcdClient } from "./etcd-client.ts";
import { isCompacted } from "./etcd-errors.ts";
import { encodeCompaction } from "./maintenance-messages.ts";

/** How often, and up to how long ago, history is let go. */
const compactEveryMs = 60_000;

export interface CompactorPorts {
  readonly client: Pick<EtcdClient, "call">;
  readonly clock: Clock;
  /** The latest revision that this process knows of. */
  readonly revision: () => number;
  /** Told once if etcd does not let us. */
  readonly onRefused: (error: EtcdCallError) => void;
}

/**
 * Lets go of what was overwritten or deleted more than a minute ago. etcd keeps every revision until somebody compacts, by
 * itself never, and thousands of locks a second would fill it within minutes. Every gateway does it: what one has let go costs
 * the next nothing.
 */
export class Compactor {
  readonly #ports: CompactorPorts;
  /** As of the last time: of a minute ago. */
  #revision = 0;
  #told = false;
  #cancel: () => void;

  constructor(ports: CompactorPorts) {
    this.#ports = ports;
    this.#cancel = this.#later();
  }

  close(): void {
    this.#cancel();
  }

  #later(): () => void {
    return this.#ports.clock.after(compactEveryMs, () => {
      this.#cancel = this.#later();
      const revision = this.#revision;
      this.#revision = this.#ports.revision();
      if (revision > 0) void this.#compact(revision);
    });
  }

  async #compact(revision: number): Promise<void> {
    try {
      await this.#ports.client.call("KV/Compact", encodeCompaction(revision), () => undefined);
    } catch (error) {
      // Without an answer the next time does for both.
      if (!(error instanceof EtcdCallError) || isCompacted(error.failure) || this.#told) return;
      if (!error.failure.details.includes("permission denied")) return;
      this.#told = true;
      this.#ports.onRefused(error);
    }
  }
}
