import { checkConfig } from "../config/load-config.ts";
import { openPinoLogger } from "../log/pino-logger.ts";
import type { LocalServer } from "../server.ts";
import { startServer } from "../server.ts";
import { startFailureOf } from "../start-failure.ts";
import { printLine } from "../wiring/print-line.ts";
import { SupervisedPeers } from "./supervised-peers.ts";
import type { FromWorker, ToWorker } from "./worker-protocol.ts";

/** One of the processes behind `server.workers`: does what the supervisor says, and ends with it. */
function main(): void {
  const send = (message: FromWorker): void => void process.send?.(message);
  let peers: SupervisedPeers | undefined;
  let server: Promise<LocalServer | undefined> | undefined;

  const stop = async (): Promise<void> => {
    const running = await server;
    await running?.stop();
    process.exit(running === undefined ? 1 : 0);
  };

  process.on("message", (message: ToWorker) => {
    switch (message.kind) {
      case "start":
        peers = new SupervisedPeers(message.index === 0, send);
        server = start(message, peers, send);
        break;
      case "stop":
        void stop();
        break;
      case "metricsWanted":
        void server?.then((running) => {
          if (running !== undefined) send({ kind: "metrics", id: message.id, metrics: running.metrics() });
        });
        break;
      case "rules":
      case "metrics":
        peers?.receive(message);
        break;
    }
  });
  // Without a supervisor nobody would ever stop this process.
  process.on("disconnect", () => void stop());
  process.on("SIGTERM", () => void stop());
  // The terminal's Ctrl-C reaches every process of the group; the supervisor's word is what counts.
  process.on("SIGINT", () => undefined);
}

async function start(
  { sources, port, index }: Extract<ToWorker, { kind: "start" }>,
  peers: SupervisedPeers,
  send: (message: FromWorker) => void,
): Promise<LocalServer | undefined> {
  try {
    const loaded = await checkConfig({ ...sources, environment: process.env });
    if (loaded.kind === "rejected") throw new TypeError("the supervisor has accepted this configuration");
    const { server: serverConfig } = loaded.config;
    const config = { ...loaded.config, server: { ...serverConfig, port: port ?? serverConfig.port } };
    const logger = await openPinoLogger({ level: config.observability.logLevel, base: { worker: index } });
    const server = await startServer({ config, environment: process.env, logger, print: printLine, peers });
    send({ kind: "listening", url: server.url, port: server.port });
    return server;
  } catch (error) {
    send({ kind: "failed", failure: startFailureOf(error) });
    return undefined;
  }
}

main();
