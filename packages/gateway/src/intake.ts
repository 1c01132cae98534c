import { DrainingError, LockTimeoutError, OverloadedError, type Action, type ActeonError } from "@acteon/core";
import { idempotencyEntry } from "./claim.ts";
import { Dispatch, type Receiver, type Slice } from "./dispatch.ts";
import type { DispatchOptions, DispatchResult } from "./gateway-api.ts";
import type { Ports } from "./ports.ts";
import { inProgress, replay } from "./stages/refused.ts";

/** A call whose actions wait for their turn. */
interface Arrival {
  readonly actions: readonly Action[];
  readonly options: DispatchOptions;
  readonly single: boolean;
  readonly call: Call;
  taken: number;
}

/**
 * Where dispatches come in (`design.md` §9, 1): bounds first, so that what is refused is unseen (guarantees G6), then the
 * door of their identity. One turn of the event loop takes in only so many actions, in order of arrival, and sends what
 * they ask of the store at once, and none while the store's next call is full: a long batch does not make others wait, and
 * what is under way stays small enough to die young (a heap that promotes it costs more than all the rest of the road).
 */
export class Intake {
  readonly #ports: Ports;
  readonly #arrivals: Arrival[] = [];
  #scheduled = false;

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
    const { counters, inFlight } = this.#ports;
    const refusal = this.#refusal(actions.length);
    if (refusal !== undefined) {
      counters.refused += actions.length;
      return Promise.resolve(actions.map(() => ({ kind: "refused", error: refusal })));
    }
    if (actions.length === 0) return Promise.resolve([]);
    inFlight.begin(actions.length);
    counters.dispatched += actions.length;
    return new Promise((resolve) => {
      this.#arrivals.push({ actions, options, single, call: new Call(actions.length, resolve), taken: 0 });
      this.#schedule();
    });
  }

  readonly #schedule = (): void => {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#ports.clock.defer(this.#turn);
  };

  readonly #turn = (): void => {
    this.#scheduled = false;
    const { queue, settings } = this.#ports;
    let room = Math.min(settings.maxActionsPerTurn, queue.room);
    while (room > 0) {
      const arrival = this.#arrivals[0];
      if (arrival === undefined) break;
      const { actions, call } = arrival;
      const from = arrival.taken;
      const to = Math.min(actions.length, from + room);
      const slice = this.slice(arrival.options, arrival.single);
      for (let i = from; i < to; i++) this.#enter(actions[i] as Action, slice, call, i);
      room -= to - from;
      arrival.taken = to;
      if (to === actions.length) this.#arrivals.shift();
    }
    queue.flush();
    if (this.#arrivals.length === 0) return;
    if (queue.room > 0) this.#schedule();
    else queue.onRoom(this.#schedule);
  };

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
    this.#results = new Array<DispatchResult>(size);
    this.#missing = size;
    this.#resolve = resolve;
  }

  deliver(index: number, result: DispatchResult): void {
    this.#results[index] = result;
    if (--this.#missing === 0) this.#resolve(this.#results);
  }
}
