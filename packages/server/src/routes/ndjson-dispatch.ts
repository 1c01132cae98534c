import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { Action } from "@acteon/core";
import { parseAction, parseJson, ValidationError } from "@acteon/core";
import type { DispatchOptions, DispatchResult } from "@acteon/gateway";
import { coversAction } from "../auth/principal.ts";
import { bodiesTooMany, bodyTooLarge, continueIfExpected, isGzip } from "../http/body.ts";
import { asActeonError, errorElementText } from "../http/error-codec.ts";
import type { Exchange } from "../http/exchange.ts";
import { RequestError } from "../http/request-error.ts";
import { notCovered, resultText } from "./dispatch-results.ts";
import type { Line } from "./line-splitter.ts";
import { LineSplitter } from "./line-splitter.ts";
import type { Services } from "./services.ts";

export const ndjsonType = "application/x-ndjson";

/** Lines that came together: they are dispatched together, and written once all of them and all before them have ended. */
interface Segment {
  /** One text a line; `undefined` while its action is under way. */
  readonly elements: (string | undefined)[];
  waiting: number;
}

/**
 * A stream of actions in, a stream of elements out, in the order of the lines (`wire-api.md` §5.2). What is held is
 * bounded both ways: no more is read while `maxStreamActions` are under way, or while the client does not read its
 * answers. A stream without progress for `streamIdleMs` is ended.
 */
export class NdjsonDispatch {
  readonly #exchange: Exchange;
  readonly #services: Services;
  readonly #options: DispatchOptions;
  readonly #source: Readable;
  readonly #lines: LineSplitter;
  readonly #segments: Segment[] = [];
  #lineCount = 0;
  #heldBytes = 0;
  #inFlight = 0;
  /** No more input is taken: it has ended, or was given up. */
  #ended = false;
  #closed = false;

  /** @throws {RequestError} `unsupported_encoding`. */
  constructor(exchange: Exchange, services: Services, options: DispatchOptions) {
    const { head, ports, request } = exchange;
    this.#exchange = exchange;
    this.#services = services;
    this.#options = options;
    this.#lines = new LineSplitter(ports.limits.maxBodyBytes);
    this.#source = isGzip(head.contentEncoding) ? request.pipe(createGunzip()) : request;
  }

