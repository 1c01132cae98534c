import type { Clock, Random } from "@acteon/core";
import { Connection } from "./connection.ts";
import type { ConnectionSettings, ReplyHandler, ServerAddress, SessionTicket, WatchEvent } from "./connection.ts";
import type { JuteWriter } from "./jute-writer.ts";
import { errorCodes, opCodes } from "./protocol.ts";
import { ConnectionLostError, ZooKeeperError } from "./zookeeper-error.ts";

/**
 * connected → suspended: the connection is lost, the session may live on at the servers; another connection is tried at once.
 * suspended → connected: the same session goes on, with everything that it holds.
 * suspended → expired → connected: the servers had given the session up; a new one begins, and its ephemeral nodes are gone.
 * any → closed: by us.
 */
export type SessionState = "connected" | "suspended" | "expired" | "closed";

export interface SessionSettings extends ConnectionSettings {
  readonly addresses: readonly ServerAddress[];
  readonly random: Random;
  /** `user:password` of the scheme `digest`. */
  readonly credentials: string | undefined;
}

export interface SessionListener {
  stateChanged?(state: SessionState): void;
  notified?(event: WatchEvent): void;
}

/** Between two rounds through all servers, in ms; full jitter. */
const maxRoundPauseMs = 500;

/** A session with an ensemble: over one connection at a time, to one server after another. */
export class Session implements AsyncDisposable {
  readonly #settings: SessionSettings;
  readonly #clock: Clock;
  readonly #closing = new AbortController();
  readonly #listeners = new Set<SessionListener>();
  #connection: Connection | undefined;
  #ticket: SessionTicket | undefined;
  #state: SessionState = "suspended";
  #timeoutMs = 0;
  #lastZxid = 0;
  #nextServer: number;
  #lastFailure: Error | undefined;
  #connecting: Promise<void> = Promise.resolve();
  #waiters = new Set<() => void>();

  private constructor(settings: SessionSettings) {
    this.#settings = settings;
    this.#clock = settings.clock;
    // Not everybody at the first server of the list.
    this.#nextServer = Math.floor(settings.random.next() * settings.addresses.length);
  }

  /** Begins to connect; `connected` waits for it. The caller disposes it. */
  static open(settings: SessionSettings): Session {
    const session = new Session(settings);
    session.#reconnect();
    return session;
  }

  get state(): SessionState {
    return this.#state;
  }

  /** As the server gave it: for so long a session lives on without a word from us. */
  get timeoutMs(): number {
    return this.#timeoutMs;
  }

  /** The server that we talk to. */
  get server(): ServerAddress | undefined {
    return this.#connection?.address;
  }

  /** Why the last try to connect failed, if it did. */
  get lastFailure(): Error | undefined {
    return this.#lastFailure;
  }

  get pendingRequests(): number {
    return this.#connection?.pendingRequests ?? 0;
  }

  /** @returns What ends the listening. */
  listen(listener: SessionListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Fails at once, and says that nothing was sent, where there is no connection. */
  send(type: number, write: (writer: JuteWriter) => void, handler: ReplyHandler): void {
    if (this.#connection === undefined || this.#state !== "connected")
      handler.failed(new ConnectionLostError(this.#whyNot(), { cause: this.#lastFailure, sent: false }));
    else this.#connection.send(type, write, handler);
  }

  /** @throws {ConnectionLostError} No connection by `untilMs` (monotonic), or the session is closed. */
  async connected(untilMs: number): Promise<void> {
    while (this.#state !== "connected") {
      const leftMs = untilMs - this.#clock.monotonicMs();
      if (leftMs <= 0 || this.#state === "closed")
        throw new ConnectionLostError(this.#whyNot(), { cause: this.#lastFailure, sent: false });
      const { promise, resolve } = Promise.withResolvers<void>();
      const cancel = this.#clock.after(leftMs, resolve);
      this.#waiters.add(resolve);
      await promise;
      this.#waiters.delete(resolve);
      cancel();
    }
  }

  /** Tells the servers, so that what the session holds is free at once. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#state === "closed") return;
    const connection = this.#connection;
    if (connection !== undefined && this.#state === "connected") {
      const { promise, resolve } = Promise.withResolvers<void>();
      connection.send(opCodes.closeSession, () => {}, { answered: () => resolve(), failed: () => resolve() });
      const cancel = this.#clock.after(farewellMs, resolve);
      await promise;
      cancel();
    }
    this.#closing.abort();
    this.#connection = undefined;
    this.#become("closed");
    connection?.destroy("the session was closed");
    await this.#connecting;
  }

  #whyNot(): string {
    if (this.#state === "closed") return "the session with ZooKeeper is closed";
    const servers = this.#settings.addresses.map(({ host, port }) => `${host}:${port}`).join(", ");
    return `no connection to ZooKeeper at ${servers}`;
  }

  #reconnect(): void {
    this.#connecting = this.#connectToAny();
  }

  async #connectToAny(): Promise<void> {
    const { addresses, random } = this.#settings;
    const { signal } = this.#closing;
    for (let tries = 1; !signal.aborted; tries++) {
      const address = addresses[this.#nextServer % addresses.length] as ServerAddress;
      this.#nextServer++;
      try {
        await this.#connectTo(address);
        return;
      } catch (error) {
        this.#lastFailure = error instanceof Error ? error : undefined;
        if (error instanceof ZooKeeperError && error.code === errorCodes.sessionExpired) {
          this.#ticket = undefined;
          this.#become("expired");
          continue;
        }
      }
      if (tries % addresses.length === 0) await this.#pause(random.next() * maxRoundPauseMs);
    }
  }

  async #connectTo(address: ServerAddress): Promise<void> {
    const { credentials } = this.#settings;
    const { connection, ticket, sessionTimeoutMs } = await Connection.open(address, this.#settings, {
      ticket: this.#ticket,
      lastZxid: this.#lastZxid,
      signal: this.#closing.signal,
    });
    if (this.#closing.signal.aborted) return connection.destroy("the session was closed");
    this.#connection = connection;
    this.#ticket = ticket;
    this.#timeoutMs = sessionTimeoutMs;
    connection.listen({
      notified: (event) => this.#listeners.forEach((listener) => listener.notified?.(event)),
      lost: (error) => this.#onLost(connection, error),
    });
    if (this.#connection !== connection) return; // lost already, and another is on its way
    if (credentials !== undefined) connection.authenticate("digest", credentials);
    this.#become("connected");
  }

  #onLost(connection: Connection, error: ConnectionLostError): void {
    this.#lastZxid = Math.max(this.#lastZxid, connection.lastZxid);
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    this.#lastFailure = error;
    this.#become("suspended");
    this.#reconnect();
  }

  #become(state: SessionState): void {
    if (this.#state === state) return;
    this.#state = state;
    for (const listener of this.#listeners) listener.stateChanged?.(state);
    if (state === "connected" || state === "closed") for (const wake of this.#waiters) wake();
  }

  async #pause(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { signal } = this.#closing;
    const cancel = this.#clock.after(ms, resolve);
    signal.addEventListener("abort", () => resolve(), { once: true });
    await promise;
    cancel();
  }
}

/** Longest wait for the answer to the request that closes the session. */
const farewellMs = 1_000;
