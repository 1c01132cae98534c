import type { LookupFunction } from "node:net";
import type { Clock } from "@acteon/core";
import type { Pool } from "undici";
import { AddressNotAllowedError, ProviderUnavailableError } from "../provider-errors.ts";
import { addressClass } from "./address-class.ts";
import { mayConnect } from "./endpoint-url.ts";
import type { Reach } from "./endpoint-url.ts";
import { Exchange } from "./exchange.ts";
import type { HttpEndpoint, HttpReply, HttpRequest } from "./http.ts";
import type { HttpLimits, Resolve } from "./open-http.ts";

export interface EndpointSettings {
  readonly clock: Clock;
  readonly limits: HttpLimits;
  readonly ca: string | undefined;
  readonly resolve: Resolve;
}

/** One origin, with a pool of its own that reaches the addresses of its `Reach` and no other. */
export class PoolEndpoint implements HttpEndpoint {
  readonly origin: string;
  readonly #path: string;
  readonly #reach: Reach;
  readonly #settings: EndpointSettings;
  /** Loaded and opened by the first request: a gateway whose webhooks rest does without undici's 25 MB. */
  #pool: Promise<Pool> | undefined = undefined;
  #requests = 0;
  #closed = false;

  constructor(url: URL, reach: Reach, settings: EndpointSettings) {
    this.origin = url.origin;
    this.#path = `${url.pathname}${url.search}`;
    this.#reach = reach;
    this.#settings = settings;
  }

  async request(request: HttpRequest): Promise<HttpReply> {
    const { limits } = this.#settings;
    if (this.#closed) throw this.#unsent("closed");
    if (this.#requests >= limits.maxRequests) throw this.#unsent(`${limits.maxRequests} requests wait already`);
    this.#requests += 1;
    try {
      const pool = await (this.#pool ??= this.#openPool());
      const exchange = new Exchange(this.origin, request, limits.maxReplyBytes, this.#settings.clock);
      return await exchange.run(pool, request.path ?? this.#path);
    } finally {
      this.#requests -= 1;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    const pool = await this.#pool;
    await pool?.destroy();
  }

  async #openPool(): Promise<Pool> {
    const { Pool } = await import("undici");
    const { limits, ca } = this.#settings;
    return new Pool(this.origin, {
      connections: limits.maxConnections,
      pipelining: 1, // an answer that hangs must not hold up the one behind it
      allowH2: false,
      headersTimeout: limits.firstByteTimeoutMs,
      bodyTimeout: 0, // the exchange's own time-out is for the whole
      connect: { timeout: limits.connectTimeoutMs, lookup: this.#lookup, ...(ca === undefined ? {} : { ca }) },
    });
  }

  /**
   * Called by the socket that is about to connect, which then takes nothing but these addresses: a name that was harmless
   * when it was checked before cannot lead elsewhere now (guarantees §8 row 49). One bad address spoils all, as nobody
   * knows which the socket will choose. A host that is an address itself is not looked up; `checkUrl` has judged it.
   */
  readonly #lookup: LookupFunction = (hostname, options, answer) => {
    this.#settings.resolve(hostname, (error, addresses) => {
      if (error !== null) return answer(error, []);
      const refused = addresses.find(({ address }) => !mayConnect(address, this.#reach));
      if (refused !== undefined) return answer(new AddressNotAllowedError(addressClass(refused.address)), []);
      const [first] = addresses;
      // The socket takes it for granted that a look-up without error found something.
      if (first === undefined) return answer(new Error("the name has no address"), []);
      if (options.all === true) return answer(null, [...addresses]);
      return answer(null, first.address, first.family);
    });
  };

  #unsent(why: string): ProviderUnavailableError {
    return new ProviderUnavailableError(`${this.origin}: ${why}`, { reason: "connection", sent: false });
  }
}