  start(): void {
    const { response } = this.#exchange;
    // Before the head of the answer, behind which it cannot come.
    continueIfExpected(this.#exchange);
    if (!this.#exchange.beginStream(ndjsonType)) return;
    this.#source.on("data", (chunk: Buffer) => this.#read(chunk));
    this.#source.on("end", () => this.#read(undefined));
    this.#source.on("error", (cause) => {
      this.#endWith(new RequestError("invalid_encoding", "the stream cannot be decoded", { cause }));
    });
    response.on("drain", () => this.#write());
    response.on("close", () => this.#close());
    this.#progress();
  }

  /** @param chunk `undefined` at the end of the input. */
  #read(chunk: Buffer | undefined): void {
    if (this.#ended) return;
    try {
      this.#take(chunk === undefined ? this.#lines.end() : this.#lines.push(chunk));
      this.#hold(this.#lines.heldBytes);
      if (chunk === undefined) this.#end();
    } catch (error) {
      this.#crash(error);
    }
  }

  #take(lines: readonly Line[]): void {
    if (lines.length === 0) return;
    this.#progress();
    for (let from = 0; from < lines.length; from += maxSegmentLines) {
      this.#dispatch(lines.slice(from, from + maxSegmentLines));
    }
    this.#write();
  }

  /** What is held of a line counts as a body does. */
  #hold(bytes: number): void {
    const { budget } = this.#exchange.ports;
    budget.give(this.#heldBytes);
    this.#heldBytes = budget.take(bytes) ? bytes : 0;
    if (this.#heldBytes < bytes) this.#endWith(bodiesTooMany());
  }

  #dispatch(lines: readonly Line[]): void {
    const segment: Segment = { elements: [], waiting: 0 };
    const actions: Action[] = [];
    const places: number[] = [];
    for (const line of lines) {
      const parsed = this.#parse(line);
      if (typeof parsed !== "string") {
        places.push(segment.elements.length);
        actions.push(parsed);
      }
      segment.elements.push(typeof parsed === "string" ? parsed : undefined);
    }
    const firstLine = this.#lineCount;
    this.#lineCount += lines.length;
    this.#segments.push(segment);
    if (actions.length === 0) return;
    segment.waiting = actions.length;
    this.#inFlight += actions.length;
    const { idempotencyKey } = this.#options;
    if (idempotencyKey === undefined) {
      this.#send(actions, this.#options, segment, places);
      return;
    }
    // The gateway would number the actions of each call anew.
    for (const [n, action] of actions.entries()) {
      const place = places[n] as number;
      const options = { ...this.#options, single: true, idempotencyKey: `${idempotencyKey}/${firstLine + place}` };
      this.#send([action], options, segment, [place]);
    }
  }

  /** The action of a line, or the element that says why there is none. */
  #parse(line: Line): Action | string {
    const { limits } = this.#exchange.ports;
    if (line === "too long") return errorElementText(bodyTooLarge(limits.maxBodyBytes));
    const json = parseJson(line, { maxDepth: limits.maxJsonDepth, maxNodes: limits.maxJsonNodes });
    if (json.kind === "rejected") return errorElementText(new ValidationError(json.problems));
    const parsed = parseAction(json.value, { nowMs: this.#services.clock.nowMs() });
    if (parsed.kind === "rejected") return errorElementText(new ValidationError(parsed.problems));
    const covered = coversAction(this.#exchange.principal, parsed.action);
    return covered ? parsed.action : errorElementText(notCovered(parsed.action));
  }

  #send(actions: readonly Action[], options: DispatchOptions, segment: Segment, places: readonly number[]): void {
    this.#services.gateway
      .dispatchActions(actions, options)
      .catch((error: unknown): readonly DispatchResult[] => {
        const refused: DispatchResult = { kind: "refused", error: asActeonError(error) };
        return actions.map(() => refused);
      })
      .then((results) => this.#settle(segment, places, results))
      .catch((error: unknown) => this.#crash(error));
  }

  #settle(segment: Segment, places: readonly number[], results: readonly DispatchResult[]): void {
    for (const [n, place] of places.entries()) segment.elements[place] = resultText(results[n]);
    segment.waiting -= places.length;
    this.#inFlight -= places.length;
    // The server is going away: what was taken is answered, and the client sends the rest elsewhere.
    if (results.some((result) => result.kind === "refused" && result.error.code === "draining")) this.#end();
    this.#write();
  }

  /** Writes what is ready, in order, as long as the client reads. */
  #write(): void {
    if (this.#closed) return;
    const { response } = this.#exchange;
    while (this.#segments[0]?.waiting === 0 && !response.writableNeedDrain) {
      const segment = this.#segments.shift();
      if (segment !== undefined) response.write(`${segment.elements.join("\n")}\n`);
      this.#progress();
    }
    if (this.#ended && this.#segments.length === 0) this.#finish();
    else this.#steer();
  }

  /** Reads on, or waits until there is room. */
  #steer(): void {
    const { limits } = this.#exchange.ports;
    const full = this.#inFlight >= limits.maxStreamActions || this.#exchange.response.writableNeedDrain;
    if (full || this.#ended) this.#source.pause();
    else this.#source.resume();
  }

  #end(): void {
    this.#ended = true;
    this.#write();
  }

  /** Ends the stream with a last element that says why. */
  #endWith(error: RequestError): void {
    if (this.#ended) return;
    this.#segments.push({ elements: [errorElementText(error)], waiting: 0 });
    this.#end();
  }

  #finish(): void {
    const { ports, request, response } = this.#exchange;
    this.#close();
    response.end(() => {
      // With input left nobody knows where the next request would begin; a server that stops waits for nobody's next.
      if (!request.complete || ports.closing()) request.socket.destroySoon();
    });
  }

  #progress(): void {
    if (!this.#closed) this.#exchange.expireAfter(this.#exchange.ports.limits.streamIdleMs, () => this.#expire());
  }

  #expire(): void {
    if (this.#inFlight > 0) this.#progress();
    else if (this.#exchange.response.writableNeedDrain) this.#exchange.request.destroy();
    else this.#endWith(new RequestError("timeout", "nothing came in for too long", { retryAfterMs: 1_000 }));
  }

  /** A fault of ours: it is logged, and the stream cannot go on. */
  #crash(error: unknown): void {
    this.#exchange.fail(error);
    this.#exchange.request.destroy();
  }

  /** What was dispatched goes on; nobody hears of it here (guarantees §8 row 39). */
  #close(): void {
    this.#closed = true;
    this.#ended = true;
    this.#hold(0);
    this.#exchange.settle();
    if (this.#source !== this.#exchange.request) this.#source.destroy();
  }
}

/** As many actions as the gateway plans in one turn by default. */
const maxSegmentLines = 128;
