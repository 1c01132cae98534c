import { createHash } from "node:crypto";
import { BuiltinFault, intOf } from "@acteon/rules";
import type { BuiltinResult, Value } from "@acteon/rules";
import { mapType, regoFunction, text, textType } from "./rego-function.ts";
import type { RegoFunction } from "./rego-function.ts";

export const uuidFunctions: readonly RegoFunction[] = [
  regoFunction("uuid.parse", [text], mapType, parsed),
  regoFunction("uuid.rfc4122", [text], textType, derived),
];

/** A version 4 UUID that is the same for the same text, so that an evaluation can be repeated. */
function derived(seed: string): BuiltinResult {
  const bytes = createHash("sha256").update(seed).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

const forms = [
  /^([\da-f]{8})-([\da-f]{4})-([\da-f]{4})-([\da-f]{4})-([\da-f]{12})$/i,
  /^urn:uuid:([\da-f]{8})-([\da-f]{4})-([\da-f]{4})-([\da-f]{4})-([\da-f]{12})$/i,
  /^\{([\da-f]{8})-([\da-f]{4})-([\da-f]{4})-([\da-f]{4})-([\da-f]{12})\}$/i,
  /^([\da-f]{8})([\da-f]{4})([\da-f]{4})([\da-f]{4})([\da-f]{12})$/i,
];

/** RFC 4122: what its version and variant are, and of one that holds a time what it holds. */
function parsed(uuid: string): BuiltinResult {
  const match = forms.map((form) => form.exec(uuid)).find((found) => found !== null);
  if (match === undefined) return new BuiltinFault("text that is no UUID");
  const bytes = Buffer.from(match.slice(1).join(""), "hex");
  const version = bytes[6]! >> 4;
  const known = { version, variant: variantOf(bytes[8]!) };
  return version === 1 || version === 2 ? { ...known, ...timeBased(bytes, version) } : known;
}

function variantOf(byte: number): string {
  if (byte >> 6 === 0b10) return "RFC4122";
  if (byte >> 5 === 0b110) return "Microsoft";
  return byte >> 5 === 0b111 ? "Future" : "Reserved";
}

/** From 15 October 1582 to the Unix epoch, in steps of 100 ns. */
const gregorianStart = 122_192_928_000_000_000n;

function timeBased(bytes: Buffer, version: number): Readonly<Record<string, Value>> {
  const low = bytes.readUInt32BE(0);
  const ticks = (BigInt(bytes.readUInt16BE(6) & 0x0fff) << 48n) | (BigInt(bytes.readUInt16BE(4)) << 32n) | BigInt(low);
  const node = bytes.subarray(10);
  const shared = {
    time: intOf((ticks - gregorianStart) * 100n),
    nodeid: node.toString("hex").replace(/..(?=.)/g, "$&-"),
    macvariables: `${(node[0]! & 2) === 0 ? "global" : "local"}:${(node[0]! & 1) === 0 ? "unicast" : "multicast"}`,
    clocksequence: bytes.readUInt16BE(8) & 0x3fff,
  };
  if (version === 1) return shared;
  const domain = bytes[9]!;
  return { ...shared, id: low, domain: ["Person", "Group", "Org"][domain] ?? `Domain${domain}` };
}
