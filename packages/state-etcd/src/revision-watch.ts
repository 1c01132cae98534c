import type { Clock } from "@acteon/core";
import type { ClientDuplexStream } from "@grpc/grpc-js";
import type { EtcdClient } from "./etcd-client.ts";
import type { RevisionLog } from "./revision-log.ts";
import { decodeWatchReply, encodeKeyWatch } from "./watch-messages.ts";

/** How long after the watch was cut off it is made anew. */
const reconnectMs = 200;

/** Tells the log of each transaction of whatever gateway that puts something: all of them write one key (`KeySpace.touched`). */
export class RevisionWatch {
  readonly #client: EtcdClient;
  readonly #clock: Clock;
  readonly #touched: string;
  readonly #log: RevisionLog;
  #stream: ClientDuplexStream<Buffer, Buffer> | undefined;
  #cancelReconnect: () => void = () => {};
  #closed = false;

  constructor(client: EtcdClient, clock: Clock, touched: string, log: RevisionLog) {
    this.#client = client;
    this.#clock = clock;
    this.#touched = touched;
    this.#log = log;
    this.#connect();
  }

  close(): void {
    this.#closed = true;
    this.#cancelReconnect();
    this.#stream?.cancel();
  }

  #connect(): void {
    const stream = this.#client.stream("Watch/Watch");
    this.#stream = stream;
    const reconnect = (): void => {
      if (this.#closed || this.#stream !== stream) return;
      this.#stream = undefined;
      stream.cancel();
      this.#cancelReconnect = this.#clock.after(reconnectMs, () => this.#connect());
    };
    stream.on("error", reconnect);
    stream.on("end", reconnect);
    stream.on("data", (message: Buffer) => {
      const { revision, canceled } = decodeWatchReply(message);
      this.#log.saw(revision);
      if (canceled) reconnect();
    });
    stream.write(encodeKeyWatch(this.#touched));
  }
}
