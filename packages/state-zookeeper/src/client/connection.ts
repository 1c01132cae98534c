import { once } from "node:events";
import { type Socket, connect as connectTcp } from "node:net";
import { type ConnectionOptions as TlsOptions, connect as connectTls } from "node:tls";
import type { Clock } from "@acteon/core";
import { JuteReader } from "./jute-reader.ts";
import { JuteWriter } from "./jute-writer.ts";
import { errorCodes, opCodes, specialXids } from "./protocol.ts";
import { ConnectionLostError, ZooKeeperError } from "./zookeeper-error.ts";

export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

/** What a session takes from server to server. */
export interface SessionTicket {
  readonly id: Buffer;
  readonly password: Buffer;
}

export interface ConnectionSettings {
  readonly clock: Clock;
  readonly tls: TlsOptions | undefined;
  /** Longest wait for a handshake, and for the answer to any one request: past it the connection is given up. */
  readonly requestTimeoutMs: number;
  /** Asked for; the server gives what it allows. */
  readonly sessionTimeoutMs: number;
}

/** Who waits for the answer to one request. */
export interface ReplyHandler {
  /** @param zxid Of the last write that the server knew; of the write itself if the request was one. */
  answered(reader: JuteReader, zxid: number): void;
  /** A `ZooKeeperError` is the server's refusal; a `ConnectionLostError` is no answer. */
  failed(error: ZooKeeperError | ConnectionLostError): void;
}

export interface ConnectionEvents {
  /** A watch fired. */
  notified(event: WatchEvent): void;
  /** Once, when no answer will come any more. */
  lost(error: ConnectionLostError): void;
}

export interface WatchEvent {
  readonly kind: "created" | "deleted" | "dataChanged" | "childrenChanged" | "other";
  readonly path: string;
}

const eventKinds: readonly WatchEvent["kind"][] = ["other", "created", "deleted", "dataChanged", "childrenChanged"];

interface Pending {
  readonly xid: number;
  readonly sentAtMs: number;
  readonly handler: ReplyHandler;
}

/**
 * One connection to one server. Requests travel without waiting for one another; the server carries them out, and answers, in
 * their order. What is written in one turn of the event loop leaves in one packet.
 */
export class Connection {
  readonly address: ServerAddress;
  readonly #socket: Socket;
  readonly #settings: ConnectionSettings;
  readonly #writer = new JuteWriter();
  /** In order; those before `#answered` have their answer. */
  #pending: Pending[] = [];
  #answered = 0;
  #unread: Buffer[] = [];
  #unreadBytes = 0;
  #neededBytes = 4;
  #lastXid = 0;
  #lastSentAtMs: number;
  #lastHeardAtMs: number;
  #flushing = false;
  #lost: ConnectionLostError | undefined;
  #events: ConnectionEvents | undefined;
  #cancelTick: () => void = nothing;
  #sessionTimeoutMs = 0;
  #lastZxid = 0;

  private constructor(address: ServerAddress, socket: Socket, settings: ConnectionSettings) {
    this.address = address;
    this.#socket = socket;
    this.#settings = settings;
    this.#lastSentAtMs = this.#lastHeardAtMs = settings.clock.monotonicMs();
  }

  /**
   * @param ticket `undefined`: a new session.
   * @throws {ConnectionLostError} No answer, or the caller's `signal` aborted.
   * @throws {ZooKeeperError} `sessionExpired`: there is no such session any more.
   */
  static async open(
    address: ServerAddress,
    settings: ConnectionSettings,
    {
      ticket,
      lastZxid,
      signal,
    }: { readonly ticket: SessionTicket | undefined; readonly lastZxid: number; readonly signal: AbortSignal },
  ): Promise<{ readonly connection: Connection; readonly ticket: SessionTicket; readonly sessionTimeoutMs: number }> {
    const { host, port } = address;
    const socket =
      settings.tls === undefined ? connectTcp({ host, port }) : connectTls({ ...settings.tls, host, port });
    const giveUp = (): void => void socket.destroy(new Error("no answer to the handshake in time"));
    const cancelTimeout = settings.clock.after(settings.requestTimeoutMs, giveUp);
    signal.addEventListener("abort", giveUp);
    try {
      if (signal.aborted) giveUp();
      await once(socket, settings.tls === undefined ? "connect" : "secureConnect");
      socket.setNoDelay(true);
      const connection = new Connection(address, socket, settings);
      const session = await connection.#shakeHands(ticket, lastZxid);
      return { connection, ...session };
    } catch (cause) {
      socket.destroy();
      if (cause instanceof ZooKeeperError) throw cause;
      throw new ConnectionLostError(`no connection to ${host}:${port}`, { cause, sent: false });
    } finally {
      cancelTimeout();
      signal.removeEventListener("abort", giveUp);
    }
  }

