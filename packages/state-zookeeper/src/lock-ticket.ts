import type { Clock } from "@acteon/core";
import type { StateKey, Ticket } from "@acteon/state";
import { anyVersion, createFlags, errorCodes } from "./client/protocol.ts";
import { create, deleteNode, exists, getChildren } from "./client/requests.ts";
import { ConnectionLostError, ZooKeeperError } from "./client/zookeeper-error.ts";
import type { Link, Read } from "./link.ts";
import { keyPath, queueFolder } from "./node-paths.ts";

/** What the tickets of a store are made with. */
export interface LockTickets {
  readonly link: Link;
  readonly clock: Clock;
  readonly root: string;
  readonly acl: Uint8Array;
  /** A read that may be asked again. */
  readonly read: Read;
}

/** A lease can be over without a node going: whoever is first looks again so often, as L8's slowest poll. */
const lookAgainMs = 400;

/** Does anybody wait for that lock? @throws {StateUnavailableError} */
export async function isAwaited({ read, root }: LockTickets, lock: StateKey): Promise<boolean> {
  const folder = queueFolder(root, keyPath(root, lock));
  return ((await read((sender) => getChildren(sender, folder)))?.names.length ?? 0) > 0;
}

/**
 * A place among those that wait for a lock: an ephemeral sequential node. Each waiter watches the one before, the first of them
 * the lock, so that a node that goes wakes one waiter.
 */
export class LockTicket implements Ticket {
  readonly #tickets: LockTickets;
  readonly #lockPath: string;
  readonly #folder: string;
  /** In the name of the node, so that it is found if the answer to its creation is lost. */
  readonly #guid: string;

  private constructor(tickets: LockTickets, lock: StateKey, guid: string) {
    this.#tickets = tickets;
    this.#lockPath = keyPath(tickets.root, lock);
    this.#folder = queueFolder(tickets.root, this.#lockPath);
    this.#guid = guid;
  }

  /** @param guid Never used twice. @throws {StateUnavailableError} */
  static async take(tickets: LockTickets, lock: StateKey, guid: string): Promise<LockTicket> {
    const ticket = new LockTicket(tickets, lock, guid);
    try {
      await ticket.#join();
    } catch (error) {
      throw tickets.link.explain(error);
    }
    return ticket;
  }

  /** Until all who came before have left, and the lock may be free. @throws {unknown} `signal.reason`; StateUnavailableError. */
  async untilTurn(signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const names = await this.#inOrder();
      const at = names.findIndex((name) => this.#isOurs(name));
      // The session that held our place is over: there is a new place, at the end.
      if (at < 0) await this.#join();
      else {
        const before = at === 0 ? this.#lockPath : `${this.#folder}/${names[at - 1]}`;
        if ((await this.#untilChanged(before, at === 0, signal)) === "turn" && at === 0) return;
      }
    }
  }

  /** Gives the place up. Without an answer it ends with the session. */
  async leave(): Promise<void> {
    try {
      for (const name of await this.#inOrder())
        if (this.#isOurs(name)) await deleteNode(this.#tickets.link.session, `${this.#folder}/${name}`, anyVersion);
    } catch {
      // Nobody waits for the answer, and the place goes with the session.
    }
  }

  async #join(): Promise<void> {
    const { link, acl } = this.#tickets;
    const path = `${this.#folder}/${this.#guid}-`;
    for (let tries = 0; ; tries++) {
      try {
        await create(link.session, { path, data: "", acl, flags: createFlags.ephemeralSequential });
        return;
      } catch (error) {
        const isFolderMissing = error instanceof ZooKeeperError && error.code === errorCodes.noNode;
        const isUnknown = error instanceof ConnectionLostError && error.sent;
        if (tries >= maxTries || !(isFolderMissing || isUnknown)) throw error;
        if (isFolderMissing) await link.makeFolders([path]);
        else if ((await this.#inOrder()).some((name) => this.#isOurs(name))) return;
      }
    }
  }

  async #inOrder(): Promise<readonly string[]> {
    const found = await this.#tickets.read((sender) => getChildren(sender, this.#folder));
    return (found?.names ?? []).toSorted((a, b) => (sequenceOf(a) < sequenceOf(b) ? -1 : 1));
  }

  #isOurs(name: string): boolean {
    return name.startsWith(`${this.#guid}-`);
  }

  /** `turn`: the node is not there. `look`: something was, or may have been, changed. */
  async #untilChanged(path: string, isLock: boolean, signal: AbortSignal): Promise<"turn" | "look"> {
    const { link, clock, read } = this.#tickets;
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = (): void => resolve();
    // A lost connection takes the watch with it.
    const stopListening = link.session.listen({
      notified: (event) => event.path === path && wake(),
      stateChanged: wake,
    });
    signal.addEventListener("abort", wake, { once: true });
    let isOver = false;
    const cancel = isLock
      ? clock.after(lookAgainMs, () => {
          isOver = true;
          wake();
        })
      : undefined;
    try {
      if ((await read((sender) => exists(sender, path, true))) === undefined) return "turn";
      await promise;
      return isOver ? "turn" : "look";
    } finally {
      cancel?.();
      stopListening();
      signal.removeEventListener("abort", wake);
    }
  }
}

const maxTries = 3;

/** What ZooKeeper put at the end: ten digits, counting up. */
function sequenceOf(name: string): string {
  return name.slice(-10);
}
