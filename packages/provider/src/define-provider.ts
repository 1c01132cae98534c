import { pointerTo, ValidationError } from "@acteon/core";
import type { Action, Clock, ErrorCode, Problem, Random } from "@acteon/core";
import type { z } from "zod";
import type { Http } from "./http/http.ts";
import type { Attempt, Provider, ProviderHealth, ProviderResult } from "./provider.ts";

/** What a provider may use of the world. */
export interface ProviderPorts {
  /** The configured name. */
  readonly name: string;
  readonly http: Http;
  readonly clock: Clock;
  readonly random: Random;
  /** Takes one line of text, without its end, for whoever watches the terminal. */
  readonly print: (line: string) => void;
}

/** What a provider does; the rest of `Provider` has defaults. */
export interface ProviderBehaviour {
  execute(action: Action, attempt: Attempt): ProviderResult | Promise<ProviderResult>;
  /** Default: healthy. */
  healthCheck?(options: { readonly signal: AbortSignal }): Promise<ProviderHealth>;
  /** Default: none. */
  readonly dedup?: Provider["dedup"];
  /** Default: `retry` (guarantees G4). */
  readonly onAmbiguous?: Provider["onAmbiguous"];
  close?(): Promise<void>;
}

export interface ProviderDefinition<Config> {
  /** The `type` of the configuration. */
  readonly type: string;
  /** Takes what the configuration file holds under the provider, without `type`; keys as they are written there. */
  readonly config: z.ZodType<Config>;
  readonly create: (config: Config, ports: ProviderPorts) => ProviderBehaviour;
}

/** A type of provider, ready to be configured any number of times. */
export interface ProviderType {
  readonly type: string;
  /** @throws {ValidationError} Every problem of the configuration, by JSON pointer; without any value. */
  open(config: unknown, ports: ProviderPorts): Provider;
}

/** The one way to make a provider: its configuration's schema, and what it does. */
export function defineProvider<Config>({ type, config: schema, create }: ProviderDefinition<Config>): ProviderType {
  return {
    type,
    open(config, ports) {
      const parsed = schema.safeParse(config);
      if (!parsed.success) throw new ValidationError(problems(parsed.error.issues));
      return new ConfiguredProvider(ports.name, create(parsed.data, ports));
    },
  };
}

class ConfiguredProvider implements Provider {
  readonly name: string;
  readonly dedup: Provider["dedup"];
  readonly onAmbiguous: Provider["onAmbiguous"];
  readonly #behaviour: ProviderBehaviour;

  constructor(name: string, behaviour: ProviderBehaviour) {
    this.name = name;
    this.dedup = behaviour.dedup ?? { kind: "none" };
    this.onAmbiguous = behaviour.onAmbiguous ?? "retry";
    this.#behaviour = behaviour;
  }

  execute(action: Action, attempt: Attempt): ProviderResult | Promise<ProviderResult> {
    return this.#behaviour.execute(action, attempt);
  }

  async healthCheck(options: { readonly signal: AbortSignal }): Promise<ProviderHealth> {
    return (await this.#behaviour.healthCheck?.(options)) ?? { kind: "healthy" };
  }

  async close(): Promise<void> {
    await this.#behaviour.close?.();
  }
}

function problems(issues: readonly z.core.$ZodIssue[]): [Problem, ...Problem[]] {
  const [first, ...rest] = issues.flatMap(problemsOf);
  if (first === undefined) throw new TypeError("a failed parse without an issue");
  return [first, ...rest];
}

function problemsOf(issue: z.core.$ZodIssue): readonly Problem[] {
  const pointer = issue.path.reduce<string>((parent, key) => pointerTo(parent, String(key)), "");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      pointer: pointerTo(pointer, key),
      code: "invalid_configuration",
      message: `unknown key ${JSON.stringify(key)}`,
    }));
  }
  return [{ pointer, code: codeOf(issue), message: issue.message }];
}

/** The code that one of our own checks gave its issue (`refuse`), or the general one. */
function codeOf(issue: z.core.$ZodIssue): ErrorCode {
  return issue.code === "custom" && issue.params !== undefined && "code" in issue.params
    ? (issue.params["code"] as ErrorCode)
    : "invalid_configuration";
}
