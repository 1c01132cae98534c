import type { Clock } from "@acteon/core";

/** How long after the end somebody who was told to give up is waited for: what it says then is better than silence. */
const graceMs = 500;

/** A time within which others are to be done. Unlike that of `AbortSignal.timeout`, its timer keeps the process alive. */
export class TimeLimit implements Disposable {
  readonly signal: AbortSignal;
  readonly #clock: Clock;
  readonly #over = new AbortController();
  readonly #gone = Promise.withResolvers<never>();
  #cancel: () => void;

  constructor(clock: Clock, limitMs: number) {
    this.#clock = clock;
    this.signal = this.#over.signal;
    this.#gone.promise.catch(() => undefined); // where nobody waits for anything
    this.#cancel = clock.after(limitMs, () => this.#end(limitMs));
  }

  /** What a promise gives, if it gives anything in time. @throws {DOMException} `TimeoutError` */
  within<T>(promise: Promise<T>): Promise<T> {
    return Promise.race([promise, this.#gone.promise]);
  }

  /** The same of something to be closed: what comes too late is closed at once. @throws {DOMException} `TimeoutError` */
  async opened<T extends AsyncDisposable>(opening: Promise<T>): Promise<T> {
    try {
      return await this.within(opening);
    } catch (error) {
      void opening.then(
        (late) => late[Symbol.asyncDispose](),
        () => undefined, // which is told here
      );
      throw error;
    }
  }

  /** The items that come in time. @throws {DOMException} `TimeoutError` */
  async *eachWithin<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
    const iterator = items[Symbol.asyncIterator]();
    let next = await this.within(iterator.next());
    for (; next.done !== true; next = await this.within(iterator.next())) yield next.value;
  }

  [Symbol.dispose](): void {
    this.#cancel();
  }

  #end(limitMs: number): void {
    const reason = new DOMException(`not done within ${limitMs} ms`, "TimeoutError");
    this.#over.abort(reason);
    this.#cancel = this.#clock.after(graceMs, () => this.#gone.reject(reason));
  }
}
