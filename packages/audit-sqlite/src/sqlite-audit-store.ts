import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { Worker } from "node:worker_threads";
import { AuditUnavailableError, DataDamagedError, InternalError } from "@acteon/core";
import { decodeAuditRecord, nextCursorOf, pageWindow } from "@acteon/audit";
import type {
  AuditBatch,
  AuditFilter,
  AuditPage,
  AuditRecord,
  AuditResult,
  AuditScopeFilter,
  AuditStore,
} from "@acteon/audit";
import type { SearchRequest } from "./search.ts";
import { openTrailDatabase } from "./trail-database.ts";
import type { TrailLocation } from "./trail-database.ts";
import type { WorkerAnswers, WorkerMessage, WorkerReply, WorkerRequest } from "./worker-protocol.ts";

export interface SqliteAuditOptions {
  /** The file; it and its directory are made if they are not there. */
  readonly path: string;
  /** Appended records survive a power loss, not only `kill -9`. Costs a flush of the disk an append; false. */
  readonly sync?: boolean;
}

/** Others hold the trail for some 20 ms at a time; longer than this, and something is wrong. */
const busyMs = 5_000;

/**
 * An audit trail in an SQLite file, which several processes of one machine may use at once. A worker thread does the
 * work; it starts with the first call, and again should it ever die.
 *
 * @throws {DataTooNewError} @throws {DataDamagedError} Nothing was changed.
 * @throws {AuditUnavailableError} The file cannot be opened or written.
 */
export async function openSqliteAudit({ path, sync = false }: SqliteAuditOptions): Promise<AuditStore> {
  const location = { path, sync, busyMs };
  try {
    await mkdir(dirname(path), { recursive: true });
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new AuditUnavailableError(`the folder of the audit trail ${path} cannot be made: ${code}`, { cause });
  }
  openTrailDatabase(location).close();
  return new SqliteAuditStore(location);
}

/** The file beside this one: as TypeScript in the workspace, as JavaScript where it is published. */
const workerUrl = new URL(import.meta.url.endsWith(".ts") ? "./trail-worker.ts" : "./trail-worker.js", import.meta.url);

/** The worker makes few objects, and most die at once: room for more would only be filled before it is cleaned. */
const resourceLimits = { maxYoungGenerationSizeMb: 4 };

class SqliteAuditStore implements AuditStore {
  readonly #location: TrailLocation;
  #worker: Worker | undefined;
  readonly #calls = new Map<number, Call>();
  #lastCall = 0;
  #closing: Promise<void> | undefined;

  constructor(location: TrailLocation) {
    this.#location = location;
  }

  append({ lines, count }: AuditBatch): Promise<void> {
    return this.#call({ kind: "append", lines, count });
  }

  async query(filter: AuditFilter, page: AuditPage): Promise<AuditResult> {
    const window = pageWindow(page);
    const search: SearchRequest = { filter, window, until: window.after === undefined ? "all" : "more" };
    const { lines, more, total } = await this.#call({ kind: "search", search });
    const records = lines.map(decodeAuditRecord);
    return { records, total, nextCursor: nextCursorOf(records, more, window) };
  }

  async get(actionId: string, scope: AuditScopeFilter | undefined): Promise<AuditRecord | undefined> {
    const window = pageWindow({ limit: 1 });
    const search: SearchRequest = { filter: { actionId, scope }, window, until: "page" };
    const { lines } = await this.#call({ kind: "search", search });
    return lines.map(decodeAuditRecord)[0];
  }

  removeBefore(dispatchedAtMs: number): Promise<number> {
    return this.#call({ kind: "removeBefore", dispatchedAtMs });
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** What was asked before is still answered. */
  async #close(): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    const exited = once(worker, "exit");
    worker.postMessage("close" satisfies WorkerMessage);
    await exited;
  }

  async #call<Kind extends WorkerRequest["kind"]>(
    request: Extract<WorkerRequest, { readonly kind: Kind }>,
  ): Promise<WorkerAnswers[Kind]> {
    if (this.#closing !== undefined) throw new AuditUnavailableError("the audit trail is closed");
    const worker = (this.#worker ??= this.#startWorker());
    this.#lastCall += 1;
    const call = this.#lastCall;
    return new Promise<WorkerAnswers[Kind]>((resolve, reject) => {
      // The worker answers a request of a kind with the answer of that kind.
      this.#calls.set(call, { resolve: resolve as Call["resolve"], reject });
      worker.postMessage({ call, request } satisfies WorkerMessage);
    });
  }

  #startWorker(): Worker {
    const worker = new Worker(workerUrl, { workerData: this.#location, name: "audit trail", resourceLimits });
    worker.on("message", (reply: WorkerReply) => this.#take(reply));
    worker.on("error", (cause) => this.#lose(worker, cause));
    worker.on("exit", () => this.#lose(worker, undefined));
    return worker;
  }

  #take(reply: WorkerReply): void {
    const call = this.#calls.get(reply.call);
    this.#calls.delete(reply.call);
    if (reply.kind === "answered") call?.resolve(reply.answer);
    else call?.reject(errorOf(reply));
  }

  #lose(worker: Worker, cause: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    for (const { reject } of this.#calls.values()) {
      reject(new AuditUnavailableError("the worker of the audit trail ended", { cause }));
    }
    this.#calls.clear();
  }
}

interface Call {
  readonly resolve: (answer: WorkerAnswers[WorkerRequest["kind"]]) => void;
  readonly reject: (error: Error) => void;
}

function errorOf({ code, message }: Extract<WorkerReply, { readonly kind: "failed" }>): Error {
  if (code === "audit_unavailable") return new AuditUnavailableError(message);
  if (code === "data_damaged") return new DataDamagedError(message);
  return new InternalError(message);
}
