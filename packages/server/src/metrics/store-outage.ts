import type { Clock, StateUnavailableError } from "@acteon/core";
import type { Logger } from "../log/logger.ts";
import { lockWords } from "../wiring/lock-words.ts";
import type { StoreMetrics } from "./store-metrics.ts";

/** How often an outage is told while it lasts. */
const tellEveryMs = 30_000;
/** A store that is full answers reads between the writes that fail: it is well once none failed for so long. */
const settledMs = 5_000;

/**
 * Tells the log that a store no longer answers, why and what to do, and that it answers again: not each call that failed, of
 * which there may be thousands a second, and whose callers are shown only that state is unavailable.
 */
export class StoreOutage {
  readonly #name: Pick<StoreMetrics, "role" | "backend">;
  readonly #clock: Clock;
  readonly #logger: Logger;
  /** While there is one (monotonic). */
  #beganAtMs: number | undefined;
  #toldAtMs = Number.NEGATIVE_INFINITY;
  #failedAtMs = Number.NEGATIVE_INFINITY;
  #failed = 0;

  constructor(name: Pick<StoreMetrics, "role" | "backend">, clock: Clock, logger: Logger) {
    this.#name = name;
    this.#clock = clock;
    this.#logger = logger;
  }

  failed({ found, help }: StateUnavailableError): void {
    const nowMs = this.#clock.monotonicMs();
    this.#beganAtMs ??= nowMs;
    this.#failedAtMs = nowMs;
    this.#failed++;
    if (nowMs - this.#toldAtMs < tellEveryMs) return;
    this.#toldAtMs = nowMs;
    const words = this.#name.role === "lock" ? lockWords : (text: string) => text;
    const cure = help === undefined ? {} : { help: words(help) };
    const reason = words(found);
    this.#logger.error("store does not answer", { ...this.#name, reason, ...cure, ...this.#extent(nowMs) });
  }

  answered(): void {
    if (this.#beganAtMs === undefined) return;
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#failedAtMs < settledMs) return;
    this.#logger.info("store answers again", { ...this.#name, ...this.#extent(this.#failedAtMs) });
    this.#beganAtMs = undefined;
    this.#toldAtMs = Number.NEGATIVE_INFINITY;
    this.#failed = 0;
  }

  #extent(untilMs: number) {
    return { failedCalls: this.#failed, forMs: Math.round(untilMs - (this.#beganAtMs ?? untilMs)) };
  }
}
