import type { JsonObject } from "@acteon/core";
import type { Findings } from "@acteon/rules";
import type { RegoModule, RegoRule, RuleHead, Term } from "../syntax/ast.ts";
import { isBelow, pathText } from "./path-text.ts";

/** One file of a program. */
export interface Unit {
  readonly module: RegoModule;
  readonly findings: Findings;
  /** What its imports are called, with the path that each stands for. */
  readonly imports: ReadonlyMap<string, readonly string[]>;
}

/** One rule of a group, with what of its head is not always the same. */
export interface Clause {
  readonly rule: RegoRule;
  readonly unit: Unit;
  /** The keys behind the path of the group. */
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
  /** Without the default. */
  readonly clauses: readonly Clause[];
  readonly byDefault: Clause | undefined;
}

/** What a name stands for that no body binds. */
export type Global =
  | { readonly kind: "input"; readonly path: readonly string[] }
  | { readonly kind: "data"; readonly path: readonly string[] };

/** The files of a program together: every document and function by its path, and the configured data. */
export class Program {
  readonly units: readonly Unit[];
  readonly groups: ReadonlyMap<string, RuleGroup>;
  readonly data: JsonObject;
  /** Of each path above a document, and of each package, the names right below it. */
  readonly #below = new Map<string, Set<string>>();
  /** The names that the rules of a package begin with. */
  readonly #names = new Map<string, Set<string>>();

  constructor(units: readonly Unit[], data: JsonObject) {
    this.units = units;
    this.data = data;
    this.groups = groupsOf(units);
    for (const { path, kind } of this.groups.values()) {
      this.#place(kind === "function" ? [...path.slice(0, -1), ""] : path);
    }
    for (const { module } of units) {
      this.#place(["data", ...module.package, ""]);
      const own = pathText(module.package);
      const names = this.#names.get(own) ?? new Set();
      this.#names.set(own, names);
      for (const { head } of module.rules) names.add(nameOf(head));
    }
  }

  /** What a name stands for in a file, if nothing there binds it. */
  resolve(name: string, { module, imports }: Unit): Global | undefined {
    if (name === "input") return { kind: "input", path: [] };
    if (name === "data") return { kind: "data", path: ["data"] };
    if (this.#names.get(pathText(module.package))?.has(name) === true) {
      return { kind: "data", path: ["data", ...module.package, name] };
    }
    const imported = imports.get(name);
    if (imported === undefined) return undefined;
    return imported[0] === "input" ? { kind: "input", path: imported.slice(1) } : { kind: "data", path: imported };
  }

  /** The function that an operator names: one of the program; `undefined`: a built-in, or there is none. */
  functionAt(operator: readonly string[], unit: Unit): RuleGroup | undefined {
    const [first = "", ...rest] = operator;
    const global = this.resolve(first, unit);
    if (global?.kind !== "data") return undefined;
    const group = this.groups.get(pathText([...global.path, ...rest]));
    return group?.kind === "function" ? group : undefined;
  }

  #place(path: readonly string[]): void {
    for (let length = 1; length < path.length; length++) {
      const above = pathText(path.slice(0, length));
      const names = this.#below.get(above) ?? new Set();
      this.#below.set(above, names);
      if (path[length] !== "") names.add(path[length]!);
    }
  }

  /** The names of the documents and packages right below a path; `undefined`: nothing of rules lies there. */
  namesBelow(path: readonly string[]): ReadonlySet<string> | undefined {
    return this.#below.get(pathText(path));
  }
}

export function nameOf({ ref }: RuleHead): string {
  return ref.head.kind === "var" ? ref.head.name : "";
}

interface Sorted extends Clause {
  readonly path: readonly string[];
}

/**
 * A rule lies at the path that its head says without variables; rules below one whose keys are variables are part of its
 * document.
 */
function groupsOf(units: readonly Unit[]): ReadonlyMap<string, RuleGroup> {
  const sorted = units.flatMap((unit) => unit.module.rules.map((rule) => place(rule, unit)));
  const open = sorted.filter(({ keys }) => keys.length > 0).map(({ path }) => path);
  const roots = open.filter((path) => !open.some((other) => other.length < path.length && isBelow(path, other)));
  const folded = sorted.map((clause) => {
    const root = roots.find((path) => isBelow(clause.path, path));
    return root === undefined ? clause : below(clause, root);
  });
  const groups = new Map<string, RuleGroup>();
  for (const [name, clauses] of Map.groupBy(folded, ({ path }) => pathText(path)))
    groups.set(name, groupOf(name, clauses));
  return groups;
}

function place(rule: RegoRule, unit: Unit): Sorted {
  const { head } = rule;
  const parts: readonly Term[] = head.ref.path;
  const open = parts.findIndex((part) => !(part.kind === "scalar" && typeof part.value === "string"));
  const fixed = open === -1 ? parts : parts.slice(0, open);
  const path = ["data", ...unit.module.package, nameOf(head), ...fixed.map(textOf)];
  return { rule, unit, path, keys: open === -1 ? [] : parts.slice(open) };
}

function textOf(term: Term): string {
  return term.kind === "scalar" ? String(term.value) : "";
}

function below({ rule, unit, path, keys }: Sorted, root: readonly string[]): Sorted {
  const { start, end } = rule.head;
  const between = path.slice(root.length).map((value): Term => ({ kind: "scalar", value, start, end }));
  return { rule, unit, path: root, keys: [...between, ...keys] };
}

function groupOf(name: string, clauses: readonly Sorted[]): RuleGroup {
  const [first] = clauses as readonly [Sorted];
  const own = clauses.filter(({ rule }) => !rule.isDefault);
  const byDefault = clauses.find(({ rule }) => rule.isDefault);
  const arity = first.rule.head.args?.length;
  const kind = kindOf(own.length === 0 ? clauses : own);
  return { path: first.path, name, kind, arity: arity ?? 0, clauses: own, byDefault };
}

function kindOf(clauses: readonly Clause[]): GroupKind {
  if (clauses.some(({ rule }) => rule.head.args !== undefined)) return "function";
  if (clauses.some(({ keys }) => keys.length > 0)) return "tree";
  return clauses.some(({ rule }) => rule.head.key !== undefined) ? "set" : "complete";
}
