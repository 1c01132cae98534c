import { stat } from "node:fs/promises";
import path from "node:path";
import type { Action, Clock, Diagnostic } from "@acteon/core";
import type { RuleSource } from "@acteon/gateway";
import { describeChange, RuleEngine, RuleLoadError, watchRules } from "@acteon/rules";
import type {
  ExplainOptions,
  Explanation,
  GatedStatePort,
  LoadResult,
  RuleChange,
  RuleEnvironment,
  RuleSet,
  RuleSummary,
} from "@acteon/rules";
import type { RulesConfig } from "../config/config.ts";
import { RequestError } from "../http/request-error.ts";
import type { Logger } from "../log/logger.ts";
import type { RulesPort } from "../routes/rules-port.ts";
import type { Peers, RulesMessage } from "../workers/peers.ts";
import { languagesOver } from "./rule-languages.ts";

export interface HotRulesPorts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly peers: Peers;
  /** Those that are configured: a reroute to another one is a warning. */
  readonly providers: ReadonlySet<string>;
  readonly onRules: ((event: RulesEvent) => void) | undefined;
}

/** What became of rules that changed on disk; the diagnostics of a load are warnings. */
export type RulesEvent =
  | { readonly kind: "loaded"; readonly change: RuleChange; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: "rejected"; readonly diagnostics: readonly Diagnostic[] };

/**
 * The rules of a directory, in force as they stand there. What an operator changes through one process, the others that
 * share its port change too; what changes on disk, each sees by itself.
 */
export class HotRules implements RulesPort, RuleSource, AsyncDisposable {
  readonly engine: RuleEngine;
  readonly timezone: string;
  readonly #directory: string | undefined;
  readonly #ports: HotRulesPorts;
  readonly #closing = new AbortController();
  readonly #watching: Promise<void>;

  private constructor(engine: RuleEngine, { directory, defaultTimezone, watch }: RulesConfig, ports: HotRulesPorts) {
    this.engine = engine;
    this.timezone = defaultTimezone;
    this.#directory = directory;
    this.#ports = ports;
    this.#watching = directory !== undefined && watch ? this.#watch(directory) : Promise.resolve();
    ports.peers.onMessage((message) => {
      this.#follow(message).catch((error: unknown) =>
        ports.logger.error("rules not reloaded; the old ones stay", { error }),
      );
    });
  }

  /** @throws {RuleLoadError} The rules have errors, or the directory cannot be read. */
  static async open(config: RulesConfig, ports: HotRulesPorts): Promise<HotRules> {
    const { directory, data, defaultTimezone } = config;
    const { clock, providers } = ports;
    const engine = new RuleEngine({ ...languagesOver(data), defaultTimezone, providers, clock });
    if (directory !== undefined) {
      const { change, diagnostics } = installed(await engine.loadDirectory(directory));
      tellLoaded(ports, change, diagnostics);
    }
    return new HotRules(engine, config, ports);
  }

  current(): RuleSet {
    return this.engine.current();
  }

  list(): readonly RuleSummary[] {
    return this.engine.listRules();
  }

  async reload(directory: string | undefined = this.#directory): Promise<Reloaded> {
    if (this.#directory === undefined || directory === undefined) {
      throw new RequestError("bad_request", "rules.directory is not configured");
    }
    if (!isWithin(directory, this.#directory)) {
      throw new RequestError("bad_request", "the directory is not that of the rules, nor below it");
    }
    if (!(await isDirectory(directory))) throw new RequestError("bad_request", "there is no such directory");
    installed(await this.engine.loadDirectory(directory));
    this.#ports.peers.announce({ kind: "reload", directory });
    return { rules: this.engine.current().size, directory };
  }

  setEnabled(rule: string, enabled: boolean): boolean {
    if (!this.#toggle(rule, enabled)) return false;
    this.#ports.peers.announce({ kind: "setEnabled", rule, enabled });
    return true;
  }

  explain(
    action: Action,
    state: GatedStatePort,
    environment: RuleEnvironment,
    options: ExplainOptions,
  ): Promise<Explanation> {
    return this.engine.explain(action, state, environment, options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#watching;
  }

  async #watch(directory: string): Promise<void> {
    const { clock, logger, onRules } = this.#ports;
    try {
      await watchRules(this.engine, directory, {
        clock,
        signal: this.#closing.signal,
        onLoaded: (change, diagnostics) => tellLoaded(this.#ports, change, diagnostics),
        onRejected: (diagnostics) => {
          const problems = diagnostics.map(({ summary, span }) => `${span.file}:${span.start.line}: ${summary}`);
          logger.error("rules rejected; the old ones stay", { problems });
          onRules?.({ kind: "rejected", diagnostics });
        },
      });
    } catch (error) {
      logger.error("rules are not watched any more", { error });
    }
  }

  async #follow(message: RulesMessage): Promise<void> {
    if (message.kind === "setEnabled") this.#toggle(message.rule, message.enabled);
    else installed(await this.engine.loadDirectory(message.directory));
  }

  #toggle(rule: string, enabled: boolean): boolean {
    return enabled ? this.engine.enableRule(rule) : this.engine.disableRule(rule);
  }
}

interface Reloaded {
  readonly rules: number;
  readonly directory: string;
}

function tellLoaded({ logger, onRules }: HotRulesPorts, change: RuleChange, diagnostics: readonly Diagnostic[]): void {
  logger.info("rules loaded", { rules: describeChange(change) });
  for (const { summary, span } of diagnostics) {
    logger.warn("rule", { file: span.file, line: span.start.line, problem: summary });
  }
  onRules?.({ kind: "loaded", change, diagnostics });
}

function installed(result: LoadResult): Extract<LoadResult, { kind: "loaded" }> {
  if (result.kind === "rejected") throw new RuleLoadError(result.diagnostics);
  return result;
}

async function isDirectory(directory: string): Promise<boolean> {
  try {
    return (await stat(directory)).isDirectory();
  } catch {
    return false;
  }
}

function isWithin(directory: string, root: string): boolean {
  const relative = path.relative(root, directory);
  return relative === "" || (!relative.startsWith("..") && !path.isAbsolute(relative));
}
