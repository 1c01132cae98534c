import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A webhook receiver that counts: per action, the `webhook-id`s that it came under and how often. */
export class CountingSink implements AsyncDisposable {
  /** By action id: how often each `webhook-id` came. */
  readonly received = new Map<string, Map<string, number>>();
  /** How long it takes to answer, ms; drawn anew for each request. */
  delayMs: () => number = () => 0;
  open = 0;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<CountingSink> {
    const server = createServer();
    const sink = new CountingSink(server);
    server.on("request", (request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const { id } = JSON.parse(Buffer.concat(chunks).toString()) as { id: string };
        sink.#count(id, String(request.headers["webhook-id"]));
        sink.open++;
        setTimeout(() => {
          sink.open--;
          response.writeHead(200, { "Content-Type": "application/json" });
          response.end('{"ok":true}');
        }, sink.delayMs());
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return sink;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #count(id: string, key: string): void {
    const keys = this.received.get(id) ?? new Map<string, number>();
    keys.set(key, (keys.get(key) ?? 0) + 1);
    this.received.set(id, keys);
  }
}
