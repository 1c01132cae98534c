import type { Span } from "@acteon/core";
import { parseDuration, suggest } from "@acteon/core";
import { didYouMean, durationLiteral, literal, node } from "@acteon/rules";
import type { Arithmetic, Compare, Expr, Query } from "@acteon/rules";
import { regoFunctions } from "../builtins/rego-builtins.ts";
import type { CallTerm } from "../syntax/ast.ts";
import { checkArguments } from "./check-arguments.ts";
import { metadataChain, ruleMetadata } from "./metadata.ts";
import { keyOf } from "./state-key.ts";
import { spanOf } from "./scope.ts";
import type { Scope } from "./scope.ts";

/** A function that is no built-in of the engine, but a node of its own. */
interface Special {
  readonly arity: readonly [least: number, most: number];
  readonly lower: (args: readonly Expr[], span: Span, scope: Scope) => Expr;
}

const calculations: ReadonlyMap<string, Arithmetic["op"]> = new Map([
  ["plus", "add"],
  ["minus", "subtract"],
  ["mul", "multiply"],
  ["div", "divide"],
  ["rem", "modulo"],
]);

const comparisons: ReadonlyMap<string, Compare["op"]> = new Map([
  ["equal", "eq"],
  ["neq", "ne"],
  ["lt", "lt"],
  ["lte", "le"],
  ["gt", "gt"],
  ["gte", "ge"],
]);

const specials: ReadonlyMap<string, Special> = new Map<string, Special>([
  ...[...calculations].map(
    ([name, op]) =>
      [
        name,
        special(2, 2, ([left, right], span, { lowering }) =>
          node({
            kind: "arithmetic",
            op,
            left: left!,
            right: right!,
            semantics: "rego",
            ...surfacing(lowering.strict),
            span,
          }),
        ),
      ] as const,
  ),
  ...[...comparisons].map(
    ([name, op]) =>
      [
        name,
        special(2, 2, ([left, right], span) =>
          node({ kind: "compare", op, left: left!, right: right!, semantics: "rego", span }),
        ),
      ] as const,
  ),
  // Where both sides have values.
  [
    "eq",
    special(2, 2, ([left, right], span) =>
      node({ kind: "compare", op: "eq", left: left!, right: right!, semantics: "rego", span }),
    ),
  ],
  [
    "internal.member_2",
    special(2, 2, ([item, collection], span) =>
      node({ kind: "in", item: item!, collection: membersOf(collection!), semantics: "rego", span }),
    ),
  ],
  ["internal.member_3", special(3, 3, ([at, item, of], span) => memberAt(at!, item!, of!, span))],
  ["time.now_ns", special(0, 0, (_, span) => node({ kind: "now", as: "nanoseconds", span }))],
  ["print", special(0, 100, (_, span) => literal(true, span))],
  ["trace", special(1, 1, (_, span) => literal(true, span))],
  [
    "rego.metadata.rule",
    special(0, 0, (_, span, scope) => node({ kind: "literal", type: "json", value: ruleMetadata(scope), span })),
  ],
  [
    "rego.metadata.chain",
    special(0, 0, (_, span, scope) => node({ kind: "literal", type: "json", value: metadataChain(scope), span })),
  ],
  ["opa.runtime", special(0, 0, (_, span) => node({ kind: "map", entries: [], span }))],
  [
    "state.seen",
    special(1, 2, ([key, window], span) =>
      node({ kind: "stateSeen", key: keyOf(key!), window: windowOf(window), span }),
    ),
  ],
  [
    "state.counter",
    special(1, 2, ([key, window], span) =>
      node({ kind: "stateCounter", key: keyOf(key!), window: windowOf(window), span }),
    ),
  ],
  ["state.get", special(1, 1, ([key], span) => node({ kind: "stateEntry", key: keyOf(key!), span }))],
  [
    "state.time_since",
    special(1, 1, ([key], span) => nanoseconds(node({ kind: "stateTimeSince", key: keyOf(key!), span }))),
  ],
  ["action.dedup_key", special(0, 0, (_, span) => node({ kind: "dedupKey", span }))],
  ["env.circuit_open", health("circuitOpen")],
  ["env.failure_rate", health("failureRate")],
  [
    "env.latency_p99",
    special(1, 1, ([provider], span) =>
      nanoseconds(node({ kind: "health", provider: provider!, fact: "latencyP99", span })),
    ),
  ],
]);

/** What asks the network: policies may stand something else in its place, and call it nowhere else. */
const outside: ReadonlyMap<string, Special> = new Map(
  (
    [
      ["http.send", 1],
      ["net.lookup_ip_addr", 1],
    ] as const
  ).map(([name, arity]) => [name, special(arity, arity, (_, span) => undefinedAt(span))]),
);

function undefinedAt(span: Span): Expr {
  return node({ kind: "query", body: [], collect: "first", span });
}

function reportOutside(name: string, at: CallTerm, { unit }: Scope): void {
  unit.findings.error({
    code: "ACT-R012",
    at,
    summary: `\`${name}\` asks the network, which rules do not`,
    label: "not called here",
    help: "give the rules what they need as configured data, or in the payload",
  });
}

function special(least: number, most: number, lower: Special["lower"]): Special {
  return { arity: [least, most], lower };
}

function surfacing(strict: boolean): { readonly surfaces?: true } {
  return strict ? { surfaces: true } : {};
}

function health(fact: "circuitOpen" | "failureRate"): Special {
  return special(1, 1, ([provider], span) => node({ kind: "health", provider: provider!, fact, span }));
}

/** Times are whole numbers of nanoseconds in Rego. */
function nanoseconds(duration: Expr): Expr {
  return node({ kind: "call", name: "rego.nanoseconds", args: [duration], semantics: "rego", span: duration.span });
}

