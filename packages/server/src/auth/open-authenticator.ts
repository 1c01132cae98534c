import { readFile, stat } from "node:fs/promises";
import type { Clock } from "@acteon/core";
import { ConfigurationError, whyUnreadable } from "@acteon/core";
import type { AuthConfig } from "../config/config.ts";
import type { Environment } from "../config/environment.ts";
import type { Logger } from "../log/logger.ts";
import { ApiKeyAuthenticator } from "./api-key-authenticator.ts";
import type { ApiKeyEntry } from "./auth-file.ts";
import { parseAuthFile } from "./auth-file.ts";
import type { Authenticator } from "./authenticator.ts";
import { openDoor } from "./authenticator.ts";
import { FailureLimiter } from "./failure-limiter.ts";

export interface AuthenticatorPorts {
  readonly environment: Environment;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** @throws {ConfigurationError} The file of keys cannot be read, or is wrong. */
export async function openAuthenticator(config: AuthConfig, ports: AuthenticatorPorts): Promise<Authenticator> {
  if (config.kind === "none") return openDoor;
  const { path, watch, maxFailuresPerMinute, maxTrackedFailures } = config;
  const { clock } = ports;
  const limiter = new FailureLimiter({ maxPerMinute: maxFailuresPerMinute, maxTracked: maxTrackedFailures }, clock);
  const file = new AuthFile(path, ports);
  const authenticator = new ApiKeyAuthenticator(limiter, clock, () => file[Symbol.dispose]());
  authenticator.replaceKeys(await file.read());
  if (watch) file.follow((keys) => authenticator.replaceKeys(keys));
  return authenticator;
}

/** How often the file is looked at: so an editor that renames, a mounted secret and a network share all show. */
const lookEveryMs = 1_000;

/** `auth.toml`, as it was when it was last read. */
class AuthFile implements Disposable {
  readonly #path: string;
  readonly #ports: AuthenticatorPorts;
  #stamp: string | undefined;
  #cancelLook: (() => void) | undefined;
  #disposed = false;

  constructor(path: string, ports: AuthenticatorPorts) {
    this.#path = path;
    this.#ports = ports;
  }

  /** @throws {ConfigurationError} It cannot be read, or is wrong. */
  async read(): Promise<readonly ApiKeyEntry[]> {
    const { environment, logger } = this.#ports;
    // Before the reading: what changes from here on shows as another stamp at the next look.
    this.#stamp = await stampOf(this.#path);
    const { keys, diagnostics } = parseAuthFile(await textOf(this.#path), this.#path, environment);
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    if (errors.length > 0) throw new ConfigurationError(`${this.#path} cannot be used`, { diagnostics: errors });
    for (const { summary, span } of diagnostics) {
      logger.warn("API key", { file: span.file, line: span.start.line, problem: summary });
    }
    return keys;
  }

  /** Hands over the keys each time they change; while the file is wrong, the old ones stay. */
  follow(onKeys: (keys: readonly ApiKeyEntry[]) => void): void {
    if (this.#disposed) return;
    this.#cancelLook = this.#ports.clock.after(lookEveryMs, () => {
      this.#look(onKeys).then(
        () => this.follow(onKeys),
        (error: unknown) => this.#ports.logger.error("API keys are not reread any more", { error }),
      );
    });
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#cancelLook?.();
  }

  async #look(onKeys: (keys: readonly ApiKeyEntry[]) => void): Promise<void> {
    if ((await stampOf(this.#path)) === this.#stamp) return;
    const { logger } = this.#ports;
    try {
      onKeys(await this.read());
      logger.info("API keys reread", { file: this.#path });
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      const problems = error.diagnostics.map(({ summary, span }) => `${span.file}:${span.start.line}: ${summary}`);
      logger.error("API keys not reread; the old ones stay", { reason: error.message, problems });
    }
  }
}

/** What tells one state of the file from another; `undefined` while it cannot be seen. */
async function stampOf(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found === undefined ? undefined : `${found.ino} ${found.size} ${found.mtimeMs} ${found.ctimeMs}`;
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new ConfigurationError(`auth.enabled is true, and ${path} cannot be read: ${whyUnreadable(cause)}`, {
      cause,
    });
  }
}
