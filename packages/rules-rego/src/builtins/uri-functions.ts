import { isIPv6 } from "node:net";
import { BuiltinFault } from "@acteon/rules";
import { anything, boolType, mapType, regoFunction, text } from "./rego-function.ts";
import type { RegoFunction } from "./rego-function.ts";

/** URIs (RFC 3986) as Go's `net/url` reads them. */
export const uriFunctions: readonly RegoFunction[] = [
  regoFunction("uri.parse", [text], mapType, (uri) => parseUri(uri) ?? new BuiltinFault("text that is no URI")),
  regoFunction(
    "uri.is_valid",
    [anything],
    boolType,
    (value) => typeof value === "string" && value !== "" && parseUri(value) !== undefined,
  ),
];

/** The host with its port, the path and the query of a URI, as they are written. */
export function parseHttpUrl(
  uri: string,
): { readonly host: string; readonly path: string; readonly query: string } | undefined {
  const parts = parseUri(uri);
  const [, authority = "", path = "", query = ""] = /^[^:/?#]+:\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?/.exec(uri) ?? [];
  return parts?.hostname === undefined ? undefined : { host: authority.replace(/^.*@/, ""), path, query };
}

/** Does a schema's format take it for a URI, or, without a scheme, for a reference to one? */
export function isUri(text: string, needsScheme: boolean): boolean {
  const parts = parseUri(text);
  return parts !== undefined && !text.includes("\\") && (!needsScheme || parts.scheme !== undefined);
}

/** What a URI is made of; what it does not have is not there. */
type UriParts = Readonly<Record<string, string>>;

function parseUri(uri: string): UriParts | undefined {
  // oxlint-disable-next-line no-control-regex -- no URI has any
  if (/[\u0000-\u001f\u007f]/.test(uri)) return undefined;
  const [, before = "", rawFragment] = /^([^#]*)(?:#(.*))?$/s.exec(uri) ?? [];
  const fragment = unescaped(rawFragment ?? "");
  if (fragment === undefined || before.startsWith(":")) return undefined;
  const [, scheme = "", rest = ""] = /^(?:([A-Za-z][A-Za-z\d+.-]*):)?(.*)$/s.exec(before) ?? [];
  const [, hierarchy = "", rawQuery = ""] = /^([^?]*)(?:\?(.*))?$/s.exec(rest) ?? [];
  const shared = partsOf({ scheme: scheme.toLowerCase(), raw_query: rawQuery, fragment });
  if (!hierarchy.startsWith("/")) {
    // What has a scheme and no slash is opaque: Go tells nothing more of it.
    if (scheme !== "") return shared;
    if (/^[^/]*:/.test(hierarchy)) return undefined;
  }
  const [, authority, path = ""] =
    /^(?:\/\/([^/]*))?(.*)$/s.exec(scheme === "" && hierarchy.startsWith("///") ? `//${hierarchy}` : hierarchy) ?? [];
  const host = authority === undefined ? {} : parseAuthority(authority, /^https?$/i.test(scheme));
  const plainPath = unescaped(path);
  if (host === undefined || plainPath === undefined) return undefined;
  return { ...shared, ...host, ...partsOf({ path: plainPath, raw_path: rawPath(path, plainPath) }) };
}

function partsOf(parts: UriParts): UriParts {
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== ""));
}

/** `undefined`: an escape that is none. */
function unescaped(part: string): string | undefined {
  if (/%(?![\dA-Fa-f]{2})/.test(part)) return undefined;
  return part.replaceAll(/(?:%[\dA-Fa-f]{2})+/g, (escapes) =>
    Buffer.from(escapes.replaceAll("%", ""), "hex").toString(),
  );
}

/** As it is written where Go would write it otherwise; else as it is read. */
function rawPath(written: string, plain: string): string {
  const escaped = encodeURI(plain.toWellFormed()).replaceAll(
    /[!'()*#?[\]]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return escaped === written ? plain : written;
}

function parseAuthority(authority: string, isWeb: boolean): UriParts | undefined {
  const at = authority.lastIndexOf("@");
  const userInfo = authority.slice(0, Math.max(at, 0));
  if (!/^[\w\-.:~!$&'()*+,;=%@]*$/.test(userInfo) || unescaped(userInfo) === undefined) return undefined;
  const host = authority.slice(at + 1);
  return host.startsWith("[") ? parseBracketed(host) : parseHost(host, isWeb);
}

function parseBracketed(host: string): UriParts | undefined {
  const [, inside = "", port = ""] = /^\[(.*)\](?::(\d*))?$/.exec(host) ?? [];
  const [address = "", ...zone] = inside.split("%25");
  const zoneName = unescaped(zone.join("%25"));
  if (!isIPv6(address) || address.includes("%") || zoneName === undefined || (zone.length > 0 && zoneName === ""))
    return undefined;
  return partsOf({ hostname: zone.length === 0 ? address : `${address}%${zoneName}`, port });
}

/** Only what is no ASCII may be escaped in a host. The last colon begins the port; of the web's hosts there is no other. */
function parseHost(host: string, isWeb: boolean): UriParts | undefined {
  const [, name = "", port = ""] = /^(.*?)(?::([^:]*))?$/s.exec(host) ?? [];
  if (!/^\d*$/.test(port) || (isWeb && name.includes(":"))) return undefined;
  if (/%[0-7]/.test(name) || !/^[\w\-.~!$&'()*+,;=:[\]<>"%\P{ASCII}]*$/u.test(name)) return undefined;
  const hostname = unescaped(name);
  return hostname === undefined ? undefined : partsOf({ hostname, port });
}
