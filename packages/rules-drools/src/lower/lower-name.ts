import { configuredData, didYouMean, literal, node, timeParts } from "@acteon/rules";
import type { Expr, Extent } from "@acteon/rules";
import { nearest } from "../source.ts";
import type { DrlExpr, Word } from "../syntax/ast-expression.ts";
import { implicitNames } from "./catalog.ts";
import { actionAt, fieldNames, fieldOf, hasField } from "./fields.ts";
import { spanOf, unknown } from "./lowering.ts";
import type { Lowering } from "./lowering.ts";
import type { Binding, Operand } from "./scope.ts";
import { anyShape } from "./shape.ts";

/** What the first names of `a.b.c` say, and how many they are. */
export interface Resolved {
  readonly operand: Operand;
  readonly count: number;
}

/**
 * A name is a field of the fact, if that is certain to have it; else what the rule has bound to it; else what the file
 * declares, or every rule has; else a field of a fact that may have any.
 *
 * @param words Of `a.b.c` all three; not empty.
 */
export function resolveName(words: readonly Word[], lowering: Lowering): Resolved {
  const [first] = words as readonly [Word];
  const { fact, catalog } = lowering;
  if (fact !== undefined && hasField(fact, first.text))
    return { operand: fieldOf(fact, first, first, lowering), count: 1 };
  const bound = boundTo(first, lowering);
  if (bound !== undefined) return { operand: bound, count: 1 };
  const constant = constantAt(words, lowering);
  if (constant !== undefined) return { operand: constant, count: 2 };
  const isField = fact?.shape.kind === "any" && first.text !== "now" && !catalog.globals.has(first.text);
  if (isField) return { operand: fieldOf(fact, first, first, lowering), count: 1 };
  return aroundRules(words, lowering) ?? { operand: unknownName(first, lowering), count: words.length };
}

/** What the rule has bound to a name. */
function boundTo(name: Word, lowering: Lowering): Operand | undefined {
  const found = lowering.scope.find(name.text);
  if (found === undefined) return undefined;
  const { binding, scope } = found;
  if (scope !== lowering.scope) lowering.onOuterName?.();
  if (binding.kind === "value") {
    const { operand, size } = binding;
    if (size > 1 && !lowering.budget.spend(size, name, lowering.source)) return unknown(name, lowering);
    return { ...operand, expr: placedAt(operand.expr, name, lowering) };
  }
  if (binding.kind === "unbound") reportUnbound(binding);
  else {
    const summary = `\`${name.text}\` is bound in one branch of an \`or\` only`;
    lowering.source.error({ code: "ACT-R024", at: name, summary, help: "bind it in every branch" });
  }
  return unknown(name, lowering);
}

/** Where the query is called: there is the mistake. */
export function reportUnbound({ name, source }: Extract<Binding, { kind: "unbound" }>): void {
  source.error({
    code: "ACT-R024",
    at: name,
    summary: `\`${name.text}\` is bound by nothing here`,
    label: "the query that is called needs a value for it",
  });
}

/** A name that nothing has given a value: what is called with it may. */
export function isUnbound(expr: DrlExpr, { scope, catalog }: Lowering): expr is Extract<DrlExpr, { kind: "name" }> {
  if (expr.kind !== "name" || implicitNames.includes(expr.name) || catalog.globals.has(expr.name)) return false;
  const binding = scope.find(expr.name)?.binding;
  return binding === undefined || binding.kind === "unbound";
}

/** A path is reported where it is used, not where its name was bound. */
function placedAt(expr: Expr, at: Extent, lowering: Lowering): Expr {
  return expr.kind === "action" || expr.kind === "local" ? node({ ...expr, span: spanOf(at, lowering) }) : expr;
}

const javaConstants: ReadonlyMap<string, number | boolean> = new Map<string, number | boolean>([
  ["Boolean.TRUE", true],
  ["Boolean.FALSE", false],
  ["Integer.MAX_VALUE", 2_147_483_647],
  ["Integer.MIN_VALUE", -2_147_483_648],
]);

