import { createSeededRandom, createFakeClock, type FakeClock } from "@acteon/core/testing";
import {
  idempotencyKeyOf,
  type Action,
  type ActionInput,
  type ActionOutcome,
  type Clock,
  type Random,
} from "@acteon/core";
import { createMemoryAudit } from "@acteon/audit-memory";
import { createAuditWriter, type AuditStore } from "@acteon/audit";
import type { Failpoint, Gateway } from "@acteon/gateway";
import { ProviderUnavailableError, type Attempt, type Provider, type ProviderResult } from "@acteon/provider";
import { withSeparateLocks, type KeyKind, type StateEntry, type StateStore } from "@acteon/state";
import { openMemoryState } from "@acteon/state-memory";
import { createFaultyStore, type FaultyClient, type FaultyStore } from "@acteon/state/testing";
import { dedupByKey, openTestGateway, rejected, ruleSet, success } from "./test-gateway.ts";

/**
 * Several gateways over one faulty store, with clients that send again (T4): real gateway code, virtual time, one seed. The
 * run is over when every client has an answer that it need not doubt; then the weather clears, what a crash left is swept,
 * and `violations` says what the guarantees forbid.
 */
export async function simulate(seed: number, options: SimulationOptions = {}): Promise<SimulationReport> {
  return new Simulation(seed, options).run();
}

export interface SimulationOptions {
  /** Locks are taken in another store, as faulty as the first. */
  readonly separateLocks?: boolean;
}

export interface SimulationReport {
  readonly violations: readonly string[];
  readonly crashes: readonly Failpoint[];
  readonly calls: number;
  readonly takeOvers: number;
  readonly trace: readonly string[];
}

interface Call {
  readonly key: string;
  readonly identity: string;
  readonly dedupKey: string | undefined;
  readonly recorded: boolean;
  /** Whether the outside world saw the request take effect. */
  readonly effect: boolean;
}

interface Order {
  readonly input: ActionInput;
  readonly idempotencyKey: string | undefined;
}

const signal = new AbortController().signal;
/** Some decide at once, others after reading a value under the lock. */
const rules = ruleSet((action, environment) =>
  action.metadata["reads"] === "true"
    ? {
        kind: "reads",
        reads: [{ kind: "count", key: "seen", windowMs: 60_000 }],
        resume: () => dedupByKey.plan(action, environment),
      }
    : dedupByKey.plan(action, environment),
);
const gateways = 3;
const clients = 5;
const ordersPerClient = 4;
const leaseMs = 2_000;

