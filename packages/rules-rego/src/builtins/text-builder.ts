import { maxTextLength } from "@acteon/rules";

/** A text in the making. It stops taking more where it becomes longer than rules may make one. */
export class TextBuilder {
  readonly #parts: string[] = [];
  #length = 0;

  get isFull(): boolean {
    return this.#length > maxTextLength;
  }

  get length(): number {
    return this.#length;
  }

  write(part: string): void {
    if (this.isFull) return;
    this.#length += part.length;
    this.#parts.push(part);
  }

  /** `undefined`: it became too long. */
  finish(): string | undefined {
    return this.isFull ? undefined : this.#parts.join("");
  }
}
