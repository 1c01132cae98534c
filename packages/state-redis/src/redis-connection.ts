import { ConfigurationError, StateUnavailableError } from "@acteon/core";
import type { Clock } from "@acteon/core";
import type { ConnectionCounts } from "@acteon/state";
import type { ConnectionOptions as TlsConnectionOptions } from "node:tls";
import { Cluster, Command, Redis } from "ioredis";
import type { RedisOptions } from "ioredis";
import { isSettingFault, isUnknownScript, lateAnswer, unavailable, wasNotCarriedOut } from "./redis-errors.ts";
import { describeTarget } from "./redis-target.ts";
import type { RedisTarget } from "./redis-target.ts";
import type { Script } from "./script.ts";

export interface ConnectionOptions {
  readonly target: RedisTarget;
  /** `undefined`: no TLS. */
  readonly tls: TlsConnectionOptions | undefined;
  /** For waiting and answer together. */
  readonly callTimeoutMs: number;
  readonly clock: Clock;
}

/** One connection to a server, or one to each master of a cluster, on which calls follow each other without waiting. */
export class RedisConnection implements AsyncDisposable {
  readonly server: string;
  readonly #client: Redis | Cluster;
  readonly #callTimeoutMs: number;
  readonly #clock: Clock;
  /** Why the connection is not there. */
  #lastFault: unknown;
  #underWay = 0;
  #waiting = 0;
  /** Ends what waits for a connection. */
  readonly #closing = new AbortController();

