import type { Clock } from "@acteon/core";
import { ChangeReader, inScanRange } from "@acteon/state";
import type { ScanRange, StateChange } from "@acteon/state";
import type { EtcdClient } from "./etcd-client.ts";
import type { KeySpace } from "./key-space.ts";
import type { KeyRange } from "./range-messages.ts";
import { decodeRecord } from "./record.ts";
import type { EtcdRecord } from "./record.ts";
import type { StoreClock } from "./store-clock.ts";
import { encodeWatch } from "./watch-messages.ts";
import type { WatchEvent, WatchReply } from "./watch-messages.ts";
import { WatchStream } from "./watch-stream.ts";

export interface WatchPorts {
  readonly client: EtcdClient;
  readonly space: KeySpace;
  readonly clock: Clock;
  readonly storeClock: Pick<StoreClock, "nowMs">;
  /** The last revision that this process knows of. */
  readonly revision: number;
}

/** Changes of a range from this call on, until `signal` aborts. What happens while the connection is away is told once it is back. */
export function watch(ports: WatchPorts, range: ScanRange, signal: AbortSignal): AsyncIterable<StateChange> {
  const reader = new ChangeReader();
  const watches = signal.aborted
    ? []
    : ports.space.scanned(range).map((keys) => new RangeWatch(ports, range, keys, reader));
  const leave = (): void => {
    signal.removeEventListener("abort", leave);
    for (const each of watches) each.end();
    reader.end();
  };
  if (signal.aborted) reader.end();
  else signal.addEventListener("abort", leave, { once: true });
  return reader.changes(leave);
}

/** One range of keys, on a stream of its own. */
class RangeWatch {
  readonly #ports: WatchPorts;
  readonly #range: ScanRange;
  readonly #reader: ChangeReader;
  readonly #stream: WatchStream;
  #nextRevision: number;

  constructor(ports: WatchPorts, range: ScanRange, keys: KeyRange, reader: ChangeReader) {
    this.#ports = ports;
    this.#range = range;
    this.#reader = reader;
    this.#nextRevision = ports.revision + 1;
    this.#stream = new WatchStream({
      client: ports.client,
      clock: ports.clock,
      request: () => encodeWatch(keys, this.#nextRevision),
      onReply: (reply) => this.#read(reply),
    });
  }

  end(): void {
    this.#stream.close();
  }

  #read({ compactRevision, events }: WatchReply): void {
    this.#nextRevision = Math.max(this.#nextRevision, compactRevision);
    for (const event of events) {
      this.#nextRevision = event.entry.modRevision + 1;
      this.#tell(event);
    }
  }

  #tell({ kind, entry, before }: WatchEvent): void {
    const bytes = kind === "put" ? entry.value : before?.value;
    if (bytes === undefined) return;
    const record = recordIn(bytes);
    if (record === undefined) return;
    if (record.kind !== "value" && record.kind !== "list" && record.kind !== "lock") return;
    if (record.kind === "lock" && kind === "put") return; // taken, or extended
    const expired = record.kind !== "lock" && record.expiresAtMs <= this.#ports.storeClock.nowMs();
    if (kind === "delete" && expired) return;
    const key = this.#ports.space.parse(entry.key, record.fullText);
    if (!inScanRange(this.#range, key)) return;
    this.#reader.tell({ key, kind: kind === "put" ? "set" : record.kind === "lock" ? "released" : "deleted" });
  }
}

/** Damage is for whoever reads the key to be told of: a watch only hints. */
function recordIn(bytes: Buffer): EtcdRecord | undefined {
  try {
    return decodeRecord(bytes);
  } catch {
    return undefined;
  }
}
