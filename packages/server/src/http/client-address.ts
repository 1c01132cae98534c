import { BlockList, isIP } from "node:net";
import { addNetwork } from "./networks.ts";

/** Finds out whose request it is, where proxies may stand in front (guarantees §8 row 46). */
export class ClientAddress {
  readonly #proxies: BlockList | undefined;

  /** @param trustedProxies Addresses and networks, checked by the configuration. */
  constructor(trustedProxies: readonly string[]) {
    if (trustedProxies.length === 0) return;
    this.#proxies = new BlockList();
    for (const network of trustedProxies) addNetwork(this.#proxies, network);
  }

  /** The peer; behind trusted proxies, the last address in `X-Forwarded-For` that is none of them. */
  of(peer: string | undefined, forwardedFor: string | undefined): string {
    const nearest = plain(peer ?? "");
    if (this.#proxies === undefined || forwardedFor === undefined || !this.#trusts(nearest)) return nearest;
    const hops = forwardedFor.split(",").map((hop) => plain(hop.trim()));
    return hops.findLast((hop) => !this.#trusts(hop)) ?? nearest;
  }

  #trusts(address: string): boolean {
    const family = isIP(address);
    return family !== 0 && this.#proxies?.check(address, family === 4 ? "ipv4" : "ipv6") === true;
  }
}

/** An IPv4 address also where a socket for both families shows it as IPv6. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, "");
}
