import { errorCodes } from "./protocol.ts";

/** A server's "no" to one request: its code. */
export class ZooKeeperError extends Error {
  override readonly name = "ZooKeeperError";
  readonly code: number;

  constructor(code: number) {
    const known = Object.entries(errorCodes).find(([, each]) => each === code)?.[0];
    super(`ZooKeeper refused with ${known ?? "code"} (${code})`);
    this.code = code;
  }
}

/** No answer: the request may have taken effect, unless `sent` is false. */
export class ConnectionLostError extends Error {
  override readonly name = "ConnectionLostError";
  readonly sent: boolean;

  constructor(message: string, { sent, ...options }: ErrorOptions & { readonly sent: boolean }) {
    super(message, options);
    this.sent = sent;
  }
}