class Simulation {
  readonly #clock: FakeClock = createFakeClock();
  readonly #random: Random;
  readonly #store: StateStore;
  readonly #network: FaultyStore;
  readonly #lockNetwork: FaultyStore | undefined;
  readonly #audit: AuditStore;
  readonly #weather = {
    lostRequest: 0.03,
    lostReply: 0.03,
    lateRequest: 0.02,
    delayMs: { least: 0, most: 20 },
    timeoutMs: 200,
  };
  readonly #nodes: Node[] = [];
  readonly #calls: Call[] = [];
  readonly #crashes: Failpoint[] = [];
  readonly #trace: string[] = [];
  readonly #violations: string[] = [];
  #stormy = true;

  constructor(seed: number, { separateLocks = false }: SimulationOptions) {
    this.#random = createSeededRandom(seed);
    this.#store = openMemoryState({ clock: this.#clock });
    const faults = { clock: this.#clock, random: this.#random, plan: this.#weather };
    this.#network = createFaultyStore(this.#store, faults);
    if (separateLocks) this.#lockNetwork = createFaultyStore(openMemoryState({ clock: this.#clock }), faults);
    this.#audit = createMemoryAudit();
  }

  async run(): Promise<SimulationReport> {
    for (let i = 0; i < gateways; i++) this.#nodes.push(this.#start());
    const work = Promise.all(Array.from({ length: clients }, (_, client) => this.#client(client)));
    let done = false;
    void work.then(() => (done = true));
    for (let step = 0; !done && step < 4_000; step++) await this.#clock.advanceAsync(50);
    if (!done) this.#violations.push("a client never got an answer");
    await this.#calm();
    await this.#check();
    const takeOvers = this.#nodes.reduce((sum, node) => sum + (node.gateway.metrics().counters["recovered"] ?? 0), 0);
    for (const node of this.#nodes) node.kill();
    return {
      violations: this.#violations,
      crashes: this.#crashes,
      calls: this.#calls.length,
      takeOvers,
      trace: this.#trace,
    };
  }

  #start(): Node {
    const stores = { state: this.#network, locks: this.#lockNetwork };
    const node = new Node(this.#clock, stores, this.#audit, this.#random, {
      failpoint: (name) => this.#mayCrash(node, name),
      call: (action, attempt) => this.#provide(node, action, attempt),
    });
    return node;
  }

  #mayCrash(node: Node, name: Failpoint): void {
    if (!this.#stormy || this.#random.next() >= 0.02) return;
    this.#crashes.push(name);
    this.#say(`crash at ${name}`);
    node.kill();
    this.#clock.after(this.#random.next() * 1_500, () => (this.#nodes[this.#nodes.indexOf(node)] = this.#start()));
    throw new CrashedError();
  }

  /** The outside service: answers, refuses, or falls silent before or after the effect. */
  #provide(node: Node, action: Action, attempt: Attempt): Promise<ProviderResult> {
    const draw = this.#stormy ? this.#random.next() : 1;
    const identity = `${action.tenant}/${action.id}`;
    const recorded = action.dedupKey !== undefined || action.metadata["keyed"] === "true";
    const effect = draw >= 0.2;
    this.#calls.push({ key: attempt.idempotencyKey, identity, dedupKey: action.dedupKey, recorded, effect });
    return new Promise((resolve, reject) => {
      this.#clock.after(this.#random.next() * 60, () => {
        if (node.dead) return;
        if (draw < 0.06) resolve(rejected("EXECUTION_FAILED", false));
        else if (draw < 0.12) resolve(rejected("TIMEOUT", true));
        else if (draw < 0.2) reject(new ProviderUnavailableError("refused", { sent: false, reason: "connection" }));
        else if (draw < 0.26) reject(new ProviderUnavailableError("silent", { sent: true, reason: "timeout" }));
        else resolve(success);
      });
    });
  }

  async #client(client: number): Promise<void> {
    for (let n = 0; n < ordersPerClient; n++) {
      const order = this.#order(client, n);
      const answer = await this.#sendUntilAnswered(order);
      this.#checkAnswer(order, answer);
      await this.#sleep(this.#random.next() * 300);
    }
  }

  #order(client: number, n: number): Order {
    const draw = this.#random.next();
    const keyed = draw < 0.4;
    const dedupKey = this.#random.next() < 0.6 ? `dedup-${Math.floor(this.#random.next() * 4)}` : undefined;
    const id =
      this.#random.next() < 0.3 && !keyed ? `shared-${Math.floor(this.#random.next() * 3)}` : `c${client}-${n}`;
    return {
      input: {
        id,
        namespace: "sim",
        tenant: "t",
        provider: "console",
        actionType: "alert",
        payload: { n },
        createdAt: "2026-01-01T00:00:00Z",
        metadata: { keyed: String(keyed), reads: String(this.#random.next() < 0.3) },
        ...(dedupKey === undefined ? {} : { dedupKey }),
      },
      idempotencyKey: keyed ? `ik-${client}-${n}` : undefined,
    };
  }

  async #sendUntilAnswered(order: Order): Promise<ActionOutcome | undefined> {
    for (let tries = 0; tries < 60; tries++) {
      const node = this.#nodes[Math.floor(this.#random.next() * gateways)] as Node;
      const answer = await node.send(order);
      if (answer.kind === "outcome") return answer.outcome;
      if (answer.kind === "refused" && !answer.retryable) {
        this.#violations.push(`${order.input.id}: refused for good: ${answer.code}`);
        return undefined;
      }
      await this.#sleep(50 + this.#random.next() * 400);
    }
    this.#violations.push(`${order.input.id}: no answer in 60 tries`);
    return undefined;
  }

  #checkAnswer(order: Order, outcome: ActionOutcome | undefined): void {
    const { id = "", dedupKey, tenant } = order.input;
    this.#say(`${id} ${dedupKey ?? "-"} ${order.idempotencyKey ?? "-"}: ${outcome?.kind}`);
    if (
      outcome?.kind === "executed" &&
      !this.#calls.some((call) => call.identity === `${tenant}/${id}` && call.effect)
    ) {
      this.#violations.push(`${id}: called executed, but nothing took effect`);
    }
    if (outcome?.kind === "deduplicated" && !this.#calls.some((call) => call.dedupKey === dedupKey)) {
      // Its holder may have died before its call; then somebody must finish it, which `#check` looks at.
      this.#say(`${id}: deduplicated before any call under ${dedupKey}`);
    }
  }

  /** The weather clears; a lease and a sweep later nothing may be left open. */
  async #calm(): Promise<void> {
    this.#stormy = false;
    Object.assign(this.#weather, { lostRequest: 0, lostReply: 0, lateRequest: 0 });
    for (let i = 0; i < 40; i++) await this.#clock.advanceAsync(leaseMs / 4);
    for (const [at, node] of this.#nodes.entries()) if (node.dead) this.#nodes[at] = this.#start();
    for (let i = 0; i < 40; i++) await this.#clock.advanceAsync(leaseMs / 4);
  }

  async #check(): Promise<void> {
    const fail = (violation: string): void => void this.#violations.push(violation);
    for (const kind of ["execution", "pending_audit"] as const) {
      for (const entry of await this.#entries(kind)) fail(`${kind} left behind: ${entry.key.text}`);
    }
    const letters = (await this.#entries("dead_letter")).map(
      (entry) => JSON.parse(entry.value) as { execution: string },
    );
    for (const kind of ["dedup", "idempotency"] as const) {
      for (const entry of await this.#entries(kind)) {
        const record = JSON.parse(entry.value) as { state?: string; execution: string; answer?: object };
        if (kind === "dedup" && record.state === "held") fail(`dedup key held for nobody: ${entry.key.text}`);
        if (kind === "idempotency" && record.answer === undefined)
          fail(`Idempotency-Key held for nobody: ${entry.key.text}`);
        if (record.state === "kept" && !letters.some((letter) => letter.execution === record.execution)) {
          fail(`dedup key kept for no letter: ${entry.key.text}`);
        }
      }
    }
    const { records } = await this.#audit.query({}, { limit: 1_000 });
    const rows = new Set(records.map((record) => idempotencyKeyOf(record.action, record.id, "0")));
    const committed = new Map<string, Set<string>>();
    for (const record of records) {
      if (record.outcome.kind !== "executed" || record.action.dedupKey === undefined || record.lateAnswer) continue;
      const ids = committed.get(record.action.dedupKey) ?? new Set();
      committed.set(record.action.dedupKey, ids.add(record.id));
    }
    for (const [key, ids] of committed) if (ids.size > 1) fail(`dedup key ${key} committed by ${[...ids].join(", ")}`);
    for (const call of this.#calls) {
      if (call.recorded && !rows.has(call.key)) fail(`a call of ${call.identity} is in no row of the trail`);
    }
    const executionsOf = new Map<string, Set<string>>();
    for (const call of this.#calls) {
      const keys = executionsOf.get(call.identity) ?? new Set();
      executionsOf.set(call.identity, keys.add(call.key));
    }
    for (const record of records) {
      if (record.action.metadata["keyed"] !== "true") continue;
      const keys = executionsOf.get(`${record.action.tenant}/${record.action.id}`);
      if (keys !== undefined && keys.size > 1) fail(`two executions under one Idempotency-Key: ${record.action.id}`);
    }
  }

  #entries(kind: KeyKind): Promise<StateEntry[]> {
    return Array.fromAsync(this.#store.scan({ kind }, { signal }));
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.#clock.after(ms, resolve));
  }

  #say(line: string): void {
    this.#trace.push(`${Math.round(this.#clock.monotonicMs())} ${line}`);
  }
}

