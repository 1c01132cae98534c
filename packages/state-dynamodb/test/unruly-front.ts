import { once } from "node:events";
import { createServer, request } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What becomes of a request: it is passed on; refused as AWS refuses what is too much, or too large; or its answer is lost. */
export type Fate = "passed" | "throttled" | "lost";

/** A front of DynamoDB Local that does to requests what AWS and networks do and Local never does. */
export class UnrulyFront implements AsyncDisposable {
  readonly #server: Server;
  readonly #targetPort: number;
  /** Decides by the operation (`PutItem`, …), and by how many of it there were before. */
  fate: (operation: string, count: number) => Fate = () => "passed";
  readonly counts = new Map<string, number>();

  private constructor(targetPort: number) {
    this.#targetPort = targetPort;
    this.#server = createServer((incoming, reply) => void this.#serve(incoming, reply));
  }

  static async to(targetPort: number): Promise<UnrulyFront> {
    const front = new UnrulyFront(targetPort);
    front.#server.listen(0, "127.0.0.1");
    await once(front.#server, "listening");
    return front;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Counts begin anew. */
  do(fate: (operation: string, count: number) => Fate): void {
    this.counts.clear();
    this.fate = fate;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }

  async #serve(incoming: IncomingMessage, reply: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const operation = String(incoming.headers["x-amz-target"]).split(".")[1] ?? "";
    const count = this.counts.get(operation) ?? 0;
    this.counts.set(operation, count + 1);
    const fate = this.fate(operation, count);
    if (fate === "throttled") {
      const __type = "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException";
      const message = "The level of configured provisioned throughput for the table was exceeded.";
      reply.writeHead(400, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify({ __type, message }));
      return;
    }
    const onward = request({
      port: this.#targetPort,
      host: "127.0.0.1",
      method: incoming.method,
      path: incoming.url,
      headers: incoming.headers,
    });
    onward.end(Buffer.concat(chunks));
    const [answer] = (await once(onward, "response")) as [IncomingMessage];
    const body: Buffer[] = [];
    for await (const chunk of answer) body.push(chunk as Buffer);
    if (fate === "lost") reply.destroy();
    else reply.writeHead(answer.statusCode ?? 500, answer.headers).end(Buffer.concat(body));
  }
}
