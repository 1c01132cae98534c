import { DrainingError, LockTimeoutError, OverloadedError, type Action, type ActeonError } from "@acteon/core";
import { idempotencyEntry } from "./claim.ts";
import { Dispatch, type Receiver, type Slice } from "./dispatch.ts";
import type { DispatchOptions, DispatchResult } from "./gateway-api.ts";
import type { Ports } from "./ports.ts";
import { inProgress, replay } from "./stages/refused.ts";

/**
 * Where dispatches come in (`design.md` §9, 1): bounds first, so that what is refused is unseen (guarantees G6), then the
 * door of their identity. A long batch is cut, so that it does not make others wait for its planning.
 */
export class Intake {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** What actions that arrive now have in common. */
  slice(options: DispatchOptions, single: boolean): Slice {
    const { clock, executor, rules, settings } = this.#ports;
    const arrivedAtMs = clock.nowMs();
    return {
      options,
      rules: rules(),
      environment: { nowMs: arrivedAtMs, health: executor.health, variables: settings.variables },
      arrivedAtMs,
      arrivedMs: clock.monotonicMs(),
      single,
    };
  }

  accept(actions: readonly Action[], options: DispatchOptions, single: boolean): Promise<readonly DispatchResult[]> {
    const { clock, counters, inFlight, settings } = this.#ports;
    const refusal = this.#refusal(actions.length);
    if (refusal !== undefined) {
      counters.refused += actions.length;
      return Promise.resolve(actions.map(() => ({ kind: "refused", error: refusal })));
    }
    if (actions.length === 0) return Promise.resolve([]);
    inFlight.begin(actions.length);
    counters.dispatched += actions.length;
    return new Promise((resolve) => {
      const call = new Call(actions.length, resolve);
      const take = (from: number): void => {
        const to = Math.min(actions.length, from + settings.maxSliceActions);
        const slice = this.slice(options, single);
        for (let i = from; i < to; i++) this.#enter(actions[i] as Action, slice, call, i);
        if (to < actions.length) clock.defer(() => take(to));
      };
      take(0);
    });
  }

  #refusal(count: number): ActeonError | undefined {
    const { draining, inFlight, settings } = this.#ports;
    if (draining.aborted) return new DrainingError();
    if (inFlight.count + count > settings.maxInFlight && inFlight.count > 0) {
      return new OverloadedError(`${inFlight.count} dispatches are in flight`, { retryAfterMs: 1_000 });
    }
    return undefined;
  }

  #enter(action: Action, slice: Slice, receiver: Receiver, index: number): void {
    const ports = this.#ports;
    const scope = ports.keys.scope(action);
    const id = ports.random.uuid();
    const dispatch = new Dispatch(id, id, action, scope, ports.keys.lock(scope, action), slice, receiver, index, ports);
    if (slice.options.dryRun) return ports.advance(dispatch, "plan");
    switch (ports.door.enter(dispatch)) {
      case "entered":
        return ports.advance(dispatch, "plan");
      case "full":
        dispatch.error = new OverloadedError("too many dispatches of one identity", { retryAfterMs: 1_000 });
        return ports.advance(dispatch, "report");
      case "waits":
        return this.#waitAtDoor(dispatch);
    }
  }

  #waitAtDoor(dispatch: Dispatch): void {
    const ports = this.#ports;
    const { waitMs } = ports.settings;
    dispatch.cancelWait = ports.clock.after(waitMs, () => {
      dispatch.error = new LockTimeoutError(waitMs);
      this.#giveUp(dispatch);
    });
    if (!dispatch.keyed) return;
    // A keyed arrival asks once whether there is an answer, instead of waiting for it (`design.md` §9, 6).
    dispatch.lookedForAnswer = true;
    ports.queue.push([{ op: "get", key: idempotencyEntry(dispatch, ports) }], dispatch, (_, result) => {
      const found = result?.kind === "done" ? result.results[0] : undefined;
      if (found?.kind !== "found" || dispatch.atDoor || dispatch.delivered) return; // let in or gone meanwhile
      if (replay(dispatch, found.value) === undefined) inProgress(dispatch);
      this.#giveUp(dispatch);
    });
  }

  #giveUp(dispatch: Dispatch): void {
    dispatch.cancelWait?.();
    dispatch.cancelWait = undefined;
    this.#ports.door.abandon(dispatch);
    this.#ports.advance(dispatch, "report");
  }
}

/** Collects the results of one call, in order. */
class Call implements Receiver {
  readonly #results: DispatchResult[];
  readonly #resolve: (results: readonly DispatchResult[]) => void;
  #missing: number;

  constructor(size: number, resolve: (results: readonly DispatchResult[]) => void) {
    this.#results = Array.from({ length: size });
    this.#missing = size;
    this.#resolve = resolve;
  }

  deliver(index: number, result: DispatchResult): void {
    this.#results[index] = result;
    if (--this.#missing === 0) this.#resolve(this.#results);
  }
}
