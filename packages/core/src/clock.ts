/** Time as an argument. The real one is `systemClock`; tests and the simulation have one that they move. */
export interface Clock {
  /** Unix epoch, ms. For due times, TTLs of a single process and what people read; never for a lease (guarantees L6). */
  nowMs(): number;
  /** Never steps back; ms, fractional. For durations and leases. */
  monotonicMs(): number;
  /** Calls `run` once, `delayMs` from now; returns what cancels it. Delays of any length (guarantees §8 row 27). */
  after(delayMs: number, run: () => void): () => void;
  /** Calls `run` once the current turn of the event loop is over (`setImmediate`): how work is gathered. */
  defer(run: () => void): void;
}

/** Chance as an argument. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** A UUID of version 7: sortable by time, never the same twice. */
  uuid(): string;
}