/** `Colour.RED` of an enum is its name, as a text. */
function constantAt([first, second]: readonly Word[], lowering: Lowering): Operand | undefined {
  if (first === undefined || second === undefined) return undefined;
  const span = spanOf({ start: first.start, end: second.end }, lowering);
  const constant = javaConstants.get(`${first.text}.${second.text}`);
  if (constant !== undefined) return { expr: literal(constant, span), shape: anyShape };
  const type = lowering.catalog.types.get(first.text);
  if (type === undefined) return undefined;
  if (!type.constants.has(second.text)) {
    lowering.source.error({
      code: "ACT-R024",
      at: second,
      summary: `\`${first.text}\` has no constant \`${second.text}\``,
      ...didYouMean(nearest(lowering.source, second.text, () => type.constants)),
    });
  }
  return { expr: literal(second.text, span), shape: { kind: "text" } };
}

/** The names that every rule has: `action`, `now`, `time.hour`, `env.NAME`, `data.…`; and documents that are globals. */
function aroundRules(words: readonly Word[], lowering: Lowering): Resolved | undefined {
  const [first, second] = words as readonly [Word, Word | undefined];
  const { source, data, catalog } = lowering;
  const span = spanOf(first, lowering);
  const at = { start: first.start, end: (second ?? first).end };
  switch (first.text) {
    case "action":
      return { operand: actionAt(span), count: 1 };
    case "now":
      return { operand: { expr: node({ kind: "now", as: "timestamp", span }), shape: anyShape }, count: 1 };
    case "time": {
      if (second === undefined) return undefined;
      const name = second.text.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      const part = timeParts.find((each) => each === name);
      const expr = part && node({ kind: "time", part, zone: undefined, span: spanOf(at, lowering) });
      return { operand: expr ? { expr, shape: anyShape } : unknownPart(second, lowering), count: 2 };
    }
    case "env":
      if (second === undefined) return undefined;
      return {
        operand: {
          expr: node({ kind: "env", name: second.text, missing: "null", span: spanOf(at, lowering) }),
          shape: anyShape,
        },
        count: 2,
      };
    default: {
      const isDocument = catalog.globals.has(first.text) && !implicitNames.includes(first.text);
      if (first.text !== "data" && !isDocument) return undefined;
      const path = [...(isDocument ? ["data"] : []), ...words.map(({ text }) => text)];
      const { expr, count } = configuredData(source, data, path, { start: first.start, end: words.at(-1)!.end });
      return { operand: { expr, shape: anyShape }, count: isDocument ? count - 1 : count };
    }
  }
}

function unknownPart(name: Word, lowering: Lowering): Operand {
  lowering.source.error({
    code: "ACT-R024",
    at: name,
    summary: `\`${name.text}\` is no part of the time`,
    ...(didYouMean(nearest(lowering.source, name.text, () => timeParts)) ?? {
      help: `known here: ${timeParts.join(", ")}`,
    }),
  });
  return unknown(name, lowering);
}

/** What to ask a name for that is no value by itself. */
const members: ReadonlyMap<string, string> = new Map([
  ["state", 'as in `state.seen(key, "5m")` or `state.counter(key, "1m") > 10`'],
  ["env", 'as in `env.REGION` or `env.circuitBreaker("slack").isOpen()`'],
  ["time", "as in `time.hour`"],
]);

function unknownName(name: Word, lowering: Lowering): Operand {
  const { fact, scope, source, catalog } = lowering;
  const help = members.get(name.text);
  if (help !== undefined) {
    source.error({ code: "ACT-R024", at: name, summary: `\`${name.text}\` is no value by itself`, help });
    return unknown(name, lowering);
  }
  const near = nearest(source, name.text, () => [
    ...(fact === undefined ? [] : (fieldNames(fact.shape) ?? [])),
    ...scope.names(),
    ...implicitNames,
    ...catalog.globals,
    ...catalog.types.keys(),
  ]);
  // A name with a dollar is never that of a field.
  const shape = name.text.startsWith("$") ? undefined : fact?.shape;
  const owner =
    shape?.kind === "action" ? "an action" : shape?.kind === "declared" ? `\`${shape.type.name}\`` : undefined;
  source.error({
    code: owner === undefined ? "ACT-R024" : shape?.kind === "action" ? "ACT-R020" : "ACT-R004",
    at: name,
    summary:
      owner === undefined ? `\`${name.text}\` is bound by nothing here` : `${owner} has no field \`${name.text}\``,
    label: owner === undefined ? "an unknown name" : `neither a field of ${owner} nor a name that is bound`,
    ...(near !== undefined && { ...didYouMean(near), fix: { at: name, text: near } }),
    ...(near === undefined &&
      shape?.kind === "action" && {
        help: `what the sender put into it lies below the payload: \`payload.${name.text}\``,
      }),
  });
  return unknown(name, lowering);
}
