import type { Attempt } from "@acteon/provider";
import type { ProviderCall } from "./executor-api.ts";

/** One attempt as its provider sees it. What it may never ask for, signal and key, is made when it asks. */
export class LiveAttempt implements Attempt {
  readonly number: number;
  readonly #call: ProviderCall;
  #controller: AbortController | undefined = undefined;
  #aborted = false;

  constructor(call: ProviderCall, number: number) {
    this.#call = call;
    this.number = number;
  }

  get idempotencyKey(): string {
    return this.#call.idempotencyKey();
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#aborted) this.#controller.abort();
    }
    return this.#controller.signal;
  }

  abort(): void {
    this.#aborted = true;
    this.#controller?.abort();
  }
}
