import { connect } from "node:net";

export interface RawReply {
  readonly status: number;
  /** Names in lower case; the last of several. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The server ended the connection. */
  readonly closed: boolean;
}

export interface RawOptions {
  /** How long to wait for the server to end the connection, once the reply is whole. */
  readonly closeWaitMs?: number;
  /** Waited after each part; 0 unless given. */
  readonly pauseMs?: number;
}

/** Sends these bytes, whatever they are, and reads one reply. */
export async function sendRaw(
  port: number,
  parts: string | Buffer | readonly (string | Buffer)[],
  { closeWaitMs = 0, pauseMs = 0 }: RawOptions = {},
): Promise<RawReply> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  let received: Buffer = Buffer.alloc(0);
  const ended = Promise.withResolvers<void>();
  const whole = Promise.withResolvers<void>();
  socket.on("data", (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    if (parseReply(received) !== undefined) whole.resolve();
  });
  socket.on("close", () => ended.resolve());
  socket.on("end", () => ended.resolve());
  socket.on("error", () => ended.resolve()); // a reset, after what was sent in vain
  try {
    for (const part of Array.isArray(parts) ? parts : [parts]) {
      if (socket.destroyed) break;
      await new Promise<void>((resolve) => socket.write(part as string | Buffer, () => resolve()));
      if (pauseMs > 0) await Promise.race([new Promise((resolve) => setTimeout(resolve, pauseMs)), ended.promise]);
    }
    await Promise.race([whole.promise, ended.promise]);
    const closed = await Promise.race([
      ended.promise.then(() => true),
      new Promise<boolean>((resolve) => setTimeout(() => resolve(false), closeWaitMs)),
    ]);
    const reply = parseReply(received);
    if (reply === undefined) throw new Error(`no reply, but ${JSON.stringify(received.toString("latin1"))}`);
    return { ...reply, closed };
  } finally {
    socket.destroy();
  }
}

/** `undefined` while it is not whole. */
function parseReply(bytes: Buffer): Omit<RawReply, "closed"> | undefined {
  const headEnd = bytes.indexOf("\r\n\r\n");
  if (headEnd === -1) return undefined;
  const [statusLine = "", ...lines] = bytes.toString("latin1", 0, headEnd).split("\r\n");
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const status = Number(statusLine.split(" ")[1]);
  const rest = bytes.subarray(headEnd + 4);
  if (status === 100) return parseReply(rest);
  const length = Number(headers["content-length"] ?? 0);
  return rest.length < length ? undefined : { status, headers, body: rest.toString("utf8", 0, length) };
}

/** The text of a request with a body and its length. */
export function post(path: string, body: string | Buffer, headers: Readonly<Record<string, string>> = {}): Buffer {
  const all = {
    host: "127.0.0.1",
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(body)),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join("")}\r\n`, "latin1"), Buffer.from(body)]);
}

export function get(path: string, headers: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries({ host: "127.0.0.1", ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${path} HTTP/1.1\r\n${lines.join("")}\r\n`;
}
