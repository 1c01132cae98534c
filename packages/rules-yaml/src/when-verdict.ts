import { durationLiteral, literal, node } from "@acteon/rules";
import type { Expr, Mutation, Verdict } from "@acteon/rules";

import type { Extent, Findings } from "./findings.ts";
import { checkKeys, entryOf, missingKey, renamed } from "./keys.ts";
import type { Hint } from "./keys.ts";
import { nearestName } from "./nearest-name.ts";
import { templateOf } from "./template.ts";
import type { TemplateUse } from "./template.ts";
import { durationMsOf, integerOf, jsonOf, mapOf, textOf, textsOf, wrongType } from "./values.ts";
import { exprOf, whole } from "./when-value.ts";
import type { YamlEntry, YamlMap, YamlNode } from "./yaml-node.ts";

/** Verdicts of later work: they parse, and the load refuses them by name. */
export const unbuiltVerdicts = ["state_machine", "group", "request_approval", "chain", "schedule"] as const;

type Reader = (findings: Findings, params: YamlMap, span: Extent) => Verdict | undefined;

const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  [
    "allow",
    (findings, params, at) => {
      checkParams(findings, params, "allow", []);
      return node({ kind: "allow", span: findings.spanOf(at) });
    },
  ],
  [
    "deny",
    (findings, params, at) => {
      checkParams(findings, params, "deny", ["reason"]);
      return node({ kind: "deny", reason: textParam(findings, params, "reason", "text"), span: findings.spanOf(at) });
    },
  ],
  ["suppress", suppress],
  ["deduplicate", deduplicate],
  ["throttle", throttle],
  ["reroute", reroute],
  ["modify", modify],
  ["custom", custom],
]);

/** The names of the verdicts that a rule can have. */
export const verdictNames: readonly string[] = [...readers.keys()];

/** What stands under `then`: the name of one verdict, or a mapping from it to its parameters. */
export function whenVerdict(findings: Findings, then: YamlEntry): Verdict | undefined {
  const { value } = then;
  if (value.kind === "scalar" && typeof value.value === "string") {
    return verdictOf(findings, value.value, value, { kind: "map", entries: [], start: value.start, end: value.end });
  }
  if (value.kind !== "map") return wrongType(findings, "then", value, "a verdict such as `suppress: { reason: … }`");
  const [verdict, second] = value.entries;
  if (verdict === undefined)
    return missingKey(findings, value, "suppress", "`then`", `a verdict is one of ${verdictNames.join(", ")}`);
  if (second !== undefined) {
    findings.error({
      code: "ACT-R008",
      at: { start: second.keyStart, end: second.keyEnd },
      summary: "two verdicts in one rule",
      label: "the second",
      related: { at: { start: verdict.keyStart, end: verdict.keyEnd }, text: "the first" },
      help: "a rule has one verdict: parameters stand one level deeper, another verdict is another rule",
    });
    return undefined;
  }
  const at = { start: verdict.keyStart, end: verdict.keyEnd };
  const params = paramsOf(findings, verdict);
  return params && verdictOf(findings, verdict.key, at, params);
}

/** `allow:` and `allow: {}` alike. */
function paramsOf(findings: Findings, verdict: YamlEntry): YamlMap | undefined {
  const { value, keyStart, keyEnd } = verdict;
  const isNothing = value.kind === "scalar" && value.value === null;
  if (isNothing || (value.kind === "map" && value.entries.length === 0)) {
    return { kind: "map", entries: [], start: keyStart, end: keyEnd };
  }
  return mapOf(findings, verdict);
}

function verdictOf(findings: Findings, name: string, at: Extent, params: YamlMap): Verdict | undefined {
  const reader = readers.get(name);
  if (reader !== undefined) return reader(findings, params, { start: at.start, end: Math.max(at.end, params.end) });
  const unbuilt = unbuiltVerdicts.find((kind) => kind === name);
  if (unbuilt !== undefined) {
    const values = Object.fromEntries(params.entries.map(({ key, value }) => [key, jsonOf(value)]));
    return node({ kind: unbuilt, params: values, span: findings.spanOf(at) });
  }
  const near = nearestName(name, [...verdictNames, ...unbuiltVerdicts]);
  findings.error({
    code: "ACT-R008",
    at,
    summary: `unknown verdict \`${name}\``,
    label: "not a verdict",
    ...(near === undefined
      ? { help: `a verdict is one of ${verdictNames.join(", ")}` }
      : { help: `a verdict named \`${near}\` exists`, fix: { at, text: near } }),
  });
  return undefined;
}

function suppress(findings: Findings, params: YamlMap, at: Extent): Verdict | undefined {
  checkParams(findings, params, "suppress", ["reason", "duration"]);
  const reason = textParam(findings, params, "reason", "text");
  const duration = durationParam(findings, params, "duration");
  return node({ kind: "suppress", reason, duration, span: findings.spanOf(at) });
}

function deduplicate(findings: Findings, params: YamlMap, at: Extent): Verdict | undefined {
  checkParams(findings, params, "deduplicate", ["key", "window"]);
  const key = textParam(findings, params, "key", "key");
  const ttl = durationParam(findings, params, "window");
  return node({ kind: "deduplicate", key, ttl, span: findings.spanOf(at) });
}

