import path from "node:path";
import type { Clock } from "@acteon/core";
import type { RuleSource } from "@acteon/gateway";
import { RuleEngine, RuleLoadError } from "@acteon/rules";
import type { LoadResult, RuleSet, RuleSummary } from "@acteon/rules";
import type { RulesConfig } from "../config/config.ts";
import type { Peers, RulesMessage } from "../workers/peers.ts";
import { RequestError } from "../http/request-error.ts";
import type { Logger } from "../log/logger.ts";
import type { RulesPort } from "../routes/rules-port.ts";
import { loadFrontEnds } from "./rule-languages.ts";

export interface HotRulesPorts {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Those that are configured: a reroute to another one is a warning. */
  readonly providers: ReadonlySet<string>;
  readonly peers: Peers;
}

/** The rules of a directory. What an operator changes through one process, the others that share its port change too. */
export class HotRules implements RulesPort, RuleSource, AsyncDisposable {
  readonly engine: RuleEngine;
  readonly #directory: string | undefined;
  readonly #peers: Peers;

  private constructor(engine: RuleEngine, directory: string | undefined, { logger, peers }: HotRulesPorts) {
    this.engine = engine;
    this.#directory = directory;
    this.#peers = peers;
    peers.onMessage((message) => {
      this.#follow(message).catch((error: unknown) => logger.error("rules not reloaded; the old ones stay", { error }));
    });
  }

  /** @throws {RuleLoadError} The rules have errors, or the directory cannot be read. */
  static async open({ directory, defaultTimezone }: RulesConfig, ports: HotRulesPorts): Promise<HotRules> {
    const { clock, providers } = ports;
    const frontEnds = directory === undefined ? [] : await loadFrontEnds();
    const engine = new RuleEngine({ frontEnds, defaultTimezone, providers, clock });
    if (directory !== undefined) installed(await engine.loadDirectory(directory));
    return new HotRules(engine, directory, ports);
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
    installed(await this.engine.loadDirectory(directory));
    this.#peers.announce({ kind: "reload", directory });
    return { rules: this.engine.current().size, directory };
  }

  setEnabled(rule: string, enabled: boolean): boolean {
    if (!this.#toggle(rule, enabled)) return false;
    this.#peers.announce({ kind: "setEnabled", rule, enabled });
    return true;
  }

  async [Symbol.asyncDispose](): Promise<void> {}

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

function installed(result: LoadResult): void {
  if (result.kind === "rejected") throw new RuleLoadError(result.diagnostics);
}

function isWithin(directory: string, root: string): boolean {
  const relative = path.relative(root, directory);
  return relative === "" || (!relative.startsWith("..") && !path.isAbsolute(relative));
}
