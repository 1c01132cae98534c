import { isJsonObject, suggest } from "@acteon/core";
import type { JsonObject, JsonValue } from "@acteon/core";
import { didYouMean, jsonExpr } from "@acteon/rules";
import type { Expr, Extent, Findings, Rule } from "@acteon/rules";
import type { RuleGroup, Unit } from "../lower/program.ts";
import type { Annotation } from "../syntax/ast.ts";

/** What the METADATA of a rule says of it, below `custom`. */
export interface RuleSettings {
  readonly head: Pick<Rule, "priority" | "enabled" | "description" | "metadata" | "timezone" | "onError">;
  readonly name: string | undefined;
  readonly verdict: string | undefined;
  /** What the verdict takes. */
  readonly params: ReadonlyMap<string, Expr>;
  readonly at: Extent | undefined;
}

const headFields = ["name", "priority", "enabled", "metadata", "timezone", "on_error", "verdict"];
const paramFields = [
  "reason",
  "key",
  "window",
  "duration",
  "to",
  "rate",
  "merge",
  "set",
  "remove",
  "rename",
  "terminal",
  "handler",
  "params",
];

export function settingsOf(group: RuleGroup): RuleSettings {
  const found = annotationOf(group);
  const nothing = {
    priority: 0,
    enabled: true,
    description: undefined,
    metadata: {},
    timezone: undefined,
    onError: "fail",
  } as const;
  if (found === undefined)
    return { head: nothing, name: undefined, verdict: undefined, params: new Map(), at: undefined };
  const { annotation, unit } = found;
  const { fields } = annotation;
  const custom = isJsonObject(fields["custom"] ?? null) ? (fields["custom"] as JsonObject) : {};
  warnOfMisspelt(custom, annotation, unit.findings);
  const read = new SettingsReader(custom, annotation, unit.findings);
  const description = fields["description"] ?? fields["title"];
  const span = unit.findings.spanOf(annotation);
  return {
    head: {
      priority: read.integer("priority") ?? 0,
      enabled: read.flag("enabled") ?? true,
      description: typeof description === "string" ? description : undefined,
      metadata: read.texts("metadata"),
      timezone: read.text("timezone"),
      onError: read.onError(),
    },
    name: read.text("name"),
    verdict: read.text("verdict"),
    params: new Map(
      Object.entries(custom)
        .filter(([key]) => paramFields.includes(key))
        .map(([key, value]) => [key, jsonExpr(value, span)]),
    ),
    at: annotation,
  };
}

/** That of a rule, else that of its document, which stands right above one of its rules. */
function annotationOf({
  clauses,
  byDefault,
}: RuleGroup): { readonly annotation: Annotation; readonly unit: Unit } | undefined {
  const all = byDefault === undefined ? clauses : [...clauses, byDefault];
  for (const { rule, unit } of all) {
    const [annotation] = rule.annotations;
    if (annotation !== undefined) return { annotation, unit };
  }
  for (const { rule, unit } of all) {
    const above = unit.module.rules.findLast(({ end }) => end <= rule.start)?.end ?? 0;
    const annotation = unit.module.annotations.find(
      ({ scope, start, end }) => scope === "document" && start >= above && end <= rule.start,
    );
    if (annotation !== undefined) return { annotation, unit };
  }
  return undefined;
}

/** `custom` is anybody's; only what is nearly a name of ours is taken for a mistake. */
function warnOfMisspelt(custom: JsonObject, at: Extent, findings: Findings): void {
  const known = [...headFields, ...paramFields];
  for (const key of Object.keys(custom)) {
    const near = known.includes(key) ? undefined : suggest(key, known);
    if (near === undefined) continue;
    findings.warning({
      code: "ACT-R004",
      at,
      summary: `\`${key}\` below \`custom\` means nothing here`,
      ...didYouMean(near),
    });
  }
}

class SettingsReader {
  readonly #custom: JsonObject;
  readonly #at: Extent;
  readonly #findings: Findings;

  constructor(custom: JsonObject, at: Extent, findings: Findings) {
    this.#custom = custom;
    this.#at = at;
    this.#findings = findings;
  }

  text(key: string): string | undefined {
    return this.#value(key, "text", (value) => (typeof value === "string" ? value : undefined));
  }

  integer(key: string): number | undefined {
    return this.#value(key, "a whole number", (value) => (Number.isSafeInteger(value) ? (value as number) : undefined));
  }

  flag(key: string): boolean | undefined {
    return this.#value(key, "`true` or `false`", (value) => (typeof value === "boolean" ? value : undefined));
  }

  texts(key: string): Readonly<Record<string, string>> {
    const isTexts = (value: JsonValue): value is Readonly<Record<string, string>> =>
      isJsonObject(value) && Object.values(value).every((each) => typeof each === "string");
    return this.#value(key, "an object of texts", (value) => (isTexts(value) ? value : undefined)) ?? {};
  }

  onError(): Rule["onError"] {
    return (
      this.#value("on_error", '`"fail"` or `"skip"`', (value) =>
        value === "fail" || value === "skip" ? value : undefined,
      ) ?? "fail"
    );
  }

  #value<T>(key: string, expected: string, read: (value: JsonValue) => T | undefined): T | undefined {
    if (!Object.hasOwn(this.#custom, key)) return undefined;
    const value = read(this.#custom[key]!);
    if (value === undefined) {
      this.#findings.error({ code: "ACT-R006", at: this.#at, summary: `\`custom.${key}\` must be ${expected}` });
    }
    return value;
  }
}
