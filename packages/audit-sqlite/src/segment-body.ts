import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { DataDamagedError } from "@acteon/core";
import { release } from "./release.ts";

/** Rows compressed together. More would press a little better, and make reading one row dearer. */
export const blockRows = 256;

/** Some lines, compressed: a Zstandard frame with its checksum. */
export interface Block {
  readonly rows: number;
  readonly frame: Uint8Array;
}

/** Where a frame is written; larger than one usually is, and larger than what `Buffer` takes from its shared pool. */
const chunkBytes = 64 * 1024;

/** Level 1 presses audit records to a tenth for 1 µs each, which the fewer bytes to write give back. */
const compression = {
  chunkSize: chunkBytes,
  params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 },
};

export function compressBlock(lines: Uint8Array, rows: number): Block {
  return { rows, frame: zstdCompressSync(lines, compression) };
}

/** @throws {DataDamagedError} The checksum does not fit. */
export function decompressBlock({ frame }: Block): Buffer {
  try {
    return zstdDecompressSync(frame);
  } catch (cause) {
    throw new DataDamagedError("a block of the audit trail is damaged", { cause });
  }
}

/** Number of blocks; rows and bytes of each; the frames. Little-endian, 32 bits each. The blocks are released. */
export function encodeBody(blocks: readonly Block[]): Uint8Array {
  const head = new Uint32Array(1 + 2 * blocks.length);
  head[0] = blocks.length;
  blocks.forEach(({ rows, frame }, i) => head.set([rows, frame.length], 1 + 2 * i));
  const body = new Uint8Array(head.byteLength + blocks.reduce((bytes, { frame }) => bytes + frame.length, 0));
  body.set(new Uint8Array(head.buffer));
  let frameAt = head.byteLength;
  for (const { frame } of blocks) {
    body.set(frame, frameAt);
    frameAt += frame.length;
    if (frame.buffer.byteLength === chunkBytes) release(frame); // alone in its buffer
  }
  return body;
}

export function decodeBody(bytes: Uint8Array): Block[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const blocks: Block[] = [];
  const count = view.getUint32(0, true);
  let frameAt = 4 + 8 * count;
  for (let i = 0; i < count; i++) {
    const frameEnd = frameAt + view.getUint32(8 + 8 * i, true);
    blocks.push({ rows: view.getUint32(4 + 8 * i, true), frame: bytes.subarray(frameAt, frameEnd) });
    frameAt = frameEnd;
  }
  return blocks;
}

/** Reads single lines of a body; remembers the block it read last, since neighbours are asked for together. */
export class BodyReader {
  readonly #blocks: readonly Block[];
  #lines: readonly string[] = [];
  #firstRow = 0;

  constructor(body: Uint8Array) {
    this.#blocks = decodeBody(body);
  }

  /** @throws {DataDamagedError} There is no such row. */
  line(row: number): string {
    if (row < this.#firstRow || row >= this.#firstRow + this.#lines.length) this.#load(row);
    const line = this.#lines[row - this.#firstRow];
    if (line === undefined) throw new DataDamagedError("a block of the audit trail has fewer lines than it should");
    return line;
  }

  #load(row: number): void {
    let firstRow = 0;
    for (const block of this.#blocks) {
      if (row < firstRow + block.rows) {
        this.#firstRow = firstRow;
        this.#lines = decompressBlock(block).toString().split("\n").slice(0, -1);
        return;
      }
      firstRow += block.rows;
    }
  }
}
