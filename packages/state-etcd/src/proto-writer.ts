/**
 * Writes protobuf back to front, because the length of a message stands before it: what a message holds is written first,
 * the last of it before the first, and `enclose` then puts its length and tag in front. Numbers are whole, 0 … 2^53 − 1.
 */
export class ProtoWriter {
  #buffer: Buffer;
  /** Where what is written begins. */
  #at: number;

  constructor(expectedBytes = 1_024) {
    this.#buffer = Buffer.allocUnsafe(expectedBytes);
    this.#at = expectedBytes;
  }

  /** Bytes so far: for `enclose`. */
  get length(): number {
    return this.#buffer.length - this.#at;
  }

  /** @returns What was written; the writer is not used again. */
  finish(): Buffer {
    return this.#buffer.subarray(this.#at);
  }

  int(field: number, value: number): void {
    this.#varint(value);
    this.#varint(field * 8);
  }

  bool(field: number, value: boolean): void {
    if (value) this.int(field, 1);
  }

  bytes(field: number, value: Buffer): void {
    const at = this.#reserve(value.length);
    value.copy(this.#buffer, at);
    this.#head(field, value.length);
  }

  text(field: number, value: string): void {
    const length = Buffer.byteLength(value);
    const at = this.#reserve(length); // before the buffer is named: it may be another afterwards
    this.#buffer.write(value, at, "utf8");
    this.#head(field, length);
  }

  /** Text of one byte a character, as keys are. */
  ascii(field: number, value: string): void {
    const at = this.#reserve(value.length);
    this.#buffer.write(value, at, "latin1");
    this.#head(field, value.length);
  }

  /** Makes what was written since `length` was `before` a message under `field`. */
  enclose(field: number, before: number): void {
    this.#head(field, this.length - before);
  }

  #head(field: number, length: number): void {
    this.#varint(length);
    this.#varint(field * 8 + 2);
  }

  #varint(value: number): void {
    let bytes = 1;
    for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes++;
    let at = this.#reserve(bytes);
    let rest = value;
    for (; bytes > 1; bytes--) {
      this.#buffer[at++] = (rest % 0x80) + 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#buffer[at] = rest;
  }

  #reserve(bytes: number): number {
    if (this.#at < bytes) this.#grow(bytes);
    this.#at -= bytes;
    return this.#at;
  }

  #grow(bytes: number): void {
    const larger = Buffer.allocUnsafe(2 * this.#buffer.length + bytes);
    const at = larger.length - this.length;
    this.#buffer.copy(larger, at, this.#at);
    this.#buffer = larger;
    this.#at = at;
  }
}