  /** From now on answers are given, and pings sent. */
  listen(events: ConnectionEvents): void {
    this.#events = events;
    if (this.#lost !== undefined) events.lost(this.#lost);
    else this.#tick();
  }

  /** The last write that this server said it knew. */
  get lastZxid(): number {
    return this.#lastZxid;
  }

  /** Requests that wait for their answer. */
  get pendingRequests(): number {
    return this.#pending.length - this.#answered;
  }

  send(type: number, write: (writer: JuteWriter) => void, handler: ReplyHandler): void {
    if (this.#lost !== undefined) {
      handler.failed(new ConnectionLostError(this.#lost.message, { cause: this.#lost, sent: false }));
      return;
    }
    const xid = (this.#lastXid = this.#lastXid === 2 ** 31 - 1 ? 1 : this.#lastXid + 1);
    const nowMs = this.#settings.clock.monotonicMs();
    this.#pending.push({ xid, sentAtMs: nowMs, handler });
    this.#write(xid, type, write, nowMs);
  }

  /** Its answer is none; a refusal ends the connection with `authFailed`. */
  authenticate(scheme: string, credentials: string): void {
    const write = (writer: JuteWriter): void => {
      writer.int(0);
      writer.text(scheme);
      writer.text(credentials);
    };
    this.#write(specialXids.auth, opCodes.auth, write, this.#settings.clock.monotonicMs());
  }

  /** At once; whoever waits hears that no answer came. */
  destroy(reason: string, cause?: unknown): void {
    this.#lose(new ConnectionLostError(reason, { cause, sent: true }));
  }

  async #shakeHands(
    ticket: SessionTicket | undefined,
    lastZxid: number,
  ): Promise<{ readonly ticket: SessionTicket; readonly sessionTimeoutMs: number }> {
    const writer = this.#writer;
    const begun = writer.beginFrame();
    writer.int(0); // protocol version
    writer.long(lastZxid);
    writer.int(this.#settings.sessionTimeoutMs);
    writer.raw(ticket?.id ?? Buffer.alloc(8));
    writer.buffer(ticket?.password ?? Buffer.alloc(16));
    writer.boolean(false); // not content with a server that is read-only
    writer.endFrame(begun);
    this.#socket.write(writer.take());
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    const onData = (data: Buffer): void => {
      this.#take(data, (frame) => {
        this.#socket.off("data", onData);
        resolve(frame);
        return false;
      });
    };
    this.#socket.on("data", onData);
    this.#socket.on("error", reject);
    this.#socket.on("close", () => reject(new Error("the server closed the connection during the handshake")));
    const reader = new JuteReader(await promise);
    reader.skip(4); // protocol version
    const sessionTimeoutMs = reader.int();
    const id = Buffer.from(reader.opaqueLong());
    const password = Buffer.from(reader.buffer());
    if (sessionTimeoutMs <= 0) throw new ZooKeeperError(errorCodes.sessionExpired);
    this.#sessionTimeoutMs = sessionTimeoutMs;
    this.#socket.on("data", (data: Buffer) => this.#receive(data));
    this.#socket.on("error", (error) => this.destroy(`the connection broke: ${error.message}`, error));
    this.#socket.on("close", () => this.destroy("the server closed the connection"));
    return { ticket: { id, password }, sessionTimeoutMs };
  }

  #write(xid: number, type: number, write: (writer: JuteWriter) => void, nowMs: number): void {
    const writer = this.#writer;
    const begun = writer.beginFrame();
    writer.int(xid);
    writer.int(type);
    write(writer);
    writer.endFrame(begun);
    this.#lastSentAtMs = nowMs;
    if (this.#flushing) return;
    this.#flushing = true;
    queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    this.#flushing = false;
    if (this.#lost === undefined && this.#writer.pendingBytes > 0) this.#socket.write(this.#writer.take());
  }

  #receive(data: Buffer): void {
    this.#lastHeardAtMs = this.#settings.clock.monotonicMs();
    try {
      this.#take(data, (frame) => {
        this.#dispatch(new JuteReader(frame));
        return this.#lost === undefined;
      });
    } catch (error) {
      this.destroy("the server's answer could not be read", error);
    }
  }

