import { isJsonArray, isJsonObject, suggest } from "@acteon/core";
import type { JsonValue, Span } from "@acteon/core";
import { didYouMean, documentExpr, field, literal, node } from "@acteon/rules";
import type { Expr, Extent, Query } from "@acteon/rules";
import type { CallTerm, RefTerm, Term, VarTerm } from "../syntax/ast.ts";
import { called } from "./calls.ts";
import { isBelow, pathText } from "./path-text.ts";
import { patternNames } from "./free-names.ts";
import { matchPattern } from "./match-pattern.ts";
import { globalOf, isLocal, spanOf } from "./scope.ts";
import type { Scope } from "./scope.ts";

/** A reference or name whose variables all have values. */
export function lowerReference(term: RefTerm | VarTerm, scope: Scope): Expr {
  const { expr, rest } = baseOf(term, scope);
  return rest.reduce((of, part) => entryOf(of, part, { start: term.start, end: part.end }, scope), expr);
}

/** The value of a reference that binds variables on its way: through what its brackets leave open it goes step by step. */
export function hoistReference(
  reference: RefTerm,
  scope: Scope,
): { readonly steps: readonly Query[]; readonly value: Expr; readonly scope: Scope } {
  const steps: Query[] = [];
  let inner = scope;
  let { expr } = baseOf(reference, scope);
  for (const part of baseOf(reference, scope).rest) {
    const open = patternNames(part).some((name) => isLocal(name, inner) && !inner.bound.has(name));
    if (!open) {
      expr = entryOf(expr, part, { start: reference.start, end: part.end }, inner);
      continue;
    }
    const span = spanOf(inner, part);
    const value = scope.lowering.fresh();
    const named = part.kind === "var" && part.name !== "_" ? part.name : undefined;
    const key = named ?? (part.kind === "var" ? undefined : scope.lowering.fresh());
    steps.push(node({ kind: "scan", over: expr, key, value, semantics: "rego", span }));
    if (named !== undefined) inner = { ...inner, bound: new Set([...inner.bound, named]) };
    expr = node({ kind: "local", name: value, span });
    if (key !== undefined && named === undefined) {
      const matched = matchPattern(node({ kind: "local", name: key, span }), part, inner);
      steps.push(...matched.steps);
      inner = matched.scope;
    }
  }
  return { steps, value: expr, scope: inner };
}

function entryOf(of: Expr, part: Term, extent: Extent, scope: Scope): Expr {
  const span = spanOf(scope, extent);
  if (part.kind === "scalar" && typeof part.value === "string")
    return field(of, wireName(of, part.value), "undefined", span);
  return node({ kind: "index", of, at: scope.lowering.lowerTerm(part, scope), missing: "undefined", span });
}

/** `input.action.type` is `action_type`. */
function wireName(of: Expr, name: string): string {
  return of.kind === "action" && of.path.length === 0 && name === "type" ? "action_type" : name;
}

interface Base {
  readonly expr: Expr;
  /** What of the path is still to be looked up. */
  readonly rest: readonly Term[];
}

function baseOf(term: RefTerm | VarTerm, scope: Scope): Base {
  const head = term.kind === "ref" ? term.head : term;
  const path = term.kind === "ref" ? term.path : [];
  if (head.kind !== "var") return { expr: scope.lowering.lowerTerm(head, scope), rest: path };
  const global = globalOf(head.name, scope);
  if (global === undefined) return { expr: localNamed(head, scope), rest: path };
  const names = [...global.path];
  let count = 0;
  for (const part of path) {
    // Configured data is JSON: a number is a key like any other, or a place in an array.
    const isKey =
      part.kind === "scalar" &&
      (typeof part.value === "string" || (global.kind === "data" && Number.isSafeInteger(part.value)));
    if (!isKey) break;
    names.push(String(part.value));
    count++;
  }
  const extent = { start: term.start, end: path[count - 1]?.end ?? head.end };
  if (global.kind === "input") return { expr: inputAt(names, extent, scope), rest: path.slice(count) };
  const { expr, length } = documentAt(names, extent, scope);
  return { expr, rest: path.slice(Math.max(0, length - global.path.length)) };
}

function localNamed({ name, ...extent }: VarTerm, scope: Scope): Expr {
  return scope.inlined.get(name) ?? node({ kind: "local", name, span: spanOf(scope, extent) });
}

