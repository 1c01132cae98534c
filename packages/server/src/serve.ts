import type { LoadedConfig } from "./config/load-config.ts";
import type { RunningServer, ServerOptions } from "./server.ts";
import { startServer } from "./server.ts";
import { startWorkers } from "./workers/supervisor.ts";

export interface ServeOptions extends Omit<ServerOptions, "config" | "peers"> {
  readonly loaded: Extract<LoadedConfig, { kind: "loaded" }>;
}

/**
 * Starts what the configuration asks for: this process alone, or `server.workers` of them. Workers print and log for
 * themselves; `onRecord` and `onRules` hear of this process only.
 *
 * @throws As `startServer` and `startWorkers`; `startFailureOf` tells what to print and how to exit.
 */
export function serve({ loaded, ...options }: ServeOptions): Promise<RunningServer> {
  const { config, sources } = loaded;
  if (config.server.workers === 1) return startServer({ config, ...options });
  return startWorkers({ config, sources, ...options });
}
