import { once } from "node:events";
import { type AddressInfo, type Server, type Socket, createConnection, createServer } from "node:net";

/** What the proxy does to what passes through it; changed at any time, and then for open connections too. */
interface Faults {
  /** Each chunk of an answer arrives so much later. */
  latencyMs: number;
  /** Nothing passes any more, and nobody is told: a cable was pulled. Connections that saw this stay dead for good. */
  halfOpen: boolean;
  /** Answers are thrown away, and the connection is reset once the request has been passed on. */
  resetAfterRequest: boolean;
  /** New connections are refused. */
  refusing: boolean;
}

/** A TCP proxy on a loopback port in front of a server on another, that misbehaves on demand. */
export class FaultProxy implements AsyncDisposable {
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  readonly #faults: Faults = { latencyMs: 0, halfOpen: false, resetAfterRequest: false, refusing: false };
  #targetPort: number;
  /** Chunks passed on, either way: about the number of requests, and of answers. */
  readonly chunks = { up: 0, down: 0 };

  private constructor(targetPort: number) {
    this.#targetPort = targetPort;
    this.#server = createServer((client) => this.#connect(client));
  }

  static async to(targetPort: number): Promise<FaultProxy> {
    const proxy = new FaultProxy(targetPort);
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Connections from now on go to another server. */
  retarget(port: number): void {
    this.#targetPort = port;
  }

  set(faults: Partial<Faults>): void {
    Object.assign(this.#faults, faults);
    if (this.#faults.halfOpen) for (const pair of this.#pairs) pair.dead = true;
  }

  /** No faults for connections from now on; what was cut stays cut, and what was half-open stays so: a stream with a hole is none. */
  heal(): void {
    this.set({ latencyMs: 0, halfOpen: false, resetAfterRequest: false, refusing: false });
  }

  /** Resets all connections there are. */
  cut(): void {
    for (const { client, upstream } of this.#pairs) {
      client.resetAndDestroy();
      upstream.destroy();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
  }

  #connect(client: Socket): void {
    if (this.#faults.refusing) {
      client.resetAndDestroy();
      return;
    }
    const upstream = createConnection({ port: this.#targetPort, host: "127.0.0.1" });
    const pair: Pair = { client, upstream, dead: this.#faults.halfOpen, delayed: [] };
    this.#pairs.add(pair);
    const end = (): void => {
      this.#pairs.delete(pair);
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true);
      socket.on("error", end);
      socket.on("close", () => !pair.dead && end()); // of a pulled cable neither side hears that the other has left
    }
    client.on("close", end);
    client.on("data", (data) => this.#up(pair, data));
    upstream.on("data", (data) => this.#down(pair, data));
  }

  #up(pair: Pair, data: Chunk): void {
    if (pair.dead) return;
    this.chunks.up++;
    pair.upstream.write(data);
  }

  #down(pair: Pair, data: Chunk): void {
    if (pair.dead) return;
    if (this.#faults.resetAfterRequest) {
      pair.client.resetAndDestroy();
      pair.upstream.destroy();
      return;
    }
    this.chunks.down++;
    if (this.#faults.latencyMs === 0 && pair.delayed.length === 0) {
      pair.client.write(data);
      return;
    }
    pair.delayed.push(data);
    setTimeout(() => {
      const first = pair.delayed.shift(); // in order, also when the latency has become less
      if (first !== undefined && pair.client.writable && !pair.dead) pair.client.write(first);
    }, this.#faults.latencyMs);
  }
}

type Chunk = string | Buffer;

interface Pair {
  readonly client: Socket;
  readonly upstream: Socket;
  /** It was there while the cable was pulled. */
  dead: boolean;
  /** Chunks of answers on their way. */
  readonly delayed: Chunk[];
}
