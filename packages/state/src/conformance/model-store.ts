import type {
  Fence,
  GroupResult,
  OperationResult,
  Refusal,
  StateGroup,
  StateOperation,
  StoredValue,
  Version,
} from "../state-store.ts";

/**
 * The contract written down as plainly as can be, to compare stores with (T1): one value, copied for each group. It follows a
 * store: it says what the store has to answer, and learns from the answer what no model can know, the versions and tokens.
 */
export class ModelStore {
  nowMs = 0;
  #state: State = { values: {}, lists: {}, leases: {}, due: {} };
  /** Every version and token that the store gave out, by key and lock, in their order. */
  readonly versions = new Map<string, Version[]>();
  readonly tokens = new Map<string, bigint[]>();

  /** @throws {BrokenPromise} A version or token that must not be given out. */
  expected(group: StateGroup, given: GroupResult): GroupResult {
    const before = this.#state;
    this.#state = structuredClone(before);
    const results: OperationResult[] = [];
    for (const [at, operation] of group.entries()) {
      const answer = this.#answer(operation, givenAt(given, at));
      if ("refusal" in answer) {
        this.#state = before;
        if (answer.refusal.kind === "found" && "key" in operation)
          this.#rememberTold(operation.key.text, answer.refusal);
        return { kind: "refused", at, found: answer.refusal };
      }
      results.push(answer.result);
    }
    return { kind: "done", results };
  }

  /** @param given What the store answered here: to learn from, if it is of the kind that is due. */
  #answer(operation: StateOperation, given: OperationResult | Refusal | undefined): Answer {
    const stale = this.#stale(operation);
    if (stale !== undefined) return refuse(stale);
    switch (operation.op) {
      case "get":
        return done(this.#found(operation.key.text, given) ?? { kind: "absent" });
      case "set":
        return this.#store(operation, given);
      case "checkAndSet": {
        const found = this.#found(operation.key.text, given);
        return found === undefined ? this.#store(operation, given) : refuse(found);
      }
      case "compareAndSwap": {
        const found = this.#found(operation.key.text, given);
        if ((found?.version ?? "absent") === operation.expected) return this.#store(operation, given);
        return refuse(found ?? { kind: "absent" });
      }
      case "delete": {
        const found = this.#found(operation.key.text, given);
        if (operation.expected !== undefined && operation.expected !== found?.version)
          return refuse(found ?? { kind: "absent" });
        const list = this.#list(operation.key.text);
        delete this.#state.values[operation.key.text];
        delete this.#state.lists[operation.key.text];
        return done({ kind: found === undefined && list === undefined ? "absent" : "deleted" });
      }
      case "increment": {
        const found = this.#found(operation.key.text, given);
        const value = this.#value(operation.key.text);
        const before = Number(value?.value ?? 0);
        if (found !== undefined && String(before) !== found.value) return refuse(found);
        if (before + operation.delta > (operation.atMost ?? Number.MAX_SAFE_INTEGER))
          return refuse({ kind: "counted", count: before, remainingMs: found?.remainingMs });
        const endsAtMs = value === undefined ? this.#end(operation.ttlMs) : value.endsAtMs;
        const count = before + operation.delta;
        this.#state.values[operation.key.text] = { value: String(count), version: undefined, endsAtMs };
        return done({ kind: "counted", count, remainingMs: this.#remaining(endsAtMs) });
      }
      case "append": {
        const list = this.#list(operation.key.text) ?? { values: [], endsAtMs: this.#end(operation.ttlMs) };
        if (list.values.length >= (operation.atMost ?? Infinity))
          return refuse({ kind: "full", size: list.values.length });
        this.#state.lists[operation.key.text] = { ...list, values: [...list.values, operation.value] };
        return done({ kind: "appended", size: list.values.length + 1 });
      }
      case "members":
        return done({ kind: "list", values: this.#list(operation.key.text)?.values ?? [] });
      case "acquire": {
        const lease = this.#state.leases[operation.lock.text];
        if (lease !== undefined && lease.endsAtMs > this.nowMs)
          return refuse({ kind: "held", remainingMs: this.#remaining(lease.endsAtMs) });
        const token = this.#learnToken(operation.lock.text, given);
        const endsAtMs = this.nowMs + operation.leaseMs;
        this.#state.leases[operation.lock.text] = { owner: operation.owner, token, endsAtMs };
        return done({ kind: "acquired", token });
      }
      case "extend":
      case "release": {
        const lease = this.#state.leases[operation.lock.text];
        if (lease === undefined || lease.owner !== operation.owner || lease.endsAtMs <= this.nowMs)
          return done({ kind: "lost" });
        lease.endsAtMs = operation.op === "extend" ? this.nowMs + operation.leaseMs : this.nowMs;
        return done({ kind: operation.op === "extend" ? "extended" : "released" });
      }
      case "indexDue":
        this.#state.due[`${operation.index} ${operation.key.text}`] = { ...operation };
        return done({ kind: "indexed" });
      case "unindexDue": {
        const place = `${operation.index} ${operation.key.text}`;
        const was = this.#state.due[place];
        delete this.#state.due[place];
        return done({ kind: was === undefined ? "absent" : "deleted" });
      }
      case "takeDue": {
        const { index, nowMs, holdMs, limit } = operation;
        const taken = Object.values(this.#state.due)
          .filter((entry) => entry.index === index && entry.dueAtMs <= nowMs)
          .toSorted((a, b) => a.dueAtMs - b.dueAtMs)
          .slice(0, limit);
        const entries = taken.map(({ key, dueAtMs }) => ({ key, dueAtMs }));
        if (holdMs > 0) for (const entry of taken) entry.dueAtMs = nowMs + holdMs;
        return done({ kind: "due", entries });
      }
    }
  }

  #store(
    { key, value, ttlMs }: Extract<StateOperation, { readonly value: string }>,
    given: OperationResult | Refusal | undefined,
  ): Answer {
    const version = given?.kind === "stored" ? this.#learnVersion(key.text, given.version) : noVersion;
    this.#state.values[key.text] = { value, version, endsAtMs: this.#end(ttlMs) };
    return done({ kind: "stored", version });
  }

  #found(
    text: string,
    given: OperationResult | Refusal | undefined,
  ): ({ readonly kind: "found" } & StoredValue) | undefined {
    const held = this.#value(text);
    if (held === undefined) return undefined;
    // The version that an increment made is told by whatever reads it first.
    if (held.version === undefined && given?.kind === "found") held.version = this.#learnVersion(text, given.version);
    const { value, version = noVersion, endsAtMs } = held;
    return { kind: "found", value, version, remainingMs: this.#remaining(endsAtMs) };
  }

  /** What a refusal tells is known from then on, although the group changed nothing. */
  #rememberTold(text: string, { version }: StoredValue): void {
    const held = this.#value(text);
    if (held !== undefined && version !== noVersion) held.version = version;
  }

  #stale(operation: StateOperation): Refusal | undefined {
    const fence: Fence | undefined = "fence" in operation ? operation.fence : undefined;
    if (fence === undefined) return undefined;
    const known = this.#state.leases[fence.lock.text];
    return known !== undefined && known.token > fence.token ? { kind: "staleToken", token: known.token } : undefined;
  }

  #value(text: string): State["values"][string] | undefined {
    const value = this.#state.values[text];
    return value !== undefined && value.endsAtMs > this.nowMs ? value : undefined;
  }

  #list(text: string): State["lists"][string] | undefined {
    const list = this.#state.lists[text];
    return list !== undefined && list.endsAtMs > this.nowMs ? list : undefined;
  }

  #learnVersion(text: string, version: Version): Version {
    const given = this.versions.get(text) ?? [];
    if (given.includes(version)) throw new BrokenPromise(`version ${version} of ${text} came twice`);
    this.versions.set(text, [...given, version]);
    return version;
  }

  #learnToken(text: string, given: OperationResult | Refusal | undefined): bigint {
    if (given?.kind !== "acquired") return noToken;
    const tokens = this.tokens.get(text) ?? [];
    if (given.token <= (tokens.at(-1) ?? 0n)) throw new BrokenPromise(`token ${given.token} of ${text} is not larger`);
    this.tokens.set(text, [...tokens, given.token]);
    return given.token;
  }

