import { connect, type Socket } from "node:net";

const headersEnd = Buffer.from("\r\n\r\n");

/** Whole requests in one piece of memory, made before the clock starts: what holds thousands of texts collects them, and takes a core for it. */
export function encodePosts(path: string, bodies: readonly string[]): readonly Buffer[] {
  const texts = bodies.map(
    (body) =>
      `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  const memory = Buffer.allocUnsafeSlow(texts.reduce((bytes, text) => bytes + Buffer.byteLength(text), 0));
  let end = 0;
  return texts.map((text) => {
    const from = end;
    end += memory.write(text, from);
    return memory.subarray(from, end);
  });
}

/** One keep-alive connection that sends a request at a time and hands over the body of the reply. Cheap on purpose: it shares the machine with what it measures. */
export class LoadConnection {
  readonly #socket: Socket;
  #buffer: Buffer = Buffer.alloc(0);
  #resolve: ((body: Buffer) => void) | undefined;
  #reject: ((error: Error) => void) | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    socket.on("error", (error) => this.#reject?.(error));
    socket.on("close", () => this.#reject?.(new Error("the server closed the connection")));
  }

  static open(port: number): Promise<LoadConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, "127.0.0.1", () => resolve(new LoadConnection(socket)));
      socket.once("error", reject);
    });
  }

  /** @param request Whole. */
  send(request: Buffer): Promise<Buffer> {
    // One that was closed while it was idle tells nobody any more.
    if (this.#socket.destroyed) return Promise.reject(new Error("the server closed the connection"));
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#resolve = undefined;
    this.#reject = undefined;
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk]);
    const end = this.#buffer.indexOf(headersEnd);
    if (end < 0) return;
    const head = this.#buffer.toString("latin1", 0, end);
    const length = Number(/content-length: *(\d+)/i.exec(head)?.[1]);
    const from = end + headersEnd.length;
    if (this.#buffer.length < from + length) return;
    const body = this.#buffer.subarray(from, from + length);
    this.#buffer = this.#buffer.subarray(from + length);
    if (head.startsWith("HTTP/1.1 200")) this.#resolve?.(body);
    else this.#reject?.(new Error(`${head.split("\r\n")[0]}: ${body.toString().slice(0, 300)}`));
  }
}
