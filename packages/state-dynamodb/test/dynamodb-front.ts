import { once } from "node:events";
import { createServer, request } from "node:http";
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What becomes of a request: it is passed on; refused as AWS refuses what is too much, or too large; or its answer is lost. */
export type Fate = "passed" | "throttled" | "lost";

/**
 * A front of DynamoDB Local that does what AWS does and Local does not. An answer to a transaction says that it is there
 * for good: Local gives it while the commit still waits in its queue, and who kills it then loses what was acknowledged.
 * And it throttles, and loses answers, when it is told to.
 */
export class DynamoDbFront implements AsyncDisposable {
  readonly #server: Server;
  readonly #targetPort: number;
  /** Decides by the operation (`PutItem`, …), and by how many of it there were before. */
  fate: (operation: string, count: number) => Fate = () => "passed";
  readonly counts = new Map<string, number>();

  private constructor(targetPort: number) {
    this.#targetPort = targetPort;
    this.#server = createServer((incoming, reply) => {
      // Without an answer from behind there is none here.
      this.#serve(incoming, reply).catch(() => reply.destroy());
    });
  }

  static async to(targetPort: number): Promise<DynamoDbFront> {
    const front = new DynamoDbFront(targetPort);
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
    const asked = {
      method: incoming.method,
      path: incoming.url,
      headers: incoming.headers,
      body: await bodyOf(incoming),
    };
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
    const answer = await this.#ask(asked);
    // Local carries out one thing after the other, and knows the transaction by its token: once it says so, it has committed.
    if (operation === "TransactWriteItems" && answer.status === 200) await this.#ask(asked);
    if (fate === "lost") reply.destroy();
    else reply.writeHead(answer.status, answer.headers).end(answer.body);
  }

  async #ask({ body, ...asked }: Asked): Promise<Answer> {
    const onward = request({ ...asked, port: this.#targetPort, host: "127.0.0.1" });
    onward.end(body);
    const [answer] = (await once(onward, "response")) as [IncomingMessage];
    return { status: answer.statusCode ?? 500, headers: answer.headers, body: await bodyOf(answer) };
  }
}

interface Asked {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
