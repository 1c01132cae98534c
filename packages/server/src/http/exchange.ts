import type { IncomingMessage, ServerResponse } from "node:http";
import type { Principal } from "../auth/principal.ts";
import { anonymous } from "../auth/principal.ts";
import type { HttpLimits } from "../config/config.ts";
import type { Logger } from "../log/logger.ts";
import type { BodyBudget } from "./body-budget.ts";
import type { DeadlineSweep, Expiring } from "./deadline-sweep.ts";
import { asActeonError, errorAnswer, isFault } from "./error-codec.ts";
import { Query } from "./query.ts";
import { RequestError } from "./request-error.ts";
import { RequestHead } from "./request-head.ts";

/** What all exchanges of a listener share. */
export interface ExchangePorts {
  readonly limits: HttpLimits;
  readonly sweep: DeadlineSweep;
  readonly budget: BodyBudget;
  readonly logger: Logger;
  /** A text that no other request has. */
  readonly nextRequestId: () => string;
  /** Connections are to end, because the server is about to. */
  readonly closing: () => boolean;
}

/** One request and its answer. The answer is sent once: what comes later finds the exchange `answered`. */
export class Exchange implements Expiring {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly head: RequestHead;
  readonly ports: ExchangePorts;
  principal: Principal = anonymous;
  /** Decoded segments of the path where the route has parameters, in order. */
  params: readonly string[] = noParams;
  rawQuery: string | undefined = undefined;
  /** Headers that every answer gets: CORS. */
  extraHeaders: readonly string[] = noHeaders;
  /** The client waits for `100 Continue` before it sends the body. */
  expectsContinue = false;
  answered = false;
  dueMs = 0;
  #onExpire: (() => void) | undefined = undefined;
  #requestId: string | undefined = undefined;
  #query: Query | undefined = undefined;

  constructor(request: IncomingMessage, response: ServerResponse, ports: ExchangePorts) {
    this.request = request;
    this.response = response;
    this.ports = ports;
    this.head = new RequestHead(request, ports.limits.maxHeaders);
  }

  /** The client's own, if it is fit to be logged, else one of ours. */
  get requestId(): string {
    return (this.#requestId ??= clientRequestId(this.head.requestId) ?? this.ports.nextRequestId());
  }

  /** @throws {RequestError} `bad_query`. */
  get query(): Query {
    return (this.#query ??= new Query(this.rawQuery));
  }

  /** Calls `onExpire` unless `settle` comes within the time. */
  expireAfter(timeoutMs: number, onExpire: () => void): void {
    this.#onExpire = onExpire;
    this.ports.sweep.watch(this, timeoutMs);
  }

  settle(): void {
    this.ports.sweep.unwatch(this);
  }

  expire(): void {
    this.#onExpire?.();
  }

  sendJson(text: string, status = 200, headers: readonly string[] = noHeaders): void {
    this.#answer(status, "application/json", text, headers);
  }

  sendText(text: string, contentType: string): void {
    this.#answer(200, contentType, text, noHeaders);
  }

  /** 204: done, and nothing to say. */
  sendNothing(headers: readonly string[] = noHeaders): void {
    this.#answer(204, undefined, "", headers);
  }

  /** The answer to a request that failed, whatever the reason; logged here, and only here, when the fault is ours. */
  fail(error: unknown): void {
    if (isFault(error)) this.#logFault(error);
    if (this.answered) return;
    const { status, body, headers, close } = errorAnswer(error, this.requestId);
    this.#answer(status, "application/json", body, headers, close);
  }

  /** Headers of an answer that is written in parts. False: an answer was given already. */
  beginStream(contentType: string): boolean {
    if (!this.#begin()) return false;
    this.response.writeHead(200, this.#headers(noHeaders, contentType));
    return true;
  }

  #begin(): boolean {
    if (this.answered) return false;
    this.answered = true;
    return !this.response.destroyed;
  }

  #answer(status: number, contentType: string | undefined, body: string, own: readonly string[], close = false): void {
    if (!this.#begin()) return;
    const unread = this.#unreadBody();
    const closes = close || unread === "endless";
    const headers = this.#headers(own, contentType, contentType === undefined ? undefined : body);
    if (closes || this.ports.closing()) headers.push("connection", "close");
    this.response.writeHead(status, headers);
    if (unread !== "none" && closes) this.#endLingering(body);
    else {
      this.response.end(body);
      if (unread === "short") this.#discardBody();
      else this.#boundWrite();
    }
  }

  /** An answer that did not fit the connection's buffers waits for a client that may never read. */
  #boundWrite(): void {
    const { socket } = this.request;
    if (socket.writableLength === 0) return;
    this.expireAfter(this.ports.limits.writeTimeoutMs, () => socket.destroy());
    this.response.once("close", () => this.settle());
  }

  #headers(own: readonly string[], contentType?: string, body?: string): string[] {
    const headers = ["x-request-id", this.requestId];
    if (contentType !== undefined) headers.push("content-type", contentType);
    if (body !== undefined) headers.push("content-length", String(Buffer.byteLength(body)));
    if (own.length > 0) headers.push(...own);
    if (this.extraHeaders.length > 0) headers.push(...this.extraHeaders);
    return headers;
  }

  /** `endless`: more of the body may come than is worth reading. */
  #unreadBody(): "none" | "short" | "endless" {
    if (this.request.complete || !this.head.hasBody) return "none";
    if (this.expectsContinue) return "endless";
    const declared = Number(this.head.contentLength ?? Number.POSITIVE_INFINITY);
    return declared <= this.ports.limits.maxBodyBytes ? "short" : "endless";
  }

  /** The rest of a short body is read and dropped, so that the connection can be used again. */
  #discardBody(): void {
    this.expireAfter(this.ports.limits.bodyTimeoutMs, () => this.request.destroy());
    this.request.once("close", () => this.settle());
    this.request.resume();
  }

  /** Closing with data unread would take the answer back from the client (RST), so a while is spent reading it. */
  #endLingering(body: string): void {
    const end = (): void => {
      this.settle();
      this.response.end();
    };
    this.response.write(body);
    this.expireAfter(lingerMs, end);
    this.request.once("close", end);
    this.request.resume();
  }

  #logFault(error: unknown): void {
    const { code, message, cause } = asActeonError(error);
    this.ports.logger.error("request failed", { requestId: this.requestId, code, reason: message, cause });
  }
}

const lingerMs = 1_000;
const noParams: readonly string[] = [];
const noHeaders: readonly string[] = [];

function clientRequestId(id: string | undefined): string | undefined {
  return id !== undefined && /^[\x21-\x7e]{1,128}$/.test(id) ? id : undefined;
}

/** For whoever must refuse before there is anything to read: a request that asks for what no server has. */
export function expectationFailed(): RequestError {
  return new RequestError("expectation_failed", "only 100-continue can be expected");
}
