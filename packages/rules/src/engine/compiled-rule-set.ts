import type { Action } from "@acteon/core";
import type { CompiledRule } from "../compile/compile-rule.ts";
import type { Effect } from "../compile/effect.ts";
import { Frame, maxRounds, tooManyRounds } from "../compile/frame.ts";
import type { Plan, RuleEnvironment, RuleSet } from "../decision.ts";
import { EvalError, pending } from "../values/value.ts";
import { conclude, errorEnd, passes } from "./conclude.ts";
import type { Say } from "./conclude.ts";
import { askNative } from "./native-answer.ts";
import type { NativeAnswer } from "./native-answer.ts";
import { sourceOf } from "./ranked-rule.ts";
import type { RankedRule } from "./ranked-rule.ts";
import type { RuleIndex } from "./rule-index.ts";

/** A rule that has a say, or may have one: with `pending` it has not been asked to the end. */
interface Standing {
  readonly rule: RankedRule;
  readonly answer: Effect | EvalError | typeof pending;
}

export interface RuleSetOptions {
  /** In evaluation order, the disabled ones too. */
  readonly rules: readonly RankedRule[];
  /** Over the constraints of these rules. */
  readonly index: RuleIndex;
  /** SHA-256, hex, over the sources in order. */
  readonly hash: string;
  /** Called when a rule with `onError: skip` was an error and was taken as not matched. */
  readonly onSkip: (rule: RankedRule) => void;
}

/** Immutable but for what it keeps to reuse from action to action. */
export class CompiledRuleSet implements RuleSet {
  readonly hash: string;
  readonly size: number;
  /** In evaluation order, the disabled ones too. */
  readonly rules: readonly RankedRule[];
  readonly index: RuleIndex;
  readonly #onSkip: (rule: RankedRule) => void;
  readonly #candidates: Uint32Array;
  /** By number: what to ask, so that a rule which says nothing is not looked at. Not there: disabled, or native. */
  readonly #asks: readonly (CompiledRule["decide"] | undefined)[];
  /** The frame of the last evaluation that did not have to wait. */
  #spare: Frame | undefined;

  constructor({ rules, index, hash, onSkip }: RuleSetOptions) {
    this.rules = rules;
    this.index = index;
    this.hash = hash;
    this.size = rules.length;
    this.#candidates = new Uint32Array(rules.length);
    this.#asks = rules.map((rule) => (rule.enabled && rule.kind === "compiled" ? rule.compiled.decide : undefined));
    this.#onSkip = onSkip;
  }

  plan(action: Action, environment: RuleEnvironment): Plan {
    const count = this.index.candidates(action, this.#candidates);
    if (count === 0) return passes;
    const frame = this.#spare ?? new Frame(action, environment);
    this.#spare = undefined;
    frame.begin(action, environment);
    const plan = this.#firstPass(frame, count);
    if (plan.kind === "known") this.#spare = frame;
    return plan;
  }

  /** Asks the candidates in order, up to the first whose answer ends the evaluation for certain. */
  #firstPass(frame: Frame, count: number): Plan {
    let standings: Standing[] | undefined;
    for (let i = 0; i < count; i++) {
      const number = this.#candidates[i]!;
      const ask = this.#asks[number];
      if (ask === undefined) {
        if (!this.rules[number]!.enabled) continue;
        return this.#goOn(frame, [...(standings ?? []), ...this.#unasked(i, count)], 0);
      }
      const said = this.#answerOf(ask, frame);
      if (said === false) continue;
      const rule = this.rules[number]!;
      const answer = said instanceof EvalError ? this.#unlessSkipped(rule, said) : said;
      if (answer === false) continue;
      if (
        standings === undefined &&
        answer !== pending &&
        !(answer instanceof EvalError) &&
        answer.alone !== undefined
      ) {
        return answer.alone;
      }
      standings ??= [];
      standings.push({ rule, answer });
      if (isEnd(answer)) break;
    }
    return standings === undefined ? passes : this.#settle(frame, standings, 0);
  }

