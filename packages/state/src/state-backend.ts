import type { Clock } from "@acteon/core";
import type { StateStore } from "./state-store.ts";

/** What a package of a store on other machines exports: the three things that can be done with its settings. */
export interface StateBackend {
  /** As `state.backend` calls it. */
  readonly name: string;
  /**
   * Connects, and refuses what cannot work: wrong credentials, a missing schema, a server that is too old.
   * @throws {ConfigurationError} A setting is wrong or missing; it says which key of `[state]`, and what to write there.
   * @throws {StateUnavailableError} The server does not answer, or refuses; it says what to do.
   */
  open(settings: RemoteStateSettings, ports: StateBackendPorts): Promise<StateStore>;
  /** Looks at everything that a promise rests on, one finding after another, and changes nothing. Never throws: a failure is a finding. */
  inspect(settings: RemoteStateSettings, ports: StateBackendPorts): AsyncIterable<BackendFinding>;
  /** Makes the schema that `open` asks for, and says what it did, step by step: nothing where all is there. Safe from many nodes at once. */
  migrate(settings: RemoteStateSettings, ports: StateBackendPorts): AsyncIterable<string>;
}

export interface StateBackendPorts {
  readonly clock: Clock;
  /** Gives up. A store that is open no longer listens to it. */
  readonly signal: AbortSignal;
  /** A promise is weaker than the backend's could be: called at open, and again when that changes. */
  warn(finding: BackendFinding): void;
}

export interface BackendFinding {
  readonly level: "ok" | "warning" | "failure";
  /** What was looked at: `connection`, `server version`, `permissions`, `durability`, `clock`, `round trip`, `schema`, … */
  readonly subject: string;
  /** What was found, as a sentence without a full stop. */
  readonly found: string;
  /** What to do; on every warning and failure. */
  readonly help?: string;
}

/** The keys of `[state]`, and of `[lock]` (`wire-api.md` §28), that stores on other machines share. Each takes what it knows. */
export interface RemoteStateSettings {
  /** Address and credentials; never shown. The forms are each backend's. */
  readonly url: string | undefined;
  readonly prefix: string;
  readonly region: string | undefined;
  readonly tableName: string | undefined;
  readonly tls: StateTlsSettings;
  readonly pool: { readonly minConnections: number; readonly maxConnections: number };
  /** Longest time that one call may take; then it fails as `state_unavailable`. */
  readonly callTimeoutMs: number;
  /** Stored data may go with a crash of the server, if this names that (`unlogged` of PostgreSQL). */
  readonly unlogged: boolean;
}

export interface StateTlsSettings {
  /** `undefined`: as the URL says. */
  readonly enabled: boolean | undefined;
  /** `disable`, `prefer`, `require`, `verify-ca`, `verify-full`: of PostgreSQL. */
  readonly mode: string | undefined;
  /** PEM files. */
  readonly caPath: string | undefined;
  readonly certPath: string | undefined;
  readonly keyPath: string | undefined;
  /** Takes any certificate. */
  readonly insecure: boolean;
}

/** Connections of a store, for the metrics. */
export interface ConnectionCounts {
  readonly open: number;
  readonly busy: number;
  /** Calls that wait for one. */
  readonly waiting: number;
  readonly max: number;
}
