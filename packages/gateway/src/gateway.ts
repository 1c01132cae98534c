import type { AuditWriter } from "@acteon/audit";
import {
  createAction,
  digest,
  InternalError,
  StateUnavailableError,
  systemClock,
  systemRandom,
  ValidationError,
  type Action,
  type ActionInput,
  type ActionOutcome,
  type Clock,
  type Random,
} from "@acteon/core";
import type { Executor } from "@acteon/executor";
import type { ProviderRegistry } from "@acteon/provider";
import type { RuleSet } from "@acteon/rules";
import { stateKey, stateScope, type StateStore } from "@acteon/state";
import { StoredDeadLetters } from "./dead-letters.ts";
import { Dispatch } from "./dispatch.ts";
import { Door } from "./door.ts";
import type { Failpoint } from "./failpoint.ts";
import type {
  DeadLetters,
  DispatchOptions,
  DispatchResult,
  Gateway,
  GatewayHealth,
  GatewayMetrics,
} from "./gateway-api.ts";
import { GatewayCounters } from "./gateway-counters.ts";
import { InFlight } from "./in-flight.ts";
import { Intake } from "./intake.ts";
import { Keys } from "./keys.ts";
import { LeaseKeeper } from "./lease-keeper.ts";
import { PendingAudit } from "./pending-audit.ts";
import { advance, crashed } from "./pipeline.ts";
import type { Ports, VerdictHandler } from "./ports.ts";
import { defaultSettings, type GatewaySettings } from "./settings.ts";
import { StateQueue } from "./state-queue.ts";
import { Sweep } from "./sweep.ts";

/** Where the rules in force come from: the engine of `@acteon/rules`, or a fixed set. */
export interface RuleSource {
  current(): RuleSet;
  /** @throws {RuleLoadError} The old rules stay. */
  reload(): Promise<{ readonly rules: number }>;
}

/** What a gateway is made of. It takes over state, providers and the audit writer, and disposes of them. */
export interface GatewayParts {
  readonly state: StateStore;
  readonly rules: RuleSource;
  readonly providers: ProviderRegistry;
  readonly executor: Executor;
  /** Absent: no audit trail. */
  readonly audit?: AuditWriter | undefined;
  /** Handlers of custom verdicts, by name. */
  readonly handlers?: ReadonlyMap<string, VerdictHandler>;
  readonly settings?: Partial<GatewaySettings>;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly onRecord?: Ports["onRecord"];
  /** A fault of ours, or of the store: for the log. Dispatches end with their own errors. */
  readonly onFault?: (error: Error) => void;
  readonly failpoint?: (name: Failpoint, execution: string) => void;
}

/** Opens a gateway on these parts and begins its recovery sweep. */
export function openGateway(parts: GatewayParts): Gateway {
  return new PipelineGateway(parts);
}

class PipelineGateway implements Gateway {
  readonly deadLetters: DeadLetters;
  readonly #parts: GatewayParts;
  readonly #ports: Ports;
  readonly #intake: Intake;
  readonly #sweep: Sweep;
  readonly #draining = new AbortController();
  #drained: Promise<void> | undefined;
  #disposed: Promise<void> | undefined;

