import { usageError } from "./command-error.ts";

/** What the command line set, by the long name of each flag in camel case. Commander has checked that they exist. */
export class Options {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(values: Readonly<Record<string, unknown>>) {
    this.#values = values;
  }

  text(name: string): string | undefined {
    const value = this.#values[name];
    return typeof value === "string" ? value : undefined;
  }

  flag(name: string): boolean {
    return this.#values[name] === true;
  }

  /** Of a flag that may be given more than once. */
  texts(name: string): readonly string[] {
    const value = this.#values[name];
    return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
  }

  /** @throws {CommandError} It is no whole number within the bounds. */
  integer(name: string, { min, max, fallback }: { min: number; max: number; fallback: number }): number {
    const text = this.text(name);
    if (text === undefined) return fallback;
    const value = /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw usageError(`--${name} must be a whole number from ${min} to ${max}, not ${text}`);
  }

  /** @throws {CommandError} It is none of the words. */
  word<Word extends string>(name: string, words: readonly Word[], fallback: Word): Word {
    const text = this.text(name);
    if (text === undefined) return fallback;
    const word = words.find((each) => each === text);
    if (word !== undefined) return word;
    throw usageError(`--${name} must be one of ${words.join(", ")}, not ${text}`);
  }
}
