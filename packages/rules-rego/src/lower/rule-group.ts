import type { RegoRule, RuleHead, Term } from "../syntax/ast.ts";
import { pathText } from "./path-text.ts";
import type { Unit } from "./unit.ts";

/** One rule, with what of its head is not always the same. */
export interface Clause {
  readonly rule: RegoRule;
  readonly unit: Unit;
  /** The keys behind the path of its group. */
  readonly keys: readonly Term[];
}

export type GroupKind = "complete" | "set" | "tree" | "function";

/** The rules that make one document, or one function. */
export interface RuleGroup {
  /** With `data` and the package. */
  readonly path: readonly string[];
  /** `pathText` of the path. */
  readonly name: string;
  readonly kind: GroupKind;
  /** Of a function: how many arguments it takes. */
  readonly arity: number;
  /** Without defaults. */
  readonly clauses: readonly Clause[];
  /** At most one, where nothing is wrong. */
  readonly defaults: readonly Clause[];
}

export function groupOf(path: readonly string[], clauses: readonly Clause[]): RuleGroup {
  const own = clauses.filter(({ rule }) => !rule.isDefault);
  return {
    path,
    name: pathText(path),
    kind: kindOf(own.length === 0 ? clauses : own),
    arity: clauses[0]?.rule.head.args?.length ?? 0,
    clauses: own,
    defaults: clauses.filter(({ rule }) => rule.isDefault),
  };
}

function kindOf(clauses: readonly Clause[]): GroupKind {
  if (clauses.some(({ rule }) => rule.head.args !== undefined)) return "function";
  if (clauses.some(({ keys }) => keys.length > 0)) return "tree";
  return clauses.some(({ rule }) => rule.head.key !== undefined) ? "set" : "complete";
}

/** All of them, the default behind the others. */
export function clausesOf({ clauses, defaults }: RuleGroup): readonly Clause[] {
  return [...clauses, ...defaults];
}

/** The keys of a clause that are written out, one text for each value of all of them. */
export function keysText({ keys }: Clause): string {
  return keys.map((key) => (key.kind === "scalar" ? JSON.stringify([typeof key.value, String(key.value)]) : "")).join();
}

/** The name that a head begins with. */
export function nameOf({ ref }: RuleHead): string {
  return ref.head.kind === "var" ? ref.head.name : "";
}
