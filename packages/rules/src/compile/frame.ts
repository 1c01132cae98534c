import type { Action } from "@acteon/core";
import type { RuleEnvironment, StateAnswer, StateFact, StateRead } from "../decision.ts";
import type { Definition } from "../ir/definition.ts";
import { pending } from "../values/value.ts";
import type { Result, Value } from "../values/value.ts";

/**
 * What one evaluation of one action reads and writes: the context of every compiled closure. Reused from action to action
 * as long as no evaluation has to wait.
 *
 * Reads of the store are planned by evaluating without them: a read that has no answer yet is noted and is `pending`,
 * and so is what depends on it. With the answers the same closures run again.
 */
export class Frame {
  action: Action;
  environment: RuleEnvironment;
  /** Values of names that quantifiers and queries bind, by slot. */
  readonly locals: Result[] = [];
  /** What `with` steps have replaced for now. */
  context: Context = noReplacement();
  /** The contexts of the `with` steps around, innermost last. */
  readonly outerContexts: Context[] = [];
  /** What is left of the step budget: loops, dynamic patterns and long texts take from it. */
  steps = maxSteps;
  /** What async native rules answered. */
  readonly nativeFacts: StateFact[] = [];
  readonly #reads: StateRead[] = [];
  /** Answers to the first reads; the reads after them are asked in the next round. */
  readonly #answers: StateAnswer[] = [];
  readonly #places = new Map<string, number>();

  constructor(action: Action, environment: RuleEnvironment) {
    this.action = action;
    this.environment = environment;
  }

  /** Takes up another action. */
  begin(action: Action, environment: RuleEnvironment): void {
    this.action = action;
    this.environment = environment;
    this.steps = maxSteps;
    if (this.context.values.size > 0) this.context.values.clear();
    if (this.#reads.length > 0) this.forgetReads(0);
    // Cutting an array that is empty costs as much as a whole rule.
    if (this.#answers.length > 0) this.#answers.length = 0;
    if (this.nativeFacts.length > 0) this.nativeFacts.length = 0;
  }

  /** The answer to a read, or `pending`, and then it is asked in the next round. The same read is asked once. */
  ask(read: StateRead): StateAnswer | typeof pending {
    const identity = identityOf(read);
    const place = this.#places.get(identity);
    if (place !== undefined) return place < this.#answers.length ? this.#answers[place] : pending;
    this.#places.set(identity, this.#reads.length);
    this.#reads.push(read);
    return pending;
  }

  /** The answer to a read, if it was asked and answered. */
  answerTo(read: StateRead): StateAnswer {
    return this.#answers[this.#places.get(identityOf(read)) ?? this.#answers.length];
  }

  /** How many reads are noted; for `forgetReads`. */
  get readCount(): number {
    return this.#reads.length;
  }

  /** Takes back the reads noted since there were `count`: what noted them was decided without them. */
  forgetReads(count: number): void {
    while (this.#reads.length > count) {
      const read = this.#reads.pop();
      if (read !== undefined) this.#places.delete(identityOf(read));
    }
  }

  /** The reads that have no answer. */
  openReads(): readonly StateRead[] {
    return this.#reads.slice(this.#answers.length);
  }

  /** Answers the open reads, in order, and gives a new step budget. */
  answer(answers: readonly StateAnswer[]): void {
    this.#answers.push(...answers);
    this.context.values.clear();
    this.steps = maxSteps;
  }

  mark(): FrameMark {
    return { reads: this.#reads.length, answers: this.#answers.length, natives: this.nativeFacts.length };
  }

  /** Back to how it was. */
  rewind({ reads, answers, natives }: FrameMark): void {
    this.forgetReads(reads);
    this.#answers.length = answers;
    this.nativeFacts.length = natives;
    this.context.values.clear();
  }

  /** Everything that was asked and answered so far. */
  facts(): readonly StateFact[] {
    const reads = this.#reads.slice(0, this.#answers.length);
    return [...reads.map((read, i) => ({ read, answer: this.#answers[i] })), ...this.nativeFacts];
  }
}

/** The documents and functions that `with` steps have replaced, innermost last, and what definitions are under them. */
export interface Context {
  readonly documents: readonly { readonly path: readonly string[]; readonly value: Value }[];
  readonly functions: ReadonlyMap<string, string | { readonly value: Value }>;
  /** Of documents, once they are known. */
  readonly values: Map<Definition, Result>;
}

function noReplacement(): Context {
  return { documents: [], functions: new Map(), values: new Map() };
}

/** How far an evaluation had come. */
export interface FrameMark {
  readonly reads: number;
  readonly answers: number;
  readonly natives: number;
}

/** Most rounds of state reads per action (`design.md` §9 stage 4). */
export const maxRounds = 3;
export const tooManyRounds = `its state keys depend on one another more than ${maxRounds} times`;

/** Most steps of one evaluation, all rules together: some 20 ms. */
const maxSteps = 200_000;

function identityOf(read: StateRead): string {
  switch (read.kind) {
    case "suppression":
      return `suppression ${read.rule}`;
    case "count":
      return `count ${read.windowMs} ${read.key}`;
    case "seen":
    case "entry":
    case "counter":
      return `${read.kind} ${read.key}`;
  }
}
