import { isIPv4, isIPv6 } from "node:net";

/** What an IP address is for. Only `public` may be called by default (guarantees S4). */
export type AddressClass =
  | "public"
  | "unspecified"
  | "loopback"
  | "private"
  | "link-local"
  | "metadata"
  | "shared"
  | "multicast"
  | "reserved"
  | "documentation"
  | "benchmark";

/** A range of addresses of one family: the first `bits` bits of `prefix` decide. */
export interface Network {
  readonly family: 4 | 6;
  readonly prefix: bigint;
  readonly bits: number;
}

interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/**
 * The class of an address in text form, as a resolver or a URL writes it. What is no address, or carries a zone, is
 * `reserved`. An IPv6 form that carries an IPv4 address has the class of the address carried.
 *
 * @see IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890 and successors).
 */
export function addressClass(text: string): AddressClass {
  const address = parseAddress(text);
  return address === undefined ? "reserved" : classOf(address);
}

function classOf(address: Address): AddressClass {
  for (const [network, name] of classes) if (contains(network, address)) return name;
  if (address.family === 4) return "public";
  for (const [network, shift] of carriers) {
    if (contains(network, address)) return classOf({ family: 4, value: (address.value >> shift) & 0xffff_ffffn });
  }
  return contains(globalUnicast, address) ? "public" : "reserved";
}

/** `10.0.0.0/8`, `fd00::/8`, or a single address. `undefined`: neither; host bits must be zero. */
export function parseNetwork(text: string): Network | undefined {
  const [base = "", bitsText, ...rest] = text.split("/");
  const address = parseAddress(base);
  if (address === undefined || rest.length > 0) return undefined;
  const width = widthOf(address.family);
  if (bitsText !== undefined && !/^\d{1,3}$/.test(bitsText)) return undefined;
  const bits = bitsText === undefined ? width : Number(bitsText);
  if (bits > width) return undefined;
  const hostBits = BigInt(width - bits);
  if ((address.value >> hostBits) << hostBits !== address.value) return undefined;
  return { family: address.family, prefix: address.value, bits };
}

/** Is the address in one of the networks, by its own family? A mapped address is in no IPv4 network. */
export function isWithin(networks: readonly Network[], text: string): boolean {
  const address = parseAddress(text);
  return address !== undefined && networks.some((network) => contains(network, address));
}

function contains({ family, prefix, bits }: Network, address: Address): boolean {
  if (family !== address.family) return false;
  const shift = BigInt(widthOf(family) - bits);
  return address.value >> shift === prefix >> shift;
}

function widthOf(family: 4 | 6): 32 | 128 {
  return family === 4 ? 32 : 128;
}

function parseAddress(text: string): Address | undefined {
  if (isIPv4(text)) return { family: 4, value: ipv4Value(text) };
  if (isIPv6(text) && !text.includes("%")) return { family: 6, value: ipv6Value(text) };
  return undefined;
}

function ipv4Value(text: string): bigint {
  return text.split(".").reduce((value, octet) => (value << 8n) | BigInt(octet), 0n);
}

/** @param text One that `isIPv6` holds for. */
function ipv6Value(text: string): bigint {
  const [head = "", tail] = text.split("::");
  const high = groups(head);
  const low = tail === undefined ? [] : groups(tail);
  const zeros = Array<bigint>(8 - high.length - low.length).fill(0n);
  return [...high, ...zeros, ...low].reduce((value, group) => (value << 16n) | group, 0n);
}

function groups(text: string): bigint[] {
  if (text === "") return [];
  return text.split(":").flatMap((group) => {
    if (!group.includes(".")) return [BigInt(`0x${group}`)];
    const value = ipv4Value(group);
    return [value >> 16n, value & 0xffffn];
  });
}

function network(text: string): Network {
  const parsed = parseNetwork(text);
  if (parsed === undefined) throw new RangeError(`not a network: ${text}`);
  return parsed;
}

/** The first that contains an address names it, so the narrow ones stand first. */
const classes: readonly (readonly [Network, AddressClass])[] = (
  [
    // Where clouds serve credentials to whoever asks from inside; some lie in ranges that an operator may well allow.
    ["169.254.169.254", "metadata"], // AWS, Azure, Google and most others
    ["169.254.170.2", "metadata"], // AWS, containers
    ["169.254.170.23", "metadata"], // AWS, pods
    ["100.100.100.200", "metadata"], // Alibaba
    ["168.63.129.16", "metadata"], // Azure's wire server
    ["192.0.0.192", "metadata"], // Oracle
    ["fd00:ec2::254", "metadata"], // AWS
    ["fd00:ec2::23", "metadata"], // AWS, pods
    ["fd20:ce::254", "metadata"], // Google
    ["0.0.0.0/8", "unspecified"],
    ["10.0.0.0/8", "private"],
    ["100.64.0.0/10", "shared"],
    ["127.0.0.0/8", "loopback"],
    ["169.254.0.0/16", "link-local"],
    ["172.16.0.0/12", "private"],
    ["192.0.0.0/24", "reserved"],
    ["192.0.2.0/24", "documentation"],
    ["192.88.99.0/24", "reserved"],
    ["192.168.0.0/16", "private"],
    ["198.18.0.0/15", "benchmark"],
    ["198.51.100.0/24", "documentation"],
    ["203.0.113.0/24", "documentation"],
    ["224.0.0.0/4", "multicast"],
    ["240.0.0.0/4", "reserved"],
    ["::", "unspecified"],
    ["::1", "loopback"],
    ["64:ff9b:1::/48", "private"], // NAT64 of one site (RFC 8215), carrying addresses at a place of its own
    ["2001:2::/48", "benchmark"],
    ["2001::/23", "reserved"], // Teredo and other protocols that no service is reached by
    ["2001:db8::/32", "documentation"],
    ["3fff::/20", "documentation"],
    ["fc00::/7", "private"],
    ["fe80::/10", "link-local"],
    ["fec0::/10", "private"], // site-local, before ULA
    ["ff00::/8", "multicast"],
  ] as const
).map(([text, name]) => [network(text), name]);

const globalUnicast = network("2000::/3");

/** IPv6 forms that lead to the IPv4 address within them, and how many bits stand behind it. */
const carriers: readonly (readonly [Network, bigint])[] = [
  [network("::ffff:0:0/96"), 0n], // mapped
  [network("::/96"), 0n], // compatible
  [network("64:ff9b::/96"), 0n], // NAT64
  [network("2002::/16"), 80n], // 6to4
];
