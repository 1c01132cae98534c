import { createAuditWriter, type AuditStore } from "@acteon/audit";
import { ConfigurationError, InternalError, systemClock, systemRandom, type Clock, type Random } from "@acteon/core";
import { createExecutor, type ExecutorPolicy } from "@acteon/executor";
import { ProviderRegistry, type Provider } from "@acteon/provider";
import { withSeparateLocks, type StateStore } from "@acteon/state";
import type { Gateway } from "./gateway-api.ts";
import { openGateway, type GatewayParts, type RuleSource } from "./gateway.ts";
import type { VerdictHandler } from "./ports.ts";
import type { GatewaySettings } from "./settings.ts";

/** The parts of a gateway as one options object. What is given is taken over: the gateway disposes of it. */
export interface GatewayOptions {
  readonly state: StateStore;
  /** Where locks are taken, if not in `state` (`[lock] backend`). */
  readonly locks?: StateStore | undefined;
  readonly rules: RuleSource;
  readonly providers: readonly Provider[];
  /** Where records go, which whoever opened it disposes of; absent: no audit trail. */
  readonly audit?: AuditStore | undefined;
  readonly handlers?: Readonly<Record<string, VerdictHandler>>;
  readonly settings?: Partial<GatewaySettings>;
  readonly executor?: Partial<ExecutorPolicy>;
  /** Records that wait for the audit store; past it they are lost and counted (guarantees G9). */
  readonly maxBufferedAudit?: number;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly onRecord?: GatewayParts["onRecord"];
  readonly onFault?: GatewayParts["onFault"];
  readonly failpoint?: GatewayParts["failpoint"];
}

/**
 * Puts the parts together.
 * @throws {ConfigurationError} Audit mode `required` over a store that may forget, or without a trail (guarantees G9).
 */
export function assembleGateway(options: GatewayOptions): Gateway {
  const { rules, settings, handlers = {}, clock = systemClock, random = systemRandom } = options;
  const state = options.locks === undefined ? options.state : withSeparateLocks(options.state, options.locks);
  if (settings?.auditMode === "required") {
    if (options.audit === undefined) throw new ConfigurationError("audit mode `required` needs an audit store");
    if (state.durability === "process" || state.durability === "lossy") {
      throw new ConfigurationError(
        `audit mode \`required\` needs state of class host or strong, not ${state.durability}`,
      );
    }
  }
  const registry = new ProviderRegistry();
  for (const provider of options.providers) registry.register(provider);
  const audit =
    options.audit === undefined
      ? undefined
      : createAuditWriter({
          store: options.audit,
          clock,
          ...(options.maxBufferedAudit === undefined ? {} : { maxBuffered: options.maxBufferedAudit }),
        });
  return openGateway({
    state,
    rules,
    providers: registry,
    executor: createExecutor({
      clock,
      random,
      ...(options.executor === undefined ? {} : { policy: options.executor }),
      onCrash: (provider, cause) => options.onFault?.(new InternalError(`provider ${provider} failed`, { cause })),
    }),
    audit,
    handlers: new Map(Object.entries(handlers)),
    clock,
    random,
    ...(settings === undefined ? {} : { settings }),
    onRecord: options.onRecord,
    ...(options.onFault === undefined ? {} : { onFault: options.onFault }),
    ...(options.failpoint === undefined ? {} : { failpoint: options.failpoint }),
  });
}

/** The same, piece by piece: `Acteon.builder().state(…).rules(…).provider(…).build()`. */
export class GatewayBuilder {
  #state: StateStore | undefined;
  #rules: RuleSource | undefined;
  #options: Partial<GatewayOptions> = {};
  readonly #providers: Provider[] = [];
  readonly #handlers: Record<string, VerdictHandler> = {};

  state(store: StateStore): this {
    this.#state = store;
    return this;
  }

  /** Where locks are taken, if not in the state store. */
  locks(store: StateStore): this {
    this.#options = { ...this.#options, locks: store };
    return this;
  }

  rules(source: RuleSource): this {
    this.#rules = source;
    return this;
  }

  provider(provider: Provider): this {
    this.#providers.push(provider);
    return this;
  }

  /** The handler of custom verdicts that name it. */
  handler(name: string, handler: VerdictHandler): this {
    this.#handlers[name] = handler;
    return this;
  }

  audit(store: AuditStore): this {
    this.#options = { ...this.#options, audit: store };
    return this;
  }

  settings(settings: Partial<GatewaySettings>): this {
    this.#options = { ...this.#options, settings };
    return this;
  }

  executor(policy: Partial<ExecutorPolicy>): this {
    this.#options = { ...this.#options, executor: policy };
    return this;
  }

  /** @throws {ConfigurationError} State or rules are missing. */
  build(): Promise<Gateway> {
    const state = this.#state;
    const rules = this.#rules;
    if (state === undefined || rules === undefined) {
      return Promise.reject(new ConfigurationError(`a gateway needs ${state === undefined ? "state" : "rules"}`));
    }
    const parts = { ...this.#options, state, rules, providers: this.#providers, handlers: this.#handlers };
    return Promise.resolve().then(() => assembleGateway(parts));
  }
}

export const Acteon = { builder: (): GatewayBuilder => new GatewayBuilder() } as const;
