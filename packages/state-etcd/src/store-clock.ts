import type { Clock } from "@acteon/core";
import { isInStep } from "./server-date.ts";
import type { ClockLead } from "./server-date.ts";

/** How often the server's clock is looked at. */
const lookEveryMs = 30_000;
/** By how much the wall clock may move against the monotonic one between two looks at it before that is a step. */
const maxStepMs = 1_000;

/**
 * The time by which records with a TTL expire, for all gateways of a store (guarantees §8 row 71): this machine's wall clock, set
 * right by the server's where they are more than 2 s apart. Locks have nothing to do with it (guarantees L6).
 */
export class StoreClock {
  readonly #clock: Clock;
  readonly #readLead: () => Promise<ClockLead | undefined>;
  readonly #onCorrected: (leadMs: number) => void;
  /** What is added to the wall clock. */
  #correctionMs = 0;
  /** By how much the wall clock was ahead of the monotonic one. */
  #offsetMs: number;
  #cancelLook: () => void = () => {};
  #closed = false;

  /** @param ports.readLead `undefined`: the server does not tell. @param ports.onCorrected Told each time that the correction becomes another. */
  constructor(
    clock: Clock,
    ports: {
      readonly readLead: () => Promise<ClockLead | undefined>;
      readonly onCorrected: (leadMs: number) => void;
    },
  ) {
    this.#clock = clock;
    this.#readLead = ports.readLead;
    this.#onCorrected = ports.onCorrected;
    this.#offsetMs = clock.nowMs() - clock.monotonicMs();
  }

  /** Whole ms, Unix epoch. */
  nowMs(): number {
    const wallMs = this.#clock.nowMs();
    const offsetMs = wallMs - this.#clock.monotonicMs();
    const stepMs = offsetMs - this.#offsetMs;
    this.#offsetMs = offsetMs;
    if (Math.abs(stepMs) > maxStepMs) {
      // Somebody set the clock. Whether it was wrong before or is now, the server says.
      this.#correctionMs -= stepMs;
      this.#lookIn(0);
    }
    return Math.floor(wallMs + this.#correctionMs);
  }

  /** Looks at the server's clock, now and from time to time. */
  async start(): Promise<void> {
    const lead = await this.#readLead();
    if (this.#closed) return;
    if (lead !== undefined) this.#follow(lead);
    this.#lookIn(lookEveryMs);
  }

  close(): void {
    this.#closed = true;
    this.#cancelLook();
  }

  #follow(lead: ClockLead): void {
    const { leastMs, mostMs } = lead;
    const inStep = isInStep(lead);
    const betweenMs = this.#correctionMs > leastMs && this.#correctionMs < mostMs;
    if (inStep ? this.#correctionMs === 0 : betweenMs) return;
    this.#correctionMs = inStep ? 0 : (leastMs + mostMs) / 2;
    if (!inStep) this.#onCorrected(this.#correctionMs);
  }

  #lookIn(delayMs: number): void {
    this.#cancelLook();
    if (!this.#closed) this.#cancelLook = this.#clock.after(delayMs, () => void this.start());
  }
}
