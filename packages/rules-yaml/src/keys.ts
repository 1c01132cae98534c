import { suggest } from "@acteon/core";
import type { Extent, PlacedFinding, Findings } from "@acteon/rules";
import type { YamlEntry, YamlMap } from "./yaml-node.ts";

/** The keys that a mapping may have. */
export interface Keys {
  /** `a rule`, for messages. */
  readonly of: string;
  readonly known: readonly string[];
  /** Keys that mean something, though not here, and so are what a misspelt key may have been meant to be. */
  readonly hints?: ReadonlyMap<string, Hint>;
  /** The existing dialect ignores unknown keys (`wire-api.md` §26.1), so there they are warnings. */
  readonly unknown: "error" | "warning";
}

export interface Hint {
  readonly help: string;
  /** What mends it, in place of the key; or in place of key and value, where the value says nothing (`true`, nothing). */
  readonly fix?: { readonly of: "key" | "entry"; readonly text: string };
}

/** For a name that other dialects have for what is called `ours` here. */
export function renamed(what: string, ours: string): Hint {
  return { help: `the ${what} is called \`${ours}\` here`, fix: { of: "key", text: ours } };
}

/** The entry of a key. */
export function entryOf(map: YamlMap, key: string): YamlEntry | undefined {
  return map.entries.find((entry) => entry.key === key);
}

/** The entry of a key that may as well be absent: nothing as its value says the same. */
export function optionalEntryOf(map: YamlMap, key: string): YamlEntry | undefined {
  const entry = entryOf(map, key);
  return entry?.value.kind === "scalar" && entry.value.value === null ? undefined : entry;
}

/** Reports every key that is not known, with what was probably meant. */
export function checkKeys(findings: Findings, map: YamlMap, keys: Keys): void {
  for (const entry of map.entries) {
    if (keys.known.includes(entry.key)) continue;
    findings[keys.unknown]({
      code: "ACT-R004",
      at: keyOf(entry),
      summary: `unknown field \`${entry.key}\``,
      label: `not a field of ${keys.of}${keys.unknown === "warning" ? ", ignored" : ""}`,
      ...advice(entry, keys, map),
    });
  }
}

type Advice = Pick<PlacedFinding, "help" | "fix">;

function advice(entry: YamlEntry, { known, hints }: Keys, map: YamlMap): Advice {
  const near = suggest(entry.key, hints === undefined ? known : [...known, ...hints.keys()]);
  if (near === undefined) return { help: `known here: ${known.join(", ")}` };
  const hint = hints?.get(near);
  if (hint !== undefined) return { help: hint.help, ...fixOf(entry, hint) };
  const help = `did you mean \`${near}\`?`;
  return entryOf(map, near) === undefined ? { help, fix: { at: keyOf(entry), text: near } } : { help };
}

function fixOf(entry: YamlEntry, { fix }: Hint): Advice {
  if (fix === undefined) return {};
  if (fix.of === "key") return { fix: { at: keyOf(entry), text: fix.text } };
  const { value } = entry;
  const saysNothing = value.kind === "scalar" && (value.value === true || value.value === null);
  return saysNothing ? { fix: { at: { start: entry.keyStart, end: value.end }, text: fix.text } } : {};
}

export function keyOf({ keyStart, keyEnd }: YamlEntry): Extent {
  return { start: keyStart, end: keyEnd };
}

/** Reports a key that must be there and is not. */
export function missingKey(findings: Findings, map: YamlMap, key: string, of: string, help?: string): undefined {
  findings.error({
    code: "ACT-R005",
    at: map.entries[0] === undefined ? { start: map.start, end: map.start + 1 } : keyOf(map.entries[0]),
    summary: `${of} needs \`${key}\``,
    label: `\`${key}\` is missing here`,
    ...(help !== undefined && { help }),
  });
  return undefined;
}
