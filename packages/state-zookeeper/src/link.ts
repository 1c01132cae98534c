import { ConfigurationError, StateUnavailableError } from "@acteon/core";
import type { Clock } from "@acteon/core";
import { anyVersion, createFlags, errorCodes } from "./client/protocol.ts";
import type { NodeStat } from "./client/protocol.ts";
import { create, createContainer, setData, sync } from "./client/requests.ts";
import type { Sender } from "./client/requests.ts";
import type { Session } from "./client/session.ts";
import { ConnectionLostError, ZooKeeperError } from "./client/zookeeper-error.ts";
import { comesAndGoes, foldersOf } from "./node-paths.ts";
import type { ServerClock } from "./server-clock.ts";

/** A read that may be asked again: it sends all its requests before it waits. @throws {StateUnavailableError} */
export type Read = <Answer>(ask: (sender: Sender) => Promise<Answer>) => Promise<Answer>;

/** The session as the store uses it: reads that see what was acknowledged, folders made where they are missing, errors in words. */
export class Link {
  readonly session: Session;
  readonly #clock: Clock;
  readonly #serverClock: ServerClock;
  readonly #root: string;
  readonly #acl: Uint8Array;
  readonly #barrierPath: string;
  readonly #isEnsemble: boolean;
  /** The barrier of this turn of the event loop: one is enough for all reads behind it. */
  #passed: Promise<void> | undefined;

  constructor(
    session: Session,
    options: {
      readonly clock: Clock;
      readonly serverClock: ServerClock;
      readonly root: string;
      readonly acl: Uint8Array;
      /** A node of this client's own. */
      readonly barrierPath: string;
      readonly isEnsemble: boolean;
    },
  ) {
    this.session = session;
    this.#clock = options.clock;
    this.#serverClock = options.serverClock;
    this.#root = options.root;
    this.#acl = options.acl;
    this.#barrierPath = options.barrierPath;
    this.#isEnsemble = options.isEnsemble;
  }

  /** Waits for a connection. @throws {StateUnavailableError} None by `deadlineMs` (monotonic). */
  async ready(deadlineMs: number): Promise<void> {
    if (this.session.state === "connected") return;
    try {
      await this.session.connected(deadlineMs);
    } catch (error) {
      throw this.explain(error);
    }
  }

  /** @param read Sends all its requests before it waits; asked again if the connection is lost meanwhile. */
  async readable<Answer>(read: (sender: Sender) => Promise<Answer>): Promise<Answer> {
    try {
      this.#passed ??= this.#barrier();
      const [, answer] = await Promise.all([this.#passed, read(this.session)]);
      return answer;
    } catch (error) {
      // Nothing was changed: as good as not sent.
      if (error instanceof ConnectionLostError && !error.sent) throw error;
      if (error instanceof ConnectionLostError)
        throw new ConnectionLostError(error.message, { cause: error, sent: false });
      throw error;
    }
  }

  /** Lets the answer tell the server's time. */
  sendTimed(send: (sender: Sender, learn: (zxid: number, stat: NodeStat | undefined) => void) => void): void {
    const sentAtMs = this.#clock.monotonicMs();
    send(this.session, (zxid, stat) => {
      if (stat !== undefined) this.#serverClock.learn(zxid, stat.mtimeMs, sentAtMs);
    });
  }

  /** The folders above these nodes, where they are missing; those of keys are containers, which ZooKeeper deletes once they are empty. */
  async makeFolders(paths: readonly string[]): Promise<void> {
    const folders = [...new Set(paths.flatMap(foldersOf))].toSorted((a, b) => a.length - b.length);
    await Promise.all(folders.map((folder) => this.#makeFolder(folder)));
  }

  async pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => this.#clock.after(ms, resolve));
  }

  /** What a failure means to a caller of the store, and to an operator. */
  explain(error: unknown): Error {
    if (error instanceof ConnectionLostError && error.cause instanceof ZooKeeperError)
      return explained(error.cause, this.#where());
    if (error instanceof ConnectionLostError)
      return new StateUnavailableError(error.message, { help: silenceHelp, cause: error });
    if (!(error instanceof ZooKeeperError))
      return error instanceof Error ? error : new StateUnavailableError("ZooKeeper failed");
    return explained(error, this.#where());
  }

  async #makeFolder(folder: string): Promise<void> {
    const node = { path: folder, data: "", acl: this.#acl, flags: createFlags.persistent };
    try {
      if (comesAndGoes(this.#root, folder))
        await createContainer(this.session, { ...node, flags: createFlags.container });
      else await create(this.session, node);
    } catch (error) {
      // `noNode`: the one above went meanwhile, and the caller's next try makes it again.
      const isFine =
        error instanceof ZooKeeperError && (error.code === errorCodes.nodeExists || error.code === errorCodes.noNode);
      if (!isFine) throw error;
    }
  }

  /**
   * What is read behind it is at least what anybody had acknowledged before. In an ensemble that takes a write, which the reads
   * of the same session wait for: a leader answers `sync` at once, while what it has committed it may not yet have applied, and
   * what a follower acknowledged would be missing (seen with 3.8.0 under load).
   */
  async #barrier(): Promise<void> {
    queueMicrotask(() => (this.#passed = undefined));
    if (!this.#isEnsemble) return sync(this.session, this.#root);
    const sentAtMs = this.#clock.monotonicMs();
    try {
      const { mzxid, mtimeMs } = await setData(this.session, this.#barrierPath, "", anyVersion);
      this.#serverClock.learn(mzxid, mtimeMs, sentAtMs);
    } catch (error) {
      // A write that is refused went through the ensemble all the same.
      if (!(error instanceof ZooKeeperError)) throw error;
    }
  }

  #where(): string {
    const { server } = this.session;
    return server === undefined ? "ZooKeeper" : `ZooKeeper at ${server.host}:${server.port}`;
  }
}

export const silenceHelp = "check state.url, that the servers run, and that they form a quorum";

function explained(error: ZooKeeperError, where: string): Error {
  switch (error.code) {
    case errorCodes.noAuth:
      return new ConfigurationError(
        `${where} denies access: user and password of state.url are not those of the nodes' access control lists, or the user lacks a permission`,
        { help: "use the user that made the nodes, or give this one all permissions with setAcl", cause: error },
      );
    case errorCodes.authFailed:
      return new ConfigurationError(`${where} refused the user and password of state.url`, {
        help: "correct them",
        cause: error,
      });
    case errorCodes.quotaExceeded:
      return new StateUnavailableError(`${where} is over a quota`, {
        help: "raise it with setquota, or delete what is not needed",
        cause: error,
      });
    default:
      return new StateUnavailableError(`${where}: ${error.message}`, { cause: error });
  }
}
