import type { Clock } from "@acteon/core";
import type { StateStore } from "../state-store.ts";

/** The rows of `guarantees.md` §4. */
export type Backend =
  | "memory"
  | "embedded"
  | "redis"
  | "redis-sentinel"
  | "redis-cluster"
  | "dynamodb"
  | "postgres"
  | "etcd"
  | "zookeeper";

/** A backend that the suite is run on. */
export interface StateSubject {
  /** As `npm run conformance -- state <name>` calls it. */
  readonly name: string;
  /** Which row of the table it is: the row says which gaps may be known. */
  readonly backend: Backend;
  /** Name and version of the server, where it is another than the one of the backend's name. */
  server?(): Promise<string>;
  /** An empty key space that nobody else uses, on the real server. Laws that wait run at the same time, each in its own. */
  open(): Promise<StateSpace>;
  /** Laws that do not hold, by title, each with the reason. They are run all the same, and the run is red once one holds. */
  readonly knownGaps?: Readonly<Record<string, string>>;
  /** The shortest lease, where the backend raises the minimum of guarantees L9. */
  readonly minLeaseMs?: number;
  /** The shortest TTL that is worth waiting for in a test; 300 unless said. */
  readonly minTtlMs?: number;
  /** How many random sequences of commands and histories are tried; 20 unless said. */
  readonly randomRuns?: number;
}

/** Disposed once its clients are. */
export interface StateSpace extends AsyncDisposable {
  /** One more client, as another gateway would have: a connection of its own where there are connections. The caller disposes it. */
  connect(): Promise<StateStore>;
  /** Stops the backend the hard way and starts it again, while no client is connected. For state that ends with its process: ends it. */
  restart(): Promise<void>;
  /** Virtual time: the clock that everything of this space goes by, moved by `advance`. Without it the laws wait. */
  readonly time?: { readonly clock: Clock; advance(ms: number): Promise<void> };
}