  private constructor({ target, tls, callTimeoutMs, clock }: ConnectionOptions) {
    this.server = describeTarget(target);
    this.#callTimeoutMs = callTimeoutMs;
    this.#clock = clock;
    this.#client = createClient(target, tls, callTimeoutMs);
    this.#client.setMaxListeners(0); // each call that waits for a connection listens
    for (const event of faultEvents)
      this.#client.on(event, (error: unknown) => {
        this.#lastFault = error;
        // Or it would go on in the database that it could not leave.
        if (event === "error" && this.#client instanceof Redis && isSettingFault(error)) this.#client.disconnect(true);
      });
  }

  /**
   * @throws {ConfigurationError} The server does not take the credentials, or is another than the URL says.
   * @throws {StateUnavailableError} No connection within `callTimeoutMs`.
   * @throws {unknown} `signal.reason`
   */
  static async open(options: ConnectionOptions, signal: AbortSignal): Promise<RedisConnection> {
    signal.throwIfAborted();
    const connection = new RedisConnection(options);
    try {
      connection.#client.connect().catch(() => {}); // tried again by itself; what came of it is seen in the status
      await connection.#ready(connection.#deadline(), signal);
      return connection;
    } catch (error) {
      await connection[Symbol.asyncDispose]();
      if (error instanceof StateUnavailableError && isSettingFault(error.cause))
        throw new ConfigurationError(error.found, { help: error.help, cause: error.cause });
      throw error;
    }
  }

  /**
   * The answer of the server, which is asked again while it is certain that it did nothing.
   * @param send Sends one command, now.
   * @throws {StateUnavailableError} No answer in time, or a refusal: the command may have been carried out, unless it says otherwise.
   */
  async ask<Answer>(send: (client: Redis | Cluster) => Promise<Answer>): Promise<Answer> {
    const untilMs = this.#deadline();
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      if (this.#client.status !== "ready") await this.#ready(untilMs);
      try {
        return await this.#answered(send(this.#client), untilMs);
      } catch (error) {
        if (!wasNotCarriedOut(error) || this.#clock.monotonicMs() + pauseMs >= untilMs || this.#closing.signal.aborted)
          throw unavailable(this.server, error);
        await new Promise<void>((resolve) => this.#clock.after(pauseMs, resolve));
      }
    }
  }

  /** A script call; the server is told the script when it does not know it. The type is what that script answers. */
  evaluate<Reply>({ sha, source }: Script, key: string, args: readonly string[]): Promise<Reply> {
    return this.ask(async (client) => {
      const call = new Command("evalsha", [sha, 1, key, ...args], { replyEncoding: "utf8" });
      try {
        return (await client.sendCommand(call)) as Reply;
      } catch (error) {
        if (!isUnknownScript(error)) throw error;
        return (await client.eval(source, 1, key, ...args)) as Reply;
      } finally {
        // V8 makes the functions old that ioredis assigns to a command, and what is old keeps what it refers to until the next
        // major collection: kilobytes of each call would be promoted.
        call.args = [];
      }
    });
  }

  /**
   * The servers that together hold everything.
   * @throws {StateUnavailableError} Of part of it nobody knows the holder now, or there is no way to it.
   */
  async holders(): Promise<readonly Redis[]> {
    if (this.#client instanceof Redis) return [this.#client];
    const ranges = await this.ask((client) => client.cluster("SLOTS"));
    const nodes = this.masters();
    const holders = new Set<Redis>();
    let slots = 0;
    for (const [first, last, master] of ranges) {
      const holder = nodes.find(({ options }) => options.host === master?.[0] && options.port === master?.[1]);
      if (holder === undefined) break;
      holders.add(holder);
      slots += last - first + 1;
    }
    if (slots < slotCount) throw unavailable(this.server, new Error("CLUSTERDOWN a master is away"));
    return [...holders];
  }

  /** The server, or the masters of the cluster as they are known now. */
  masters(): readonly Redis[] {
    return this.#client instanceof Cluster ? this.#client.nodes("master") : [this.#client];
  }

  /** Perhaps to another server. */
  onReconnected(run: () => void): void {
    this.#client.on("ready", run);
  }

  counts(): ConnectionCounts {
    const masters = this.masters();
    const open = masters.filter(({ status }) => status === "ready").length;
    return { open, busy: Math.min(open, this.#underWay), waiting: this.#waiting, max: Math.max(1, masters.length) };
  }

  /** What is under way fails: nobody knows any more what becomes of it. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    const { status } = this.#client;
    this.#client.disconnect();
    // Between two attempts to connect there is nothing open, and ioredis tells of no end.
    if (status === "reconnecting" || status === "end") return;
    await new Promise<void>((resolve) => {
      const cancel = this.#clock.after(2 * disconnectMs, resolve);
      this.#client.once("end", () => {
        cancel();
        resolve();
      });
    });
  }

  #deadline(): number {
    return this.#clock.monotonicMs() + this.#callTimeoutMs;
  }

  /** Without a connection there is nothing to send on: nothing was carried out. */
  #ready(untilMs: number, signal?: AbortSignal): Promise<void> {
    const closed = (): StateUnavailableError => new StateUnavailableError(`${this.server}: the store is closed`);
    const { signal: closing } = this.#closing;
    if (closing.aborted) return Promise.reject(closed());
    this.#waiting++;
    return new Promise<void>((resolve, reject) => {
      const settle = (error?: unknown): void => {
        this.#waiting--;
        cancel();
        this.#client.off("ready", settle);
        for (const event of faultEvents) this.#client.off(event, giveUp);
        signal?.removeEventListener("abort", abort);
        closing.removeEventListener("abort", close);
        if (error === undefined) resolve();
        else reject(error);
      };
      const giveUp = (error: unknown): void => {
        if (isSettingFault(error)) settle(unavailable(this.server, error));
      };
      const abort = (): void => settle(signal?.reason);
      const close = (): void => settle(closed());
      const cancel = this.#clock.after(untilMs - this.#clock.monotonicMs(), () =>
        settle(this.#lastFault === undefined ? this.#mute() : unavailable(this.server, this.#lastFault)),
      );
      this.#client.on("ready", settle);
      for (const event of faultEvents) this.#client.on(event, giveUp);
      closing.addEventListener("abort", close);
      signal?.addEventListener("abort", abort);
    });
  }

  /** Redis waits for the end of the line from a client that speaks TLS where it does not. */
  #mute(): StateUnavailableError {
    return new StateUnavailableError(`${this.server}: it takes the connection and does not speak`, {
      help: "see that it answers at all, and that state.url says rediss:// only where it speaks TLS",
    });
  }

  #answered<Answer>(answer: Promise<Answer>, untilMs: number): Promise<Answer> {
    this.#underWay++;
    return new Promise<Answer>((resolve, reject) => {
      const cancel = this.#clock.after(untilMs - this.#clock.monotonicMs(), () =>
        reject(lateAnswer(this.server, this.#callTimeoutMs)),
      );
      answer.then(resolve, reject).finally(() => {
        cancel();
        this.#underWay--;
      });
    });
  }
}

const slotCount = 16_384;

/** In which ioredis says why there is no connection: to a server, a node of a cluster, a sentinel. */
const faultEvents = ["error", "node error", "sentinelError"] as const;

/** Between two attempts at what was not carried out. */
const firstPauseMs = 10;
const longestPauseMs = 200;

const longestReconnectPauseMs = 500;
/** How long a server is given to close a connection that we close. */
const disconnectMs = 200;

function createClient(
  target: RedisTarget,
  tls: TlsConnectionOptions | undefined,
  callTimeoutMs: number,
): Redis | Cluster {
  const options = {
    ...(target.username === undefined ? {} : { username: target.username }),
    ...(target.password === undefined ? {} : { password: target.password }),
    ...(tls === undefined ? {} : { tls }),
    protocol: 2,
    connectTimeout: callTimeoutMs,
    disconnectTimeout: disconnectMs,
    // A connection on which nothing comes back is given up, and with it what waits on it: it may be half open.
    socketTimeout: callTimeoutMs,
    // What was sent and lost may have been carried out: it is not sent again.
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    disableClientInfo: true,
  } satisfies RedisOptions;
  const retryStrategy = (times: number): number => Math.min(50 * times, longestReconnectPauseMs);
  if (target.kind === "cluster")
    return new Cluster([...target.nodes], {
      lazyConnect: true,
      // Of a node to which the connection is only being made: it is made when the first call needs it.
      enableOfflineQueue: true,
      redisOptions: options,
      retryDelayOnFailover: 0, // as above
      slotsRefreshTimeout: callTimeoutMs,
      slotsRefreshInterval: 5_000,
      clusterRetryStrategy: retryStrategy,
    });
  const direct = {
    ...options,
    lazyConnect: true,
    enableOfflineQueue: false,
    retryStrategy,
    // A master that was made a replica keeps its connections: ask the sentinels again.
    reconnectOnError: (error: Error) => error.message.startsWith("READONLY"),
    db: target.db,
  };
  if (target.kind === "single") return new Redis({ ...direct, ...target.address });
  return new Redis({
    ...direct,
    sentinels: [...target.sentinels],
    name: target.master,
    failoverDetector: true,
    sentinelRetryStrategy: retryStrategy,
    sentinelCommandTimeout: callTimeoutMs,
    enableTLSForSentinelMode: tls !== undefined,
    ...(tls === undefined ? {} : { sentinelTLS: tls }),
  });
}
