import { LockLostError } from "@acteon/state";
import type { ApplyOptions, Fence, GroupResult, LockGuard, StateGroup, StateKey } from "@acteon/state";
import type { Session } from "./client/session.ts";

/** A guard that also ends when the session that holds its lock is suspended: nobody can say from here what becomes of it. */
export class SessionGuard implements LockGuard {
  readonly #guard: LockGuard;
  readonly #ended = new AbortController();
  readonly #signal: AbortSignal;
  readonly #stopListening: () => void;

  constructor(guard: LockGuard, session: Session) {
    this.#guard = guard;
    this.#signal = AbortSignal.any([guard.signal, this.#ended.signal]);
    this.#stopListening = session.listen({ stateChanged: () => this.#end() });
    if (session.state !== "connected") this.#end();
  }

  get name(): StateKey {
    return this.#guard.name;
  }

  get fencingToken(): bigint {
    return this.#guard.fencingToken;
  }

  get fence(): Fence {
    return this.#guard.fence;
  }

  get owner(): string {
    return this.#guard.owner;
  }

  get signal(): AbortSignal {
    this.isHeld();
    return this.#signal;
  }

  isHeld(): boolean {
    return this.#guard.isHeld() && !this.#ended.signal.aborted;
  }

  async apply(groups: readonly StateGroup[], options: ApplyOptions): Promise<readonly GroupResult[]> {
    this.#ended.signal.throwIfAborted();
    return this.#guard.apply(groups, options);
  }

  async extend(): Promise<boolean> {
    return !this.#ended.signal.aborted && (await this.#guard.extend());
  }

  async release(): Promise<boolean> {
    this.#stopListening();
    return this.#guard.release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.release();
  }

  #end(): void {
    this.#stopListening();
    this.#ended.abort(new LockLostError("the session with ZooKeeper was suspended"));
  }
}
