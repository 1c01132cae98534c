import { Secret } from "@acteon/core";
import type { ProviderSettings } from "./config.ts";
import { hasReference } from "./environment.ts";
import { fromTomlText } from "./reader.ts";
import type { ConfigReader } from "./reader.ts";
import type { TomlTable, TomlValue } from "./toml-document.ts";
import { isTomlTable } from "./toml-document.ts";
import type { ConfigPath } from "./toml-positions.ts";
import { pathText } from "./toml-positions.ts";

/** The settings of one provider, and where they stand. */
export interface PlacedProvider {
  readonly provider: ProviderSettings;
  readonly path: ConfigPath;
}

/**
 * `[providers.NAME]`, as the design document writes it, or `[[providers]]` with a `name`; not both in one file. What is
 * in each is checked by the provider itself.
 */
export function readProviders(reader: ConfigReader): readonly PlacedProvider[] {
  const raw = Object.hasOwn(reader.document.root, "providers") ? reader.document.root["providers"] : undefined;
  if (raw === undefined) return [];
  const entries = providerEntries(raw, reader);
  const placed: PlacedProvider[] = [];
  for (const entry of entries) {
    const provider = readProvider(entry, reader);
    if (provider === undefined) continue;
    if (placed.some((other) => other.provider.name === provider.name)) {
      reader.report("ACT-C008", reader.document.keySpan(entry.path), {
        summary: `two providers are named \`${provider.name}\``,
      });
      continue;
    }
    placed.push({ provider, path: entry.path });
  }
  return placed;
}

interface ProviderEntry {
  readonly name: string;
  readonly path: ConfigPath;
  readonly raw: TomlTable;
}

function providerEntries(raw: TomlValue, reader: ConfigReader): readonly ProviderEntry[] {
  if (Array.isArray(raw) && raw.every(isTomlTable)) {
    return raw.flatMap((item, i) => {
      const path = ["providers", i];
      const { name, ...rest } = item;
      if (typeof name === "string" && name !== "") return [{ name, path, raw: rest }];
      reader.report("ACT-C007", reader.document.keySpan(path), { summary: `${pathText(path)}.name is missing` });
      return [];
    });
  }
  if (isTomlTable(raw) && Object.values(raw).every(isTomlTable)) {
    return Object.entries(raw).flatMap(([name, item]) =>
      isTomlTable(item) ? [{ name, path: ["providers", name], raw: item }] : [],
    );
  }
  reader.report("ACT-C003", reader.document.keySpan(["providers"]), {
    summary: "providers must be tables: write [providers.NAME] for each",
  });
  return [];
}

function readProvider({ name, path, raw }: ProviderEntry, reader: ConfigReader): ProviderSettings | undefined {
  const settings = expandedTable(raw, path, reader);
  // By name also for `[[providers]]`: an index would change when the file is sorted.
  for (const override of reader.takeOverridesBelow(["providers", name])) {
    settings[override.name] = sameKind(override.text, raw[override.name]);
    reader.origins.set(`${pathText(path)}.${override.name}`, { kind: "environment", variable: override.variable });
  }
  const { enabled = true, type = name, ...rest } = settings;
  for (const [key, value, expected] of [
    ["enabled", typeof enabled === "boolean", "true or false"],
    ["type", typeof type === "string", "text"],
  ] as const) {
    if (value) continue;
    reader.report("ACT-C003", reader.document.valueSpan([...path, key]), {
      summary: `${pathText([...path, key])} must be ${expected}`,
    });
  }
  if (enabled !== true || typeof type !== "string") return undefined;
  return { name, type, settings: new Secret(JSON.stringify(rest)) };
}

function expandedTable(raw: TomlTable, path: ConfigPath, reader: ConfigReader): Record<string, TomlValue> {
  const result: Record<string, TomlValue> = {};
  for (const [key, value] of Object.entries(raw)) {
    const place = [...path, key];
    if (!isTomlTable(value)) {
      const span = reader.document.valueSpan(place);
      reader.origins.set(pathText(place), { kind: "file", file: span.file, line: span.start.line });
    }
    result[key] = expanded(value, place, reader);
  }
  return result;
}

function expanded(value: TomlValue, path: ConfigPath, reader: ConfigReader): TomlValue {
  if (typeof value === "string") return hasReference(value) ? reader.expandAt(value, path) : value;
  if (Array.isArray(value))
    return (value as readonly TomlValue[]).map((item, i) => expanded(item, [...path, i], reader));
  return isTomlTable(value) ? expandedTable(value, path, reader) : value;
}

/** Text of a variable as what the file has there; text where it has nothing. */
function sameKind(text: string, inFile: TomlValue | undefined): TomlValue {
  return inFile === undefined || typeof inFile === "string" ? text : fromTomlText(text);
}
