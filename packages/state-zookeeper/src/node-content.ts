import { DataDamagedError } from "@acteon/core";

/**
 * What a node holds. `id` names this life of the node: beside each node at `<path>` lies an empty one at `<path>#<id>`, made
 * and deleted together with it. A version of ZooKeeper counts from 0 again once a node was deleted and made anew; the node
 * beside it does not come back, and so a check of both is a check of one life at one version.
 */
export type NodeContent = ValueContent | ListContent | LeaseContent | FenceContent | DueContent;

interface Content {
  readonly id: string;
}

interface MortalContent extends Content {
  /** By the server's clock; `undefined`: for good. */
  readonly life: Life | undefined;
  /** `StateKey.fullText` of a collapsed key, which its path does not show; else empty. */
  readonly fullText: string;
}

export interface Life {
  readonly endsAtMs: number;
  /** With which it began: what is left is never told as more. */
  readonly ttlMs: number;
}

export interface ValueContent extends MortalContent {
  readonly kind: "value";
  readonly value: string;
}

export interface ListContent extends MortalContent {
  readonly kind: "list";
  readonly values: readonly string[];
}

/** Of a lock; it is over once the node lay unchanged for `leaseMs`. */
export interface LeaseContent extends Content {
  readonly kind: "lease";
  readonly owner: string;
  readonly leaseMs: number;
  /** `undefined`: the transaction that made the node (its czxid). */
  readonly token: bigint | undefined;
  /** Goes with the session that made it. */
  readonly ephemeral: boolean;
}

/** Beside a fenced lock, and after it: the largest token is the transaction that wrote this node last. */
export interface FenceContent extends Content {
  readonly kind: "fence";
}

/** Where a key stands in an index. */
export interface DueContent extends Content {
  readonly kind: "due";
  readonly dueAtMs: number;
  readonly fullText: string;
}

/** A head of one line, readable with any client of ZooKeeper, and behind it the value, the list or the owner. */
export function encodeContent(content: NodeContent): string {
  switch (content.kind) {
    case "value":
      return `value,${content.id},${encodeLife(content.life)},${content.fullText}\n${content.value}`;
    case "list":
      return `list,${content.id},${encodeLife(content.life)},${content.fullText}\n${JSON.stringify(content.values)}`;
    case "lease": {
      const { id, leaseMs, token = "", ephemeral, owner } = content;
      return `lease,${id},${leaseMs},${token},${ephemeral ? "ephemeral" : ""}\n${owner}`;
    }
    case "fence":
      return `fence,${content.id}\n`;
    case "due":
      return `due,${content.id},${content.dueAtMs},${content.fullText}\n`;
  }
}

/** @throws {DataDamagedError} `encodeContent` never made this. */
export function decodeContent(data: Buffer): NodeContent {
  const headEnd = data.indexOf(0x0a);
  const [kind, id = "", ...fields] = data.toString("latin1", 0, headEnd).split(",");
  const [first = "", second = "", third = ""] = fields;
  switch (kind) {
    case "value":
      return { kind, id, life: decodeLife(first), fullText: second, value: data.toString("utf8", headEnd + 1) };
    case "list":
      return {
        kind,
        id,
        life: decodeLife(first),
        fullText: second,
        values: decodeList(data.toString("utf8", headEnd + 1)),
      };
    case "lease":
      return {
        kind,
        id,
        leaseMs: Number(first),
        token: second === "" ? undefined : BigInt(second),
        ephemeral: third !== "",
        owner: data.toString("utf8", headEnd + 1),
      };
    case "fence":
      return { kind, id };
    case "due":
      return { kind, id, dueAtMs: Number(first), fullText: second };
    default:
      throw damaged();
  }
}

function encodeLife(life: Life | undefined): string {
  return life === undefined ? "" : `${life.endsAtMs}+${life.ttlMs}`;
}

function decodeLife(text: string): Life | undefined {
  if (text === "") return undefined;
  const [endsAtMs, ttlMs] = text.split("+").map(Number);
  if (endsAtMs === undefined || ttlMs === undefined || Number.isNaN(endsAtMs)) throw damaged();
  return { endsAtMs, ttlMs };
}

function decodeList(text: string): readonly string[] {
  const values: unknown = JSON.parse(text);
  if (!Array.isArray(values) || values.some((value) => typeof value !== "string")) throw damaged();
  return values;
}

function damaged(): DataDamagedError {
  return new DataDamagedError("a node of ZooKeeper holds what no version of ours wrote");
}
