import type { IncomingMessage } from "node:http";
import type { ErrorCode } from "@acteon/core";
import { RequestError } from "./request-error.ts";

/**
 * The headers that the server reads, taken in one pass over the raw list: node would make an object of all of them, and
 * keep silently one of two that must not be two.
 */
export class RequestHead {
  host: string | undefined = undefined;
  expect: string | undefined = undefined;
  origin: string | undefined = undefined;
  apiKey: string | undefined = undefined;
  contentType: string | undefined = undefined;
  requestId: string | undefined = undefined;
  authorization: string | undefined = undefined;
  contentLength: string | undefined = undefined;
  contentEncoding: string | undefined = undefined;
  transferEncoding: string | undefined = undefined;
  idempotencyKey: string | undefined = undefined;
  /** The last one: what the nearest proxy wrote. */
  forwardedFor: string | undefined = undefined;
  requestTimeoutMs: string | undefined = undefined;
  /** Why the headers cannot be used: one twice that may be there once, or more than `maxHeaders`. */
  fault: RequestError | undefined = undefined;

  constructor({ rawHeaders }: IncomingMessage, maxHeaders: number) {
    if (rawHeaders.length > 2 * maxHeaders) {
      this.fault = new RequestError("headers_too_large", `more than ${maxHeaders} headers`, { close: true });
      return;
    }
    for (let i = 0; i < rawHeaders.length; i += 2) this.#take(rawHeaders[i] as string, rawHeaders[i + 1] as string);
  }

  /** By the length of the name first: most headers are none of these and cost one comparison. */
  #take(name: string, value: string): void {
    switch (name.length) {
      case 4:
        if (is(name, "host")) this.host = this.#once(this.host, value, "Host", "bad_request_target");
        break;
      case 6:
        if (is(name, "expect")) this.expect = value;
        else if (is(name, "origin")) this.origin = this.#once(this.origin, value, "Origin");
        break;
      case 9:
        if (is(name, "x-api-key")) this.apiKey = this.#once(this.apiKey, value, "X-API-Key");
        break;
      case 12:
        if (is(name, "content-type")) this.contentType = this.#once(this.contentType, value, "Content-Type");
        else if (is(name, "x-request-id")) this.requestId = value;
        break;
      case 13:
        if (is(name, "authorization")) {
          this.authorization = this.#once(this.authorization, value, "Authorization");
        }
        break;
      case 14:
        if (is(name, "content-length")) this.contentLength = value;
        break;
      case 15:
        if (is(name, "idempotency-key")) {
          this.idempotencyKey = this.#once(this.idempotencyKey, value, "Idempotency-Key");
        } else if (is(name, "x-forwarded-for")) this.forwardedFor = value;
        break;
      case 16:
        if (is(name, "content-encoding")) {
          this.contentEncoding = this.#once(this.contentEncoding, value, "Content-Encoding", "unsupported_encoding");
        }
        break;
      case 17:
        if (is(name, "transfer-encoding")) this.transferEncoding = value;
        break;
      case 20:
        if (is(name, "x-request-timeout-ms")) this.requestTimeoutMs = value;
        break;
    }
  }

  #once(before: string | undefined, value: string, name: string, code: ErrorCode = "bad_request"): string {
    if (before !== undefined) this.fault ??= new RequestError(code, `more than one ${name} header`, { close: true });
    return value;
  }

  /** Does the request announce a body? */
  get hasBody(): boolean {
    return this.transferEncoding !== undefined || (this.contentLength !== undefined && this.contentLength !== "0");
  }
}

function is(name: string, lowerCase: string): boolean {
  return name === lowerCase || name.toLowerCase() === lowerCase;
}
