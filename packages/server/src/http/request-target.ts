import { RequestError } from "./request-error.ts";

/** The target of a request, taken apart; nothing of it decoded yet. */
export interface RequestTarget {
  readonly path: string;
  /** Behind the `?`; `undefined` without one. */
  readonly query: string | undefined;
}

/**
 * @param host The `Host` header.
 * @throws {RequestError} `bad_request_target`: neither a path nor an absolute URL of this host (RFC 9112 §3.2).
 * `invalid_path`: dot segments, which a proxy on the way may have read otherwise (guarantees §8 row 37).
 */
export function parseTarget(raw: string, host: string | undefined): RequestTarget {
  const target = raw.startsWith("/") ? raw : pathOfAbsolute(raw, host);
  const mark = target.indexOf("?");
  const path = mark === -1 ? target : target.slice(0, mark);
  if (path.includes("#"))
    throw new RequestError("bad_request_target", "a request target has no fragment", { close: true });
  if ((path.includes("/.") || path.includes("%")) && dotSegment.test(path)) {
    throw new RequestError("invalid_path", "the path has a dot segment");
  }
  return { path, query: mark === -1 ? undefined : target.slice(mark + 1) };
}

const dotSegment = /\/(?:\.|%2e){1,2}(?:\/|$)/i;

function pathOfAbsolute(raw: string, host: string | undefined): string {
  const [, authority, rest = ""] = /^http:\/\/([^/?#]*)(.*)$/is.exec(raw) ?? [];
  if (authority === undefined || authority === "" || authority.toLowerCase() !== host?.toLowerCase()) {
    throw new RequestError("bad_request_target", "the request target is not a path of this host", { close: true });
  }
  return rest.startsWith("/") ? rest : `/${rest}`;
}

/**
 * One segment of a path, decoded once and from then on data: what it holds, a slash or `%2e`, means nothing any more
 * (guarantees K5).
 * @throws {RequestError} `invalid_path`: it is no percent-encoded UTF-8.
 */
export function decodeSegment(raw: string): string {
  if (!raw.includes("%")) return raw;
  try {
    return decodeURIComponent(raw);
  } catch (cause) {
    throw new RequestError("invalid_path", "a segment of the path is no percent-encoded UTF-8", { cause });
  }
}
