import { dirname } from "node:path";
import { ConfigurationError } from "@acteon/core";
import type { Clock, Random } from "@acteon/core";
import { RuleEngine } from "@acteon/rules";
import type { BackendFinding } from "@acteon/state";
import { isLoopbackHost } from "../auth/loopback.ts";
import { openAuthenticator } from "../auth/open-authenticator.ts";
import type { Config, RulesConfig } from "../config/config.ts";
import type { Environment } from "../config/environment.ts";
import type { LoadedConfig } from "../config/load-config.ts";
import { silentLogger } from "../log/logger.ts";
import { openProviders } from "../wiring/providers.ts";
import { languagesOver } from "../wiring/rule-languages.ts";
import { TimeLimit } from "../wiring/time-limit.ts";
import { folderFinding } from "./folder-finding.ts";

export interface GatewayPorts {
  readonly environment: Environment;
  readonly clock: Clock;
  readonly random: Random;
}

/** Of a configuration that was accepted. */
export function configurationFinding({ config, sources }: Extract<LoadedConfig, { kind: "loaded" }>): BackendFinding {
  const origins = [...config.origins.values()];
  const count = (kind: "file" | "environment"): number => origins.filter((origin) => origin.kind === kind).length;
  const set = `${count("file")} keys from the file, ${count("environment")} from the environment`;
  return {
    level: "ok",
    subject: sources.file,
    found:
      sources.text === ""
        ? `no file, or an empty one: defaults, ${count("environment")} keys from the environment`
        : set,
  };
}

export async function authenticationFinding(
  { auth, server }: Config,
  { environment, clock }: GatewayPorts,
): Promise<BackendFinding> {
  const subject = "who may call";
  if (auth.kind === "none") {
    if (isLoopbackHost(server.host)) return { level: "ok", subject, found: `anybody on this machine (${server.host})` };
    return {
      level: "warning",
      subject,
      found: `anybody who reaches ${server.host}, without authentication`,
      help: "set auth.enabled = true and add a key to auth.toml (acteon keys create)",
    };
  }
  try {
    using _door = await openAuthenticator({ ...auth, watch: false }, { environment, clock, logger: silentLogger });
    return { level: "ok", subject, found: `holders of a key of ${auth.path}` };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const [first] = error.diagnostics;
    const found = first === undefined ? error.message : `${auth.path}:${first.span.start.line}: ${first.summary}`;
    return { level: "failure", subject, found, help: first?.help ?? "acteon keys create makes a key and its entry" };
  }
}

export async function* ruleFindings(
  { directory, data, defaultTimezone }: RulesConfig,
  providers: ReadonlySet<string>,
  { clock }: GatewayPorts,
): AsyncGenerator<BackendFinding> {
  if (directory === undefined) {
    const help = "set rules.directory";
    yield { level: "warning", subject: "rules", found: "none: every action is executed as it is", help };
    return;
  }
  const engine = new RuleEngine({ ...languagesOver(data), defaultTimezone, providers, clock });
  const { kind, diagnostics } = await engine.loadDirectory(directory);
  for (const { severity, span, summary, help } of diagnostics) {
    yield {
      level: severity === "error" ? "failure" : "warning",
      subject: "rules",
      found: `${span.file}:${span.start.line}: ${summary}`,
      help: help ?? `acteon rules lint ${directory}`,
    };
  }
  if (kind === "loaded") {
    yield { level: "ok", subject: "rules", found: `${engine.current().size} in force from ${directory}` };
  }
}

/** A provider that is slower than this is not well. */
const providerCheckMs = 10_000;

/** Each is asked how it is; what they are for is not done. */
export async function* providerFindings(
  { providers, outbound, server }: Config,
  { clock, random }: GatewayPorts,
): AsyncGenerator<BackendFinding> {
  if (providers.length === 0) {
    const help = "add [providers.console], or another one";
    yield { level: "warning", subject: "providers", found: "none: every action ends as Failed", help };
    return;
  }
  using limit = new TimeLimit(clock, Math.min(providerCheckMs, server.startupMs));
  await using registry = await openProviders(providers, { outbound, clock, random, print: () => undefined });
  for (const [name, health] of Object.entries(await registry.healthCheck(limit))) {
    yield health.kind === "healthy"
      ? { level: "ok", subject: name, found: "healthy" }
      : {
          level: "warning",
          subject: name,
          found: health.reason,
          help: "until it answers, its actions are tried again and then become dead letters",
        };
  }
}

export async function* auditFindings({ audit }: Config): AsyncGenerator<BackendFinding> {
  switch (audit.kind) {
    case "off":
      yield { level: "warning", subject: "trail", found: "none is kept", help: "set audit.enabled = true" };
      return;
    case "memory":
      yield {
        level: "warning",
        subject: "trail",
        found: "kept in this process, and forgotten at exit",
        help: 'set audit.backend = "sqlite"',
      };
      return;
    case "sqlite":
      yield { level: "ok", subject: "trail", found: `sqlite at ${audit.path}, of this machine, ${audit.mode}` };
      yield await folderFinding(dirname(audit.path));
  }
}
