import { node, windowOf } from "@acteon/rules";
import type { Expr, UnbuiltVerdict, Verdict } from "@acteon/rules";
import type { JsonValue, Span } from "@acteon/core";
import { nearest } from "../source.ts";
import type { DrlRule } from "../syntax/ast.ts";
import type { DrlExpr } from "../syntax/ast-expression.ts";
import type { DrlAct, DrlActCall } from "../syntax/parse-consequence.ts";
import { keyOf } from "./joined.ts";
import { spanOf } from "./lowering.ts";
import { readModify } from "./modify.ts";
import { valueIn } from "./reading.ts";
import type { Reading } from "./reading.ts";

interface Form {
  readonly arity: readonly [least: number, most: number];
  /** How it is written. */
  readonly example: string;
  readonly read: (call: DrlActCall, reading: Reading) => Verdict | undefined;
}

const forms: ReadonlyMap<string, Form> = new Map<string, Form>([
  ["allow", { arity: [0, 0], example: "allow()", read: ofValues((_, span) => node({ kind: "allow", span })) }],
  [
    "deny",
    {
      arity: [0, 1],
      example: 'deny("reason")',
      read: ofValues(([reason], span) => node({ kind: "deny", reason, span })),
    },
  ],
  [
    "deduplicate",
    {
      arity: [0, 2],
      example: 'deduplicate(key, "5m")',
      read: ofValues(([key, ttl], span) =>
        node({ kind: "deduplicate", key: key && keyOf(key), ttl: windowOf(ttl), span }),
      ),
    },
  ],
  [
    "suppress",
    {
      arity: [0, 2],
      example: 'suppress("reason")',
      read: ofValues(([reason, duration], span) =>
        node({ kind: "suppress", reason, duration: windowOf(duration), span }),
      ),
    },
  ],
  [
    "throttle",
    {
      arity: [1, 2],
      example: 'throttle(10, "1m")',
      read: ofValues(([limit, window], span) =>
        node({ kind: "throttle", limit: limit!, window: windowOf(window), span }),
      ),
    },
  ],
  [
    "reroute",
    {
      arity: [1, 1],
      example: 'reroute("provider")',
      read: ofValues(([to], span) => node({ kind: "reroute", to: to!, span })),
    },
  ],
  ["custom", { arity: [1, 2], example: 'custom("handler", ["name": value])', read: readCustom }],
  ["modify", { arity: [1, 2], example: 'modify($a) { payload.severity = "low" }', read: readModify }],
]);

function ofValues(make: (values: readonly Expr[], span: Span) => Verdict): Form["read"] {
  return (call, reading) => {
    const values = call.args.map((arg) => valueIn(arg, reading));
    return make(values, spanOf(call, reading.lowering));
  };
}

/** Verdicts of later work: they parse, and the load refuses them by name. */
const unbuilt: ReadonlyMap<string, UnbuiltVerdict["kind"]> = new Map<string, UnbuiltVerdict["kind"]>([
  ["stateMachine", "state_machine"],
  ["group", "group"],
  ["requestApproval", "request_approval"],
  ["chain", "chain"],
  ["schedule", "schedule"],
]);

const verdictNames: readonly string[] = [...forms.keys()];

/** What a right-hand side may call. */
export function isVerdict(name: string): boolean {
  return forms.has(name) || unbuilt.has(name);
}

