import { isJsonObject, suggest } from "@acteon/core";
import type { JsonObject, JsonValue } from "@acteon/core";
import { didYouMean, jsonExpr, verdictParams } from "@acteon/rules";
import type { Extent, NamedParam, Rule } from "@acteon/rules";
import type { Documentation } from "../lower/documentation.ts";
import type { Program } from "../lower/program.ts";
import { clausesOf } from "../lower/rule-group.ts";
import type { RuleGroup } from "../lower/rule-group.ts";
import type { SaidVerdict } from "./said.ts";

/** What the METADATA of a rule says of it, below `custom`. */
export interface RuleSettings {
  readonly head: Pick<Rule, "priority" | "enabled" | "description" | "metadata" | "timezone" | "onError">;
  readonly name: string | undefined;
  readonly verdict: SaidVerdict | undefined;
  /** What the verdict takes. */
  readonly params: ReadonlyMap<string, NamedParam>;
}

const headFields = ["name", "priority", "enabled", "metadata", "timezone", "on_error", "verdict"];
const paramFields: ReadonlySet<string> = new Set(Object.values(verdictParams).flat());

export function settingsOf(group: RuleGroup, { documented }: Program): RuleSettings {
  const documentation = ruleDocumentation(group) ?? documented.get(group.name);
  if (documentation === undefined) return nothingSaid;
  const custom = new CustomFields(documentation);
  custom.warnOfMisspelt([...headFields, ...paramFields]);
  const { title, description = title } = documentation.annotation.fields;
  const verdict = custom.text("verdict");
  return {
    head: {
      priority: custom.read("priority", "a whole number", integerIn) ?? 0,
      enabled: custom.read("enabled", "`true` or `false`", flagIn) ?? true,
      description: typeof description === "string" ? description : undefined,
      metadata: custom.read("metadata", "a mapping of texts", textsIn) ?? {},
      timezone: custom.text("timezone"),
      onError: custom.read("on_error", "`fail` or `skip`", onErrorIn) ?? "fail",
    },
    name: custom.text("name"),
    verdict:
      verdict === undefined ? undefined : { name: verdict, at: custom.placeOf("verdict"), unit: documentation.unit },
    params: custom.params(),
  };
}

const nothingSaid: RuleSettings = {
  head: {
    priority: 0,
    enabled: true,
    description: undefined,
    metadata: {},
    timezone: undefined,
    onError: "fail",
  },
  name: undefined,
  verdict: undefined,
  params: new Map(),
};

/** That right above one of the rules. */
function ruleDocumentation(group: RuleGroup): Documentation | undefined {
  for (const { rule, unit } of clausesOf(group)) {
    const annotation = rule.annotations.at(-1);
    if (annotation !== undefined) return { annotation, unit };
  }
  return undefined;
}

/** What stands below `custom`: fields of ours, and anybody's. */
class CustomFields {
  readonly #fields: JsonObject;
  readonly #documentation: Documentation;

  constructor(documentation: Documentation) {
    const { custom = null } = documentation.annotation.fields;
    this.#fields = isJsonObject(custom) ? custom : {};
    this.#documentation = documentation;
  }

  text(key: string): string | undefined {
    return this.read(key, "text", (value) => (typeof value === "string" ? value : undefined));
  }

  read<T>(key: string, expected: string, parse: (value: JsonValue) => T | undefined): T | undefined {
    if (!Object.hasOwn(this.#fields, key)) return undefined;
    const value = parse(this.#fields[key]!);
    if (value === undefined) {
      const at = this.placeOf(key);
      const { findings } = this.#documentation.unit;
      findings.error({
        code: "ACT-R006",
        at,
        summary: `\`${key}\` must be ${expected}`,
        label: `expected ${expected}`,
      });
    }
    return value;
  }

  params(): ReadonlyMap<string, NamedParam> {
    const { findings } = this.#documentation.unit;
    const given = Object.entries(this.#fields).filter(([key]) => paramFields.has(key));
    return new Map(
      given.map(([key, value]) => {
        const at = this.placeOf(key);
        return [key, { at, value: jsonExpr(value, findings.spanOf(at)) }];
      }),
    );
  }

  /** Only what is nearly a name of ours is taken for a mistake. */
  warnOfMisspelt(known: readonly string[]): void {
    const { findings } = this.#documentation.unit;
    for (const key of Object.keys(this.#fields)) {
      const near = known.includes(key) ? undefined : suggest(key, known);
      if (near === undefined) continue;
      const at = this.placeOf(key);
      const summary = `\`${key}\` below \`custom\` means nothing here`;
      findings.warning({ code: "ACT-R004", at, summary, ...didYouMean(near), fix: { at, text: near } });
    }
  }

  /** Where the key stands in the comment, as far as that can be told; else the whole comment. */
  placeOf(key: string): Extent {
    const { annotation, unit } = this.#documentation;
    const text = unit.findings.text.slice(annotation.start, annotation.end);
    const line = text.matchAll(/^[ \t]*#[ \t]*([\w-]+)[ \t]*:/gm).find(([, name]) => name === key);
    if (line === undefined) return annotation;
    const start = annotation.start + line.index + line[0].indexOf(key);
    return { start, end: start + key.length };
  }
}

function integerIn(value: JsonValue): number | undefined {
  return Number.isSafeInteger(value) ? (value as number) : undefined;
}

function flagIn(value: JsonValue): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

function textsIn(value: JsonValue): Readonly<Record<string, string>> | undefined {
  const entries = isJsonObject(value) ? Object.entries(value) : undefined;
  const texts = entries?.filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return texts === undefined || texts.length < entries!.length ? undefined : Object.fromEntries(texts);
}

function onErrorIn(value: JsonValue): Rule["onError"] | undefined {
  return value === "fail" || value === "skip" ? value : undefined;
}
