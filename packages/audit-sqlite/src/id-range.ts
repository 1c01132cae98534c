/** The least and the greatest of some ids, by where they stand: nothing is copied while they are compared. */
export class IdRange {
  readonly #lines: Buffer;
  #minStart = -1;
  #minEnd = -1;
  #maxStart = -1;
  #maxEnd = -1;

  constructor(lines: Buffer) {
    this.#lines = lines;
  }

  add(start: number, end: number): void {
    if (this.#minStart === -1 || this.#compare(start, end, this.#minStart, this.#minEnd) < 0) {
      this.#minStart = start;
      this.#minEnd = end;
    }
    if (this.#maxStart === -1 || this.#compare(start, end, this.#maxStart, this.#maxEnd) > 0) {
      this.#maxStart = start;
      this.#maxEnd = end;
    }
  }

  get min(): Buffer {
    return this.#lines.subarray(this.#minStart, this.#minEnd);
  }

  get max(): Buffer {
    return this.#lines.subarray(this.#maxStart, this.#maxEnd);
  }

  #compare(start: number, end: number, otherStart: number, otherEnd: number): number {
    const length = Math.min(end - start, otherEnd - otherStart);
    for (let i = 0; i < length; i++) {
      const difference = (this.#lines[start + i] ?? 0) - (this.#lines[otherStart + i] ?? 0);
      if (difference !== 0) return difference;
    }
    return end - start - (otherEnd - otherStart);
  }
}