function throttle(findings: Findings, params: YamlMap, at: Extent): Verdict | undefined {
  checkParams(findings, params, "throttle", ["rate", "window"]);
  const rate = entryOf(params, "rate");
  if (rate === undefined)
    return missingKey(findings, params, "rate", "`throttle`", "so many actions pass in a window, as in `rate: 10`");
  const limit = integerOf(findings, rate, { min: 0, max: Number.MAX_SAFE_INTEGER });
  const window = durationParam(findings, params, "window");
  if (limit === undefined) return undefined;
  return node({
    kind: "throttle",
    limit: literal(limit, findings.spanOf(rate.value)),
    window,
    span: findings.spanOf(at),
  });
}

function reroute(findings: Findings, params: YamlMap, at: Extent): Verdict | undefined {
  checkParams(findings, params, "reroute", ["to"]);
  if (entryOf(params, "to") === undefined)
    return missingKey(
      findings,
      params,
      "to",
      "`reroute`",
      "name the provider to use instead, as in `to: slack-backup`",
    );
  const to = textParam(findings, params, "to", "key");
  return to && node({ kind: "reroute", to, span: findings.spanOf(at) });
}

function custom(findings: Findings, params: YamlMap, at: Extent): Verdict | undefined {
  checkParams(findings, params, "custom", ["handler", "params"]);
  const handler = entryOf(params, "handler");
  if (handler === undefined)
    return missingKey(findings, params, "handler", "`custom`", "name a handler that the gateway was given");
  const name = textOf(findings, handler);
  const entry = entryOf(params, "params");
  const given = entry === undefined ? undefined : mapOf(findings, entry);
  const values = whole((given?.entries ?? []).map(({ value }) => exprOf(findings, value)));
  if (name === undefined || values === undefined) return undefined;
  const named = values.map((value, i): [string, Expr] => [given?.entries[i]?.key as string, value]);
  return node({ kind: "custom", handler: name, params: named, span: findings.spanOf(at) });
}

const changes = ["merge", "set", "remove", "rename"];

/** The changes in the order in which they are written; paths begin inside the payload. */
function modify(findings: Findings, params: YamlMap, at: Extent): Verdict | undefined {
  checkParams(findings, params, "modify", changes);
  const written = params.entries.filter(({ key }) => changes.includes(key));
  if (written.length === 0)
    return missingKey(findings, params, "set", "`modify`", `what changes stands under ${changes.join(", ")}`);
  const mutations = whole(written.flatMap((entry) => mutationsOf(findings, entry)));
  return mutations && node({ kind: "modify", mutations, terminal: false, span: findings.spanOf(at) });
}

function mutationsOf(findings: Findings, entry: YamlEntry): (Mutation | undefined)[] {
  const span = findings.spanOf({ start: entry.keyStart, end: entry.value.end });
  if (entry.key === "merge") {
    const patch = exprOf(findings, entry.value);
    return [patch && node({ op: "merge", patch, span })];
  }
  if (entry.key === "remove") {
    const paths = textsOf(findings, entry);
    return paths === undefined
      ? [undefined]
      : paths.map((text) => {
          const path = payloadPath(findings, text, entry.value);
          return path && node({ op: "remove", path, span });
        });
  }
  const map = mapOf(findings, entry);
  if (map === undefined) return [undefined];
  return map.entries.map((change) => {
    const path = payloadPath(findings, change.key, { start: change.keyStart, end: change.keyEnd });
    if (entry.key === "set") {
      const value = exprOf(findings, change.value);
      return path && value && node({ op: "set", path, value, span });
    }
    const newName = textOf(findings, change);
    const to = newName === undefined ? undefined : payloadPath(findings, newName, change.value);
    return path && to && node({ op: "rename", path, to, span });
  });
}

/** `labels.team`: keys below the payload. Paths that a modification must not touch are the compiler's to refuse. */
function payloadPath(findings: Findings, text: string, at: YamlNode | Extent): readonly string[] | undefined {
  const prefix = /^(?:action\.)?payload\./.exec(text)?.[0];
  if (prefix === undefined) return text.split(".");
  findings.error({
    code: "ACT-R017",
    at,
    summary: `\`${text}\` begins outside the payload`,
    help: `paths of \`modify\` begin inside it: write \`${text.slice(prefix.length)}\``,
  });
  return undefined;
}

function checkParams(findings: Findings, params: YamlMap, verdict: string, known: readonly string[]): void {
  checkKeys(findings, params, { of: `\`${verdict}\``, known, hints: paramHints, unknown: "error" });
}

/** What the existing dialect calls these. */
const paramHints: ReadonlyMap<string, Hint> = new Map<string, Hint>([
  ["ttl_seconds", { help: "write `window: 5m`" }],
  ["window_seconds", { help: "write `window: 1m`" }],
  ["max_count", renamed("parameter", "rate")],
  ["target_provider", renamed("parameter", "to")],
  ["changes", renamed("parameter", "merge")],
]);

function textParam(findings: Findings, params: YamlMap, name: string, use: TemplateUse): Expr | undefined {
  const entry = entryOf(params, name);
  if (entry === undefined || entry.value.kind !== "scalar")
    return entry && wrongType(findings, name, entry.value, "text");
  const text = textOf(findings, entry);
  return text === undefined ? undefined : templateOf(findings, entry.value, text, use);
}

function durationParam(findings: Findings, params: YamlMap, name: string): Expr | undefined {
  const entry = entryOf(params, name);
  const ms = entry && durationMsOf(findings, entry);
  return entry === undefined || ms === undefined ? undefined : durationLiteral(ms, findings.spanOf(entry.value));
}
