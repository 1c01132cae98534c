import type { AuditStore } from "@acteon/audit";
import type { Clock, Random } from "@acteon/core";
import { systemClock, systemRandom } from "@acteon/core";
import type { ExecutorPolicy } from "@acteon/executor";
import type { Gateway, GatewaySettings, RuleSource, VerdictHandler } from "@acteon/gateway";
import { assembleGateway } from "@acteon/gateway";
import type { Provider, ProviderBehaviour, ProviderType } from "@acteon/provider";
import type { StateStore } from "@acteon/state";
import { openMemoryState } from "@acteon/state-memory";
import { openProviders } from "./open-providers.ts";
import { openRules } from "./open-rules.ts";
import type { RuleInput } from "./open-rules.ts";

export interface CreateGatewayOptions {
  /**
   * A folder or file of rules, rules made in code, or several of both; or rules that are open already. Unless given, every
   * action is executed as it is.
   */
  readonly rules?: string | readonly RuleInput[] | RuleSource;
  /** Files, JSON or YAML, with what the rules of files read as `data.…`, each by its name. */
  readonly data?: readonly string[];
  /** By name, or open already. */
  readonly providers: Readonly<Record<string, ProviderInput>> | readonly Provider[];
  /** In memory unless given; the gateway disposes of it. */
  readonly state?: StateStore;
  /** No audit trail unless given; whoever opened it disposes of it. */
  readonly audit?: AuditStore;
  /** Of custom verdicts, by the name that they call. */
  readonly handlers?: Readonly<Record<string, VerdictHandler>>;
  readonly settings?: Partial<GatewaySettings>;
  readonly executor?: Partial<ExecutorPolicy>;
  /** Takes the lines of `console` providers; standard output unless given. */
  readonly print?: (line: string) => void;
  readonly clock?: Clock;
  readonly random?: Random;
}

/** A provider by what it does, or of a type that is there, with its configuration as the file spells it. */
export type ProviderInput = ProviderBehaviour | { readonly type: ProviderType; readonly config?: unknown };

/**
 * A gateway in this process, with what is not said filled in.
 *
 * @example
 * await using gateway = await createGateway({ rules: "./rules", providers: { pager: { execute: page } } });
 * const outcome = await gateway.dispatch({ namespace: "ops", tenant: "shop", provider: "pager", actionType: "page", payload });
 * @throws {RuleLoadError} The rules have errors. @throws {ValidationError} A provider's configuration is wrong.
 * @throws {ConfigurationError} What is asked for does not go together.
 */
export async function createGateway(options: CreateGatewayOptions): Promise<Gateway> {
  const { rules = [], data = [], providers, audit, handlers, settings, executor, print = printLine } = options;
  const { clock = systemClock, random = systemRandom } = options;
  const open = openProviders(providers, { clock, random, print });
  const names = new Set(open.map(({ name }) => name));
  return assembleGateway({
    rules: isRuleSource(rules) ? rules : await openRules(rules, { clock, providers: names, data }),
    providers: open,
    state: options.state ?? openMemoryState({ clock }),
    audit,
    clock,
    random,
    ...(handlers === undefined ? {} : { handlers }),
    ...(settings === undefined ? {} : { settings }),
    ...(executor === undefined ? {} : { executor }),
  });
}

function isRuleSource(rules: NonNullable<CreateGatewayOptions["rules"]>): rules is RuleSource {
  return typeof rules === "object" && "current" in rules;
}

function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}
