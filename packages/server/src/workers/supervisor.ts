import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import type { Clock, Random } from "@acteon/core";
import { systemClock, systemRandom } from "@acteon/core";
import { backoffMs } from "@acteon/executor";
import type { Config } from "../config/config.ts";
import type { Logger } from "../log/logger.ts";
import { mergeMetrics } from "../metrics/merge-metrics.ts";
import type { ServerMetrics } from "../metrics/server-metrics.ts";
import type { RunningServer } from "../server.ts";
import { WorkerStartError } from "../start-failure.ts";
import type { FromWorker, ToWorker, WorkerSources } from "./worker-protocol.ts";

export interface SupervisorOptions {
  readonly config: Config;
  /** From which `config` was made, and of which each worker makes its own. */
  readonly sources: WorkerSources;
  readonly logger: Logger;
  readonly clock?: Clock;
  readonly random?: Random;
}

/** A worker that has lived this long is taken to be well: its next end is its first. */
const wellAfterMs = 60_000;
const restartBackoff = { baseMs: 200, capMs: 30_000 };
/** What a worker may take beyond its own drain before it is killed. */
const graceMs = 10_000;
/** How long the workers' metrics are waited for; who is busier is left out. */
const metricsWaitMs = 1_000;

/** One place for a worker: the process in it may be another after a crash. */
interface Slot {
  readonly index: number;
  child: ChildProcess | undefined;
  startedAtMs: number;
  /** Ends in a row soon after the start. */
  failures: number;
  cancelRestart: (() => void) | undefined;
}

/**
 * `server.workers` processes on one port. A worker that dies is started again, with backoff; the kernel sends its
 * connections to the others meanwhile.
 *
 * The first worker is started alone: it finds the port, and what it cannot open the others could not either.
 *
 * @throws {WorkerStartError} A worker did not start; the others are stopped. @throws {Error} Node's, when the address cannot
 * be listened on.
 */
