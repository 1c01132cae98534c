import { StateUnavailableError, systemClock } from "@acteon/core";
import { type MemoryStateStore, openMemoryState } from "@acteon/state-memory";
import type { ApplyOptions, GroupResult, StateGroup, StateStore } from "../state-store.ts";
import type { FaultSpace, FaultSubject } from "./fault-subject.ts";
import { slept } from "./fault-law.ts";

/** What a careless backend does. */
export type RemoteBug =
  | "hangs"
  | "says absent when nobody answers"
  | "sends again after a reset"
  | "keeps a dead connection"
  | "takes a reset for a refusal"
  | "forgets at restart"
  | "hangs when disposed";

const callTimeoutMs = 60;

/** A server, a network and clients in one process: what the suite is tried on, whole and with one planted bug. */
export function modelRemote(bug?: RemoteBug): FaultSubject {
  return {
    name: "model",
    backend: "redis",
    callTimeoutMs,
    maxRecoveryMs: 2_000,
    open: () => Promise.resolve(new ModelSpace(bug)),
  };
}

class ModelSpace implements FaultSpace {
  readonly #bug: RemoteBug | undefined;
  readonly faults = { latencyMs: 0, halfOpen: false, resetAfterRequest: false, refusing: false };
  data: MemoryStateStore = openMemoryState({ clock: systemClock });
  up = true;
  running = Promise.resolve();
  #resume = (): void => {};
  /** Connections through the proxy. */
  readonly connections = new Set<Connection>();

  constructor(bug: RemoteBug | undefined) {
    this.#bug = bug;
  }

  readonly network: FaultSpace["network"] = {
    set: (faults) => {
      Object.assign(this.faults, faults);
      if (this.faults.halfOpen) for (const connection of this.connections) connection.state = "dead";
    },
    heal: () => this.network.set({ latencyMs: 0, halfOpen: false, resetAfterRequest: false, refusing: false }),
    cut: () => {
      for (const connection of this.connections) connection.state = "cut";
      this.connections.clear();
    },
  };

  readonly server: FaultSpace["server"] = {
    kill: () => {
      this.up = false;
      if (this.#bug === "forgets at restart") this.data = openMemoryState({ clock: systemClock });
      return Promise.resolve();
    },
    start: () => {
      this.up = true;
      return Promise.resolve();
    },
    pause: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.running = promise;
      this.#resume = resolve;
      return Promise.resolve();
    },
    resume: () => this.#resume(),
  };

  connect(): Promise<StateStore> {
    return Promise.resolve(new ModelClient(this, "direct", undefined));
  }

  connectThroughProxy(): Promise<StateStore> {
    return Promise.resolve(new ModelClient(this, "proxy", this.#bug));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.data[Symbol.asyncDispose]();
  }
}

interface Connection {
  state: "open" | "dead" | "cut";
}

class ModelClient implements StateStore {
  readonly durability = "host";
  readonly capabilities = { locks: true, watch: false };
  readonly #space: ModelSpace;
  readonly #way: "direct" | "proxy";
  readonly #bug: RemoteBug | undefined;
  readonly #closed = Promise.withResolvers<never>();
  #connection: Connection | undefined;

  constructor(space: ModelSpace, way: "direct" | "proxy", bug: RemoteBug | undefined) {
    this.#space = space;
    this.#way = way;
    this.#bug = bug;
    this.#closed.promise.catch(() => {});
  }

  async apply(groups: readonly StateGroup[], options: ApplyOptions): Promise<readonly GroupResult[]> {
    try {
      return await this.#bounded(() => this.#space.data.apply(groups, options));
    } catch (error) {
      const reset = error instanceof StateUnavailableError && error.message === "reset";
      if (reset && this.#bug === "sends again after a reset") return this.#space.data.apply(groups, options);
      if (reset && this.#bug === "takes a reset for a refusal")
        return groups.map(() => ({ kind: "refused", at: 0, found: { kind: "absent" } }));
      if (this.#bug === "says absent when nobody answers")
        return groups.map((group) => ({ kind: "done", results: group.map(() => ({ kind: "absent" })) }));
      throw error;
    }
  }

  async *scan(range: Parameters<StateStore["scan"]>[0], options: ApplyOptions): ReturnType<StateStore["scan"]> {
    yield* await this.#bounded(() => Array.fromAsync(this.#space.data.scan(range, options)));
  }

  [Symbol.asyncDispose](): Promise<void> {
    if (this.#bug === "hangs when disposed") return new Promise(() => {});
    this.#closed.reject(new StateUnavailableError("closed"));
    return Promise.resolve();
  }

  /** The call's answer, or none in time: and then the connection is given up with it. */
  async #bounded<T>(call: () => T | Promise<T>): Promise<T> {
    if (this.#bug === "hangs") return Promise.race([this.#send(call), this.#closed.promise]);
    const late = slept(callTimeoutMs).then(() => {
      if (this.#bug !== "keeps a dead connection") this.#connection = undefined;
      throw new StateUnavailableError("no answer in time");
    });
    late.catch(() => {});
    return Promise.race([this.#send(call), late, this.#closed.promise]);
  }

  async #send<T>(call: () => T | Promise<T>): Promise<T> {
    const { faults } = this.#space;
    const connection = this.#connected();
    if (isDead(connection)) return new Promise(() => {});
    await slept(0); // a turn of the event loop, as any network
    await this.#space.running;
    const answer = await call();
    if (this.#way === "direct") return answer;
    if (faults.latencyMs > 0) await slept(faults.latencyMs);
    if (faults.resetAfterRequest) connection.state = "cut";
    if (isDead(connection)) return new Promise(() => {});
    if (connection.state === "cut") throw new StateUnavailableError("reset");
    return answer;
  }

  #connected(): Connection {
    const { faults, up, connections } = this.#space;
    if (!up) throw new StateUnavailableError("connection refused");
    const { state } = this.#connection ?? {};
    if (this.#connection !== undefined && state !== "cut") return this.#connection;
    if (this.#way === "proxy" && faults.refusing) throw new StateUnavailableError("connection refused");
    this.#connection = { state: this.#way === "proxy" && faults.halfOpen ? "dead" : "open" };
    if (this.#way === "proxy") connections.add(this.#connection);
    return this.#connection;
  }
}

/** Asked again after every wait: the network may have changed meanwhile. */
function isDead({ state }: Connection): boolean {
  return state === "dead";
}
