import type { StateStore } from "../state-store.ts";
import type { Backend } from "./subject.ts";

/** A backend whose server and network the fault suite disturbs. */
export interface FaultSubject {
  readonly name: string;
  /** Which row of the table of `guarantees.md` §4 it is. */
  readonly backend: Backend;
  /** An empty key space, and the server and the proxy, whole again: no other test uses them meanwhile. */
  open(): Promise<FaultSpace>;
  /** Of the client that suffers. Short, since every law waits for it: about 1,000. */
  readonly callTimeoutMs: number;
  /** Longest time from the end of a fault to an answer: a server starts, an ensemble elects; 60,000 unless said. */
  readonly maxRecoveryMs?: number;
  /** The shortest lease, where the backend raises the minimum of guarantees L9. */
  readonly minLeaseMs?: number;
}

/** Disposed once its clients are. */
export interface FaultSpace extends AsyncDisposable {
  /** A client that is connected to the server directly. */
  connect(options: FaultClientOptions): Promise<StateStore>;
  /** A client whose every connection passes the proxy, those that it opens later too. */
  connectThroughProxy(options: FaultClientOptions): Promise<StateStore>;
  readonly network: FaultyNetwork;
  readonly server: FaultyServer;
}

export interface FaultClientOptions {
  /** Longest time of one call. */
  readonly callTimeoutMs: number;
}

/** What the suite does to the connections of the second kind of client; `FaultProxy` of `tools/servers` is one. */
export interface FaultyNetwork {
  /**
   * `latencyMs`: answers are so late. `halfOpen`: nothing passes and nobody is told; what was connected meanwhile stays dead for
   * good. `resetAfterRequest`: answers are thrown away, and the connection is reset. `refusing`: no new connections.
   */
  set(faults: {
    readonly latencyMs?: number;
    readonly halfOpen?: boolean;
    readonly resetAfterRequest?: boolean;
    readonly refusing?: boolean;
  }): void;
  /** No faults for what connects from now on. */
  heal(): void;
  /** Resets all connections. */
  cut(): void;
}

/** `ServerProcess` of `tools/servers` is one; several processes that fail together may be another. */
export interface FaultyServer {
  /** As a crash: at once. */
  kill(): Promise<void>;
  /** Again, on the same address and data; resolves when it serves. */
  start(): Promise<void>;
  /** It stands still once this resolves; its connections stay open, and what arrives is carried out when it goes on. */
  pause(): Promise<void>;
  resume(): void;
}
