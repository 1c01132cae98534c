/** Reads Jute from one frame, front to back. */
export class JuteReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  int(): number {
    this.#at += 4;
    return this.#bytes.readInt32BE(this.#at - 4);
  }

  boolean(): boolean {
    return this.#bytes[this.#at++] === 1;
  }

  /** Zxids and times of today fit in 53 bits; a zxid's upper half, the leader's epoch, would have to pass 2^21. */
  long(): number {
    return this.int() * 2 ** 32 + (this.int() >>> 0);
  }

  /** Eight bytes that are nobody's number. */
  opaqueLong(): Buffer {
    this.#at += 8;
    return this.#bytes.subarray(this.#at - 8, this.#at);
  }

  /** A view into the frame. A buffer that is null in Java is empty here. */
  buffer(): Buffer {
    const length = Math.max(this.int(), 0);
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  text(): string {
    return this.buffer().toString("utf8");
  }

  skip(bytes: number): void {
    this.#at += bytes;
  }
}
