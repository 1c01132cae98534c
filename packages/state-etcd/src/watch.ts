import type { Clock } from "@acteon/core";
import { inScanRange } from "@acteon/state";
import type { ScanRange, StateChange } from "@acteon/state";
import type { ClientDuplexStream } from "@grpc/grpc-js";
import { ChangeReader } from "./change-reader.ts";
import type { EtcdClient } from "./etcd-client.ts";
import type { KeySpace } from "./key-space.ts";
import type { KeyRange } from "./range-messages.ts";
import { decodeRecord } from "./record.ts";
import type { StoreClock } from "./store-clock.ts";
import { decodeWatchReply, encodeWatch } from "./watch-messages.ts";
import type { WatchEvent } from "./watch-messages.ts";

/** How long after a watch was cut off it is made anew. */
const reconnectMs = 200;

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
  readonly #keys: KeyRange;
  readonly #reader: ChangeReader;
  #nextRevision: number;
  #stream: ClientDuplexStream<Buffer, Buffer> | undefined;
  #cancelReconnect: () => void = () => {};
  #ended = false;

  constructor(ports: WatchPorts, range: ScanRange, keys: KeyRange, reader: ChangeReader) {
    this.#ports = ports;
    this.#range = range;
    this.#keys = keys;
    this.#reader = reader;
    this.#nextRevision = ports.revision + 1;
    this.#connect();
  }

  end(): void {
    this.#ended = true;
    this.#cancelReconnect();
    this.#stream?.cancel();
  }

  #connect(): void {
    const stream = this.#ports.client.stream("Watch/Watch");
    this.#stream = stream;
    const reconnect = (): void => {
      if (this.#ended || this.#stream !== stream) return;
      this.#stream = undefined;
      stream.cancel();
      if (this.#ports.client.isClosed) this.#reader.end();
      else this.#cancelReconnect = this.#ports.clock.after(reconnectMs, () => this.#connect());
    };
    stream.on("error", reconnect);
    stream.on("end", reconnect);
    stream.on("data", (message: Buffer) => {
      const reply = decodeWatchReply(message);
      this.#nextRevision = Math.max(this.#nextRevision, reply.compactRevision);
      for (const event of reply.events) {
        this.#nextRevision = event.entry.modRevision + 1;
        this.#tell(event);
      }
      if (reply.canceled) reconnect();
    });
    stream.write(encodeWatch(this.#keys, this.#nextRevision));
  }

  #tell({ kind, entry, before }: WatchEvent): void {
    const bytes = kind === "put" ? entry.value : before?.value;
    if (bytes === undefined) return;
    const record = decodeRecord(bytes);
    if (record.kind !== "value" && record.kind !== "list" && record.kind !== "lock") return;
    if (record.kind === "lock" && kind === "put") return; // taken, or extended
    const expired = record.kind !== "lock" && record.expiresAtMs <= this.#ports.storeClock.nowMs();
    if (kind === "delete" && expired) return;
    const key = this.#ports.space.parse(entry.key, record.fullText);
    if (!inScanRange(this.#range, key)) return;
    this.#reader.tell({ key, kind: kind === "put" ? "set" : record.kind === "lock" ? "released" : "deleted" });
  }
}
