/** A line without its end, or one that was longer than allowed: nothing of it is kept. */
export type Line = Buffer | "too long";

/** Cuts a stream of bytes into lines. Holds at most one line, of at most `maxBytes`. */
export class LineSplitter {
  readonly #maxBytes: number;
  #parts: Buffer[] = [];
  #size = 0;
  #skipping = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Of the line that has not ended yet. */
  get heldBytes(): number {
    return this.#skipping ? 0 : this.#size;
  }

  /** The lines that this chunk completes; those of white space alone are left out. */
  push(chunk: Buffer): Line[] {
    const lines: Line[] = [];
    let from = 0;
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, from)) {
      this.#add(chunk.subarray(from, end));
      this.#complete(lines);
      from = end + 1;
    }
    if (from < chunk.length) this.#add(chunk.subarray(from));
    return lines;
  }

  /** What is left when the stream ends: a last line needs no line end. */
  end(): Line[] {
    const lines: Line[] = [];
    this.#complete(lines);
    return lines;
  }

  #add(part: Buffer): void {
    this.#size += part.length;
    if (this.#size > this.#maxBytes) {
      this.#skipping = true;
      this.#parts = [];
    } else this.#parts.push(part);
  }

  #complete(lines: Line[]): void {
    if (this.#skipping) lines.push("too long");
    else {
      const [only] = this.#parts;
      const line = this.#parts.length === 1 && only !== undefined ? only : Buffer.concat(this.#parts, this.#size);
      if (!isBlank(line)) lines.push(line);
    }
    this.#parts = [];
    this.#size = 0;
    this.#skipping = false;
  }
}

const lineFeed = 0x0a;

function isBlank(line: Buffer): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}
