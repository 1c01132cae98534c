import type { NodeStat } from "./client/protocol.ts";
import { decodeContent } from "./node-content.ts";
import type { NodeContent } from "./node-content.ts";
import type { Work } from "./work.ts";

/** A node as it was seen last. */
export interface SeenNode {
  readonly version: number;
  /** The write that made it what it is, and the one that made it at all. */
  readonly zxid: number;
  readonly madeByZxid: number;
  /** When that write was made, by the server's clock; `undefined` where no stat came with it. */
  readonly writtenAtMs: number | undefined;
  /** Since when it is known to be as it is (monotonic). */
  readonly seenAtMs: number;
  readonly content: NodeContent;
}

/** One node, for as long as something is known of it, or somebody works on it. */
export class Slot {
  readonly path: string;
  /** What this process saw last; `undefined`: nothing is known. Stale knowledge is harmless: no write passes that rests on it. */
  seen: SeenNode | undefined;
  /** The last of the works that touch this node. */
  tail: Work | undefined;

  /** For the bookkeeping of `SlotTable`. */
  weight = 0;

  // What follows belongs to the work under way.

  /** Looked at in this attempt, so that `undefined` in `seen` means absent. */
  fresh = false;
  /** A result rests on it that only the transaction can prove. */
  touched = false;
  /** As the groups decided so far leave it. */
  content: NodeContent | undefined;
  /** How many of them wrote it. */
  writes = 0;
  /** One of them made it the node of its lease: the token will be the transaction's. */
  acquired = false;

  constructor(path: string) {
    this.path = path;
  }

  /** A new attempt. */
  begin(): void {
    this.touched = false;
    this.content = this.seen?.content;
    this.writes = 0;
    this.acquired = false;
  }

  /** What a read found. */
  found(node: { readonly data: Buffer; readonly stat: NodeStat } | undefined, nowMs: number): void {
    this.fresh = true;
    if (node === undefined) {
      this.seen = undefined;
      return;
    }
    const { stat, data } = node;
    const known = this.seen;
    // The same write was seen before: from then on it has been unchanged (guarantees L6).
    const seenAtMs = known !== undefined && known.zxid === stat.mzxid ? known.seenAtMs : nowMs;
    this.seen = {
      version: stat.version,
      zxid: stat.mzxid,
      madeByZxid: stat.czxid,
      writtenAtMs: stat.mtimeMs,
      seenAtMs,
      content: decodeContent(data),
    };
  }
}
