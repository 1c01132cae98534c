import type { Network } from "./address-class.ts";

/** The one way out for providers that speak HTTP (guarantees S4). */
export interface Http {
  /**
   * A place to send requests to, with connections of its own; closed by the provider that opened it.
   *
   * @param url The base URL, from the operator's configuration; never from an action where credentials are sent along.
   * @throws {ValidationError} `url_not_allowed`, `address_not_allowed`.
   */
  endpoint(url: string, options?: EndpointOptions): HttpEndpoint;
}

export interface EndpointOptions {
  /** Beside public addresses, for this endpoint only; from the operator's configuration. */
  readonly allowNetworks?: readonly Network[];
}

export interface HttpEndpoint {
  /** `scheme://host:port`: all of the URL that may be shown, as paths and queries hold secrets too. */
  readonly origin: string;
  /**
   * One request, sent at most once; redirects are answers. The reply may be cut, its status is then still right.
   *
   * @throws {ProviderUnavailableError} No answer.
   * @throws {AddressNotAllowedError} The name led to an address that may not be called; nothing was sent.
   */
  request(request: HttpRequest): Promise<HttpReply>;
  /** Ends every connection; requests under way fail. */
  close(): Promise<void>;
}

export interface HttpRequest {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path and query; that of the base URL unless given. */
  readonly path?: string;
  /** Names in lower case, checked by `checkHeaders` where they are not the provider's own. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal: AbortSignal;
  /** For the whole exchange, of which `connectTimeoutMs` and `firstByteTimeoutMs` bound the parts. */
  readonly timeoutMs: number;
}

export interface HttpReply {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Decoded. */
  readonly body: ReplyBody;
}

/** `too_large`: past `maxReplyBytes`, on the wire or decoded. `undecodable`: a content coding that is unknown or broken. */
export type ReplyBody =
  | { readonly kind: "whole"; readonly bytes: Uint8Array }
  | { readonly kind: "too_large" }
  | { readonly kind: "undecodable" };
