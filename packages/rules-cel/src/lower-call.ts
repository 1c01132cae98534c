import { durationLiteral, didYouMean, node } from "@acteon/rules";
import type { Expr } from "@acteon/rules";
import { parseDuration, suggest } from "@acteon/core";
import { dottedName } from "./ast.ts";
import type { CelCall } from "./ast.ts";
import { globalFunctions, methods, namespaced } from "./functions.ts";
import { called, chosen, lowered } from "./lowering.ts";
import type { Lowering } from "./lowering.ts";
import { macroNames, variableOf } from "./macros.ts";
import type { CelMember } from "./names.ts";

export function lowerCall(call: CelCall, lowering: Lowering): Expr;
/** With the field that is selected from the call; `undefined`: the call is of no member that has one. */
export function lowerCall(call: CelCall, lowering: Lowering, facet: string): Expr | undefined;
export function lowerCall(call: CelCall, lowering: Lowering, facet?: string): Expr | undefined {
  const { target } = call;
  if (facet === undefined && target?.kind === "call" && call.args.length === 0) {
    const ofMember = lowerMember(target, lowering, `${call.name}()`, call);
    if (ofMember !== undefined) return ofMember;
  }
  const member = lowerMember(call, lowering, facet, call);
  if (member !== undefined || facet !== undefined) return member;
  const indexed = variableOf(call);
  if (indexed !== undefined) return node({ kind: "local", name: indexed, span: lowering.source.spanOf(call) });
  return target === undefined ? lowerGlobal(call, lowering) : lowerMethod(call, lowering);
}

/** `state.seen(…)` and its like: functions of names from around the expression. */
function lowerMember(call: CelCall, lowering: Lowering, facet: string | undefined, whole: CelCall): Expr | undefined {
  const { source, names, locals } = lowering;
  const path = call.target && dottedName(call.target);
  if (path === undefined || locals.has(path[0]!)) return undefined;
  const name = `${path.join(".")}.${call.name}`;
  const known = [...names.members].filter(([key]) => key.startsWith(`${path.join(".")}.`));
  const member = names.members.get(facet === undefined ? name : `${name} ${facet}`);
  if (member !== undefined) return ofMember(member, call, lowering, name, whole);
  const facets = [...names.members.keys()].filter((key) => key.startsWith(`${name} `)).map((key) => key.split(" ")[1]!);
  if (facets.length > 0) {
    source.error({
      code: "ACT-R013",
      at: facet === undefined ? call : { start: call.end, end: Math.max(call.end, whole.end) },
      summary: facet === undefined ? `\`${name}\` is no value by itself` : `\`${name}(…)\` has no \`${facet}\``,
      help: `ask it for ${facets.map((each) => `\`${each}\``).join(", ")}`,
    });
    return called(name, [], source.spanOf(call));
  }
  if (known.length === 0 || facet !== undefined) return undefined;
  const near = suggest(
    call.name,
    known.map(([key]) => key.split(" ")[0]!.split(".").at(-1)!),
  );
  source.error({
    code: "ACT-R013",
    at: { start: call.nameStart, end: call.nameEnd },
    summary: `there is no function \`${name}\``,
    label: "an unknown function",
    ...(near === undefined
      ? { help: `known here: ${known.map(([key]) => key.split(" ")[0]!).join(", ")}` }
      : { help: `did you mean \`${near}\`?`, fix: { at: { start: call.nameStart, end: call.nameEnd }, text: near } }),
  });
  return called(name, [], source.spanOf(call));
}

function ofMember(member: CelMember, call: CelCall, lowering: Lowering, name: string, whole: CelCall): Expr {
  const { source } = lowering;
  const [least, most] = member.arity;
  const args = call.args.map((arg) => lowered(arg, lowering));
  if (args.length >= least && args.length <= most) return member.make(args, source.spanOf(whole));
  source.error({
    code: "ACT-R013",
    at: call,
    summary: `\`${name}\` takes ${least === most ? least : `${least} or ${most}`} argument${most === 1 ? "" : "s"}`,
    label: `${args.length} given`,
  });
  return called(name, args, source.spanOf(call));
}

