const blockBytes = 65_536;
const worthKeeping = 8_192;

/** Writes frames of Jute, ZooKeeper's encoding: big endian, texts and buffers behind their length. */
export class JuteWriter {
  #bytes = Buffer.allocUnsafe(blockBytes);
  /** What is not taken yet lies from here to `#at`. */
  #from = 0;
  #at = 0;

  get pendingBytes(): number {
    return this.#at - this.#from;
  }

  /** What was written since the last call; the caller's to keep. */
  take(): Buffer {
    const taken = this.#bytes.subarray(this.#from, this.#at);
    this.#from = this.#at;
    if (this.#bytes.length - this.#at < worthKeeping) {
      this.#bytes = Buffer.allocUnsafe(blockBytes);
      this.#from = this.#at = 0;
    }
    return taken;
  }

  /** A frame begins with its length, which `endFrame` fills in. */
  beginFrame(): number {
    this.int(0);
    return this.#at - this.#from;
  }

  /** @param begun What `beginFrame` gave. */
  endFrame(begun: number): void {
    const start = this.#from + begun;
    this.#bytes.writeInt32BE(this.#at - start, start - 4);
  }

  int(value: number): void {
    this.#reserve(4);
    this.#at = this.#bytes.writeInt32BE(value, this.#at);
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#at++] = value;
  }

  boolean(value: boolean): void {
    this.byte(value ? 1 : 0);
  }

  /** Whole, up to 2^53. */
  long(value: number): void {
    this.int(Math.floor(value / 2 ** 32));
    this.int(value | 0);
  }

  /** Bytes as they are, without a length. */
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  buffer(bytes: Uint8Array): void {
    this.int(bytes.length);
    this.raw(bytes);
  }

  /** As UTF-8. */
  text(text: string): void {
    this.#reserve(4 + text.length * 3);
    const length = this.#bytes.write(text, this.#at + 4, "utf8");
    this.#bytes.writeInt32BE(length, this.#at);
    this.#at += 4 + length;
  }

  #reserve(bytes: number): void {
    if (this.#bytes.length - this.#at >= bytes) return;
    const pending = this.#bytes.subarray(this.#from, this.#at);
    this.#bytes = Buffer.allocUnsafe(Math.max(blockBytes, 2 * (pending.length + bytes)));
    this.#bytes.set(pending);
    this.#from = 0;
    this.#at = pending.length;
  }
}
