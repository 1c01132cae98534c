import { suggest } from "@acteon/core";
import { durationLiteral, jsonExpr, node } from "@acteon/rules";
import type { JsonValue } from "@acteon/core";
import type { Findings, UnbuiltVerdict, Verdict } from "@acteon/rules";

import { checkKeys, entryOf, missingKey, optionalEntryOf } from "./keys.ts";
import { maxSeconds } from "./legacy-condition.ts";
import { integerOf, jsonOf, textOf, textsOf, wrongType } from "./values.ts";
import type { YamlEntry, YamlMap, YamlNode } from "./yaml-node.ts";

/** One parameter of an action: how it is read, and what stands for it when it is absent. */
interface Parameter {
  readonly read: (findings: Findings, entry: YamlEntry) => JsonValue | undefined;
  /** `undefined`: absent stays absent; `"required"` as `required` says. */
  readonly otherwise?: JsonValue;
  readonly required?: true;
}

const seconds: Parameter = { read: (findings, entry) => integerOf(findings, entry, { min: 1, max: maxSeconds }) };
const text: Parameter = { read: textOf };
const texts: Parameter = { read: textsOf };
const count: Parameter = {
  read: (findings, entry) => integerOf(findings, entry, { min: 0, max: Number.MAX_SAFE_INTEGER }),
};

/** `wire-api.md` §26.6. */
const actions = {
  allow: {},
  deny: {},
  suppress: {},
  deduplicate: { ttl_seconds: seconds },
  reroute: { target_provider: { ...text, required: true } },
  throttle: { max_count: { ...count, required: true }, window_seconds: { ...seconds, required: true } },
  modify: { changes: { read: (_, { value }) => jsonOf(value), required: true } },
  state_machine: { state_machine: { ...text, required: true }, fingerprint_fields: { ...texts, otherwise: [] } },
  group: {
    group_by: { ...texts, required: true },
    group_wait_seconds: { ...seconds, otherwise: 30 },
    group_interval_seconds: { ...seconds, otherwise: 300 },
    repeat_interval_seconds: seconds,
    max_group_size: { ...count, otherwise: 100 },
    template: text,
  },
  request_approval: {
    notify_provider: { ...text, required: true },
    timeout_seconds: { ...seconds, otherwise: 3600 },
    message: text,
  },
  chain: { chain: { ...text, required: true } },
  schedule: { delay_seconds: { ...seconds, required: true } },
} satisfies Record<Exclude<Verdict["kind"], "custom">, Readonly<Record<string, Parameter>>>;

type LegacyAction = keyof typeof actions;

const actionTypes = Object.keys(actions);

/** The `action` of a rule of the existing dialect. */
export function legacyAction(findings: Findings, value: YamlNode): Verdict | undefined {
  if (value.kind !== "map") return wrongType(findings, "action", value, "a mapping with a `type`");
  const entry = entryOf(value, "type");
  if (entry === undefined)
    return missingKey(findings, value, "type", "an action", `a type is one of ${actionTypes.join(", ")}`);
  const type = textOf(findings, entry);
  if (type === undefined) return undefined;
  if (!isLegacyAction(type)) {
    const near = suggest(type, actionTypes);
    findings.error({
      code: "ACT-R008",
      at: entry.value,
      summary: `unknown action type \`${type}\``,
      label: "not an action type",
      help: near === undefined ? `a type is one of ${actionTypes.join(", ")}` : `did you mean \`${near}\`?`,
    });
    return undefined;
  }
  const params = paramsOf(findings, value, type);
  return params && verdictOf(findings, value, type, params);
}

function isLegacyAction(type: string): type is LegacyAction {
  return Object.hasOwn(actions, type);
}

type Params = Readonly<Record<string, JsonValue>>;

function paramsOf(findings: Findings, map: YamlMap, type: LegacyAction): Params | undefined {
  const known: Readonly<Record<string, Parameter>> = actions[type];
  checkKeys(findings, map, {
    of: `the action \`${type}\``,
    known: ["type", ...Object.keys(known)],
    unknown: "warning",
  });
  const params: Record<string, JsonValue> = {};
  let isWhole = true;
  for (const [name, { read, otherwise, required }] of Object.entries(known)) {
    const entry = required ? entryOf(map, name) : optionalEntryOf(map, name);
    if (entry === undefined && required) missingKey(findings, map, name, `the action \`${type}\``);
    const value = entry === undefined ? otherwise : read(findings, entry);
    if (value !== undefined) params[name] = value;
    else if (entry !== undefined || required) isWhole = false;
  }
  return isWhole ? params : undefined;
}

function verdictOf(findings: Findings, map: YamlMap, type: LegacyAction, params: Params): Verdict {
  const span = findings.spanOf(map);
  const duration = (name: string) => {
    const value = params[name];
    return typeof value === "number" ? durationLiteral(value * 1_000, span) : undefined;
  };
  switch (type) {
    case "allow":
      return node({ kind: "allow", span });
    case "deny":
      return node({ kind: "deny", reason: undefined, span });
    case "suppress":
      return node({ kind: "suppress", reason: undefined, duration: undefined, span });
    case "deduplicate":
      return node({ kind: "deduplicate", key: undefined, ttl: duration("ttl_seconds"), span });
    case "reroute":
      return node({ kind: "reroute", to: jsonExpr(params["target_provider"] ?? null, span), span });
    case "throttle":
      return node({
        kind: "throttle",
        limit: jsonExpr(params["max_count"] ?? null, span),
        window: duration("window_seconds"),
        span,
      });
    case "modify": {
      const patch = node({ op: "merge", patch: jsonExpr(params["changes"] ?? null, span), span });
      return node({ kind: "modify", mutations: [patch], terminal: true, span });
    }
    default:
      return node({ kind: type satisfies UnbuiltVerdict["kind"], params, span });
  }
}
