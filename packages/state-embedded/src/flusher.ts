import { type FileHandle, open } from "node:fs/promises";
import { StateUnavailableError } from "@acteon/core";
import { asStoreError } from "./sqlite-errors.ts";

/**
 * Makes commits durable, off the event loop, one flush for all that wait. SQLite would flush within the commit, and stop the
 * process for that long; but a commit is durable once the write-ahead log is flushed up to it, whoever does that.
 */
export class Flusher {
  readonly #path: string;
  readonly #log: FileHandle;
  #underWay: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #failure: StateUnavailableError | undefined;

  private constructor(path: string, log: FileHandle) {
    this.#path = path;
    this.#log = log;
  }

  /** @param directory Flushed as well, so that the files themselves are found again. */
  static async open(path: string, directory: string): Promise<Flusher> {
    try {
      const names = await open(directory, "r");
      await names.sync().finally(() => names.close());
      return new Flusher(path, await open(path, "r+"));
    } catch (error) {
      throw asStoreError(error, path);
    }
  }

  /**
   * Resolves once all that was committed before the call is durable.
   * @throws {StateUnavailableError} A flush has failed. From then on nobody knows what the disk holds, and every call fails.
   */
  flushed(): Promise<void> {
    // What is under way may have begun before the commit.
    this.#next ??= this.#afterCurrent();
    return this.#next;
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.#underWay, this.#next]);
    await this.#log.close();
  }

  async #afterCurrent(): Promise<void> {
    await this.#underWay?.catch(ignore);
    this.#underWay = this.#next;
    this.#next = undefined;
    if (this.#failure !== undefined) throw this.#failure;
    try {
      await this.#log.datasync();
    } catch (error) {
      this.#failure = new StateUnavailableError(`${this.#path}: a flush failed`, { cause: error });
      throw this.#failure;
    }
  }
}

/** Whoever asked for that flush is told. */
function ignore(): void {}
