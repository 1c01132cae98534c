import { parseDuration, suggest } from "@acteon/core";
import type { Span } from "@acteon/core";
import { didYouMean, durationLiteral, node } from "@acteon/rules";
import type { Expr, Extent, Findings, Mutation, Verdict } from "@acteon/rules";
import { keyOf } from "../lower/state-key.ts";

/** What a verdict takes, and which of it a value that is text says. */
export const verdictParams: ReadonlyMap<string, { readonly params: readonly string[]; readonly text?: string }> =
  new Map([
    ["allow", { params: [] }],
    ["deny", { params: ["reason"], text: "reason" }],
    ["suppress", { params: ["reason", "duration"], text: "reason" }],
    ["deduplicate", { params: ["key", "window"], text: "key" }],
    ["throttle", { params: ["rate", "window"] }],
    ["reroute", { params: ["to"], text: "to" }],
    ["modify", { params: ["merge", "set", "remove", "rename", "terminal"] }],
    ["custom", { params: ["handler", "params"] }],
  ]);

/** Verdicts of later work: they are understood, and the load refuses them by name. */
export const unbuiltVerdicts = ["state_machine", "group", "request_approval", "chain", "schedule"] as const;

/** The verdict that the name of a rule begins with: `deny`, `deny_…`. */
export function verdictOfName(name: string): string | undefined {
  return [...verdictParams.keys(), ...unbuiltVerdicts].find(
    (verdict) => name === verdict || name.startsWith(`${verdict}_`),
  );
}

export interface VerdictSource {
  readonly findings: Findings;
  readonly at: Extent;
  readonly params: ReadonlyMap<string, Expr>;
  /** Makes a value of its own of an expression with variables of the body. */
  readonly closed: (expr: Expr) => Expr;
}

/** `undefined`: it cannot be understood, which was reported. */
export function readVerdict(kind: string, source: VerdictSource): Verdict | undefined {
  const { findings, at, params, closed } = source;
  const span = findings.spanOf(at);
  const unbuilt = unbuiltVerdicts.find((verdict) => verdict === kind);
  if (unbuilt !== undefined) return node({ kind: unbuilt, params: {}, span });
  const known = verdictParams.get(kind);
  if (known === undefined) return unknownVerdict(kind, source);
  for (const key of params.keys()) if (!known.params.includes(key)) reportUnknown(key, kind, known.params, source);
  const value = (key: string): Expr | undefined => {
    const expr = params.get(key);
    return expr && closed(expr);
  };
  switch (kind) {
    case "allow":
      return node({ kind, span });
    case "deny":
      return node({ kind, reason: value("reason"), span });
    case "suppress":
      return node({ kind, reason: value("reason"), duration: windowOf(value("duration"), source), span });
    case "deduplicate": {
      const key = value("key");
      return node({ kind, key: key && keyOf(key), ttl: windowOf(value("window"), source), span });
    }
    case "throttle": {
      const limit = value("rate");
      if (limit === undefined) return missing("rate", kind, "so many actions pass in a window", source);
      return node({ kind, limit, window: windowOf(value("window"), source), span });
    }
    case "reroute": {
      const to = value("to");
      return to === undefined
        ? missing("to", kind, "name the provider to use instead", source)
        : node({ kind, to, span });
    }
    case "modify":
      return readModify(source, span);
    default:
      return readCustom(source, span);
  }
}

function windowOf(window: Expr | undefined, { findings, at }: VerdictSource): Expr | undefined {
  if (window?.kind !== "literal" || window.type !== "string") return window;
  const parsed = parseDuration(window.value);
  if (parsed.kind === "parsed") return durationLiteral(parsed.ms, window.span);
  findings.error({
    code: "ACT-R019",
    at,
    summary: `\`${window.value}\` is no duration`,
    help: "durations read `30s`, `5m`, `1h30m`",
  });
  return window;
}

function readModify(source: VerdictSource, span: Span): Verdict | undefined {
  const { params, closed } = source;
  const mutations: Mutation[] = [];
  const merge = params.get("merge");
  if (merge !== undefined) mutations.push(node({ op: "merge", patch: closed(merge), span }));
  for (const [path, value] of entriesOf("set", source)) {
    mutations.push(node({ op: "set", path: path.split("."), value: closed(value), span: value.span }));
  }
  const removed = params.get("remove");
  for (const item of removed?.kind === "list" ? removed.items : removed === undefined ? [] : [removed]) {
    const path = textOf("remove", item, source);
    if (path !== undefined) mutations.push(node({ op: "remove", path: path.split("."), span: item.span }));
  }
  for (const [path, value] of entriesOf("rename", source)) {
    const to = textOf("rename", value, source);
    if (to !== undefined)
      mutations.push(node({ op: "rename", path: path.split("."), to: to.split("."), span: value.span }));
  }
  if (mutations.length === 0)
    return missing("merge", "modify", "or `set`, `remove`, `rename`: what is to be changed", source);
  const terminal = params.get("terminal");
  return node({ kind: "modify", mutations, terminal: terminal?.kind === "literal" && terminal.value === true, span });
}

function readCustom(source: VerdictSource, span: Span): Verdict | undefined {
  const handler = source.params.get("handler");
  if (handler === undefined) return missing("handler", "custom", "name a handler that the gateway was given", source);
  const name = textOf("handler", handler, source);
  if (name === undefined) return undefined;
  const params = entriesOf("params", source).map(([key, value]) => [key, source.closed(value)] as const);
  return node({ kind: "custom", handler: name, params, span });
}

/** The entries of a map whose keys are written out. */
function entriesOf(key: string, source: VerdictSource): readonly (readonly [string, Expr])[] {
  const expr = source.params.get(key);
  if (expr === undefined) return [];
  if (expr.kind !== "map") {
    wrong(key, "an object", source);
    return [];
  }
  return expr.entries.flatMap(([name, value]) => {
    const text = textOf(key, name, source);
    return text === undefined ? [] : [[text, value] as const];
  });
}

function textOf(key: string, expr: Expr, source: VerdictSource): string | undefined {
  if (expr.kind === "literal" && expr.type === "string") return expr.value;
  wrong(key, "text that is written out", source);
  return undefined;
}

function wrong(key: string, expected: string, { findings, at }: VerdictSource): void {
  findings.error({ code: "ACT-R006", at, summary: `\`${key}\` must be ${expected}` });
}

function missing(key: string, kind: string, help: string, { findings, at }: VerdictSource): undefined {
  findings.error({
    code: "ACT-R005",
    at,
    summary: `\`${kind}\` needs \`${key}\``,
    label: `\`${key}\` is missing`,
    help,
  });
}

function unknownVerdict(kind: string, { findings, at }: VerdictSource): undefined {
  const near = suggest(kind, [...verdictParams.keys(), ...unbuiltVerdicts]);
  const help = `a verdict is one of ${[...verdictParams.keys()].join(", ")}`;
  findings.error({ code: "ACT-R008", at, summary: `unknown verdict \`${kind}\``, help, ...didYouMean(near) });
}

function reportUnknown(key: string, kind: string, known: readonly string[], { findings, at }: VerdictSource): void {
  const near = suggest(key, known);
  const help = known.length === 0 ? "it takes nothing" : `known here: ${known.join(", ")}`;
  findings.error({
    code: "ACT-R004",
    at,
    summary: `unknown field \`${key}\``,
    label: `not a field of \`${kind}\``,
    help,
    ...didYouMean(near),
  });
}
