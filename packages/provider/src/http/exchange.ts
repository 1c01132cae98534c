import type { Clock } from "@acteon/core";
import type { Dispatcher, Pool } from "undici";
import { AddressNotAllowedError, ProviderUnavailableError } from "../provider-errors.ts";
import type { UnavailableReason } from "../provider-errors.ts";
import { decodeBody } from "./decode-body.ts";
import type { HttpReply, HttpRequest } from "./http.ts";

type Controller = Dispatcher.DispatchController;
type Headers = HttpReply["headers"];

/**
 * One request and its reply. Knows at every instant whether a byte of the request may have left: undici calls
 * `onRequestStart` with a connection in hand, right before it writes to it.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #origin: string;
  readonly #request: HttpRequest;
  readonly #maxReplyBytes: number;
  readonly #clock: Clock;
  readonly #done = Promise.withResolvers<HttpReply>();
  #settled = false;
  #cancelTimeout: () => void = () => {};
  #controller: Controller | undefined = undefined;
  /** Of the reply, once its head is there. */
  #status: number | undefined = undefined;
  #headers: Headers = {};
  #body: Buffer = Buffer.alloc(0);
  #length = 0;

  constructor(origin: string, request: HttpRequest, maxReplyBytes: number, clock: Clock) {
    this.#origin = origin;
    this.#request = request;
    this.#maxReplyBytes = maxReplyBytes;
    this.#clock = clock;
  }

  run(pool: Pool, path: string): Promise<HttpReply> {
    const { method, headers, body, signal, timeoutMs } = this.#request;
    if (signal.aborted) {
      this.#fail("aborted", "aborted");
      return this.#done.promise;
    }
    signal.addEventListener("abort", this);
    this.#cancelTimeout = this.#clock.after(timeoutMs, () => this.#cut("timeout", `no reply within ${timeoutMs} ms`));
    pool.dispatch({ path, method, headers: headers ?? null, body: body ?? null }, this);
    return this.#done.promise;
  }

  /** The caller's signal has aborted. */
  handleEvent(): void {
    const { reason } = this.#request.signal as { readonly reason: unknown };
    const isTimeout = reason instanceof DOMException && reason.name === "TimeoutError";
    this.#cut("aborted", isTimeout ? "no answer in time" : "aborted");
  }

  onRequestStart(controller: Controller): void {
    // It waited for a connection in vain: refusing it by throwing leaves the connection to others.
    if (this.#settled) throw new Error("no longer wanted");
    this.#controller = controller;
  }

  onResponseStart(_controller: Controller, status: number, headers: Headers): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    if (this.#length + chunk.length > this.#maxReplyBytes) {
      this.#settle({ kind: "too_large" });
      controller.abort(new Error("reply too large"));
      return;
    }
    this.#append(chunk);
  }

  onResponseEnd(): void {
    const coding = this.#headers["content-encoding"];
    const bytes = this.#body.subarray(0, this.#length);
    if (coding === undefined || bytes.length === 0) {
      this.#settle({ kind: "whole", bytes });
    } else {
      decodeBody(bytes, coding, this.#maxReplyBytes, (body) => this.#settle(body));
    }
  }

  onResponseError(_controller: Controller, error: Error): void {
    if (error instanceof AddressNotAllowedError) {
      if (this.#end()) this.#done.reject(error);
      return;
    }
    const code = "code" in error ? String(error.code) : error.name;
    // An error of undici's parser holds what the service sent, which may be what it was sent: no secret may leak so.
    const cause = "data" in error ? undefined : error;
    this.#fail(timeoutCodes.has(code) ? "timeout" : "connection", code, cause);
  }

  /** Most replies are one chunk, which is not copied; one that comes byte by byte must not cost an object for each. */
  #append(chunk: Buffer): void {
    const length = this.#length + chunk.length;
    if (this.#length === 0) {
      this.#body = chunk;
    } else {
      if (length > this.#body.length) {
        const grown = Buffer.allocUnsafe(2 * length);
        this.#body.copy(grown, 0, 0, this.#length);
        this.#body = grown;
      }
      chunk.copy(this.#body, this.#length);
    }
    this.#length = length;
  }

  #settle(body: HttpReply["body"]): void {
    const status = this.#status!; // a body has a head before it
    if (this.#end()) this.#done.resolve({ status, headers: this.#headers, body });
  }

  #cut(reason: UnavailableReason, why: string): void {
    this.#fail(reason, why);
    this.#controller?.abort(new Error(why));
  }

  #fail(reason: UnavailableReason, why: string, cause?: Error): void {
    if (!this.#end()) return;
    const sent = this.#controller !== undefined;
    const options = cause === undefined ? {} : { cause };
    this.#done.reject(
      new ProviderUnavailableError(`${this.#origin}: ${why}`, { reason, sent, status: this.#status, ...options }),
    );
  }

  /** True the first time: whoever is told so says how it ended. */
  #end(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    this.#cancelTimeout();
    this.#request.signal.removeEventListener("abort", this);
    return true;
  }
}

const timeoutCodes: ReadonlySet<string> = new Set([
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
  "ETIMEDOUT",
]);
