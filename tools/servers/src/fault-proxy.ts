import { once } from "node:events";
import { type AddressInfo, type Server, type Socket, createConnection, createServer } from "node:net";

/** What the proxy does to what passes through it; changed at any time, and then for open connections too. */
interface Faults {
  /** Each chunk of an answer arrives so much later. */
  latencyMs: number;
  /** Nothing passes any more, and nobody is told: a cable was pulled. */
  halfOpen: boolean;
  /** Answers are thrown away, and the connection is reset once the request has been passed on. */
  resetAfterRequest: boolean;
  /** New connections are refused. */
  refusing: boolean;
}

/** A TCP proxy on a loopback port in front of a server on another, that misbehaves on demand. */
export class FaultProxy implements AsyncDisposable {
  readonly #server: Server;
  readonly #pairs = new Set<readonly [client: Socket, upstream: Socket]>();
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
  }

  /** No faults any more; what was cut stays cut. */
  heal(): void {
    this.set({ latencyMs: 0, halfOpen: false, resetAfterRequest: false, refusing: false });
  }

  /** Resets all connections there are. */
  cut(): void {
    for (const [client, upstream] of this.#pairs) {
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
    const pair = [client, upstream] as const;
    this.#pairs.add(pair);
    const end = (): void => {
      this.#pairs.delete(pair);
      client.destroy();
      upstream.destroy();
    };
    for (const socket of pair) {
      socket.setNoDelay(true);
      socket.on("error", end);
      socket.on("close", end);
    }
    client.on("data", (data) => {
      if (this.#faults.halfOpen) return;
      this.chunks.up++;
      upstream.write(data);
    });
    upstream.on("data", (data) => {
      const { halfOpen, resetAfterRequest, latencyMs } = this.#faults;
      if (halfOpen) return;
      if (resetAfterRequest) {
        client.resetAndDestroy();
        upstream.destroy();
        return;
      }
      this.chunks.down++;
      if (latencyMs === 0) client.write(data);
      else setTimeout(() => client.writable && client.write(data), latencyMs);
    });
  }
}
