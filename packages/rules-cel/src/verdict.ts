import { suggest } from "@acteon/core";
import { node, windowOf } from "@acteon/rules";
import type { Expr, Mutation, Verdict } from "@acteon/rules";
import type { Annotation, AnnotationArgument } from "./annotation.ts";
import { checkArguments, entriesOf, flagOf, jsonOf, missingArgument, textOf, wrong } from "./annotation-values.ts";
import type { LowerValue } from "./annotation-values.ts";
import { joinedText } from "./joined-text.ts";
import type { CelSource } from "./source.ts";

/** Verdicts of later work: they parse, and the load refuses them by name. */
const unbuiltVerdicts = ["state_machine", "group", "request_approval", "chain", "schedule"] as const;

interface Reading {
  readonly source: CelSource;
  readonly on: Annotation;
  readonly lower: LowerValue;
}

type Reader = (reading: Reading) => Verdict | undefined;

const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ["allow", (reading) => node({ kind: "allow", span: spanOf(known(reading, [])) })],
  [
    "deny",
    (reading) => node({ kind: "deny", reason: text(known(reading, ["reason"]), "reason"), span: spanOf(reading) }),
  ],
  ["suppress", suppress],
  ["deduplicate", deduplicate],
  ["throttle", throttle],
  ["reroute", reroute],
  ["modify", modify],
  ["custom", custom],
]);

/** The verdict that `@on(…)` names. `undefined`: there is none that can be understood; that was reported. */
export function readVerdict(source: CelSource, on: Annotation, lower: LowerValue): Verdict | undefined {
  const verdictNames = [...readers.keys()];
  if (on.word === undefined) {
    return missingArgument(
      source,
      on,
      "a verdict",
      "`@on`",
      `for example \`@on(suppress)\`: ${verdictNames.join(", ")}`,
    );
  }
  const { value: word } = on.word;
  if (word.kind !== "name") return wrong(source, "the verdict", word, `one of ${verdictNames.join(", ")}`);
  const reader = readers.get(word.name);
  if (reader !== undefined) return reader({ source, on, lower });
  const unbuilt = unbuiltVerdicts.find((kind) => kind === word.name);
  if (unbuilt !== undefined) {
    const params = [...on.args].map(([key, argument]) => [key, jsonOf(argument.value, source.text)] as const);
    return node({ kind: unbuilt, params: Object.fromEntries(params), span: source.spanOf(on) });
  }
  const near = suggest(word.name, [...verdictNames, ...unbuiltVerdicts]);
  source.error({
    code: "ACT-R008",
    at: word,
    summary: `unknown verdict \`${word.name}\``,
    label: "not a verdict",
    ...(near === undefined
      ? { help: `a verdict is one of ${verdictNames.join(", ")}` }
      : { help: `a verdict named \`${near}\` exists`, fix: { at: word, text: near } }),
  });
  return undefined;
}

function known(reading: Reading, keys: readonly string[]): Reading {
  const { source, on } = reading;
  const verdict = on.word?.value.kind === "name" ? on.word.value.name : "a verdict";
  checkArguments(source, on, `\`${verdict}\``, keys);
  return reading;
}

function spanOf({ source, on }: Reading) {
  return source.spanOf(on);
}

function value({ on, lower }: Reading, key: string): Expr | undefined {
  const argument = on.args.get(key);
  return argument && lower(argument.value);
}

function text(reading: Reading, key: string): Expr | undefined {
  const expr = value(reading, key);
  return expr && joinedText(expr);
}

function suppress(reading: Reading): Verdict {
  const { on } = known(reading, ["reason", "duration"]);
  const reason = text(reading, "reason");
  const duration = windowOf(value(reading, "duration"));
  return node({ kind: "suppress", reason, duration, span: reading.source.spanOf(on) });
}

function deduplicate(reading: Reading): Verdict {
  known(reading, ["key", "window"]);
  const key = text(reading, "key");
  return node({ kind: "deduplicate", key, ttl: windowOf(value(reading, "window")), span: spanOf(reading) });
}

function throttle(reading: Reading): Verdict | undefined {
  const { source, on } = known(reading, ["rate", "window"]);
  const limit = value(reading, "rate");
  const help = "so many actions pass in a window, as in `rate = 10`";
  if (limit === undefined) return missingArgument(source, on, "rate", "`throttle`", help);
  return node({ kind: "throttle", limit, window: windowOf(value(reading, "window")), span: spanOf(reading) });
}

function reroute(reading: Reading): Verdict | undefined {
  const { source, on } = known(reading, ["to"]);
  const to = text(reading, "to");
  const help = 'name the provider to use instead, as in `to = "slack-backup"`';
  if (to === undefined) return missingArgument(source, on, "to", "`reroute`", help);
  return node({ kind: "reroute", to, span: spanOf(reading) });
}

function custom(reading: Reading): Verdict | undefined {
  const { source, on, lower } = known(reading, ["handler", "params"]);
  const handler = on.args.get("handler");
  const help = "name a handler that the gateway was given";
  if (handler === undefined) return missingArgument(source, on, "handler", "`custom`", help);
  const name = textOf(source, "handler", handler);
  const params = entriesOf(source, "params", on.args.get("params")).map(([key, each]): [string, Expr] => [
    key,
    lower(each),
  ]);
  return name === undefined ? undefined : node({ kind: "custom", handler: name, params, span: spanOf(reading) });
}

/** `merge`, `set`, `remove` and `rename`, in the order in which they are written. */
function modify(reading: Reading): Verdict {
  const { source, on } = known(reading, ["merge", "set", "remove", "rename", "terminal"]);
  const mutations = [...on.args].flatMap(([key, argument]) => mutationsOf(reading, key, argument));
  const terminal = flagOf(source, "terminal", on.args.get("terminal")) ?? false;
  return node({ kind: "modify", mutations, terminal, span: spanOf(reading) });
}

function mutationsOf({ source, lower }: Reading, op: string, argument: AnnotationArgument): readonly Mutation[] {
  const at = argument.value;
  switch (op) {
    case "merge":
      return [node({ op, patch: lower(at), span: source.spanOf(at) })];
    case "set":
      return entriesOf(source, op, argument).map(([path, each]) =>
        node({ op, path: path.split("."), value: lower(each), span: source.spanOf(each) }),
      );
    case "rename":
      return entriesOf(source, op, argument).flatMap(([path, each]) => {
        const to = textOf(source, op, { ...argument, value: each });
        if (to === undefined) return [];
        return [node({ op, path: path.split("."), to: to.split("."), span: source.spanOf(each) })];
      });
    case "remove": {
      const items = at.kind === "list" ? at.items.map((item) => item.value) : [at];
      return items.flatMap((each) => {
        const path = textOf(source, op, { ...argument, value: each });
        return path === undefined ? [] : [node({ op, path: path.split("."), span: source.spanOf(each) })];
      });
    }
    default:
      return [];
  }
}
