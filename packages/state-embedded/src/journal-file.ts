import { closeSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import { crc32 } from "node:zlib";

/** Before each record: the number of its bytes and their CRC-32, both little-endian. */
const headBytes = 8;

/** More than any record has that is written. */
export const maxRecordBytes = 1 << 26;

/**
 * What lies behind the last whole record: nothing; the beginning of one; zeros, which a power loss may leave; or what we
 * have not written so.
 */
export type JournalTail = "nothing" | "beginning" | "zeros" | "wrong";

export type JournalRead = { readonly record: string } | { readonly tail: JournalTail };

/**
 * Records, one after another. One is written by a single call at the end of the file, by whoever has the writer's lock. So a
 * process that dies in the midst leaves the beginning of a record at the very end; a power loss leaves a file that is whole
 * up to some record. What is not whole is no record to a reader, and is cut off by the next writer.
 */
export class JournalFile {
  readonly path: string;
  readonly fd: number;
  #offset = 0;
  #buffer = Buffer.allocUnsafe(1 << 16);

  /** @param flags As of `open(2)`: `r` to read, `r+` to write as well, `w+` to begin anew. */
  constructor(path: string, flags: "r" | "r+" | "w+") {
    this.path = path;
    this.fd = openSync(path, flags, 0o600);
  }

  /** Bytes up to the end of the last record that was read or written. */
  get offset(): number {
    return this.#offset;
  }

  /** The next record, or what is there instead. */
  read(): JournalRead {
    const head = this.#fill(headBytes, this.#offset);
    if (head === 0) return nothing;
    if (head < headBytes) return beginning;
    const bytes = this.#buffer.readUInt32LE(0);
    const checksum = this.#buffer.readUInt32LE(4);
    if (bytes === 0) return checksum === 0 ? zeros : wrong;
    if (bytes > maxRecordBytes) return wrong;
    if (this.#fill(bytes, this.#offset + headBytes) < bytes) return beginning;
    if (crc32(this.#buffer.subarray(0, bytes)) !== checksum) return wrong;
    this.#offset += headBytes + bytes;
    return { record: this.#buffer.toString("utf8", 0, bytes) };
  }

  /** Cuts off what lies behind the last record. */
  cutOff(): void {
    ftruncateSync(this.fd, this.#offset);
  }

  /**
   * What a full disk leaves of a record is its beginning, and is cut off as that of a killed process is.
   * @throws {RangeError} The record is longer than any may be.
   */
  append(record: string): void {
    const bytes = Buffer.byteLength(record, "utf8");
    if (bytes > maxRecordBytes)
      throw new RangeError(`a call that writes ${bytes} bytes: ${maxRecordBytes} are the most`);
    const length = headBytes + bytes;
    this.#reserve(length);
    this.#buffer.write(record, headBytes, "utf8");
    this.#buffer.writeUInt32LE(bytes, 0);
    this.#buffer.writeUInt32LE(crc32(this.#buffer.subarray(headBytes, length)), 4);
    for (let written = 0; written < length;)
      written += writeSync(this.fd, this.#buffer, written, length - written, this.#offset + written);
    this.#offset += length;
  }

  close(): void {
    closeSync(this.fd);
  }

  /** Reads so many bytes to the beginning of the buffer; returns how many there were. */
  #fill(bytes: number, position: number): number {
    this.#reserve(bytes);
    let read = 0;
    while (read < bytes) {
      const more = readSync(this.fd, this.#buffer, read, bytes - read, position + read);
      if (more === 0) break;
      read += more;
    }
    return read;
  }

  #reserve(bytes: number): void {
    if (this.#buffer.length < bytes) this.#buffer = Buffer.allocUnsafe(2 * bytes);
  }
}

const nothing = { tail: "nothing" } as const;
const beginning = { tail: "beginning" } as const;
const zeros = { tail: "zeros" } as const;
const wrong = { tail: "wrong" } as const;
