import { isIPv4, isIPv6 } from "node:net";

/** Addresses of one family that stand next to each other, as integers; both ends are in it. */
export interface IpRange {
  /** 32 or 128. */
  readonly bits: number;
  readonly first: bigint;
  readonly last: bigint;
}

/** A network that is written as one of its addresses: it keeps that name as long as it stands by itself. */
export interface NamedRange extends IpRange {
  readonly name?: string;
}

/** `10.0.0.0/8`, `2001:db8::/32`: the network that the address is in. */
export function parseCidr(text: string): IpRange | undefined {
  const [, address = "", length = ""] = /^([\d.a-fA-F:]+)\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
  const bits = isIPv4(address) ? 32 : 128;
  const value = integerOf(address);
  return value === undefined || Number(length) > bits ? undefined : networkOf(value, bits, Number(length));
}

/** One address. An IPv4 address that is written as one of IPv6 is one of IPv4. */
export function parseIp(text: string): IpRange | undefined {
  const value = integerOf(text);
  if (value === undefined) return undefined;
  const isMapped = !isIPv4(text) && value >> 32n === 0xffffn;
  const address = isMapped ? value & 0xffff_ffffn : value;
  return { bits: isMapped || isIPv4(text) ? 32 : 128, first: address, last: address };
}

function integerOf(address: string): bigint | undefined {
  if (isIPv4(address)) return bytesToInteger(address.split(".").map(Number), 8n);
  if (!isIPv6(address) || address.includes("%")) return undefined;
  const groups = address.replace(/\d+\.\d+\.\d+\.\d+$/, (tail) => {
    const bytes = tail.split(".").map(Number);
    return `${((bytes[0]! << 8) | bytes[1]!).toString(16)}:${((bytes[2]! << 8) | bytes[3]!).toString(16)}`;
  });
  const [left = "", right] = groups.split("::");
  const before = left === "" ? [] : left.split(":");
  const after = right === undefined || right === "" ? [] : right.split(":");
  const zeros = right === undefined ? 0 : 8 - before.length - after.length;
  const all = [...before, ...Array.from({ length: zeros }, () => "0"), ...after];
  return bytesToInteger(
    all.map((group) => Number.parseInt(group, 16)),
    16n,
  );
}

function bytesToInteger(parts: readonly number[], width: bigint): bigint {
  return parts.reduce((value, part) => (value << width) | BigInt(part), 0n);
}

export function networkOf(address: bigint, bits: number, length: number): IpRange {
  const hosts = BigInt(bits - length);
  const first = (address >> hosts) << hosts;
  return { bits, first, last: first + (1n << hosts) - 1n };
}

export function containsRange(whole: IpRange, part: IpRange): boolean {
  return whole.bits === part.bits && whole.first <= part.first && part.last <= whole.last;
}

/** As it is written: of IPv6 the longest run of zeros is left out (RFC 5952). */
export function addressText(value: bigint, bits: number): string {
  if (bits === 32) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 0xffn).join(".");
  const groups = Array.from({ length: 8 }, (_, i) => ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16));
  const text = `:${groups.join(":")}:`;
  const runs = [...text.matchAll(/(?::0)+(?=:)/g)].map(([run]) => run).filter((run) => run.length > 2);
  const [longest] = runs.toSorted((a, b) => b.length - a.length);
  if (longest === undefined) return groups.join(":");
  const at = text.indexOf(`${longest}:`);
  return `${text.slice(1, at)}::${text.slice(at + longest.length + 1, -1)}`;
}

/** The fewest networks that hold a range and nothing else. */
export function networksOf({ bits, first, last }: IpRange): readonly string[] {
  const networks: string[] = [];
  for (let at = first; at <= last;) {
    let hosts = 0;
    while (hosts < bits && at % (2n << BigInt(hosts)) === 0n && at + (2n << BigInt(hosts)) - 1n <= last) hosts++;
    networks.push(`${addressText(at, bits)}/${bits - hosts}`);
    at += 1n << BigInt(hosts);
  }
  return networks;
}