  #unasked(from: number, to: number): readonly Standing[] {
    const rules = Array.from(this.#candidates.subarray(from, to), (number) => this.rules[number]!);
    return rules.filter(({ enabled }) => enabled).map((rule) => ({ rule, answer: pending }));
  }

  /** Asks what is pending once more, in order, up to the first that ends the evaluation for certain. */
  #goOn(frame: Frame, standings: readonly Standing[], round: number): Plan {
    const known: Standing[] = [];
    let waits = false;
    for (const [i, standing] of standings.entries()) {
      const { rule } = standing;
      const answer = standing.answer === pending ? this.#askAny(rule, frame, waits) : standing.answer;
      if (answer instanceof Promise) {
        const rest = standings.slice(i + 1);
        const plan = answer.then((settled) => {
          const own = settled instanceof EvalError ? this.#unlessSkipped(rule, settled) : settled;
          return this.#goOn(frame, [...known, ...(own === false ? [] : [{ rule, answer: own }]), ...rest], round);
        });
        return { kind: "waits", plan };
      }
      if (answer === false) continue;
      known.push({ rule, answer });
      if (answer === pending) waits = true;
      else if (isEnd(answer)) break;
    }
    return this.#settle(frame, known, round);
  }

  /** A native rule is asked only when every rule before it is known: it may do more than compute. */
  #askAny(rule: RankedRule, frame: Frame, waits: boolean): Standing["answer"] | false | Promise<NativeAnswer> {
    if (rule.kind === "compiled") return this.#ask(rule, frame);
    if (waits) return pending;
    const answer = askNative(rule.native, rule.ref, frame);
    return answer instanceof EvalError ? this.#unlessSkipped(rule, answer) : answer;
  }

  /** `false` also for an error that the rule wants skipped. */
  #ask(rule: Extract<RankedRule, { kind: "compiled" }>, frame: Frame): Standing["answer"] | false {
    const answer = this.#answerOf(rule.compiled.decide, frame);
    return answer instanceof EvalError ? this.#unlessSkipped(rule, answer) : answer;
  }

  #answerOf(ask: CompiledRule["decide"], frame: Frame): Standing["answer"] | false {
    const reads = frame.readCount;
    const answer = ask(frame);
    // What was decided without a read does not need it.
    if (answer !== pending && frame.readCount > reads) frame.forgetReads(reads);
    return answer;
  }

  #unlessSkipped(rule: RankedRule, error: EvalError): EvalError | false {
    const { onError } = sourceOf(rule);
    if (onError === "fail") return error;
    this.#onSkip(rule);
    return false;
  }

  #settle(frame: Frame, standings: readonly Standing[], round: number): Plan {
    const says: Say[] = [];
    for (const { rule, answer } of standings) {
      if (answer !== pending) {
        says.push({ rule: rule.ref, answer });
        continue;
      }
      if (round < maxRounds) return this.#suspend(frame, standings, round);
      const end = errorEnd(rule.ref, tooManyRounds);
      return { kind: "known", decision: { gates: [], end, facts: frame.facts() } };
    }
    return { kind: "known", decision: conclude(says, frame.action, frame.facts()) };
  }

  #suspend(frame: Frame, standings: readonly Standing[], round: number): Plan {
    const reads = frame.openReads();
    const mark = frame.mark();
    return {
      kind: "reads",
      reads,
      resume: (answers) => {
        if (answers.length !== reads.length) throw new RangeError(`${answers.length} answers to ${reads.length} reads`);
        frame.rewind(mark);
        frame.answer(answers);
        return this.#goOn(frame, standings, round + 1);
      },
    };
  }
}

function isEnd(answer: Standing["answer"]): boolean {
  return answer instanceof EvalError || (answer !== pending && answer.end !== undefined);
}
