import { isIP } from "node:net";
import { checkServerIdentity } from "node:tls";
import { StateUnavailableError } from "@acteon/core";
import type { Clock } from "@acteon/core";
import { Client, Metadata, connectivityState, credentials, status } from "@grpc/grpc-js";
import type { ChannelCredentials, ClientDuplexStream, ClientUnaryCall } from "@grpc/grpc-js";
import type { EtcdAddress } from "./etcd-address.ts";
import { isSilence, isTokenOver, unavailable } from "./etcd-errors.ts";
import type { CallFailure, FailedCall } from "./etcd-errors.ts";
import { decodeToken, encodeCredentials } from "./maintenance-messages.ts";

/** The methods of etcd's v3 API that are used here. */
export type UnaryMethod =
  | "KV/Range"
  | "KV/Txn"
  | "KV/DeleteRange"
  | "KV/Compact"
  | "Lease/LeaseGrant"
  | "Lease/LeaseRevoke"
  | "Auth/Authenticate"
  | "Maintenance/Status"
  | "Maintenance/Alarm"
  | "Cluster/MemberList";
export type StreamMethod = "Watch/Watch" | "Lease/LeaseKeepAlive";

export interface EtcdClientOptions {
  readonly address: EtcdAddress;
  readonly clock: Clock;
  readonly callTimeoutMs: number;
}

/** An answer of the server, or of grpc-js in its place, that is no reply. */
export class EtcdCallError extends Error implements FailedCall {
  override readonly name = "EtcdCallError";
  readonly endpoint: string;
  readonly failure: CallFailure;
  readonly overTls: boolean;

  constructor({ endpoint, failure, overTls }: FailedCall) {
    super(`${failure.code} ${failure.details}`);
    this.endpoint = endpoint;
    this.failure = failure;
    this.overTls = overTls;
  }

  toUnavailable(): StateUnavailableError {
    return unavailable(this);
  }
}

/** How often a member that does not answer is asked again, while a call waits for any of them. */
const probeEveryMs = 100;

/**
 * Calls to a cluster, at one member at a time: another is taken when that one is silent. No call is sent twice, except after
 * an answer which says that nothing was done.
 */
export class EtcdClient {
  readonly #address: EtcdAddress;
  readonly #clock: Clock;
  readonly #callTimeoutMs: number;
  readonly #clients: Client[];
  readonly #streams = new Set<ClientDuplexStream<Buffer, Buffer>>();
  #current = 0;
  #metadata = metadataOf(undefined);
  #closed = false;
  readonly #calls = new Set<ClientUnaryCall>();

  constructor({ address, clock, callTimeoutMs }: EtcdClientOptions) {
    this.#address = address;
    this.#clock = clock;
    this.#callTimeoutMs = callTimeoutMs;
    this.#clients = address.endpoints.map((endpoint) => this.#clientFor(endpoint));
  }

  get endpoints(): readonly string[] {
    return this.#address.endpoints;
  }

  get overTls(): boolean {
    return this.#address.tls !== undefined;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  get callsInFlight(): number {
    return this.#calls.size;
  }

  /** Members to which a connection stands. */
  get connected(): number {
    return this.#clients.filter((client) => client.getChannel().getConnectivityState(false) === connectivityState.READY)
      .length;
  }

