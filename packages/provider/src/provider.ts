import type { Action, Failure, ProviderResponse } from "@acteon/core";

/** What carries an action out: one outside service. Built by `defineProvider`; several may be configured of one type. */
export interface Provider {
  /** The configured name, which actions and reroutes use. */
  readonly name: string;
  /** Does the service itself take a repeated idempotency key for one request, and for how long (guarantees G4)? */
  readonly dedup: { readonly kind: "key"; readonly windowMs: number } | { readonly kind: "none" };
  /** What to do when a request was sent and its answer is unknown (guarantees G4). */
  readonly onAmbiguous: "retry" | "hold";
  /**
   * One attempt. A result, not a promise, where nothing waits.
   * @throws {ProviderUnavailableError} No answer; its `sent` says whether a byte of the request may have left.
   * @throws {AddressNotAllowedError} Nothing was sent, nor will be (guarantees S4).
   */
  execute(action: Action, attempt: Attempt): ProviderResult | Promise<ProviderResult>;
  healthCheck(options: { readonly signal: AbortSignal }): Promise<ProviderHealth>;
  close(): Promise<void>;
}

export interface Attempt {
  /** Aborts when this attempt's time is used up, or the lock can no longer be proven held. */
  readonly signal: AbortSignal;
  /** The same over all attempts of one execution (guarantees G3): base32 of SHA-256. Hashed when first asked for. */
  readonly idempotencyKey: string;
  /** From 1. */
  readonly number: number;
}

/** An answer of the service. Silence is thrown. */
export type ProviderResult =
  | { readonly kind: "answered"; readonly response: ProviderResponse }
  | { readonly kind: "rejected"; readonly failure: Failure; readonly retry: RetryAdvice };

export type RetryAdvice =
  | { readonly kind: "never" }
  | { readonly kind: "backoff" }
  | { readonly kind: "after"; readonly delayMs: number };

export type ProviderHealth = { readonly kind: "healthy" } | { readonly kind: "unhealthy"; readonly reason: string };
