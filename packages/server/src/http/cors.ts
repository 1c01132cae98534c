import { isLoopbackHost } from "../auth/loopback.ts";
import { RequestError } from "./request-error.ts";

export interface CorsPolicy {
  /** `server.cors_allowed_origins`; none stands for any, where a key is needed to do anything at all. */
  readonly allowedOrigins: readonly string[];
  /** Is a key needed? Without one any page that a browser on this machine shows could act here. */
  readonly authenticated: boolean;
  /** `server.external_url`. */
  readonly externalUrl: string | undefined;
}

/**
 * The headers by which a browser lets a page of this origin read the answer (guarantees S1).
 * @throws {RequestError} `forbidden`: no key is needed here, and the page is a stranger: its request has no effect either.
 */
export function corsHeaders(origin: string, policy: CorsPolicy): readonly string[] {
  const { allowedOrigins, authenticated } = policy;
  if (allowedOrigins.includes("*") || (authenticated && allowedOrigins.length === 0)) {
    return ["access-control-allow-origin", "*", ...exposed];
  }
  if (allowedOrigins.includes(origin) || isOwn(origin, policy)) {
    return ["access-control-allow-origin", origin, "vary", "origin", ...exposed];
  }
  if (authenticated) return ["vary", "origin"];
  throw new RequestError("forbidden", "pages of this origin may not call this server");
}

/** The answer to a preflight. */
export function preflightHeaders(methods: readonly string[], requestedHeaders: string | undefined): readonly string[] {
  return [
    "access-control-allow-methods",
    methods.join(", "),
    ...(requestedHeaders === undefined ? [] : ["access-control-allow-headers", requestedHeaders]),
    "access-control-max-age",
    "600",
  ];
}

const exposed = ["access-control-expose-headers", "x-request-id, idempotency-replayed, retry-after"];

function isOwn(origin: string, { authenticated, externalUrl }: CorsPolicy): boolean {
  const url = URL.parse(origin);
  if (url === null) return false;
  return (
    (!authenticated && isLoopbackHost(url.hostname)) ||
    (externalUrl !== undefined && URL.parse(externalUrl)?.origin === origin)
  );
}
