import { literal, node, reportUnknownVerdict, unbuiltVerdicts, verdictNames } from "@acteon/rules";
import type { Expr, Extent, Findings, Verdict } from "@acteon/rules";

import { entryOf, keyOf, missingKey } from "./keys.ts";
import { integerOf, jsonOf, mapOf, textOf, wrongType } from "./values.ts";
import { checkParams, durationParam, textParam } from "./verdict-params.ts";
import { modify } from "./when-modify.ts";
import { exprOf, whole } from "./when-value.ts";
import type { YamlEntry, YamlMap } from "./yaml-node.ts";

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
      return node({ kind: "deny", reason: textParam(findings, params, "reason", "value"), span: findings.spanOf(at) });
    },
  ],
  ["suppress", suppress],
  ["deduplicate", deduplicate],
  ["throttle", throttle],
  ["reroute", reroute],
  ["modify", modify],
  ["custom", custom],
]);

/** What stands under `then`: the name of one verdict, or a mapping from it to its parameters. */
export function whenVerdict(findings: Findings, then: YamlEntry): Verdict | undefined {
  const { value } = then;
  if (value.kind === "scalar" && typeof value.value === "string") {
    return verdictOf(findings, value.value, value, { kind: "map", entries: [], start: value.start, end: value.end });
  }
  if (value.kind !== "map") return wrongType(findings, "then", value, "a verdict such as `suppress: { reason: … }`");
  const [verdict, second] = value.entries;
  if (verdict === undefined) {
    return wrongType(findings, "then", value, `one of ${verdictNames.join(", ")}`);
  }
  if (second !== undefined) {
    findings.error({
      code: "ACT-R008",
      at: keyOf(second),
      summary: "two verdicts in one rule",
      label: "the second",
      related: { at: keyOf(verdict), text: "the first" },
      help: "a rule has one verdict: parameters stand one level deeper, another verdict is another rule",
    });
    return undefined;
  }
  const params = paramsOf(findings, verdict);
  return params && verdictOf(findings, verdict.key, keyOf(verdict), params);
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
  return reportUnknownVerdict(findings, name, at);
}

function suppress(findings: Findings, params: YamlMap, at: Extent): Verdict | undefined {
  checkParams(findings, params, "suppress", ["reason", "duration"]);
  const reason = textParam(findings, params, "reason", "value");
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
  const help = "so many actions pass in a window, as in `rate: 10`";
  const rate = entryOf(params, "rate") ?? missingKey(findings, params, "rate", "`throttle`", help);
  const count = rate && integerOf(findings, rate, { min: 0, max: Number.MAX_SAFE_INTEGER });
  const window = durationParam(findings, params, "window");
  if (rate === undefined || count === undefined) return undefined;
  const limit = literal(count, findings.spanOf(rate.value));
  return node({ kind: "throttle", limit, window, span: findings.spanOf(at) });
}

function reroute(findings: Findings, params: YamlMap, at: Extent): Verdict | undefined {
  checkParams(findings, params, "reroute", ["to"]);
  const help = "name the provider to use instead, as in `to: slack-backup`";
  if (entryOf(params, "to") === undefined) return missingKey(findings, params, "to", "`reroute`", help);
  const to = textParam(findings, params, "to", "key");
  return to && node({ kind: "reroute", to, span: findings.spanOf(at) });
}

function custom(findings: Findings, params: YamlMap, at: Extent): Verdict | undefined {
  checkParams(findings, params, "custom", ["handler", "params"]);
  const help = "name a handler that the gateway was given";
  const entry = entryOf(params, "handler") ?? missingKey(findings, params, "handler", "`custom`", help);
  const handler = entry && textOf(findings, entry);
  const given = entryOf(params, "params");
  const named = whole(((given && mapOf(findings, given)?.entries) ?? []).map((param) => namedParam(findings, param)));
  if (handler === undefined || named === undefined) return undefined;
  return node({ kind: "custom", handler, params: named, span: findings.spanOf(at) });
}

function namedParam(findings: Findings, { key, value }: YamlEntry): [string, Expr] | undefined {
  const expr = exprOf(findings, value);
  return expr && [key, expr];
}