/** The verdict of a rule; `undefined`: there is none that can be understood, which was reported. */
export function readVerdict(rule: DrlRule, acts: readonly DrlAct[], reading: Reading): Verdict | undefined {
  const { source } = reading.lowering;
  const verdicts = acts.flatMap((act) => {
    if (act.kind === "java") reportJava(act, reading);
    return act.kind === "call" ? (verdictOf(act, reading) ?? []) : [];
  });
  if (acts.length === 0) {
    source.error({
      code: "ACT-R005",
      at: rule.name,
      summary: "a rule needs a verdict",
      label: "nothing stands behind `then`, and no rule extends this one",
      help: `for example \`suppress("reason");\`: ${verdictNames.join(", ")}`,
    });
  }
  const [first, ...others] = verdicts;
  if (first?.kind === "modify" && others.every((other) => other.kind === "modify")) {
    return node({ ...first, mutations: [first, ...others].flatMap(({ mutations }) => mutations) });
  }
  const second = acts.filter((act) => act.kind === "call")[1];
  if (others.length > 0 && second !== undefined) {
    source.error({
      code: "ACT-R004",
      at: second,
      summary: "a rule has one verdict",
      help: "another verdict is another rule: it may say `extends` and the name of this one",
    });
  }
  return first;
}

/** Java, and calls of what is nearly a verdict. */
function reportJava(act: Extract<DrlAct, { kind: "java" }>, { lowering: { source } }: Reading): void {
  const near = nearest(source, act.name, () => verdictNames);
  if (near !== undefined) {
    const fix = { at: act, text: near };
    source.error({
      code: "ACT-R008",
      at: act,
      summary: `unknown verdict \`${act.name}\``,
      label: "not a verdict",
      help: `a verdict named \`${near}\` exists`,
      fix,
    });
    return;
  }
  source.error({
    code: "ACT-R030",
    at: act,
    summary: factCalls.has(act.name)
      ? `DRL_RHS_UNSUPPORTED: \`${act.name}\` of a fact, of which there is only the action`
      : `DRL_RHS_UNSUPPORTED: \`${act.name}\` is Java, which a right-hand side does not have`,
    label: "not a verdict",
    help: `behind \`then\` stand verdicts: ${[...forms.values()].map(({ example }) => `\`${example}\``).join(", ")}`,
  });
}

const factCalls: ReadonlySet<string> = new Set(["insert", "insertLogical", "update", "retract", "delete"]);

function verdictOf(call: DrlActCall, reading: Reading): Verdict | undefined {
  const { name, args } = call;
  const { source } = reading.lowering;
  const span = spanOf(call, reading.lowering);
  const kind = unbuilt.get(name.text);
  if (kind !== undefined) {
    const params = Object.fromEntries(
      args.map((arg, i): [string, JsonValue] => [String(i), source.text.slice(arg.start, arg.end)]),
    );
    return node({ kind, params, span });
  }
  const form = forms.get(name.text)!;
  const [least, most] = form.arity;
  const isWrong = args.length < least || args.length > most || (call.changes !== undefined && name.text !== "modify");
  if (isWrong) {
    source.error({
      code: "ACT-R013",
      at: call,
      summary: `\`${name.text}\` cannot be called so`,
      label: `${args.length} argument${args.length === 1 ? "" : "s"} given`,
      help: `for example \`${form.example}\``,
    });
    return undefined;
  }
  return form.read(call, reading);
}

function readCustom(call: DrlActCall, reading: Reading): Verdict | undefined {
  const [handler, params] = call.args;
  const { source } = reading.lowering;
  if (handler?.kind !== "literal" || handler.type !== "string") {
    source.error({
      code: "ACT-R006",
      at: handler ?? call,
      summary: "the handler must be text",
      label: 'as in `"handler"`',
    });
    return undefined;
  }
  if (params !== undefined && params.kind !== "map") {
    source.error({ code: "ACT-R006", at: params, summary: 'the parameters must be a map, as in `["name": value]`' });
    return undefined;
  }
  const entries = (params?.entries ?? []).flatMap(([key, value]): [string, Expr][] => {
    const name = textOf(key);
    if (name !== undefined) return [[name, valueIn(value, reading)]];
    source.error({ code: "ACT-R006", at: key, summary: "the name of a parameter must be text" });
    return [];
  });
  return node({ kind: "custom", handler: handler.value, params: entries, span: spanOf(call, reading.lowering) });
}

/** A text that stands there as it is. */
function textOf(expr: DrlExpr): string | undefined {
  return expr.kind === "literal" && expr.type === "string" ? expr.value : undefined;
}
