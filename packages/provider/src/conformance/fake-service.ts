import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What a fake service got. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** What a fake service does with a request, once it has read all of it. */
export type Behaviour =
  | {
      readonly kind: "reply";
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string | Uint8Array;
    }
  /** Says nothing. */
  | { readonly kind: "silence" }
  /** Ends the connection with a TCP reset, nothing said. */
  | { readonly kind: "reset" }
  /** Says what is no HTTP, and repeats in it all that it was told. */
  | { readonly kind: "garbage" }
  /** A good head, then bytes for ever, as fast as they are taken. */
  | { readonly kind: "flood" }
  /** A good head, then a byte every 20 ms for ever. */
  | { readonly kind: "drip" };

/** A real HTTP server on 127.0.0.1 that writes down what it gets and misbehaves as it is told. */
export class FakeService implements AsyncDisposable {
  readonly requests: ReceivedRequest[] = [];
  readonly #server: Server;
  #behaviours: readonly [Behaviour, ...Behaviour[]] = [{ kind: "reply", status: 200 }];

  private constructor(server: Server) {
    this.#server = server;
    server.on("request", (request, response) => {
      let body = "";
      request.setEncoding("utf8");
      request.on("data", (chunk: string) => (body += chunk));
      request.on("end", () => {
        const { method = "", url = "", headers } = request;
        this.requests.push({ method, path: url, headers, body });
        behave(this.#next(), response, [url, ...request.rawHeaders, body].join(" "));
      });
    });
  }

  static async open(): Promise<FakeService> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new FakeService(server);
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo; // listening on a port, not on a pipe
    return `http://127.0.0.1:${port}`;
  }

  /** For each of the next requests one behaviour, the last one from then on. */
  behave(...behaviours: [Behaviour, ...Behaviour[]]): void {
    this.#behaviours = behaviours;
  }

  /** How many connections are open. */
  connections(): Promise<number> {
    return new Promise((resolve, reject) =>
      this.#server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  #next(): Behaviour {
    const [now, next, ...later] = this.#behaviours;
    if (next !== undefined) this.#behaviours = [next, ...later];
    return now;
  }
}

function behave(behaviour: Behaviour, response: ServerResponse, told: string): void {
  switch (behaviour.kind) {
    case "reply":
      response.writeHead(behaviour.status, behaviour.headers).end(behaviour.body);
      return;
    case "silence":
      return;
    case "reset":
      response.socket?.resetAndDestroy();
      return;
    case "garbage":
      response.socket?.end(`\u0000 this is no HTTP: ${told}\r\n\r\n`);
      return;
    case "flood": {
      const chunk = Buffer.alloc(65_536, "a");
      const pour = (): void => {
        while (!response.destroyed && response.write(chunk));
      };
      response.writeHead(200, { "content-type": "text/plain" }).on("drain", pour);
      pour();
      return;
    }
    case "drip": {
      response.writeHead(200, { "content-type": "text/plain" });
      const timer = setInterval(() => response.write("a"), 20);
      response.on("close", () => clearInterval(timer));
      return;
    }
  }
}
