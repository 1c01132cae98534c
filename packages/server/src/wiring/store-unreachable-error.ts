import { ActeonError } from "@acteon/core";

/** A store on another machine did not open within `server.startup_ms`; it may yet come (guarantees §8 row 66). */
export class StoreUnreachableError extends ActeonError {
  override readonly name = "StoreUnreachableError";
  readonly code = "state_unavailable";
  readonly publicMessage = "state backend unavailable";
  override readonly retryable = true;
}