/** What rules see of the action is `input.action`. */
function inputAt(path: readonly string[], extent: Extent, scope: Scope): Expr {
  const { lowering, unit } = scope;
  const span = spanOf(scope, extent);
  const whole = (of: readonly string[]): Expr => node({ kind: "action", path: [...of], missing: "undefined", span });
  const expr =
    lowering.input !== undefined
      ? whole([...lowering.input, ...path])
      : path.length === 0
        ? node({ kind: "map", entries: [[literal("action", span), whole([])]], span })
        : path.slice(1).reduce((of, name) => field(of, wireName(of, name), "undefined", span), whole([]));
  if (lowering.input === undefined && path.length > 0 && path[0] !== "action") {
    const near = suggest(path[0]!, ["action"]);
    unit.findings.error({
      code: "ACT-R020",
      at: extent,
      summary: `\`input\` has no field \`${path[0]}\``,
      label: "not there",
      ...(near === undefined
        ? { help: `the action is \`input.action\`, what was sent \`input.action.payload\`` }
        : didYouMean("input.action")),
    });
  }
  return replaceable(["input", ...path], expr, scope, extent);
}

/** The longest part of a path that is a document of rules, or all of it. */
function documentAt(
  path: readonly string[],
  extent: Extent,
  scope: Scope,
): { readonly expr: Expr; readonly length: number } {
  const { program } = scope.lowering;
  const span = spanOf(scope, extent);
  for (let length = path.length; length > 1; length--) {
    const own = path.slice(0, length);
    const group = program.groups.get(pathText(own));
    if (group === undefined) continue;
    if (group.kind === "function") reportFunction(group.name, extent, scope);
    return { expr: replaceable(own, node({ kind: "document", name: group.name, span }), scope, extent), length };
  }
  const value = program.namesBelow(path) === undefined ? baseAt(path, span, scope) : namespaceAt(path, extent, scope);
  return { expr: replaceable(path, value, scope, extent), length: path.length };
}

/** Configured data; where there is none it is undefined. */
function baseAt(path: readonly string[], span: Span, scope: Scope): Expr {
  const found = jsonAt(scope.lowering.program.data, path.slice(1));
  return found === undefined ? node({ kind: "query", body: [], collect: "first", span }) : documentExpr(found, span);
}

function reportFunction(name: string, at: Extent, { unit }: Scope): void {
  unit.findings.error({ code: "ACT-R013", at, summary: `\`${name}\` is a function`, help: "call it, as in `f(x)`" });
}

/** The documents below a path as a map, which is a definition of its own; where data lies at the same place, it is that. */
function namespaceAt(path: readonly string[], extent: Extent, scope: Scope): Expr {
  const { program, extra } = scope.lowering;
  const span = spanOf(scope, extent);
  const name = pathText(path);
  if (!extra.has(name)) {
    const branches = [...(program.namesBelow(path) ?? [])].map((key): readonly Query[] => {
      const value = scope.lowering.fresh();
      const { expr } = documentAt([...path, key], extent, scope);
      return [
        node({ kind: "bind", name: value, value: expr, span }),
        node({
          kind: "emit",
          key: literal(key, span),
          value: node({ kind: "local", name: value, span }),
          span,
        }),
      ];
    });
    const body: readonly Query[] = [node({ kind: "or", branches, span })];
    const documents = node({ kind: "query", body, collect: "map", span });
    const base = jsonAt(program.data, path.slice(1));
    const value =
      base === undefined || !isJsonObject(base)
        ? documents
        : called("object.union", [documents, node({ kind: "literal", type: "json", value: base, span })], span, scope);
    extra.set(name, { kind: "definition", params: undefined, value, span });
  }
  return node({ kind: "document", name, span });
}

function jsonAt(data: JsonValue, path: readonly string[]): JsonValue | undefined {
  let value = data;
  for (const key of path) {
    if (isJsonArray(value)) {
      const item = /^(0|[1-9]\d*)$/.test(key) ? value[Number(key)] : undefined;
      if (item === undefined) return undefined;
      value = item;
    } else {
      if (!isJsonObject(value) || !Object.hasOwn(value, key)) return undefined;
      value = value[key]!;
    }
  }
  return value;
}

function replaceable(path: readonly string[], value: Expr, scope: Scope, extent: Extent): Expr {
  const { documents } = scope.lowering.replaced;
  if (!documents.some((other) => isBelow(path, other) || isBelow(other, path))) return value;
  return node({ kind: "replaceable", path: [...path], value, span: spanOf(scope, extent) });
}

/** The values of a call that has several, one after the other. */
export function hoistRelation(
  call: CallTerm,
  scope: Scope,
): { readonly steps: readonly Query[]; readonly value: Expr; readonly scope: Scope } {
  const span = spanOf(scope, call);
  const name = scope.lowering.fresh();
  const over = called(
    call.operator.join("."),
    call.args.map((arg) => scope.lowering.lowerTerm(arg, scope)),
    span,
    scope,
  );
  const step: Query = node({ kind: "scan", over, key: undefined, value: name, semantics: "rego", span });
  return { steps: [step], value: node({ kind: "local", name, span }), scope };
}