/** A set that is written out is gone through as a list. */
function membersOf(collection: Expr): Expr {
  const [items] = collection.kind === "call" && collection.name === "rego.set" ? collection.args : [];
  return items ?? collection;
}

/** Is that what lies under the key? */
function memberAt(at: Expr, item: Expr, of: Expr, span: Span): Expr {
  const found = node({ kind: "index", of, at, missing: "undefined", span });
  const condition = node({ kind: "compare", op: "eq", left: found, right: item, semantics: "rego", span });
  const body: Query[] = [node({ kind: "guard", condition, absorbs: "none", span })];
  return node({ kind: "query", body, collect: "exists", span });
}

/** A text such as `"5m"`, or nanoseconds. */
function windowOf(window: Expr | undefined): Expr | undefined {
  if (window?.kind !== "literal")
    return window && node({ kind: "call", name: "duration", args: [window], semantics: "rego", span: window.span });
  if (window.type === "int") return durationLiteral(Number(window.value) / 1e6, window.span);
  const parsed = window.type === "string" ? parseDuration(window.value) : undefined;
  return parsed?.kind === "parsed" ? durationLiteral(parsed.ms, window.span) : window;
}

/** How many arguments a function takes that is called with one more for its result; `undefined`: it is not known. */
export function arityOf(operator: readonly string[], { lowering, unit }: Scope): number | undefined {
  const group = lowering.program.functionAt(operator, unit);
  if (group !== undefined) return group.arity;
  const name = operator.join(".");
  const arity = (specials.get(name) ?? outside.get(name))?.arity ?? regoFunctions.get(name)?.arity;
  if (typeof arity === "number" || arity === undefined) return arity;
  return arity[0] === arity[1] ? arity[0] : undefined;
}

/** A call whose arguments have values. */
export function lowerCall(call: CallTerm, scope: Scope): Expr {
  const { lowering, unit } = scope;
  const span = spanOf(scope, call);
  const args = call.args.map((arg) => lowering.lowerTerm(arg, scope));
  const name = call.operator.join(".");
  const group = lowering.program.functionAt(call.operator, unit);
  if (group !== undefined) {
    checkCount(group.name, [group.arity, group.arity], call, scope);
    return node({ kind: "invoke", name: group.name, args, span });
  }
  const arity = (specials.get(name) ?? outside.get(name))?.arity ?? regoFunctions.get(name)?.arity;
  if (arity === undefined) return unknownFunction(call, args, scope);
  if (!lowering.replaced.functions.has(name) && outside.has(name)) reportOutside(name, call, scope);
  const counted = typeof arity === "number" ? ([arity, arity] as const) : arity;
  if (!checkCount(name, counted, call, scope)) return literal(null, span);
  checkArguments(name, call, args, scope);
  if (!lowering.replaced.functions.has(name)) return called(name, args, span, scope);
  defineBuiltin(name, call, scope);
  return node({ kind: "invoke", name, args, span });
}

function checkCount(name: string, [least, most]: readonly [number, number], call: CallTerm, { unit }: Scope): boolean {
  const given = call.args.length;
  if (given >= least && given <= most) return true;
  const count = least === most ? String(least) : `${least} to ${most}`;
  unit.findings.error({
    code: "ACT-R013",
    at: call,
    summary: `\`${name}\` takes ${count === "1" ? "one argument" : `${count} arguments`}`,
    label: `${given} given`,
  });
  return false;
}

/** A built-in of Rego, by its name there. */
export function called(name: string, args: readonly Expr[], span: Span, scope: Scope): Expr {
  const own = specials.get(name) ?? outside.get(name);
  if (own !== undefined) return own.lower(args, span, scope);
  const signature = regoFunctions.get(name);
  const { builtin = name, order, takesNow } = signature ?? {};
  const ordered = order === undefined ? args : order.map((place) => args[place]!);
  const now = takesNow === true ? [node({ kind: "now", as: "nanoseconds", span })] : [];
  return node({
    kind: "call",
    name: builtin,
    args: [...ordered, ...now],
    semantics: "rego",
    ...surfacing(scope.lowering.strict),
    span,
  });
}

export function isBuiltin(name: string): boolean {
  return specials.has(name) || outside.has(name) || regoFunctions.has(name);
}

/** A built-in as a definition: it can be replaced, and stand in the place of another function. */
export function defineBuiltin(
  name: string,
  at: CallTerm | { readonly start: number; readonly end: number },
  scope: Scope,
): void {
  const { extra } = scope.lowering;
  if (extra.has(name)) return;
  const span = spanOf(scope, at);
  const arity = (specials.get(name) ?? outside.get(name))?.arity[0] ?? regoFunctions.get(name)?.arity ?? 0;
  const count = typeof arity === "number" ? arity : arity[0];
  const params = Array.from({ length: count }, () => scope.lowering.fresh());
  const args = params.map((param) => node({ kind: "local", name: param, span }));
  extra.set(name, { kind: "definition", params, value: called(name, args, span, scope), span });
}

function unknownFunction({ operator, operatorExtent }: CallTerm, args: readonly Expr[], scope: Scope): Expr {
  const name = operator.join(".");
  const { program } = scope.lowering;
  const own = [...program.groups.values()].filter(({ kind }) => kind === "function").map(({ path }) => path.at(-1)!);
  const near = suggest(name, [...regoFunctions.keys(), ...specials.keys(), ...own]);
  scope.unit.findings.error({
    code: "ACT-R013",
    at: operatorExtent,
    summary: `there is no function \`${name}\``,
    label: "an unknown function",
    ...didYouMean(near),
    ...(near !== undefined && { fix: { at: operatorExtent, text: near } }),
  });
  return node({ kind: "call", name, args, semantics: "rego", span: spanOf(scope, operatorExtent) });
}
