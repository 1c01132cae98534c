import type { Clock } from "@acteon/core";
import { anyVersion, createFlags, errorCodes } from "./client/protocol.ts";
import type { NodeStat } from "./client/protocol.ts";
import { create, setData } from "./client/requests.ts";
import { ZooKeeperError } from "./client/zookeeper-error.ts";
import type { Link } from "./link.ts";
import type { ServerClock } from "./server-clock.ts";

const checkEveryMs = 5_000;

/**
 * This client's own node: it shows that the client is there, and writing it tells what time it is at the server, whenever other
 * writes have not told for a while, and after each loss of the connection, since another leader may have another time.
 */
export class ClientNode {
  readonly #path: string;
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #serverClock: ServerClock;
  readonly #acl: Uint8Array;
  readonly #stopListening: () => void;
  #cancel: () => void = () => {};
  #asking: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(
    link: Link,
    options: {
      readonly clock: Clock;
      readonly serverClock: ServerClock;
      readonly acl: Uint8Array;
      readonly path: string;
    },
  ) {
    this.#path = options.path;
    this.#link = link;
    this.#clock = options.clock;
    this.#serverClock = options.serverClock;
    this.#acl = options.acl;
    this.#stopListening = link.session.listen({
      stateChanged: (state) => {
        if (state === "connected") this.#check(true);
      },
    });
    this.#check(false);
  }

  /** @throws {ConnectionLostError} @throws {ZooKeeperError} */
  async askTime(): Promise<void> {
    const sentAtMs = this.#clock.monotonicMs();
    const { mtimeMs, mzxid } = await this.#write();
    this.#serverClock.learn(mzxid, mtimeMs, sentAtMs);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stopListening();
    this.#cancel();
    await this.#asking;
  }

  /** Now and then from now on. */
  #check(isDue: boolean): void {
    this.#cancel();
    if (this.#closed) return;
    // A failure tells nothing but that there is no connection, and the next one asks again.
    if (isDue || this.#serverClock.isStale()) this.#asking = this.askTime().catch(() => {});
    this.#cancel = this.#clock.after(checkEveryMs, () => this.#check(false));
  }

  async #write(): Promise<NodeStat> {
    const { session } = this.#link;
    try {
      return await setData(session, this.#path, "", anyVersion);
    } catch (error) {
      if (!(error instanceof ZooKeeperError) || error.code !== errorCodes.noNode) throw error;
      const node = { path: this.#path, data: "", acl: this.#acl, flags: createFlags.ephemeral };
      return (await create(session, node)).stat;
    }
  }
}
