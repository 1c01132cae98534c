import { isIP } from "node:net";
import { addressClass, isWithin } from "./address-class.ts";
import type { Network } from "./address-class.ts";

/** Ports that a service on a public address may be called at. */
export const defaultPorts: readonly number[] = [443, 8443];

/**
 * What a URL may name. Without `operator` (a URL that anybody but the operator chose): `https`, a public address, a listed
 * port. A URL in the operator's own configuration may also name a loopback address, then with `http` too, or lead into
 * one of `allowNetworks`; both at any port. Link-local and metadata addresses never (guarantees S4).
 */
export interface UrlPolicy {
  readonly operator?: { readonly allowNetworks: readonly Network[] } | undefined;
}

export type UrlRefusal = {
  readonly kind: "refused";
  readonly code: "url_not_allowed" | "address_not_allowed";
  /** Which part, or the class of the address; never the URL, which may hold a secret. */
  readonly message: string;
};

export type UrlCheck = UrlRefusal | { readonly kind: "allowed"; readonly url: URL; readonly reach: Reach };

/** The addresses that connections of one endpoint may be made to, at the one port of its URL. */
export interface Reach {
  /** These only, when the URL names one. */
  readonly loopback: boolean;
  readonly networks: readonly Network[];
  /** Is the port one that public addresses may be called at? */
  readonly publicPort: boolean;
}

/** Checks a base URL as far as that can be done before its name is resolved; `mayConnect` does the rest. */
export function checkUrl(text: string, { operator }: UrlPolicy): UrlCheck {
  const url = URL.parse(text);
  if (url === null) return refused("url_not_allowed", "not a URL");
  if (url.protocol !== "https:" && url.protocol !== "http:") return refused("url_not_allowed", "scheme: https only");
  if (url.username !== "" || url.password !== "") return refused("url_not_allowed", "user name or password in the URL");

  const literal = literalOf(url.hostname);
  const loopback = operator !== undefined && namesLoopback(text, url.hostname);
  if (url.protocol === "http:" && !loopback) {
    return refused("url_not_allowed", "scheme: https only, except to a loopback address");
  }
  const networks = operator?.allowNetworks ?? [];
  const reach = { loopback, networks, publicPort: defaultPorts.includes(portOf(url)) };
  if (literal !== undefined) {
    if (mayConnect(literal, reach)) return { kind: "allowed", url, reach };
    const name = addressClass(literal);
    return name === "public" ? portRefused() : refused("address_not_allowed", `address not allowed: ${name}`);
  }
  if (!loopback && isLocalName(url.hostname)) return refused("address_not_allowed", "address not allowed: loopback");
  if (!loopback && !reach.publicPort && networks.length === 0) return portRefused();
  return { kind: "allowed", url, reach };
}

/** May a connection be made to this address, as the resolver or the URL gives it? */
export function mayConnect(address: string, { loopback, networks, publicPort }: Reach): boolean {
  const name = addressClass(address);
  if (loopback) return name === "loopback";
  if (name === "public") return publicPort || isWithin(networks, address);
  if (name === "link-local" || name === "metadata") return false;
  return isWithin(networks, address);
}

export function portOf(url: URL): number {
  if (url.port !== "") return Number(url.port);
  return url.protocol === "https:" ? 443 : 80;
}

/**
 * The operator's exception is for who means a loopback address and writes it plainly. The many other spellings of one
 * (`127.1`, `2130706433`, full-width digits, `localhost.`) are how a filter is got round (guarantees §8 row 48).
 */
function namesLoopback(text: string, hostname: string): boolean {
  const written = /^https?:\/\/(\[[^\]]*\]|[^:/?#]*)/i.exec(text)?.[1];
  if (written?.toLowerCase() !== hostname) return false;
  const literal = literalOf(hostname);
  return literal === undefined ? hostname === "localhost" : plainLoopback.test(literal);
}

const plainLoopback = /^(127\.\d+\.\d+\.\d+|::1)$/;

/** Names that every resolver answers with a loopback address (RFC 6761 §6.3). */
function isLocalName(hostname: string): boolean {
  return /(^|\.)localhost\.?$/.test(hostname);
}

/** The IP address that a URL's host is, without brackets; `undefined` for a name. */
function literalOf(hostname: string): string | undefined {
  const bare = hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
  return isIP(bare) === 0 ? undefined : bare;
}

function portRefused(): UrlRefusal {
  return refused("url_not_allowed", `port: one of ${defaultPorts.join(", ")}`);
}

function refused(code: UrlRefusal["code"], message: string): UrlRefusal {
  return { kind: "refused", code, message };
}