  /** Cuts what arrives into frames, for as long as `give` wants more. Frames are joined only once they are whole. */
  #take(data: Buffer, give: (frame: Buffer) => boolean): void {
    this.#unread.push(data);
    this.#unreadBytes += data.length;
    if (this.#unreadBytes < this.#neededBytes) return;
    const bytes = this.#unread.length === 1 ? data : Buffer.concat(this.#unread);
    let at = 0;
    let more = true;
    this.#neededBytes = 4;
    while (more && bytes.length - at >= 4) {
      const length = bytes.readInt32BE(at);
      if (bytes.length - at - 4 < length) {
        this.#neededBytes = 4 + length;
        break;
      }
      more = give(bytes.subarray(at + 4, at + 4 + length));
      at += 4 + length;
    }
    this.#unread = at === bytes.length ? [] : [bytes.subarray(at)];
    this.#unreadBytes = bytes.length - at;
  }

  #dispatch(reader: JuteReader): void {
    const xid = reader.int();
    const zxid = reader.long();
    const code = reader.int();
    if (xid === specialXids.notification) {
      const kind = eventKinds[reader.int()] ?? "other";
      reader.skip(4); // session state
      this.#events?.notified({ kind, path: reader.text() });
      return;
    }
    if (xid === specialXids.auth && code !== errorCodes.ok)
      this.destroy("the server refused the credentials", new ZooKeeperError(code));
    if (xid < 0) return;
    if (zxid > this.#lastZxid) this.#lastZxid = zxid;
    const pending = this.#pending[this.#answered];
    if (pending?.xid !== xid) throw new Error(`an answer to request ${xid} came instead of one to ${pending?.xid}`);
    this.#answered++;
    if (this.#answered === this.#pending.length) {
      this.#pending = [];
      this.#answered = 0;
    } else if (this.#answered >= 1_024) {
      this.#pending = this.#pending.slice(this.#answered);
      this.#answered = 0;
    }
    if (code === errorCodes.ok) pending.handler.answered(reader, zxid);
    else pending.handler.failed(new ZooKeeperError(code));
  }

  /**
   * Looks after the connection: a server that is silent for two thirds of the session timeout, or for the request timeout while
   * a request waits, is given up, so that the rest of the session is left to find another.
   */
  #tick(): void {
    const nowMs = this.#settings.clock.monotonicMs();
    const { requestTimeoutMs } = this.#settings;
    const third = this.#sessionTimeoutMs / 3;
    const oldest = this.#pending[this.#answered];
    if (oldest !== undefined && nowMs - oldest.sentAtMs >= requestTimeoutMs)
      return this.destroy(`no answer within ${requestTimeoutMs} ms`);
    if (nowMs - this.#lastHeardAtMs >= 2 * third) return this.destroy("the server has fallen silent");
    if (nowMs - this.#lastSentAtMs >= third) this.#write(specialXids.ping, opCodes.ping, nothing, nowMs);
    const dueMs = Math.min(
      this.#lastSentAtMs + third,
      this.#lastHeardAtMs + 2 * third,
      oldest === undefined ? nowMs + requestTimeoutMs / 8 : oldest.sentAtMs + requestTimeoutMs,
    );
    this.#cancelTick = this.#settings.clock.after(Math.max(dueMs - nowMs, 5), () => this.#tick());
  }

  #lose(error: ConnectionLostError): void {
    if (this.#lost !== undefined) return;
    this.#lost = error;
    this.#cancelTick();
    this.#socket.destroy();
    const pending = this.#pending.slice(this.#answered);
    this.#pending = [];
    this.#answered = 0;
    this.#events?.lost(error);
    for (const { handler } of pending) handler.failed(error);
  }
}

function nothing(): void {}
