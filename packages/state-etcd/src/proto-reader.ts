import { DataDamagedError } from "@acteon/core";

/**
 * Reads protobuf front to back, field by field; what nobody asks for is skipped. A message within is read by the same reader:
 * `enter` narrows it to the message, `leave` goes on behind it.
 */
export class ProtoReader {
  readonly #buffer: Buffer;
  #at = 0;
  #end: number;
  #wireType = 0;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
    this.#end = buffer.length;
  }

  /** The number of the next field; 0 at the end of the message. Its value is then read, entered or skipped. */
  next(): number {
    if (this.#at >= this.#end) return 0;
    const tag = this.int();
    this.#wireType = tag & 7;
    return tag >>> 3;
  }

  /** A whole number up to 2^53; the sign of a negative one is lost. */
  int(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.#buffer[this.#at++];
      if (byte === undefined) throw new DataDamagedError("a message of the etcd server ends too early");
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 0x80;
    }
  }

  /** A view of the reader's own bytes. */
  bytes(): Buffer {
    const length = this.int();
    const at = this.#at;
    this.#at += length;
    return this.#buffer.subarray(at, this.#at);
  }

  text(): string {
    const length = this.int();
    const at = this.#at;
    this.#at += length;
    return this.#buffer.toString("utf8", at, this.#at);
  }

  /** @returns What `leave` takes. */
  enter(): number {
    const length = this.int();
    const outerEnd = this.#end;
    this.#end = this.#at + length;
    return outerEnd;
  }

  leave(outerEnd: number): void {
    this.#at = this.#end;
    this.#end = outerEnd;
  }

  skip(): void {
    if (this.#wireType === 0) this.int();
    else if (this.#wireType === 2) this.bytes();
    else this.#at += this.#wireType === 5 ? 4 : 8;
  }
}
