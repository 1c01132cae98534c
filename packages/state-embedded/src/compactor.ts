import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { Clock } from "@acteon/core";

export type CompactorRequest =
  | { readonly kind: "compact"; readonly generation: number; readonly nowMs: number }
  | { readonly kind: "reclaim"; readonly generation?: undefined; readonly nowMs: number };

export type CompactorReply =
  | { readonly kind: "compacted"; readonly generation: number }
  /** Another process is at it. */
  | { readonly kind: "busy" }
  | { readonly kind: "reclaimed" }
  | { readonly kind: "failed"; readonly reason: string };

/** How long after a failure, or after another process was found at it, it is tried again. */
const retryMs = 500;

/** A thread that has nothing to do is ended after so long: an idle store has none, and none of its memory. */
const idleMs = 5_000;

export interface CompactorPorts {
  readonly directory: string;
  readonly clock: Clock;
  onCompacted(generation: number): void;
  onReclaimed(): void;
}

/** Runs the compactor's thread when there is work for it. */
export class Compactor {
  readonly #ports: CompactorPorts;
  #worker: Worker | undefined;
  #isWorking = false;
  #isClosed = false;
  /** What is to be compacted and reclaimed. */
  #frozen: number | undefined;
  #reclaims = false;
  #cancelTimer: () => void = nothingToCancel;
  /** Why the last attempt failed; for the operator, should the journal fill up. */
  #failure: string | undefined;

  constructor(ports: CompactorPorts) {
    this.#ports = ports;
  }

  get failure(): string | undefined {
    return this.#failure;
  }

  compact(generation: number): void {
    if (this.#frozen === generation) return;
    this.#frozen = generation;
    this.#next();
  }

  /** Deletes what has expired. */
  reclaim(): void {
    this.#reclaims = true;
    this.#next();
  }

  /** Whatever is under way may be cut off: it is begun again by whoever comes next. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelTimer();
    await this.#worker?.terminate();
  }

  #next(): void {
    if (this.#isWorking || this.#isClosed) return;
    this.#cancelTimer();
    const nowMs = this.#ports.clock.nowMs();
    if (this.#frozen !== undefined) this.#ask({ kind: "compact", generation: this.#frozen, nowMs });
    else if (this.#reclaims) this.#ask({ kind: "reclaim", nowMs });
    else this.#cancelTimer = this.#ports.clock.after(idleMs, () => void this.#stop());
  }

  #ask(request: CompactorRequest): void {
    this.#isWorking = true;
    this.#worker ??= this.#start();
    this.#worker.postMessage(request);
  }

  #start(): Worker {
    // Beside this file, whether it runs as it was written or as it was built.
    const file = new URL(`./compactor-worker${extname(import.meta.url)}`, import.meta.url);
    const worker = new Worker(file, { workerData: this.#ports.directory });
    worker.unref();
    worker.on("message", (reply: CompactorReply) => this.#hear(reply));
    worker.on("error", (error) => {
      this.#worker = undefined;
      this.#hear({ kind: "failed", reason: error instanceof Error ? error.message : String(error) });
    });
    return worker;
  }

  #hear(reply: CompactorReply): void {
    if (this.#isClosed) return;
    this.#isWorking = false;
    this.#failure = reply.kind === "failed" ? reply.reason : undefined;
    if (reply.kind === "failed" || reply.kind === "busy") {
      this.#cancelTimer = this.#ports.clock.after(retryMs, () => this.#next());
      return;
    }
    if (reply.kind === "compacted") {
      if (this.#frozen === reply.generation) this.#frozen = undefined;
      this.#ports.onCompacted(reply.generation);
    } else {
      this.#reclaims = false;
      this.#ports.onReclaimed();
    }
    this.#next();
  }

  async #stop(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }
}

function nothingToCancel(): void {}
