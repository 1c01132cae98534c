import { fdatasync } from "node:fs";
import { promisify } from "node:util";
import { StateUnavailableError } from "@acteon/core";
import { flushNames } from "./flush-names.ts";
import type { Journal } from "./journal.ts";

const flushData = promisify(fdatasync);

/** Makes the journal durable, off the event loop, with one flush for all that wait. */
export class Flusher {
  readonly #directory: string;
  readonly #journal: Journal;
  #underWay: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #failure: StateUnavailableError | undefined;

  constructor(directory: string, journal: Journal) {
    this.#directory = directory;
    this.#journal = journal;
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

  /** Closes files that nobody wants to be durable. */
  letGo(): void {
    for (const file of this.#journal.takeLeft()) file.close();
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.#underWay, this.#next]);
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

  /** A record is durable once those before it are: the files from the first on, and their names. */
  async #flush(): Promise<void> {
    const { fd } = this.#journal;
    const left = this.#journal.takeLeft();
    for (const file of left) {
      await flushData(file.fd);
      file.close();
    }
    await flushData(fd);
    if (left.length > 0) flushNames(this.#directory);
  }
}

/** Whoever asked for that flush is told. */
function ignore(): void {}
