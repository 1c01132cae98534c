import type { Clock } from "@acteon/core";
import { StateUnavailableError } from "@acteon/core";
import type { BackendFinding, StateBackend, StateStore } from "@acteon/state";
import type { RemoteStoreConfig } from "../config/config.ts";
import type { Logger } from "../log/logger.ts";
import { backendSettings } from "./remote-backends.ts";
import { storeAddress } from "./store-address.ts";
import { StoreUnreachableError } from "./store-unreachable-error.ts";
import type { TimeLimit } from "./time-limit.ts";

export interface RemoteStorePorts {
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long a store is waited for. */
  readonly limit: TimeLimit;
  /** One of several processes says what is weaker than it could be. */
  readonly tellsWarnings: boolean;
}

const retryEveryMs = 250;
const tellEveryMs = 5_000;

/**
 * Opens a store on another machine. One that does not answer yet is asked again until the time is over, and the log says so.
 *
 * @throws {ConfigurationError} A setting is wrong. @throws {StoreUnreachableError} It did not answer in time, and why.
 */
export async function openRemoteStore(
  backend: StateBackend,
  config: RemoteStoreConfig,
  ports: RemoteStorePorts,
): Promise<StateStore> {
  const { clock, logger, limit } = ports;
  const { signal } = limit;
  const settings = backendSettings(config);
  const { warn, opened } = warningsToLog(config, ports);
  const startedAtMs = clock.monotonicMs();
  let toldAtMs = Number.NEGATIVE_INFINITY;
  let reason: StateUnavailableError | undefined;
  for (;;) {
    try {
      const store = await limit.opened(backend.open(settings, { clock, signal, warn }));
      opened();
      return store;
    } catch (error) {
      if (error instanceof StateUnavailableError) reason = error;
      else if (!signal.aborted) throw error;
    }
    const nowMs = clock.monotonicMs();
    if (!signal.aborted && nowMs - toldAtMs >= tellEveryMs) {
      toldAtMs = nowMs;
      logger.warn("store not reached yet; asked again", {
        backend: config.kind,
        address: storeAddress(config),
        reason: reason?.message,
        waitedMs: Math.round(nowMs - startedAtMs),
      });
    }
    await pause(clock, retryEveryMs, signal);
    if (signal.aborted) throw unreachableStore(config, clock.monotonicMs() - startedAtMs, reason);
  }
}

function unreachableStore(
  config: RemoteStoreConfig,
  waitedMs: number,
  reason: StateUnavailableError | undefined,
): StoreUnreachableError {
  const why = reason === undefined ? "" : `: ${reason.found}`;
  const found = `no ${config.kind} at ${storeAddress(config)} after ${Math.round(waitedMs)} ms${why}`;
  // A first attempt that was given up has nothing to say.
  const help =
    reason === undefined ? "see that it runs and that this is its address, or raise server.startup_ms" : reason.help;
  return new StoreUnreachableError(found, { help, cause: reason });
}

/** Each weakness once, however often the opening is tried; a store that is open tells what changed, and all of it is logged. */
function warningsToLog(
  config: RemoteStoreConfig,
  { logger, tellsWarnings }: RemoteStorePorts,
): { readonly warn: (finding: BackendFinding) => void; readonly opened: () => void } {
  let told: Set<string> | undefined = new Set();
  return {
    warn: ({ level, subject, found, help }) => {
      const finding = `${subject}: ${found}`;
      if (!tellsWarnings || told?.has(finding) === true) return;
      told?.add(finding);
      const fields = { backend: config.kind, subject, found, ...(help === undefined ? {} : { help }) };
      if (level === "ok") logger.info("store", fields);
      else logger.warn("store", fields);
    },
    opened: () => {
      told = undefined;
    },
  };
}

/** Resolves after the time, or when `signal` aborts or has aborted. */
function pause(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const cancel = clock.after(delayMs, end);
    signal.addEventListener("abort", end);
    function end(): void {
      cancel();
      signal.removeEventListener("abort", end);
      resolve();
    }
  });
}
