import type { Action, ActionOutcome } from "@acteon/core";
import type {
  DeadLetter,
  DeadLetters,
  DispatchOptions,
  DispatchResult,
  Gateway,
  GatewayHealth,
  GatewayMetrics,
} from "@acteon/gateway";

/** A gateway that executes everything at once, unless told otherwise, and remembers what it was asked. */
export class TestGateway implements Gateway {
  readonly calls: { readonly actions: readonly Action[]; readonly options: DispatchOptions }[] = [];
  readonly letters = new Map<string, DeadLetter>();
  /** What becomes of an action; executed unless given. */
  answer: (action: Action, options: DispatchOptions) => DispatchResult | Promise<DispatchResult> = () => executed;
  ready = true;
  drained = false;

  get actions(): readonly Action[] {
    return this.calls.flatMap(({ actions }) => actions);
  }

  dispatch(): Promise<ActionOutcome> {
    throw new TypeError("the server dispatches checked actions");
  }

  dispatchBatch(): Promise<readonly DispatchResult[]> {
    throw new TypeError("the server dispatches checked actions");
  }

  dispatchActions(actions: readonly Action[], options: DispatchOptions = {}): Promise<readonly DispatchResult[]> {
    this.calls.push({ actions, options });
    return Promise.all(actions.map(async (action) => this.answer(action, options)));
  }

  healthCheck(): Promise<GatewayHealth> {
    return Promise.resolve({
      ready: this.ready,
      reasons: this.ready ? [] : ["state backend unavailable"],
      providers: { console: { kind: "healthy" }, hook: { kind: "unhealthy", reason: "refused" } },
    });
  }

  metrics(): GatewayMetrics {
    const stats = { avgLatencyMs: 1, p50LatencyMs: 1, p95LatencyMs: 2, p99LatencyMs: 3 };
    return {
      counters: { dispatched: this.actions.length, executed: this.actions.length },
      inFlight: 0,
      queued: 0,
      audit: { buffered: 0, dropped: 0, written: 0 },
      providers: {
        console: { requests: 4, successes: 3, failures: 1, ...stats, lastRequestAtMs: 5, lastError: "no" },
        hook: { requests: 0, successes: 0, failures: 0, ...stats, lastRequestAtMs: undefined, lastError: undefined },
      },
    };
  }

  reloadRules(): Promise<{ readonly rules: number }> {
    return Promise.resolve({ rules: 0 });
  }

  get deadLetters(): DeadLetters {
    const { letters } = this;
    return {
      async *list({ namespace, tenant } = {}) {
        for (const letter of letters.values()) {
          const { action } = letter;
          const fits =
            (namespace ?? action.namespace) === action.namespace && (tenant ?? action.tenant) === action.tenant;
          if (fits) yield letter;
        }
      },
      get: (id) => Promise.resolve(letters.get(id)),
      requeue: (id) => Promise.resolve(letters.delete(id) ? executed : undefined),
      discard: (id) => Promise.resolve(letters.delete(id)),
    };
  }

  drain(): Promise<void> {
    this.drained = true;
    return Promise.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.drain();
  }
}

export const executed: DispatchResult = {
  kind: "outcome",
  outcome: {
    kind: "executed",
    response: { status: "success", body: { provider: "console", logged: true }, headers: {} },
    durationMs: 1,
    attempts: 1,
  },
  rule: undefined,
  replayed: false,
};
