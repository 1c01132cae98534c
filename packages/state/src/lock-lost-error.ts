import { ActeonError } from "@acteon/core";

/** A lease that can no longer be proven held: used up, another's, or released by its holder. Why `LockGuard.signal` aborts. */
export class LockLostError extends ActeonError {
  override readonly name = "LockLostError";
  readonly code = "stale_token";
  readonly publicMessage = "the lock of this work was lost; its outcome is not known here";
  override readonly retryable = true;
}
