import { createServer } from "./node-http.ts";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Clock, Random } from "@acteon/core";
import { permits } from "../auth/permission.ts";
import type { Authenticator } from "../auth/authenticator.ts";
import type { HttpLimits } from "../config/config.ts";
import type { Logger } from "../log/logger.ts";
import { BodyBudget } from "./body-budget.ts";
import { ClientAddress } from "./client-address.ts";
import { corsHeaders, preflightHeaders } from "./cors.ts";
import type { CorsPolicy } from "./cors.ts";
import { DeadlineSweep } from "./deadline-sweep.ts";
import { Exchange, expectationFailed } from "./exchange.ts";
import type { ExchangePorts } from "./exchange.ts";
import { refuseConnection } from "./refuse-connection.ts";
import { RequestError } from "./request-error.ts";
import { parseTarget } from "./request-target.ts";
import type { Route } from "./router.ts";
import { Router } from "./router.ts";

export interface ListenerParts {
  readonly routes: readonly Route[];
  readonly authenticator: Authenticator;
  readonly limits: HttpLimits;
  readonly cors: CorsPolicy;
  readonly trustedProxies: readonly string[];
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  /** Several processes listen on one port, and the kernel deals the connections out among them. */
  readonly shared: boolean;
}

/** HTTP/1.1 on `node:http`: from a connection to the route that answers, and the end of both. */
export class Listener implements AsyncDisposable {
  readonly #server: Server;
  readonly #router: Router;
  readonly #parts: ListenerParts;
  readonly #ports: ExchangePorts;
  readonly #sweep: DeadlineSweep;
  readonly #addresses: ClientAddress;
  #closing = false;

  constructor(parts: ListenerParts) {
    const { limits, clock, random, logger } = parts;
    this.#parts = parts;
    this.#router = new Router(parts.routes);
    this.#addresses = new ClientAddress(parts.trustedProxies);
    this.#sweep = new DeadlineSweep(clock);
    this.#ports = {
      limits,
      logger,
      sweep: this.#sweep,
      budget: new BodyBudget(limits.maxBufferedBytes),
      nextRequestId: requestIds(random),
      closing: () => this.#closing,
    };
    this.#server = createServer({
      maxHeaderSize: limits.maxHeaderBytes,
      headersTimeout: limits.headersTimeoutMs,
      connectionsCheckingInterval: Math.min(1_000, limits.headersTimeoutMs),
      // A stream may be of any length: the sweep bounds the waits for bodies, each kind in its own way.
      requestTimeout: 0,
      keepAliveTimeout: limits.keepAliveMs,
      // Checked in `#handle`, so that the answer has our form.
      requireHostHeader: false,
      insecureHTTPParser: false,
      noDelay: true,
    });
    // One more than allowed, so that too many show instead of being dropped.
    this.#server.maxHeadersCount = limits.maxHeaders + 1;
    this.#server.maxConnections = limits.maxConnections;
    this.#server.on("request", (request, response) => this.#take(request, response, false));
    this.#server.on("checkContinue", (request, response) => this.#take(request, response, true));
    this.#server.on("checkExpectation", (request, response) => {
      new Exchange(request, response, this.#ports).fail(expectationFailed());
    });
    this.#server.on("connect", (_request, socket) => refuseConnection(socket, undefined, this.#ports.nextRequestId()));
    this.#server.on("clientError", (error: NodeJS.ErrnoException, duplex: Duplex) => {
      const socket = duplex as OccupiedSocket; // without TLS a connection is nothing else
      if (isAnswering(socket)) socket.destroySoon(); // what was written already still goes out
      else refuseConnection(socket, error.code, this.#ports.nextRequestId());
    });
  }

  /** @throws {Error} With node's code: `EADDRINUSE`, `EACCES` … */
  async listen({ host, port, shared }: ListenAddress): Promise<AddressInfo> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen({ host, port, ...(shared ? { reusePort: true } : {}) }, () => {
        this.#server.off("error", reject);
        resolve();
      });
    });
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new TypeError("a TCP listener has an address");
    return address;
  }

  /** From now on each answer ends its connection (guarantees O7). */
  beginClosing(): void {
    this.#closing = true;
  }

  /** Takes no more connections, and waits for the answers under way until `signal` aborts; what is left is cut off. */
  async close(signal: AbortSignal): Promise<void> {
    this.#closing = true;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeIdleConnections();
    const cut = (): void => this.#server.closeAllConnections();
    signal.addEventListener("abort", cut, { once: true });
    if (signal.aborted) cut();
    await closed;
    signal.removeEventListener("abort", cut);
    this.#sweep[Symbol.dispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#server.listening) await this.close(AbortSignal.abort());
    this.#sweep[Symbol.dispose]();
  }

  #take(request: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void {
    const exchange = new Exchange(request, response, this.#ports);
    exchange.expectsContinue = expectsContinue;
    (request.socket as OccupiedSocket)[occupant] = exchange;
    try {
      const ended = this.#handle(exchange);
      if (ended !== undefined) ended.catch((error: unknown) => exchange.fail(error));
    } catch (error) {
      exchange.fail(error);
    }
  }

  /** Everything in front of a handler is checked before the body is read (guarantees G6). */
  #handle(exchange: Exchange): void | Promise<void> {
    const { head, request } = exchange;
    if (head.fault !== undefined) throw head.fault;
    refuseAmbiguity(exchange);
    const { path, query } = parseTarget(request.url ?? "", head.host);
    if (head.origin !== undefined) exchange.extraHeaders = corsHeaders(head.origin, this.#parts.cors);
    if (query !== undefined) {
      exchange.rawQuery = query;
      refuseCredentials(exchange);
    }
    const method = request.method ?? "";
    if (method === "OPTIONS" && head.origin !== undefined) return this.#preflight(exchange, path);
    const route = this.#router.route(method, path, exchange);
    if (route.permission !== "public") {
      const address = this.#addresses.of(request.socket.remoteAddress, head.forwardedFor);
      exchange.principal = this.#parts.authenticator.authenticate(head, address);
      if (!permits(route.permission, exchange.principal)) {
        throw new RequestError("forbidden", "the role or the grants of this key do not allow that");
      }
    }
    return route.handle(exchange);
  }

  #preflight(exchange: Exchange, path: string): void {
    const methods = this.#router.methodsOf(path);
    if (methods === undefined) throw new RequestError("not_found", "there is no such path");
    const requested = exchange.request.headers["access-control-request-headers"];
    exchange.sendNothing(preflightHeaders(methods, requested));
  }
}

