/** How hard the executor tries, for one provider (`wire-api.md` §5.5, guarantees O4). Every bound that it has. */
export interface ExecutorPolicy {
  /** Attempts after the first, over the whole life of an execution; 0 means none. */
  readonly maxRetries: number;
  readonly backoff: BackoffPolicy;
  /** For one attempt, from the call of the provider. */
  readonly attemptTimeoutMs: number;
  /** For all of an execution: waits, attempts and what lies between them. */
  readonly totalTimeoutMs: number;
  /** Calls of one provider under way at the same time. */
  readonly maxConcurrent: number;
  /** Executions of one provider that wait for their turn or for a retry; one more is refused, with nothing sent. */
  readonly maxWaiting: number;
}

export interface BackoffPolicy {
  readonly baseMs: number;
  readonly capMs: number;
}

export const defaultExecutorPolicy: ExecutorPolicy = {
  maxRetries: 3,
  backoff: { baseMs: 100, capMs: 30_000 },
  attemptTimeoutMs: 30_000,
  totalTimeoutMs: 180_000,
  maxConcurrent: 10,
  maxWaiting: 10_000,
};
