import { ChangeReader, inScanRange } from "@acteon/state";
import type { KeyKind, ScanRange, StateChange, StateKey } from "@acteon/state";
import type { WatchEvent } from "./client/connection.ts";
import { addRecursiveWatch, removeWatches } from "./client/requests.ts";
import type { Session } from "./client/session.ts";
import { entryOfLife, keyOfPath } from "./node-paths.ts";

const lockKinds: ReadonlySet<KeyKind> = new Set(["lock", "named_lock"]);

/** Who watches what. One watch at the server serves all readers of one folder, and is set again on each new connection. */
export class ChangeHub {
  readonly #session: Session;
  readonly #root: string;
  readonly #readers = new Map<string, Set<Reader>>();
  readonly #stopListening: () => void;

  constructor(session: Session, root: string) {
    this.#session = session;
    this.#root = root;
    this.#stopListening = session.listen({
      notified: (event) => this.#tell(event),
      stateChanged: (state) => {
        if (state === "connected") for (const folder of this.#readers.keys()) this.#watch(folder);
      },
    });
  }

  /** Changes from this call on, until `signal` aborts. */
  watch(range: ScanRange, signal: AbortSignal): AsyncIterable<StateChange> {
    const folder = range.scope === undefined ? this.#root : `${this.#root}/${range.scope.text}/${range.kind}`;
    const reader = new Reader(range);
    const leave = (): void => {
      signal.removeEventListener("abort", leave);
      reader.end();
      this.#leave(folder, reader);
    };
    if (signal.aborted) reader.end();
    else {
      this.#join(folder, reader);
      signal.addEventListener("abort", leave, { once: true });
    }
    return reader.changes(leave);
  }

  close(): void {
    this.#stopListening();
    for (const readers of this.#readers.values()) for (const reader of readers) reader.end();
    this.#readers.clear();
  }

  #join(folder: string, reader: Reader): void {
    const readers = this.#readers.get(folder);
    if (readers !== undefined) readers.add(reader);
    else {
      this.#readers.set(folder, new Set([reader]));
      this.#watch(folder);
    }
  }

  #leave(folder: string, reader: Reader): void {
    const readers = this.#readers.get(folder);
    if (readers?.delete(reader) !== true || readers.size > 0) return;
    this.#readers.delete(folder);
    // If the connection is lost the watch is gone as well.
    removeWatches(this.#session, folder).catch(() => {});
  }

  #watch(folder: string): void {
    // Without it nothing is told, which hints allow; a lost connection sets it again once there is another.
    addRecursiveWatch(this.#session, folder).catch(() => {});
  }

  #tell({ path, kind }: WatchEvent): void {
    // The node of an entry is made and deleted for a moment where a transaction proves that it is absent; its life is not.
    const entry = kind === "dataChanged" ? path : entryOfLife(path);
    const key = entry?.startsWith(`${this.#root}/`) === true ? keyOfPath(this.#root, entry) : undefined;
    const change = key && changeOf(key, kind);
    if (change === undefined) return;
    for (const readers of this.#readers.values())
      for (const reader of readers) if (inScanRange(reader.range, change.key)) reader.tell(change);
  }
}

function changeOf(key: StateKey, kind: WatchEvent["kind"]): StateChange | undefined {
  if (lockKinds.has(key.kind)) return kind === "deleted" ? { key, kind: "released" } : undefined;
  if (kind === "deleted") return { key, kind };
  return kind === "created" || kind === "dataChanged" ? { key, kind: "set" } : undefined;
}

class Reader extends ChangeReader {
  readonly range: ScanRange;

  constructor(range: ScanRange) {
    super();
    this.range = range;
  }
}
