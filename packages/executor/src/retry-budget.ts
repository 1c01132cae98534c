/**
 * How many retries one provider may get: 20 % of its first attempts, and 10 a second beside them, over the last ten
 * seconds (guarantees O4). When a service fails as a whole, its load then grows by a fifth instead of fourfold.
 */
export class RetryBudget {
  /** Per second of the window: a ring, whose slot is the second modulo its length. */
  readonly #firsts = new Uint32Array(windowSeconds);
  readonly #retries = new Uint32Array(windowSeconds);
  /** The second that was counted last: all slots up to it are right. */
  #second = 0;

  /** @param nowMs Monotonic; as in every method. */
  countFirst(nowMs: number): void {
    this.#moveTo(nowMs);
    this.#firsts[this.#second % windowSeconds]! += 1;
  }

  /** Takes one retry and answers 0, or answers in how many ms it is worth asking again. */
  takeRetry(nowMs: number): number {
    this.#moveTo(nowMs);
    if (sum(this.#retries) >= Math.floor(sum(this.#firsts) * shareOfFirsts) + perSecond * windowSeconds) {
      return (this.#second + 1) * 1_000 - nowMs;
    }
    this.#retries[this.#second % windowSeconds]! += 1;
    return 0;
  }

  #moveTo(nowMs: number): void {
    const second = Math.floor(nowMs / 1_000);
    if (second === this.#second) return;
    const passed = Math.min(second - this.#second, windowSeconds);
    for (let i = 0; i < passed; i++) {
      this.#firsts[(second - i) % windowSeconds] = 0;
      this.#retries[(second - i) % windowSeconds] = 0;
    }
    this.#second = second;
  }
}

const windowSeconds = 10;
const shareOfFirsts = 0.2;
const perSecond = 10;

function sum(slots: Uint32Array): number {
  return slots.reduce((total, count) => total + count, 0);
}
