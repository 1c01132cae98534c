import { type FileHandle, open } from "node:fs/promises";
import { StateUnavailableError } from "@acteon/core";
import { flushNames } from "./flush-names.ts";
import { journalPath } from "./journal.ts";
import { isMissing } from "./sqlite-errors.ts";

/** Makes the journal durable, off the event loop, with one flush for all that wait. It has files of its own for that. */
export class Flusher {
  readonly #directory: string;
  readonly #generations: () => { readonly first: number; readonly last: number };
  /** The generation that was written when the last flush began: those before it are durable. */
  #current: { readonly generation: number; readonly file: FileHandle } | undefined;
  #underWay: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #failure: StateUnavailableError | undefined;

  /** @param generations Those of which there may be files. */
  constructor(directory: string, generations: () => { readonly first: number; readonly last: number }) {
    this.#directory = directory;
    this.#generations = generations;
  }

  /**
   * Resolves once all that was written before the call is durable.
   * @throws {StateUnavailableError} A flush has failed. From then on nobody knows what the disk holds, and every call fails.
   */
  flushed(): Promise<void> {
    // What is under way may have begun before it was written.
    this.#next ??= this.#afterCurrent();
    return this.#next;
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.#underWay, this.#next]);
    await this.#current?.file.close();
  }

  async #afterCurrent(): Promise<void> {
    await this.#underWay?.catch(ignore);
    this.#underWay = this.#next;
    this.#next = undefined;
    if (this.#failure !== undefined) throw this.#failure;
    try {
      await this.#flush();
    } catch (error) {
      this.#failure = new StateUnavailableError(`${this.#directory}: a flush failed`, { cause: error });
      throw this.#failure;
    }
  }

  /** A record is durable once those before it are: the files up to its own, in order, and their names. */
  async #flush(): Promise<void> {
    const { first, last } = this.#generations();
    for (let generation = this.#current?.generation ?? first; generation <= last; generation++) {
      if (this.#current?.generation !== generation) await this.#moveTo(generation);
      await this.#current?.file.datasync();
    }
  }

  async #moveTo(generation: number): Promise<void> {
    await this.#current?.file.close();
    this.#current = undefined;
    try {
      this.#current = { generation, file: await open(journalPath(this.#directory, generation), "r+") };
      flushNames(this.#directory);
    } catch (error) {
      if (!isMissing(error)) throw error; // else it was compacted, and was made durable for that
    }
  }
}

/** Whoever asked for that flush is told. */
function ignore(): void {}