  #end(ttlMs: number | undefined): number {
    return this.nowMs + (ttlMs ?? Infinity);
  }

  #remaining(endsAtMs: number): number | undefined {
    return endsAtMs === Infinity ? undefined : endsAtMs - this.nowMs;
  }
}

/** A store gave out a version again, or a token that does not grow. */
export class BrokenPromise extends Error {
  override readonly name = "BrokenPromise";
}

interface State {
  /** `version`: `undefined` until it is told. */
  readonly values: Record<string, { readonly value: string; version: Version | undefined; readonly endsAtMs: number }>;
  readonly lists: Record<string, { readonly values: readonly string[]; readonly endsAtMs: number }>;
  /** Kept after its end, for the token. */
  readonly leases: Record<string, { readonly owner: string; readonly token: bigint; endsAtMs: number }>;
  readonly due: Record<string, DueEntry>;
}

type IndexDue = Extract<StateOperation, { readonly op: "indexDue" }>;
type DueEntry = { -readonly [Field in keyof IndexDue]: IndexDue[Field] };

type Answer = { readonly result: OperationResult } | { readonly refusal: Refusal };

/** For what is taken back, or was not given: equal to nothing that a store gives out. */
const noVersion = "none" as Version;
const noToken = -1n;

function givenAt(given: GroupResult, at: number): OperationResult | Refusal | undefined {
  if (given.kind === "done") return given.results[at];
  return given.at === at ? given.found : undefined;
}

function done(result: OperationResult): Answer {
  return { result };
}

function refuse(refusal: Refusal): Answer {
  return { refusal };
}
