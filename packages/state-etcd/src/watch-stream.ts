import type { Clock } from "@acteon/core";
import type { ClientDuplexStream } from "@grpc/grpc-js";
import type { EtcdClient } from "./etcd-client.ts";
import { decodeWatchReply } from "./watch-messages.ts";
import type { WatchReply } from "./watch-messages.ts";

/** How long after a watch was cut off it is made anew. */
const reconnectMs = 200;

export interface WatchStreamPorts {
  readonly client: EtcdClient;
  readonly clock: Clock;
  /** What to watch, from where on: asked again each time that the watch was cut off. */
  readonly request: () => Buffer;
  readonly onReply: (reply: WatchReply) => void;
}

/** A watch of etcd that is made anew, on whatever member then answers, until it is closed. */
export class WatchStream {
  readonly #ports: WatchStreamPorts;
  #stream: ClientDuplexStream<Buffer, Buffer> | undefined;
  #cancelReconnect: () => void = () => {};
  #closed = false;

  constructor(ports: WatchStreamPorts) {
    this.#ports = ports;
    this.#connect();
  }

  close(): void {
    this.#closed = true;
    this.#cancelReconnect();
    this.#stream?.cancel();
  }

  #connect(): void {
    const { client, clock, request, onReply } = this.#ports;
    if (client.isClosed) return;
    const stream = client.stream("Watch/Watch");
    this.#stream = stream;
    const reconnect = (): void => {
      if (this.#closed || this.#stream !== stream) return;
      this.#stream = undefined;
      stream.cancel();
      this.#cancelReconnect = clock.after(reconnectMs, () => this.#connect());
    };
    stream.on("error", reconnect);
    stream.on("end", reconnect);
    stream.on("data", (message: Buffer) => {
      const reply = decodeWatchReply(message);
      onReply(reply);
      if (reply.canceled) reconnect();
    });
    stream.write(request());
  }
}