  constructor(parts: GatewayParts) {
    const settings = { ...defaultSettings, ...parts.settings };
    const clock = parts.clock ?? systemClock;
    const onFault = parts.onFault ?? ((): void => undefined);
    const keys = new Keys();
    const queue = new StateQueue(parts.state, clock, settings, (subject, cause) => {
      if (subject instanceof Dispatch) crashed(subject, cause);
      else onFault(new InternalError("a state handler failed", { cause }));
    });
    this.#parts = parts;
    this.#ports = {
      clock,
      random: parts.random ?? systemRandom,
      settings,
      store: parts.state,
      queue,
      keys,
      door: new Door(settings.maxWaitersPerIdentity),
      leases: new LeaseKeeper(clock, queue, settings.leaseMs),
      rules: () => parts.rules.current(),
      handlers: parts.handlers ?? new Map(),
      providers: parts.providers,
      executor: parts.executor,
      audit: parts.audit,
      pendingAudit: new PendingAudit(queue, keys, settings.maxPendingAudit),
      counters: new GatewayCounters(),
      onRecord: parts.onRecord,
      draining: this.#draining.signal,
      failpoint: parts.failpoint,
      onFault,
      advance,
      inFlight: new InFlight(),
    };
    parts.audit?.onDurable(this.#ports.pendingAudit.durable);
    this.#intake = new Intake(this.#ports);
    const slice = () => this.#intake.slice({}, true);
    this.deadLetters = new StoredDeadLetters(this.#ports, slice);
    this.#sweep = new Sweep(this.#ports, slice);
    this.#sweep.start();
  }

  async dispatch(input: ActionInput, options: DispatchOptions = {}): Promise<ActionOutcome> {
    options.signal?.throwIfAborted();
    const action = createAction(withId(input, options.idempotencyKey), this.#ports);
    const [result] = await this.#accept([action], options, true);
    if (result === undefined) throw new InternalError("a dispatch ended without a result");
    if (result.kind === "refused") throw result.error;
    return result.outcome;
  }

  async dispatchBatch(
    inputs: readonly ActionInput[],
    options: DispatchOptions = {},
  ): Promise<readonly DispatchResult[]> {
    options.signal?.throwIfAborted();
    const actions: Action[] = [];
    const refusals = new Map<number, DispatchResult>();
    for (let i = 0; i < inputs.length; i++) {
      try {
        const key = options.idempotencyKey === undefined ? undefined : `${options.idempotencyKey}/${i}`;
        actions.push(createAction(withId(inputs[i] as ActionInput, key), this.#ports));
      } catch (error) {
        if (!(error instanceof ValidationError)) throw error;
        refusals.set(i, { kind: "refused", error });
      }
    }
    const results = await this.#accept(actions, options, false);
    if (refusals.size === 0) return results;
    let taken = 0;
    return inputs.map((_, i) => refusals.get(i) ?? (results[taken++] as DispatchResult));
  }

  dispatchActions(actions: readonly Action[], options: DispatchOptions = {}): Promise<readonly DispatchResult[]> {
    return this.#accept(actions, options, options.single ?? false);
  }

  async #accept(
    actions: readonly Action[],
    options: DispatchOptions,
    single: boolean,
  ): Promise<readonly DispatchResult[]> {
    const results = this.#intake.accept(actions, options, single);
    const { signal } = options;
    return signal === undefined ? results : unlessAborted(results, signal);
  }

  async healthCheck({
    signal = new AbortController().signal,
  }: { readonly signal?: AbortSignal } = {}): Promise<GatewayHealth> {
    const { providers, settings, inFlight, audit } = this.#ports;
    const reasons: string[] = [];
    if (this.#draining.signal.aborted) reasons.push("draining");
    if (inFlight.count >= settings.maxInFlight) reasons.push("overloaded");
    if (!(await this.#storeAnswers())) reasons.push("state backend unavailable");
    if (audit !== undefined && audit.stats.dropped > 0) reasons.push(`${audit.stats.dropped} audit records lost`);
    const fatal = reasons.filter((reason) => !reason.endsWith("lost"));
    return { ready: fatal.length === 0, reasons, providers: await providers.healthCheck({ signal }) };
  }

  metrics(): GatewayMetrics {
    const { audit, counters, executor, inFlight, providers, queue } = this.#ports;
    return {
      counters: { ...counters.snapshot(), storeCalls: queue.calls, storeGroups: queue.groups },
      inFlight: inFlight.count,
      queued: queue.size,
      audit: audit?.stats ?? { buffered: 0, dropped: 0, written: 0 },
      providers: Object.fromEntries(providers.names().map((name) => [name, executor.health.snapshot(name)])),
    };
  }

  reloadRules(): Promise<{ readonly rules: number }> {
    return this.#parts.rules.reload();
  }

  drain(): Promise<void> {
    return (this.#drained ??= this.#drain());
  }

  async #drain(): Promise<void> {
    const { clock, inFlight, settings, audit } = this.#ports;
    this.#draining.abort();
    const swept = this.#sweep.close();
    let cancel = (): void => undefined;
    const timeUp = new Promise<void>((resolve) => (cancel = clock.after(settings.drainMs, resolve)));
    await Promise.race([Promise.all([swept, inFlight.idle()]), timeUp]);
    cancel();
    await audit?.flush();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return (this.#disposed ??= this.#dispose());
  }

  async #dispose(): Promise<void> {
    await this.drain();
    const { audit, leases, providers, queue, store } = this.#ports;
    leases.close();
    await audit?.[Symbol.asyncDispose]();
    await queue.idle();
    queue.close();
    await providers[Symbol.asyncDispose]();
    await store[Symbol.asyncDispose]();
  }

  async #storeAnswers(): Promise<boolean> {
    try {
      await this.#ports.queue.send([{ op: "get", key: healthKey() }]);
      return true;
    } catch (error) {
      if (error instanceof StateUnavailableError) return false;
      throw error;
    }
  }
}

function healthKey() {
  return stateKey(stateScope("acteon" as Action["namespace"], undefined), "named_lock", "health");
}

/** A keyed call without an id has one that its repeat has too: a random one would make it another request. */
function withId(input: ActionInput, idempotencyKey: string | undefined): ActionInput {
  if (idempotencyKey === undefined || input.id !== undefined) return input;
  return { ...input, id: digest(idempotencyKey, "base32") };
}

/** The caller that leaves hears so at once; what is claimed goes on (guarantees O3). */
function unlessAborted<T>(results: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason as Error);
    signal.addEventListener("abort", leave, { once: true });
    void results.then((value) => {
      signal.removeEventListener("abort", leave);
      resolve(value);
    });
  });
}