export async function startWorkers(options: SupervisorOptions): Promise<RunningServer> {
  const supervisor = new Supervisor(options);
  try {
    await supervisor.start();
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
  return supervisor;
}

class Supervisor implements RunningServer {
  url = "";
  port = 0;
  readonly #options: SupervisorOptions;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #slots: readonly Slot[];
  readonly #questions = new Map<number, (metrics: ServerMetrics) => void>();
  #lastQuestion = 0;
  #stopping: Promise<void> | undefined;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? systemRandom;
    this.#slots = Array.from({ length: options.config.server.workers }, (_, index) => ({
      index,
      child: undefined,
      startedAtMs: 0,
      failures: 0,
      cancelRestart: undefined,
    }));
  }

  async start(): Promise<void> {
    await claimPort(this.#options.config.server);
    const [first, ...others] = this.#slots;
    if (first === undefined) throw new RangeError("no worker to start");
    const { url, port } = await this.#spawn(first);
    this.url = url;
    this.port = port;
    await Promise.all(others.map((slot) => this.#spawn(slot)));
    this.#options.logger.info("workers ready", { url, workers: this.#slots.length });
  }

  stop(): Promise<void> {
    return (this.#stopping ??= this.#stop());
  }

  async #stop(): Promise<void> {
    const { drainDelayMs, drainMs } = this.#options.config.server;
    await Promise.all(
      this.#slots.map(async ({ child, cancelRestart }) => {
        cancelRestart?.();
        if (child === undefined) return;
        const exited = new Promise((resolve) => child.once("exit", resolve));
        if (child.connected) child.send({ kind: "stop" } satisfies ToWorker);
        const cancel = this.#clock.after(drainDelayMs + drainMs + graceMs, () => child.kill("SIGKILL"));
        await exited;
        cancel();
      }),
    );
  }

  /** Resolves when the worker listens. */
  #spawn(slot: Slot): Promise<Extract<FromWorker, { kind: "listening" }>> {
    const child = fork(workerModule, { serialization: "advanced" });
    slot.child = child;
    slot.startedAtMs = this.#clock.monotonicMs();
    slot.cancelRestart = undefined;
    const listening = Promise.withResolvers<Extract<FromWorker, { kind: "listening" }>>();
    child.on("message", (message: FromWorker) => {
      if (message.kind === "listening") listening.resolve(message);
      else if (message.kind === "failed") {
        listening.reject(new WorkerStartError(message.failure));
        child.disconnect(); // and with that it ends
      } else this.#relay(slot, message);
    });
    child.on("error", (error) => listening.reject(error));
    child.once("exit", (code, signal) => {
      slot.child = undefined;
      listening.reject(
        new WorkerStartError({ exitCode: 1, message: `a worker ended (${signal ?? code})`, diagnostics: [] }),
      );
      if (this.#stopping === undefined && this.port !== 0) this.#restart(slot, code, signal);
    });
    const { sources } = this.#options;
    const port = this.port === 0 ? undefined : this.port;
    child.send({ kind: "start", sources, port, index: slot.index } satisfies ToWorker);
    return listening.promise;
  }

  #restart(slot: Slot, code: number | null, signal: NodeJS.Signals | null): void {
    const livedMs = this.#clock.monotonicMs() - slot.startedAtMs;
    slot.failures = livedMs >= wellAfterMs ? 0 : slot.failures + 1;
    const delayMs = backoffMs(slot.failures, restartBackoff, () => this.#random.next());
    this.#options.logger.error("worker died", {
      worker: slot.index,
      code,
      signal,
      livedMs: Math.round(livedMs),
      restartInMs: delayMs,
    });
    slot.cancelRestart = this.#clock.after(delayMs, () => {
      this.#spawn(slot).then(
        () => this.#options.logger.info("worker restarted", { worker: slot.index }),
        (error: unknown) => this.#options.logger.error("worker not restarted", { worker: slot.index, error }),
      );
    });
  }

  #relay(from: Slot, message: Exclude<FromWorker, { kind: "listening" | "failed" }>): void {
    switch (message.kind) {
      case "rules":
        for (const slot of this.#slots) {
          if (slot !== from) send(slot, { kind: "rules", message: message.message });
        }
        break;
      case "metrics":
        this.#questions.get(message.id)?.(message.metrics);
        break;
      case "metricsWanted":
        this.#allMetrics().then(
          (metrics) => send(from, { kind: "metrics", id: message.id, metrics }),
          (error: unknown) => this.#options.logger.error("metrics not gathered", { error }),
        );
        break;
    }
  }

  async #allMetrics(): Promise<ServerMetrics> {
    const answers = await Promise.all(this.#slots.map((slot) => this.#metricsOf(slot)));
    return mergeMetrics(answers.filter((metrics) => metrics !== undefined));
  }

  #metricsOf(slot: Slot): Promise<ServerMetrics | undefined> {
    const id = ++this.#lastQuestion;
    const { promise, resolve } = Promise.withResolvers<ServerMetrics | undefined>();
    const cancel = this.#clock.after(metricsWaitMs, () => resolve(undefined));
    this.#questions.set(id, resolve);
    if (!send(slot, { kind: "metricsWanted", id })) resolve(undefined);
    return promise.finally(() => {
      cancel();
      this.#questions.delete(id);
    });
  }
}

/**
 * Workers may share a port with anybody who shares it too, so another server on it would not be noticed: a listener that
 * shares with nobody is.
 * @throws {Error} Node's, when the address cannot be listened on.
 */
async function claimPort({ host, port }: Config["server"]): Promise<void> {
  const probe = createServer();
  const listening = once(probe, "listening");
  probe.listen({ host, port, exclusive: true });
  await listening;
  probe.close();
  await once(probe, "close");
}

/** False: there is nobody to hear it. */
function send({ child }: Slot, message: ToWorker): boolean {
  return child?.connected === true && child.send(message);
}

/** The file beside this one: as TypeScript in the workspace, as JavaScript where it is published. */
const workerModule = new URL(
  import.meta.url.endsWith(".ts") ? "./worker-main.ts" : "./worker-main.js",
  import.meta.url,
);