function lowerGlobal(call: CelCall, lowering: Lowering): Expr {
  const name = call.name.replace(/^\./, "");
  const args = call.args.map((arg) => lowered(arg, lowering));
  const span = lowering.source.spanOf(call);
  const [only] = args;
  if (name === "dyn" && only !== undefined && args.length === 1) return only;
  if (name === "duration" && args.length === 1) {
    const constant = durationOf(only);
    if (constant !== undefined) return constant;
  }
  const builtin = globalFunctions.get(name);
  if (builtin !== undefined) return called(builtin, args, span);
  const near = suggest(name, globals);
  const method = near === undefined ? suggest(name, methodNames) : undefined;
  const [first, ...others] = call.args.map(({ start, end }) => lowering.source.text.slice(start, end));
  reportUnknown(call, name, near, lowering, method && first && `${first}.${method}(${others.join(", ")})`);
  return called(name, args, span);
}

const globals: readonly string[] = [...globalFunctions.keys(), "has", "dyn"];
const methodNames: readonly string[] = [...methods.keys(), "or", "orValue", ...macroNames];

/** 10,000 years, as CEL has it. */
const maxDurationMs = 315_576_000_000_000;

/** Of a text such as `"5m"` the duration, known before the rule runs. */
export function durationOf(expr: Expr | undefined): Expr | undefined {
  if (expr?.kind !== "literal" || expr.type !== "string") return undefined;
  const parsed = parseDuration(expr.value);
  return parsed.kind === "parsed" && parsed.ms <= maxDurationMs ? durationLiteral(parsed.ms, expr.span) : undefined;
}

function lowerMethod(call: CelCall, lowering: Lowering): Expr {
  const { target, name } = call;
  const span = lowering.source.spanOf(call);
  const namespace = target?.kind === "name" && !lowering.locals.has(target.name) ? target.name : undefined;
  const ofNamespace = namespace === undefined ? undefined : namespaced.get(`${namespace}.${name}`);
  if (ofNamespace !== undefined) {
    return called(
      ofNamespace,
      call.args.map((arg) => lowered(arg, lowering)),
      span,
    );
  }
  const inNamespace = [...namespaced.keys()].filter((key) => key.startsWith(`${namespace}.`));
  if (inNamespace.length > 0) {
    const near = suggest(`${namespace}.${name}`, inNamespace);
    reportUnknown(call, `${namespace}.${name}`, near, lowering);
    return called(`${namespace}.${name}`, [], span);
  }
  if (!isMethod(name)) return unknownMethod(call, lowering);
  const args = [target!, ...call.args].map((arg) => lowered(arg, lowering));
  const [first, second] = args;
  if ((name === "or" || name === "orValue") && first !== undefined && second !== undefined && args.length === 2) {
    return lowerOr(name, first, second);
  }
  return called(methods.get(name) ?? name, args, span);
}

function isMethod(name: string): boolean {
  return methods.has(name) || name === "or" || name === "orValue";
}

/** What is wrong in its arguments is told, too; where a macro was meant, its variable is no mistake besides. */
function unknownMethod(call: CelCall, lowering: Lowering): Expr {
  const { target, name, args } = call;
  const near = suggest(name, methodNames);
  const [receiver = "", ...others] = [target!, ...args].map(({ start, end }) => lowering.source.text.slice(start, end));
  const isGlobal = near === undefined && globalFunctions.has(name);
  reportUnknown(call, name, near, lowering, isGlobal ? `${name}(${[receiver, ...others].join(", ")})` : undefined);
  const variable = near !== undefined && macroNames.includes(near) ? variableOf(args[0]) : undefined;
  const inside = variable === undefined ? lowering : { ...lowering, locals: new Set([...lowering.locals, variable]) };
  lowered(target!, lowering);
  for (const arg of args) lowered(arg, inside);
  return called(name, [], lowering.source.spanOf(call));
}

/** The other side is evaluated only where there is no value. */
function lowerOr(name: "or" | "orValue", optional: Expr, otherwise: Expr): Expr {
  const { span } = optional;
  const given: Expr = node({ kind: "local", name: "@optional", span });
  const value = name === "or" ? given : called("optionalValue", [given], span);
  const condition = called("hasValue", [given], span);
  return node({
    kind: "let",
    name: "@optional",
    value: optional,
    body: chosen(condition, value, otherwise, span),
    span,
  });
}

/** @param rewritten How the call is written, where that is what is wrong. */
function reportUnknown(
  call: CelCall,
  name: string,
  near: string | undefined,
  { source }: Lowering,
  rewritten?: string,
): void {
  const at = { start: call.nameStart, end: call.nameEnd };
  source.error({
    code: "ACT-R013",
    at,
    summary: `there is no function \`${name}\``,
    label: "an unknown function",
    ...didYouMean(near),
    ...(rewritten !== undefined && { help: `write \`${rewritten}\`` }),
    ...(near !== undefined && { fix: { at, text: near.split(".").at(-1)! } }),
  });
}
