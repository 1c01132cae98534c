import { deflateRawSync, inflateRawSync } from "node:zlib";
import { DataDamagedError } from "@acteon/core";

/** What a key of etcd holds. `fullText` only where the key is collapsed (guarantees K3). */
export type EtcdRecord =
  | {
      readonly kind: "value";
      readonly value: string;
      /** By the `StoreClock`; `Infinity` for good. */
      readonly expiresAtMs: number;
      /** Which write of its transaction this is: with the revision of that, the version. */
      readonly ordinal: number;
      readonly fullText: string | undefined;
    }
  | {
      readonly kind: "list";
      readonly members: readonly string[];
      readonly expiresAtMs: number;
      readonly fullText: string | undefined;
    }
  | { readonly kind: "lock"; readonly owner: string; readonly leaseMs: number; readonly fullText: string | undefined }
  /** Under both keys of an entry of a due index. */
  | { readonly kind: "due"; readonly dueAtMs: number; readonly fullText: string }
  /** Its revision is what it says. */
  | { readonly kind: "token" };

/*
 * One letter, three fields, each ended by a semicolon, and the body:
 *   v<ordinal>;<expiresAtMs>;<fullText>;<value>
 *   l;<expiresAtMs>;<fullText>;<members as JSON>
 *   k;<leaseMs>;<fullText>;<owner>
 *   d;<dueAtMs>;<fullText>;
 *   t;;;
 * In `V` and `L` the body is deflated. An absent field is empty.
 */

/** Bodies from here on are deflated: etcd takes 1.5 MiB in one request, and writes each to its log and to all members. */
const deflatedFromChars = 32_768;

export function encodeRecord(record: EtcdRecord): string | Buffer {
  switch (record.kind) {
    case "value": {
      const { ordinal, expiresAtMs, fullText = "", value } = record;
      return withBody("v", `${ordinal === 0 ? "" : ordinal};${instant(expiresAtMs)};${fullText};`, value);
    }
    case "list":
      return withBody("l", `;${instant(record.expiresAtMs)};${record.fullText ?? ""};`, JSON.stringify(record.members));
    case "lock":
      return `k;${record.leaseMs};${record.fullText ?? ""};${record.owner}`;
    case "due":
      return `d;${record.dueAtMs};${record.fullText};`;
    case "token":
      return "t;;;";
  }
}

function withBody(letter: "v" | "l", fields: string, body: string): string | Buffer {
  if (body.length < deflatedFromChars) return letter + fields + body;
  return Buffer.concat([Buffer.from(letter.toUpperCase() + fields), deflateRawSync(body, { level: 1 })]);
}

function instant(expiresAtMs: number): string {
  return expiresAtMs === Infinity ? "" : String(expiresAtMs);
}

/** @throws {DataDamagedError} `encodeRecord` never made this. */
export function decodeRecord(bytes: Buffer): EtcdRecord {
  const first = bytes.indexOf(semicolon);
  const second = bytes.indexOf(semicolon, first + 1);
  const third = bytes.indexOf(semicolon, second + 1);
  if (first < 1 || second < 0 || third < 0) throw damaged();
  const letter = String.fromCharCode(bytes[0] as number);
  const number = bytes.toString("latin1", first + 1, second);
  const fullText = third === second + 1 ? undefined : bytes.toString("latin1", second + 1, third);
  const expiresAtMs = number === "" ? Infinity : Number(number);
  switch (letter) {
    case "v":
    case "V": {
      const ordinal = first === 1 ? 0 : Number(bytes.toString("latin1", 1, first));
      const value = bodyOf(bytes, third + 1, letter === "V");
      return { kind: "value", value, expiresAtMs, ordinal, fullText };
    }
    case "l":
    case "L": {
      const members = JSON.parse(bodyOf(bytes, third + 1, letter === "L")) as readonly string[];
      return { kind: "list", members, expiresAtMs, fullText };
    }
    case "k":
      return { kind: "lock", owner: bodyOf(bytes, third + 1, false), leaseMs: Number(number), fullText };
    case "d":
      return { kind: "due", dueAtMs: Number(number), fullText: fullText ?? "" };
    case "t":
      return { kind: "token" };
    default:
      throw damaged();
  }
}

const semicolon = 0x3b;

function bodyOf(bytes: Buffer, at: number, deflated: boolean): string {
  return deflated ? inflateRawSync(bytes.subarray(at)).toString("utf8") : bytes.toString("utf8", at);
}

function damaged(): DataDamagedError {
  return new DataDamagedError("a record in etcd is not laid out as ours are");
}
