import type { Clock } from "@acteon/core";
import { keyKinds } from "@acteon/state";
import { createFlags, errorCodes } from "./client/protocol.ts";
import { create, exists, getChildren, getData } from "./client/requests.ts";
import type { Sender } from "./client/requests.ts";
import { ZooKeeperError } from "./client/zookeeper-error.ts";
import { tokenRetentionMs } from "./group-decider.ts";
import type { Read } from "./link.ts";
import { decodeContent } from "./node-content.ts";
import type { NodeContent } from "./node-content.ts";
import { foldersOfKind } from "./scan.ts";

export interface SweeperPorts {
  readonly clock: Clock;
  readonly root: string;
  readonly acl: Uint8Array;
  readonly session: Sender;
  /** The server's time. */
  readonly nowMs: () => number;
  readonly read: Read;
  /** Deletes those of these nodes that are over. */
  readonly reclaim: (paths: readonly string[]) => Promise<void>;
}

/** Between two walks, and between two batches of one: what expires is absent at once, and may lie a while. */
const walkEveryMs = 60_000;
const batchPauseMs = 50;
const batchSize = 100;

/** Deletes what is over, in the background, a few nodes at a time. Of all clients one does it, for as long as it is there. */
export class Sweeper {
  readonly #ports: SweeperPorts;
  readonly #closing = new AbortController();
  readonly #walking: Promise<void>;
  #made = false;

  constructor(ports: SweeperPorts) {
    this.#ports = ports;
    this.#walking = this.#walkOnAndOn();
  }

  /** One walk over all nodes, now. */
  async walk(): Promise<void> {
    for (const kind of Object.keys(keyKinds) as (keyof typeof keyKinds)[])
      for (const folder of await foldersOfKind({ kind }, this.#ports)) {
        if (this.#closing.signal.aborted) return;
        await this.#sweepFolder(folder);
      }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#walking;
  }

  async #walkOnAndOn(): Promise<void> {
    const { signal } = this.#closing;
    for (;;) {
      await this.#pause(walkEveryMs);
      if (signal.aborted) return;
      try {
        if (await this.#isMine()) await this.walk();
      } catch {
        // What could not be swept now is swept by the next walk; a store that does not answer tells its callers.
      }
    }
  }

  /** The walk belongs to whoever made the node of it; it goes with that client's session. */
  async #isMine(): Promise<boolean> {
    const { session, root, acl } = this.#ports;
    const path = `${root}/#sweeper`;
    if (this.#made && (await exists(session, path)) !== undefined) return true;
    try {
      await create(session, { path, data: "", acl, flags: createFlags.ephemeral });
      this.#made = true;
    } catch (error) {
      if (!(error instanceof ZooKeeperError) || error.code !== errorCodes.nodeExists) throw error;
      this.#made = false;
    }
    return this.#made;
  }

  async #sweepFolder(folder: string): Promise<void> {
    const { read, reclaim, nowMs } = this.#ports;
    const names = (await read((sender) => getChildren(sender, folder)))?.names ?? [];
    // Lives and index entries go with what they lie beside.
    const paths = names
      .filter((name) => !name.includes("#") || name.endsWith("#fence"))
      .map((name) => `${folder}/${name}`);
    for (let i = 0; i < paths.length && !this.#closing.signal.aborted; i += batchSize) {
      const batch = paths.slice(i, i + batchSize);
      const nodes = await read((sender) => Promise.all(batch.map((path) => getData(sender, path))));
      const over = batch.filter((_, at) => {
        const node = nodes[at];
        return node !== undefined && mayBeOver(node.data, node.stat.mtimeMs, nowMs());
      });
      if (over.length > 0) await reclaim(over);
      await this.#pause(batchPauseMs);
    }
  }

  async #pause(ms: number): Promise<void> {
    const { signal } = this.#closing;
    if (signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.#ports.clock.after(ms, resolve);
    signal.addEventListener("abort", () => resolve(), { once: true });
    await promise;
    cancel();
  }
}

/** Whether it is worth deciding: that is done with what is known of lives, leases and clocks. */
function mayBeOver(data: Buffer, writtenAtMs: number, nowMs: number): boolean {
  const content = contentOrDamage(data);
  switch (content?.kind) {
    case "value":
    case "list":
      return content.life !== undefined && content.life.endsAtMs <= nowMs;
    case "lease":
      return writtenAtMs + content.leaseMs <= nowMs;
    case "fence":
      return writtenAtMs + tokenRetentionMs <= nowMs;
    case "due":
    case undefined:
      return false;
  }
}

/** What is damaged is left as it is (guarantees §8 row 67), for whoever asks for it to be told. */
function contentOrDamage(data: Buffer): NodeContent | undefined {
  try {
    return decodeContent(data);
  } catch {
    return undefined;
  }
}
