import type { AuditStore } from "@acteon/audit";
import type { Clock } from "@acteon/core";
import type { Logger } from "../log/logger.ts";

export interface RetentionOptions {
  readonly ttlMs: number;
  readonly intervalMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Removes records of the trail that are older than `audit.ttl_seconds`, every `audit.cleanup_interval_seconds`. */
export class AuditRetention implements AsyncDisposable {
  readonly #store: Pick<AuditStore, "removeBefore">;
  readonly #options: RetentionOptions;
  #cancel: () => void;
  #running: Promise<void> = Promise.resolve();

  constructor(store: Pick<AuditStore, "removeBefore">, options: RetentionOptions) {
    this.#store = store;
    this.#options = options;
    this.#cancel = this.#next();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#cancel();
    await this.#running;
    this.#cancel();
  }

  #next(): () => void {
    return this.#options.clock.after(this.#options.intervalMs, () => {
      this.#running = this.#run();
    });
  }

  async #run(): Promise<void> {
    const { clock, logger, ttlMs } = this.#options;
    try {
      const removed = await this.#store.removeBefore(clock.nowMs() - ttlMs);
      if (removed > 0) logger.info("audit records removed", { removed });
    } catch (error) {
      logger.warn("audit records not removed; tried again later", { reason: String(error) });
    }
    this.#cancel = this.#next();
  }
}
