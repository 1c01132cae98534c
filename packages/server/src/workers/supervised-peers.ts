import type { ServerMetrics } from "../metrics/server-metrics.ts";
import type { Peers, RulesMessage } from "./peers.ts";
import type { FromWorker, ToWorker } from "./worker-protocol.ts";

/** How long the metrics of the others are waited for; then one's own stand alone. */
const metricsWaitMs = 2_000;

/** The other workers, reached through the supervisor. */
export class SupervisedPeers implements Peers {
  readonly first: boolean;
  readonly #send: (message: FromWorker) => void;
  readonly #listeners: ((message: RulesMessage) => void)[] = [];
  readonly #waiting = new Map<number, (metrics: ServerMetrics) => void>();
  #lastId = 0;

  constructor(first: boolean, send: (message: FromWorker) => void) {
    this.first = first;
    this.#send = send;
  }

  announce(message: RulesMessage): void {
    this.#send({ kind: "rules", message });
  }

  onMessage(listener: (message: RulesMessage) => void): void {
    this.#listeners.push(listener);
  }

  metrics(own: ServerMetrics): Promise<ServerMetrics> {
    const id = ++this.#lastId;
    const { promise, resolve } = Promise.withResolvers<ServerMetrics>();
    const timer = setTimeout(() => resolve(own), metricsWaitMs);
    this.#waiting.set(id, resolve);
    this.#send({ kind: "metricsWanted", id });
    return promise.finally(() => {
      clearTimeout(timer);
      this.#waiting.delete(id);
    });
  }

  /** What the supervisor says of the others. */
  receive(message: Extract<ToWorker, { kind: "rules" | "metrics" }>): void {
    if (message.kind === "metrics") this.#waiting.get(message.id)?.(message.metrics);
    else for (const listener of this.#listeners) listener(message.message);
  }
}