/** The exchange that a connection is busy with, for errors that node tells of the connection. */
const occupant = Symbol("exchange");

type OccupiedSocket = Socket & { [occupant]?: Exchange };

/** Would a refusal be taken for the answer, or a part of the answer, to the request before it? */
function isAnswering(socket: OccupiedSocket): boolean {
  const exchange = socket[occupant];
  if (exchange === undefined || exchange.response.writableFinished) return false;
  return exchange.request.complete || exchange.response.headersSent;
}

/** What a proxy in front and we could read in two ways (guarantees §8 rows 32, 33). */
function refuseAmbiguity({ head, request }: Exchange): void {
  if (head.transferEncoding !== undefined && head.transferEncoding.toLowerCase() !== "chunked") {
    throw new RequestError("bad_request", "the only transfer coding that can be read is chunked", { close: true });
  }
  if (head.host === undefined && request.httpVersionMinor >= 1) {
    throw new RequestError("bad_request_target", "the Host header is missing", { close: true });
  }
}

const credentialNames: ReadonlySet<string> = new Set([
  "access_token",
  "api_key",
  "api-key",
  "apikey",
  "auth",
  "authorization",
  "password",
  "secret",
  "token",
  "x-api-key",
]);

/** A query ends up in logs and histories, so a key that was in one is burnt (guarantees §8 row 43). */
function refuseCredentials({ query }: Exchange): void {
  for (const name of query.names()) {
    if (!credentialNames.has(name.toLowerCase())) continue;
    throw new RequestError("credentials_in_url", "send credentials in the Authorization header, and replace these");
  }
}

/** Short, unlike those of any other process, and cheaper than a UUID. */
function requestIds(random: Random): () => string {
  const prefix = Math.floor(random.next() * 36 ** 8)
    .toString(36)
    .padStart(8, "0");
  let count = 0;
  return () => `${prefix}-${(count++).toString(36)}`;
}
