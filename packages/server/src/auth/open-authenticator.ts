import { readFileSync, unwatchFile, watchFile } from "node:fs";
import type { Clock } from "@acteon/core";
import { ConfigurationError } from "@acteon/core";
import type { AuthConfig } from "../config/config.ts";
import type { Environment } from "../config/environment.ts";
import type { Logger } from "../log/logger.ts";
import { ApiKeyAuthenticator } from "./api-key-authenticator.ts";
import type { ParsedAuthFile } from "./auth-file.ts";
import { parseAuthFile } from "./auth-file.ts";
import type { Authenticator } from "./authenticator.ts";
import { openDoor } from "./authenticator.ts";
import { FailureLimiter } from "./failure-limiter.ts";

export interface AuthenticatorPorts {
  readonly environment: Environment;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** How often the file is looked at: an editor that renames, a mounted secret and a network share all show that way. */
const watchIntervalMs = 1_000;

/** @throws {ConfigurationError} The file cannot be read, or is wrong. */
export function openAuthenticator(
  config: AuthConfig,
  { environment, clock, logger }: AuthenticatorPorts,
): Authenticator {
  if (config.kind === "none") return openDoor;
  const { path, watch, maxFailuresPerMinute, maxTrackedFailures } = config;
  const limiter = new FailureLimiter({ maxPerMinute: maxFailuresPerMinute, maxTracked: maxTrackedFailures }, clock);
  const reread = (): void => {
    try {
      authenticator.replaceKeys(readKeys(path, environment, logger).keys);
      logger.info("API keys reread", { file: path });
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      const problems = error.diagnostics.map(({ summary, span }) => `${span.file}:${span.start.line}: ${summary}`);
      logger.error("API keys not reread; the old ones stay", { file: path, reason: error.message, problems });
    }
  };
  const authenticator = new ApiKeyAuthenticator(limiter, clock, () => unwatchFile(path, reread));
  authenticator.replaceKeys(readKeys(path, environment, logger).keys);
  if (watch) watchFile(path, { interval: watchIntervalMs, persistent: false }, reread);
  return authenticator;
}

function readKeys(path: string, environment: Environment, logger: Logger): ParsedAuthFile {
  const parsed = parseAuthFile(readText(path), path, environment);
  const errors = parsed.diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new ConfigurationError(`${path} cannot be used`, { diagnostics: errors });
  for (const { summary, span } of parsed.diagnostics) {
    logger.warn("API key", { file: span.file, line: span.start.line, problem: summary });
  }
  return parsed;
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new ConfigurationError(`${path} cannot be read, and auth.enabled is true`, { cause });
  }
}
