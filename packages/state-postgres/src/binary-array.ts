/*
 * Arrays as PostgreSQL's binary format has them (`array_recv`): nothing is quoted here, and nothing parsed there. Header: number
 * of dimensions, whether there are nulls, type of the elements, length, index of the first; then each with its length.
 */

const textType = 25;
const int4Type = 23;
const int8Type = 20;
const headerBytes = 20;
const nullLength = -1;

/** @param texts Well-formed; `undefined` is null. */
export function textArray(texts: readonly (string | undefined)[]): Buffer {
  let bytes = headerBytes + 4 * texts.length;
  for (const text of texts) if (text !== undefined) bytes += Buffer.byteLength(text);
  const buffer = arrayOf(textType, texts.length, bytes);
  let at = headerBytes;
  for (const text of texts) {
    if (text === undefined) {
      at = buffer.writeInt32BE(nullLength, at);
      continue;
    }
    const written = buffer.write(text, at + 4);
    buffer.writeInt32BE(written, at);
    at += 4 + written;
  }
  return buffer;
}

export function int4Array(numbers: readonly number[]): Buffer {
  const buffer = arrayOf(int4Type, numbers.length, headerBytes + 8 * numbers.length);
  let at = headerBytes;
  for (const number of numbers) {
    buffer.writeInt32BE(4, at);
    at = buffer.writeInt32BE(number, at + 4);
  }
  return buffer;
}

/** @param numbers Safe integers. */
export function int8Array(numbers: readonly number[]): Buffer {
  const buffer = arrayOf(int8Type, numbers.length, headerBytes + 12 * numbers.length);
  let at = headerBytes;
  for (const number of numbers) {
    buffer.writeInt32BE(8, at);
    buffer.writeInt32BE(Math.floor(number / 2 ** 32), at + 4);
    at = buffer.writeUInt32BE(number >>> 0, at + 8);
  }
  return buffer;
}

function arrayOf(type: number, length: number, bytes: number): Buffer {
  const buffer = Buffer.allocUnsafe(bytes);
  buffer.writeInt32BE(1, 0);
  buffer.writeInt32BE(1, 4);
  buffer.writeInt32BE(type, 8);
  buffer.writeInt32BE(length, 12);
  buffer.writeInt32BE(1, 16);
  return buffer;
}
