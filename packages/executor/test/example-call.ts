import { createAction } from "@acteon/core";
import { createFakeClock, createSeededRandom } from "@acteon/core/testing";
import { failure } from "@acteon/provider";
import type { Attempt, Provider, ProviderResult } from "@acteon/provider";
import type { ProviderCall } from "../src/executor-api.ts";

export const success: ProviderResult = {
  kind: "answered",
  response: { status: "success", body: "ok", headers: {} },
};

export const busy: ProviderResult = {
  kind: "rejected",
  failure: failure("RATE_LIMITED", "429"),
  retry: { kind: "backoff" },
};

export type Step = (attempt: Attempt) => ProviderResult | Promise<ProviderResult>;

/** A provider that does one thing after the other, the last one for ever, and keeps the attempts that it saw. */
export function provider(
  steps: readonly Step[],
  overrides: Partial<Provider> = {},
): Provider & { readonly calls: Attempt[] } {
  const calls: Attempt[] = [];
  return {
    name: "mail",
    dedup: { kind: "none" },
    onAmbiguous: "retry",
    calls,
    execute(_action, attempt) {
      calls.push(attempt);
      return steps[Math.min(calls.length, steps.length) - 1]!(attempt);
    },
    healthCheck: async () => ({ kind: "healthy" }),
    close: async () => {},
    ...overrides,
  };
}

/** A first execution by a holder whose lock lasts. */
export function call(to: Provider, overrides: Partial<ProviderCall> = {}): ProviderCall {
  return {
    provider: to,
    action,
    idempotencyKey: () => "KEY",
    attemptsBefore: 0,
    signal: new AbortController().signal,
    draining: new AbortController().signal,
    deadlineMs: undefined,
    mayCall: () => true,
    beforeRetry: async () => true,
    ...overrides,
  };
}

const action = createAction(
  { id: "a-1", namespace: "n", provider: "mail", actionType: "t", payload: null },
  { clock: createFakeClock(), random: createSeededRandom(1) },
);
