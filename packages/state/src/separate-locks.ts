import type { ScanRange } from "./scan-range.ts";
import type { StateKey } from "./state-key.ts";
import type {
  ApplyOptions,
  GroupResult,
  OperationResult,
  StateChange,
  StateEntry,
  StateGroup,
  StateOperation,
  StateStore,
} from "./state-store.ts";

/**
 * A store whose locks are another's: `[lock] backend` beside `[state] backend`. A group takes its locks there first, then is
 * carried out here without them, and gives back what it releases at the end: one trip more for either. A group that is
 * refused here has given back the locks that it took there.
 *
 * Fences are compared where the writes are (guarantees L3): for a fenced lock this store gives the token, by a lease of its
 * own that is as short as may be. Exclusion is the other's alone.
 */
export function withSeparateLocks(
  state: StateStore,
  locks: StateStore,
  options: SeparateLocksOptions = {},
): StateStore {
  return new SeparateLocks(state, locks, options);
}

export interface SeparateLocksOptions {
  /** The shortest lease that `state` takes; 500. */
  readonly minLeaseMs?: number;
}

class SeparateLocks implements StateStore {
  readonly durability: StateStore["durability"];
  readonly capabilities: StateStore["capabilities"];
  readonly watch?: NonNullable<StateStore["watch"]>;
  readonly #state: StateStore;
  readonly #locks: StateStore;
  readonly #tokenLeaseMs: number;

  constructor(state: StateStore, locks: StateStore, { minLeaseMs = 500 }: SeparateLocksOptions) {
    this.#state = state;
    this.#locks = locks;
    this.#tokenLeaseMs = minLeaseMs;
    this.durability = state.durability;
    const watch = state.capabilities.watch && locks.capabilities.watch;
    this.capabilities = { locks: true, watch };
    if (watch) this.watch = (range, options) => this.#watch(range, options);
  }

  async apply(groups: readonly StateGroup[], options: ApplyOptions): Promise<readonly GroupResult[]> {
    const results: GroupResult[] = [];
    for (const wave of wavesOf(groups)) results.push(...(await this.#applyWave(wave, options)));
    return results;
  }

  scan(range: ScanRange, options: ApplyOptions): AsyncIterable<StateEntry> {
    return this.#state.scan(range, options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#state[Symbol.asyncDispose]();
    await this.#locks[Symbol.asyncDispose]();
  }

  #watch(range: ScanRange, options: ApplyOptions): AsyncIterable<StateChange> {
    const store = range.kind === "lock" || range.kind === "named_lock" ? this.#locks : this.#state;
    return store.watch!(range, options);
  }

  /** Groups of which no two are on one lock: those take effect in their order. */
  async #applyWave(groups: readonly StateGroup[], options: ApplyOptions): Promise<readonly GroupResult[]> {
    const split = groups.map((group) => new SplitGroup(group, this.#tokenLeaseMs));
    await carryOut(split, "before", this.#locks, options);
    await carryOut(split, "here", this.#state, options);
    await carryOut(split, "after", this.#locks, options);
    return split.map((group) => group.result());
  }
}

/** Where a part of a group is carried out, and when. */
type Part = "before" | "here" | "after";

async function carryOut(
  groups: readonly SplitGroup[],
  part: Part,
  store: StateStore,
  options: ApplyOptions,
): Promise<void> {
  const asked = groups.filter((group) => group.operations(part).length > 0);
  if (asked.length === 0) return;
  const results = await store.apply(
    asked.map((group) => group.operations(part)),
    options,
  );
  for (const [i, group] of asked.entries()) group.answered(part, results[i]!);
}

/** A group in its parts, each with the places that its operations have in the whole. */
class SplitGroup {
  readonly #group: StateGroup;
  readonly #tokenLeaseMs: number;
  readonly #results: OperationResult[];
  #refusal: Extract<GroupResult, { kind: "refused" }> | undefined;

  constructor(group: StateGroup, tokenLeaseMs: number) {
    this.#group = group;
    this.#tokenLeaseMs = tokenLeaseMs;
    this.#results = group.map(() => nothing);
  }

  operations(part: Part): StateOperation[] {
    // After a refusal elsewhere there is nothing to do here; after one here, what was taken elsewhere goes back.
    if (this.#refusal !== undefined) return part === "after" ? this.#taken() : [];
    return this.#places(part).map((place) => this.#asked(part, this.#group[place]!));
  }

  answered(part: Part, result: GroupResult): void {
    if (this.#refusal !== undefined) return;
    const places = this.#places(part);
    if (result.kind === "refused") this.#refusal = { ...result, at: places[result.at] ?? 0 };
    else for (const [i, place] of places.entries()) this.#results[place] = result.results[i]!;
  }

  result(): GroupResult {
    return this.#refusal ?? { kind: "done", results: this.#results };
  }

  #places(part: Part): readonly number[] {
    return this.#group.flatMap((operation, place) => (partsOf(operation).includes(part) ? [place] : []));
  }

  #asked(part: Part, operation: StateOperation): StateOperation {
    return part === "here" && operation.op === "acquire" ? { ...operation, leaseMs: this.#tokenLeaseMs } : operation;
  }

  #taken(): StateOperation[] {
    return this.#group.flatMap((operation, place): StateOperation[] =>
      operation.op === "acquire" && this.#results[place] !== nothing
        ? [{ op: "release", lock: operation.lock, owner: operation.owner }]
        : [],
    );
  }
}

/** In place of a result that is still to come. */
const nothing: OperationResult = { kind: "absent" };

function partsOf(operation: StateOperation): readonly Part[] {
  switch (operation.op) {
    case "acquire":
      return hasToken(operation.lock, operation.fenced) ? ["before", "here"] : ["before"];
    case "extend":
      return ["after"]; // a group that is refused has not extended either
    case "release":
      // What the group writes is written while its lock is held.
      return hasToken(operation.lock, undefined) ? ["here", "after"] : ["after"];
    default:
      return ["here"];
  }
}

/** A name that was fenced once stays so. Those of identities never are: the version of a record is their fence. */
function hasToken({ kind }: StateKey, fenced: boolean | undefined): boolean {
  return fenced === true || kind === "named_lock";
}

/** Cut wherever a group is on a lock of an earlier one. */
function* wavesOf(groups: readonly StateGroup[]): Generator<readonly StateGroup[], void, void> {
  let wave: StateGroup[] = [];
  const seen = new Set<string>();
  for (const group of groups) {
    const names = group.flatMap((operation) => ("lock" in operation ? [operation.lock.fullText] : []));
    if (names.some((name) => seen.has(name))) {
      yield wave;
      wave = [];
      seen.clear();
    }
    for (const name of names) seen.add(name);
    wave.push(group);
  }
  if (wave.length > 0) yield wave;
}
