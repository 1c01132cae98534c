import { type ChildProcess, fork } from "node:child_process";
import { StateUnavailableError } from "@acteon/core";
import type { ApplyOptions, GroupResult, ScanRange, StateEntry, StateGroup, StateStore } from "@acteon/state";

export interface StoreSettings {
  readonly path: string;
  readonly sync: boolean;
  readonly generationBytes: number;
}

export type StoreRequest = { readonly store: number } & (
  | ({ readonly kind: "open" } & StoreSettings)
  | { readonly kind: "apply"; readonly groups: readonly StateGroup[] }
  | { readonly kind: "scan"; readonly range: ScanRange }
  | { readonly kind: "close" }
);

export type StoreReply =
  | { readonly kind: "done"; readonly value: unknown }
  | { readonly kind: "threw"; readonly name: string; readonly message: string; readonly code: string | undefined };

type Command = StoreRequest extends infer Request ? (Request extends unknown ? Omit<Request, "store"> : never) : never;

/** Another process of this machine, which has stores open. */
export class StoreProcess implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #lastId = 0;

  constructor() {
    this.child = fork(new URL("./store-process.ts", import.meta.url), { serialization: "advanced" });
    this.child.on("message", ({ id, reply }: { id: number; reply: StoreReply }) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (reply.kind === "done") waiting?.resolve(reply.value);
      else waiting?.reject(asError(reply));
    });
    this.child.once("exit", () => {
      for (const { reject } of this.#waiting.values()) reject(new StateUnavailableError("the process has ended"));
      this.#waiting.clear();
    });
  }

  async open(settings: StoreSettings): Promise<StateStore> {
    const store = ++this.#lastId;
    await this.#ask({ kind: "open", store, ...settings });
    return {
      durability: "host",
      capabilities: { locks: true, watch: false },
      apply: async (groups: readonly StateGroup[], { signal }: ApplyOptions) => {
        signal.throwIfAborted();
        return (await this.#ask({ kind: "apply", store, groups })) as readonly GroupResult[];
      },
      scan: (range: ScanRange, { signal }: ApplyOptions) => this.#scan(store, range, signal),
      [Symbol.asyncDispose]: async () => void (await this.#ask({ kind: "close", store })),
    };
  }

  /** Ends it in mid-work, as a crash would. */
  async kill(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGKILL");
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) await this.kill();
  }

  async *#scan(store: number, range: ScanRange, signal: AbortSignal): AsyncGenerator<StateEntry, void, void> {
    for (const entry of (await this.#ask({ kind: "scan", store, range })) as readonly StateEntry[]) {
      yield entry;
      signal.throwIfAborted();
    }
  }

  #ask(request: Command & { readonly store: number }): Promise<unknown> {
    const id = ++this.#lastId;
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.set(id, waiting);
    this.child.send({ id, request });
    return waiting.promise;
  }
}

function asError({ name, message, code }: Extract<StoreReply, { kind: "threw" }>): Error {
  return code === "state_unavailable" ? new StateUnavailableError(message) : new Error(`${name}: ${message}`);
}
