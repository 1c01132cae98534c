import { parentPort, workerData } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";
import { ActeonError, collectGarbage } from "@acteon/core";
import { Trail } from "./trail.ts";
import type { TrailLocation } from "./trail-database.ts";
import type { WorkerAnswers, WorkerMessage, WorkerReply, WorkerRequest } from "./worker-protocol.ts";

type Answer = WorkerAnswers[WorkerRequest["kind"]];

interface Job {
  readonly call: number;
  readonly work: Iterator<undefined, Answer>;
}

/** How long reading goes on before what came meanwhile gets its turn. */
const sliceMs = 5;

/** What the start of the thread leaves behind, 4 MB, is given back so long after it. */
const tidyMs = 1_000;

/**
 * The thread that owns the database. Appends are carried out as they come; long work (a search, retention) in slices
 * between them, one after another; merging when there is nothing else.
 */
class TrailWorker {
  readonly #port: MessagePort;
  readonly #trail: Trail;
  readonly #jobs: Job[] = [];
  #turnAsked = false;
  #closing = false;
  #rest: NodeJS.Timeout | undefined;

  constructor(port: MessagePort, trail: Trail) {
    this.#port = port;
    this.#trail = trail;
    port.on("message", (message: WorkerMessage) => {
      if (message === "close") this.#closing = true;
      else this.#take(message.call, message.request);
      this.#askForTurn();
    });
  }

  #take(call: number, request: WorkerRequest): void {
    switch (request.kind) {
      case "append":
        this.#reply(call, () => this.#trail.append(request.lines, request.count));
        return;
      case "search":
        this.#jobs.push({ call, work: this.#trail.search(request.search) });
        return;
      case "removeBefore":
        this.#jobs.push({ call, work: this.#trail.removeBefore(request.dispatchedAtMs) });
    }
  }

  #askForTurn(): void {
    if (this.#turnAsked) return;
    this.#turnAsked = true;
    setImmediate(() => {
      this.#turnAsked = false;
      this.#turn();
    });
  }

  #turn(): void {
    const [job] = this.#jobs;
    if (job !== undefined) {
      this.#advance(job);
      this.#askForTurn();
    } else if (this.#closing) {
      clearTimeout(this.#rest);
      this.#trail.close();
      this.#port.close();
    } else {
      this.#merge();
    }
  }

  /** After each merge the thread rests as long: on a machine of few cores it takes one from the thread that dispatches. */
  #merge(): void {
    const startedMs = performance.now();
    if (!this.#trail.merge()) return;
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.#askForTurn(), performance.now() - startedMs);
  }

  #advance({ call, work }: Job): void {
    const untilMs = performance.now() + sliceMs;
    try {
      let step = work.next();
      while (step.done !== true && performance.now() < untilMs) step = work.next();
      if (step.done !== true) return;
      const { value } = step;
      this.#jobs.shift();
      this.#reply(call, () => value);
    } catch (error) {
      this.#jobs.shift();
      this.#reply(call, () => {
        throw error;
      });
    }
  }

  #reply(call: number, run: () => Answer): void {
    this.#port.postMessage(replyOf(call, run));
  }
}

function replyOf(call: number, run: () => Answer): WorkerReply {
  try {
    return { call, kind: "answered", answer: run() };
  } catch (error) {
    return {
      call,
      kind: "failed",
      code: error instanceof ActeonError ? error.code : undefined,
      message: messageOf(error),
    };
  }
}

/** With the causes: what a thread throws loses them on the way to another. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${messageOf(error.cause)}`;
}

if (parentPort !== null) {
  new TrailWorker(parentPort, new Trail(workerData as TrailLocation));
  setTimeout(collectGarbage, tidyMs).unref();
}
