import type { Extent, Findings } from "../diagnostics/findings.ts";
import { reportUnknownField } from "../diagnostics/unknown-field.ts";
import { node, windowOf } from "../ir/build.ts";
import type { Expr } from "../ir/expr.ts";
import type { Mutation, Verdict } from "../ir/verdict.ts";
import { verdictParams } from "./verdict-names.ts";
import type { VerdictName } from "./verdict-names.ts";

/** A verdict as languages write it whose parameters have names and are expressions. */
export interface NamedVerdict {
  readonly kind: VerdictName;
  readonly at: Extent;
  /** In the order in which they are written. */
  readonly params: ReadonlyMap<string, NamedParam>;
  readonly findings: Pick<Findings, "error" | "spanOf">;
  /** How the language writes a parameter: `rate = 10`. */
  readonly written: (key: string, value: string) => string;
  /** The last that is done to each value: what the language makes of a text, for example. */
  readonly finish: (value: Expr, key: string) => Expr;
}

export interface NamedParam {
  /** Of its name. */
  readonly at: Extent;
  /** `undefined`: it could not be read, which was reported. */
  readonly value: Expr | undefined;
}

/** `undefined`: it cannot be understood, which was reported. */
export function readNamedVerdict(named: NamedVerdict): Verdict | undefined {
  const { kind, at, params, findings } = named;
  for (const [key, param] of params) {
    const known: readonly string[] = verdictParams[kind];
    if (!known.includes(key)) reportUnknownField(findings, key, { at: param.at, of: `\`${kind}\``, known });
  }
  const span = findings.spanOf(at);
  switch (kind) {
    case "allow":
      return node({ kind, span });
    case "deny":
      return node({ kind, reason: valueOf("reason", named), span });
    case "deduplicate":
      return node({ kind, key: valueOf("key", named), ttl: windowOf(valueOf("window", named)), span });
    case "suppress": {
      const duration = windowOf(valueOf("duration", named));
      return node({ kind, reason: valueOf("reason", named), duration, span });
    }
    case "reroute": {
      const to = neededValue(
        "to",
        `name the provider to use instead, as in \`${named.written("to", '"slack-backup"')}\``,
        named,
      );
      return to && node({ kind, to, span });
    }
    case "throttle": {
      const limit = neededValue(
        "rate",
        `so many actions pass in a window, as in \`${named.written("rate", "10")}\``,
        named,
      );
      return limit && node({ kind, limit, window: windowOf(valueOf("window", named)), span });
    }
    case "modify":
      return readModify(named);
    case "custom":
      return readCustom(named);
  }
}

function valueOf(key: string, { params, finish }: NamedVerdict): Expr | undefined {
  const value = params.get(key)?.value;
  return value && finish(value, key);
}

function neededValue(key: string, help: string, named: NamedVerdict): Expr | undefined {
  if (!named.params.has(key)) reportMissing(key, help, named);
  return valueOf(key, named);
}

/** `merge`, `set`, `remove` and `rename`, in the order in which they are written. */
function readModify(named: NamedVerdict): Verdict {
  const { at, params, findings } = named;
  const mutations = [...params].flatMap(([key, { value }]) =>
    value === undefined ? [] : mutationsOf(key, value, named),
  );
  const terminal = params.get("terminal")?.value;
  const isFlag = terminal?.kind === "literal" && terminal.type === "bool";
  if (terminal !== undefined && !isFlag) reportWrong("terminal", "`true` or `false`", terminal, named);
  return node({ kind: "modify", mutations, terminal: isFlag && terminal.value, span: findings.spanOf(at) });
}

function mutationsOf(op: string, value: Expr, named: NamedVerdict): readonly Mutation[] {
  switch (op) {
    case "merge":
      return [node({ op, patch: named.finish(value, op), span: value.span })];
    case "set":
      return entriesOf(op, value, named).map(([path, each]) =>
        node({ op, path: path.split("."), value: named.finish(each, op), span: each.span }),
      );
    case "rename":
      return entriesOf(op, value, named).flatMap(([path, each]) => {
        const to = textOf(op, each, named);
        return to === undefined ? [] : [node({ op, path: path.split("."), to: to.split("."), span: each.span })];
      });
    case "remove":
      return (value.kind === "list" ? value.items : [value]).flatMap((each) => {
        const path = textOf(op, each, named);
        return path === undefined ? [] : [node({ op, path: path.split("."), span: each.span })];
      });
    default:
      return [];
  }
}

function readCustom(named: NamedVerdict): Verdict | undefined {
  const { at, params, findings } = named;
  if (!params.has("handler")) reportMissing("handler", "name a handler that the gateway was given", named);
  const name = params.get("handler")?.value;
  const handler = name && textOf("handler", name, named);
  const given = params.get("params")?.value;
  const entries = given === undefined ? [] : entriesOf("params", given, named);
  const values = entries.map(([key, each]) => [key, named.finish(each, "params")] as const);
  return handler === undefined
    ? undefined
    : node({ kind: "custom", handler, params: values, span: findings.spanOf(at) });
}

/** The entries of a map that is written out, with texts for keys. */
function entriesOf(key: string, value: Expr, named: NamedVerdict): readonly (readonly [string, Expr])[] {
  if (value.kind !== "map") {
    reportWrong(key, `names with values, as in \`${named.written(key, '{"name": …}')}\``, value, named);
    return [];
  }
  return value.entries.flatMap(([name, each]) => {
    const text = textOf(`a key of ${key}`, name, named);
    return text === undefined ? [] : [[text, each] as const];
  });
}

/** A text that stands there as it is; anything else is reported. */
function textOf(key: string, value: Expr, named: NamedVerdict): string | undefined {
  if (value.kind === "literal" && value.type === "string") return value.value;
  reportWrong(key, 'text, as in `"…"`', value, named);
  return undefined;
}

function reportWrong(key: string, expected: string, { span }: Expr, { findings }: NamedVerdict): void {
  const at = { start: span.start.offset, end: span.end.offset };
  findings.error({ code: "ACT-R006", at, summary: `\`${key}\` must be ${expected}`, label: `expected ${expected}` });
}

function reportMissing(key: string, help: string, { kind, at, findings }: NamedVerdict): void {
  const label = `\`${key}\` is missing`;
  findings.error({ code: "ACT-R005", at, summary: `\`${kind}\` needs \`${key}\``, label, help });
}
