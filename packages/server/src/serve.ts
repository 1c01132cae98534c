import type { LoadedConfig } from "./config/load-config.ts";
import type { RunningServer, ServerOptions } from "./server.ts";

export interface ServeOptions extends Omit<ServerOptions, "config" | "peers"> {
  readonly loaded: Extract<LoadedConfig, { kind: "loaded" }>;
}

/**
 * Starts what the configuration asks for: this process alone, or `server.workers` of them. Workers print and log for
 * themselves; `onRecord` and `onRules` hear of this process only.
 *
 * @throws As `startServer` and `startWorkers`; `startFailureOf` tells what to print and how to exit.
 */
export async function serve({ loaded, ...options }: ServeOptions): Promise<RunningServer> {
  const { config, sources } = loaded;
  if (config.server.workers === 1) {
    const { startServer } = await import("./server.ts");
    return startServer({ config, ...options });
  }
  const { startWorkers } = await import("./workers/supervisor.ts");
  return startWorkers({ config, sources, ...options });
}
