/** A set of rule numbers, put together from lists of rising numbers, of which some may stand in several. */
export class NumberSet {
  /** Those that are always in it. */
  readonly #always: Int32Array | undefined;
  readonly #bitmap: Int32Array;
  #added = new Uint32Array(64);
  #count = 0;
  /** Each is larger than the one before. */
  #isRising = true;

  /** @param size All are below it. @param always Those that are always in it. */
  constructor(size: number, always: readonly number[]) {
    this.#bitmap = new Int32Array(Math.ceil(size / 32));
    for (const number of always) setBit(this.#bitmap, number);
    this.#always = always.length === 0 ? undefined : this.#bitmap.slice();
  }

  clear(): void {
    this.#count = 0;
    this.#isRising = true;
  }

  add(list: Uint32Array): void {
    const { length } = list;
    if (length === 0) return;
    if (this.#count + length > this.#added.length) this.#grow(this.#count + length);
    if (this.#count > 0 && list[0]! <= this.#added[this.#count - 1]!) this.#isRising = false;
    for (let i = 0; i < length; i++) this.#added[this.#count++] = list[i]!;
  }

  addOne(number: number): void {
    if (this.#count === this.#added.length) this.#grow(this.#count + 1);
    if (this.#count > 0 && number <= this.#added[this.#count - 1]!) this.#isRising = false;
    this.#added[this.#count++] = number;
  }

  #grow(count: number): void {
    const larger = new Uint32Array(2 * count);
    larger.set(this.#added);
    this.#added = larger;
  }

  /** Writes them to `numbers`, rising, which has room for all that there are, and returns how many. */
  writeTo(numbers: Uint32Array): number {
    if (this.#always !== undefined || (!this.#isRising && this.#count > maxSorted)) return this.#sweep(numbers);
    let count = 0;
    for (let i = 0; i < this.#count; i++) {
      const number = this.#added[i]!;
      let place = count;
      while (place > 0 && numbers[place - 1]! > number) place--;
      if (place > 0 && numbers[place - 1] === number) continue;
      numbers.copyWithin(place + 1, place, count);
      numbers[place] = number;
      count++;
    }
    return count;
  }

  /** By way of a bitmap. */
  #sweep(numbers: Uint32Array): number {
    const bitmap = this.#bitmap;
    if (this.#always === undefined) bitmap.fill(0);
    else bitmap.set(this.#always);
    for (let i = 0; i < this.#count; i++) setBit(bitmap, this.#added[i]!);
    let count = 0;
    for (let word = 0; word < bitmap.length; word++) {
      for (let bits = bitmap[word]!; bits !== 0; bits &= bits - 1) {
        numbers[count++] = word * 32 + 31 - Math.clz32(bits & -bits);
      }
    }
    return count;
  }
}

/** More than so many are put in order by a bitmap. */
const maxSorted = 24;

function setBit(bitmap: Int32Array, number: number): void {
  bitmap[number >> 5]! |= 1 << (number & 31);
}
