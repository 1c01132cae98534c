import { BuiltinFault, LimitFault, entriesOf, isAnyMap, maxWeight, mismatch, setOf, ValueSet } from "@acteon/rules";
import type { BuiltinResult, Value } from "@acteon/rules";
import { addressText, containsRange, networkOf, networksOf, parseCidr, parseIp } from "./ip-range.ts";
import type { IpRange, NamedRange } from "./ip-range.ts";
import { anything, boolType, itemsOf, regoFunction, setType, text, texts } from "./rego-function.ts";
import type { Parameter, RegoFunction } from "./rego-function.ts";

const noNetwork = new BuiltinFault("text that is neither a network nor an address");
const noElement = new BuiltinFault("an element that is neither text nor begins with one");
const tooMany = new LimitFault("too many addresses");

/** Most pairs of a network and an address that are compared. */
const maxPairs = 1_000_000;

const collectionOfNetworks: Parameter<Value> = { types: ["string", "list", "set", "map"], read: anything.read };

/** What can be said of networks without asking any. */
export const netFunctions: readonly RegoFunction[] = [
  regoFunction("net.cidr_contains", [text, text], boolType, contains),
  regoFunction("net.cidr_overlap", [text, text], boolType, contains, { deprecated: true }),
  regoFunction("net.cidr_contains_matches", [collectionOfNetworks, collectionOfNetworks], setType, matches),
  regoFunction("net.cidr_expand", [text], setType, expanded),
  regoFunction("net.cidr_intersects", [text, text], boolType, (a, b) => {
    const left = parseCidr(a);
    const right = parseCidr(b);
    if (left === undefined || right === undefined) return noNetwork;
    return left.bits === right.bits && left.first <= right.last && right.first <= left.last;
  }),
  regoFunction(
    "net.cidr_is_valid",
    [anything],
    boolType,
    (value) => typeof value === "string" && parseCidr(value) !== undefined,
  ),
  regoFunction("net.cidr_merge", [texts], setType, merged),
];

function contains(network: string, part: string): BuiltinResult {
  const whole = parseCidr(network);
  const inner = parseIp(part) ?? parseCidr(part);
  return whole && inner ? containsRange(whole, inner) : noNetwork;
}

interface Named {
  readonly name: Value;
  readonly range: IpRange;
}

/** Which networks contain which, by the names that they have in what they stand in: a key, a place, or themselves. */
function matches(networks: Value, parts: Value): BuiltinResult {
  // What is held against nothing is not even read.
  if (isEmpty(networks) || isEmpty(parts)) return setOf([]);
  const wholes = namedRanges(networks, parseCidr);
  const inner = namedRanges(parts, (written) => parseIp(written) ?? parseCidr(written));
  if (wholes instanceof BuiltinFault || inner instanceof BuiltinFault)
    return wholes instanceof BuiltinFault ? wholes : (inner as BuiltinFault);
  if (wholes === undefined || inner === undefined) return mismatch;
  if (wholes.length * inner.length > maxPairs) return new LimitFault("too many networks");
  const pairs: Value[] = [];
  for (const whole of wholes) {
    for (const part of inner) {
      if (!containsRange(whole.range, part.range)) continue;
      pairs.push([whole.name, part.name]);
      if (pairs.length > maxWeight) return tooMany;
    }
  }
  return setOf(pairs);
}

function namedRanges(
  value: Value,
  parse: (written: string) => IpRange | undefined,
): readonly Named[] | BuiltinFault | undefined {
  const named = namedElements(value);
  const ranges: Named[] = [];
  for (const [name, element] of named ?? []) {
    const [written = element] = itemsOf(element) ?? [];
    if (typeof written !== "string") return noElement;
    const range = parse(written);
    if (range === undefined) return noNetwork;
    ranges.push({ name, range });
  }
  return named && ranges;
}

function isEmpty(value: Value): boolean {
  const elements = namedElements(value);
  return elements !== undefined && [...elements].length === 0;
}

function namedElements(value: Value): Iterable<readonly [name: Value, element: Value]> | undefined {
  if (typeof value === "string") return [[value, value]];
  if (value instanceof ValueSet) return [...value.items.values()].map((item) => [item, item] as const);
  return isAnyMap(value) ? entriesOf(value) : itemsOf(value)?.entries();
}

function expanded(network: string): BuiltinResult {
  const range = parseCidr(network);
  if (range === undefined) return noNetwork;
  const { first, last, bits } = range;
  if (last - first >= BigInt(maxWeight - 1)) return tooMany;
  return setOf(Array.from({ length: Number(last - first) + 1 }, (_, i) => addressText(first + BigInt(i), bits)));
}

/** What stands side by side or within each other in one; the fewest networks that are left. */
function merged(networks: readonly string[]): BuiltinResult {
  const ranges: NamedRange[] = [];
  for (const network of networks) {
    const range = parseCidr(network) ?? classNetwork(network);
    if (range === undefined) return noNetwork;
    ranges.push(range);
  }
  const joined: NamedRange[] = [];
  for (const range of ranges.toSorted(
    (a, b) => a.bits - b.bits || (a.first < b.first ? -1 : a.first > b.first ? 1 : 0),
  )) {
    const before = joined.at(-1);
    if (before === undefined || before.bits !== range.bits || range.first > before.last + 1n) joined.push(range);
    else
      joined[joined.length - 1] = {
        bits: range.bits,
        first: before.first,
        last: range.last > before.last ? range.last : before.last,
      };
  }
  return setOf(joined.flatMap((range) => range.name ?? networksOf(range)));
}

/** An address of IPv4 by itself stands for the network of its class, as Go's `DefaultMask` has it. */
function classNetwork(address: string): NamedRange | undefined {
  const ip = parseIp(address);
  if (ip === undefined || ip.bits !== 32) return undefined;
  const start = Number(ip.first >> 24n);
  const length = start < 128 ? 8 : start < 192 ? 16 : 24;
  return { ...networkOf(ip.first, 32, length), name: `${addressText(ip.first, 32)}/${length}` };
}