class CrashedError extends Error {}

type Reply =
  | { readonly kind: "outcome"; readonly outcome: ActionOutcome }
  | { readonly kind: "refused"; readonly retryable: boolean; readonly code: string }
  | { readonly kind: "reset" };

/** One gateway process: when it dies, its timers, its calls and its replies die with it. */
class Node {
  readonly gateway: Gateway;
  readonly #clients: readonly FaultyClient[];
  readonly #onDeath: (() => void)[] = [];
  dead = false;

  constructor(
    clock: Clock,
    stores: { readonly state: FaultyStore; readonly locks: FaultyStore | undefined },
    audit: AuditStore,
    random: Random,
    on: {
      readonly failpoint: (name: Failpoint) => void;
      readonly call: (action: Action, attempt: Attempt) => Promise<ProviderResult>;
    },
  ) {
    const state = stores.state.connect();
    const locks = stores.locks?.connect();
    this.#clients = locks === undefined ? [state] : [state, locks];
    const mortal: Clock = {
      nowMs: () => clock.nowMs(),
      monotonicMs: () => clock.monotonicMs(),
      after: (delayMs, run) => clock.after(delayMs, () => this.dead || run()),
      defer: (run) => clock.defer(() => this.dead || run()),
    };
    const provider: Provider = {
      name: "console",
      dedup: { kind: "none" },
      onAmbiguous: "retry",
      execute: on.call,
      healthCheck: () => Promise.resolve({ kind: "healthy" }),
      close: () => Promise.resolve(),
    };
    this.gateway = openTestGateway({
      clock: mortal,
      random,
      state: locks === undefined ? state : withSeparateLocks(state, locks),
      providers: [provider],
      rules,
      audit: createAuditWriter({ store: this.#mortalTrail(audit), clock: mortal }),
      settings: { leaseMs, waitMs: 1_000, storeTimeoutMs: 10_000 },
      policy: { maxRetries: 2, backoff: { baseMs: 20, capMs: 100 }, attemptTimeoutMs: 1_000, totalTimeoutMs: 5_000 },
      failpoint: (name) => {
        if (!this.dead) on.failpoint(name);
      },
    });
  }

  send({ input, idempotencyKey }: Order): Promise<Reply> {
    if (this.dead) return Promise.resolve({ kind: "reset" });
    return new Promise((resolve) => {
      this.#onDeath.push(() => resolve({ kind: "reset" }));
      this.gateway.dispatch(input, idempotencyKey === undefined ? {} : { idempotencyKey }).then(
        (outcome) => this.dead || resolve({ kind: "outcome", outcome }),
        (error: { readonly retryable?: boolean; readonly code?: string }) =>
          this.dead || resolve({ kind: "refused", retryable: error.retryable === true, code: error.code ?? "no code" }),
      );
    });
  }

  kill(): void {
    this.dead = true;
    for (const client of this.#clients) client.crash();
    for (const reset of this.#onDeath) reset();
  }

  #mortalTrail(audit: AuditStore): AuditStore {
    return {
      append: (records) => (this.dead ? new Promise(() => undefined) : audit.append(records)),
      query: (filter, page) => audit.query(filter, page),
      get: (id, scope) => audit.get(id, scope),
      removeBefore: (at) => audit.removeBefore(at),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }
}