  /**
   * The reply to one request, decoded. Asks for a new token once, if the old one is over.
   * @param untilMs On the monotonic clock.
   * @throws {EtcdCallError}
   */
  async call<Reply>(
    method: UnaryMethod,
    request: Buffer,
    decode: (reply: Buffer) => Reply,
    untilMs = this.#clock.monotonicMs() + this.#callTimeoutMs,
  ): Promise<Reply> {
    await this.#ready(untilMs);
    try {
      return await this.#send(this.#current, method, request, decode, untilMs);
    } catch (error) {
      if (!(error instanceof EtcdCallError) || !isTokenOver(error.failure) || this.#address.user === undefined)
        throw error;
    }
    await this.#authenticate(untilMs);
    return this.#send(this.#current, method, request, decode, untilMs);
  }

  /** A stream to the member that calls go to; ends with an error when that is lost. */
  stream(method: StreamMethod): ClientDuplexStream<Buffer, Buffer> {
    const client = this.#clients[this.#current] as Client;
    const stream = client.makeBidiStreamRequest(path(method), asItIs, asItIs, this.#metadata);
    this.#streams.add(stream);
    stream.once("close", () => this.#streams.delete(stream));
    return stream;
  }

  /** Connects, and authenticates. @throws {EtcdCallError} */
  async open(): Promise<void> {
    await this.#ready(this.#clock.monotonicMs() + this.#callTimeoutMs);
  }

  close(): void {
    this.#closed = true;
    for (const call of this.#calls) call.cancel();
    for (const stream of this.#streams) stream.cancel();
    for (const client of this.#clients) client.close();
  }

  /** Makes the current member one that is connected, if any can be had in time. */
  #ready(untilMs: number): void | Promise<void> {
    if (this.#closed) throw new StateUnavailableError("the etcd store is closed");
    const needsToken = this.#address.user !== undefined && !this.#metadata.getMap()["token"];
    if (stateOf(this.#clients[this.#current] as Client) === connectivityState.READY && !needsToken) return undefined;
    return this.#connect(untilMs, needsToken);
  }

  async #connect(untilMs: number, needsToken: boolean): Promise<void> {
    for (let member = this.#current; ; member = (member + 1) % this.#clients.length) {
      try {
        await this.#send(member, "Maintenance/Status", noFields, asItIs, untilMs);
        this.#current = member;
        break;
      } catch (error) {
        if (!(error instanceof EtcdCallError) || !isSilence(error.failure)) throw error;
        const leftMs = untilMs - this.#clock.monotonicMs();
        if (leftMs <= probeEveryMs) throw error;
        if (member === this.#clients.length - 1) await this.#paused(probeEveryMs);
        if (this.#closed) throw error;
      }
    }
    if (needsToken) await this.#authenticate(untilMs);
  }

  async #authenticate(untilMs: number): Promise<void> {
    const { user } = this.#address;
    if (user === undefined) return;
    this.#metadata = metadataOf(undefined);
    const request = encodeCredentials(user.name, user.password.reveal());
    this.#metadata = metadataOf(await this.#send(this.#current, "Auth/Authenticate", request, decodeToken, untilMs));
  }

  #send<Reply>(
    member: number,
    method: UnaryMethod,
    request: Buffer,
    decode: (reply: Buffer) => Reply,
    untilMs: number,
  ): Promise<Reply> {
    const where = { endpoint: this.endpoints[member] as string, overTls: this.overTls };
    const { promise, resolve, reject } = Promise.withResolvers<Reply>();
    let settled = false;
    const settle = (end: () => void): void => {
      if (settled) return;
      settled = true;
      this.#calls.delete(call);
      cancel();
      end();
    };
    const client = this.#clients[member] as Client;
    const call = client.makeUnaryRequest(path(method), asItIs, decode, request, this.#metadata, (error, reply) => {
      if (error === null) return settle(() => resolve(reply as Reply));
      if (isSilence(error)) this.#leave(member);
      settle(() => reject(new EtcdCallError({ ...where, failure: error })));
    });
    // By our own clock: grpc-js counts deadlines on the wall clock, and that one may be set back.
    const cancel = this.#clock.after(Math.max(0, untilMs - this.#clock.monotonicMs()), () => {
      call.cancel();
      settle(() => reject(new EtcdCallError({ ...where, failure: timedOut(this.#callTimeoutMs) })));
      this.#replace(member);
    });
    this.#calls.add(call);
    return promise;
  }

  #leave(member: number): void {
    if (member === this.#current) this.#current = (member + 1) % this.#clients.length;
  }

  /** A connection that swallowed a call may be half open: it is not used again. */
  #replace(member: number): void {
    this.#leave(member);
    if (this.#closed) return;
    this.#clients[member]?.close();
    this.#clients[member] = this.#clientFor(this.endpoints[member] as string);
  }

  #clientFor(endpoint: string): Client {
    const host = endpoint.replace(/:\d+$/, "");
    return new Client(endpoint, credentialsOf(this.#address, host), {
      // Node takes no address for a server name, and grpc-js gives it one unless told another.
      ...(isIP(host) === 0 ? {} : { "grpc.ssl_target_name_override": "etcd" }),
      "grpc.max_receive_message_length": -1,
      "grpc.max_send_message_length": -1,
      "grpc.keepalive_time_ms": 10_000, // etcd hangs up on pings that come more often than every 5 s
      "grpc.keepalive_timeout_ms": 5_000,
      "grpc.initial_reconnect_backoff_ms": 50,
      "grpc.min_reconnect_backoff_ms": 50,
      "grpc.max_reconnect_backoff_ms": 1_000,
      "grpc.enable_retries": 0,
      "grpc.enable_http_proxy": 0,
      "grpc.use_local_subchannel_pool": 1,
    });
  }

  #paused(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#clock.after(ms, resolve));
  }
}

function credentialsOf({ tls }: EtcdAddress, host: string): ChannelCredentials {
  if (tls === undefined) return credentials.createInsecure();
  const { ca, cert, key, insecure } = tls;
  return credentials.createSsl(ca ?? null, key ?? null, cert ?? null, {
    rejectUnauthorized: !insecure,
    checkServerIdentity: (_, certificate) => (insecure ? undefined : checkServerIdentity(host, certificate)),
  });
}

/** A member that was cut off from its cluster refuses at once, instead of waiting for a leader. */
function metadataOf(token: string | undefined): Metadata {
  const metadata = new Metadata();
  metadata.set("hasleader", "true");
  if (token !== undefined) metadata.set("token", token);
  return metadata;
}

/** Begins to connect where there is no connection. */
function stateOf(client: Client): connectivityState {
  return client.getChannel().getConnectivityState(true);
}

function path(method: UnaryMethod | StreamMethod): string {
  return `/etcdserverpb.${method}`;
}

function asItIs(message: Buffer): Buffer {
  return message;
}

function timedOut(ms: number): CallFailure {
  return { code: status.DEADLINE_EXCEEDED, details: `no answer within ${ms} ms` };
}

const noFields = Buffer.alloc(0);
