import { pointerTo, Secret } from "@acteon/core";
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
  // By name also for `[[providers]]`: an index would change when the file is sorted.
  const overrides = reader.takeOverridesBelow(["providers", name]);
  // What is off needs none of the variables that it names.
  if (raw["enabled"] === false && !overrides.some((override) => override.name === "enabled")) return undefined;
  const fromEnvironment: string[] = [];
  const settings = expandedTable(raw, path, reader, fromEnvironment);
  for (const override of overrides) {
    settings[override.name] = override.text;
    fromEnvironment.push(pointerTo("", override.name));
    reader.origins.set(pathText([...path, override.name]), { kind: "environment", variable: override.variable });
  }
  const { enabled = true, type = name, ...rest } = settings;
  const isOn = typeof enabled === "string" ? fromTomlText(enabled) : enabled;
  if (typeof isOn !== "boolean") wrongType([...path, "enabled"], "true or false", reader);
  if (typeof type !== "string") wrongType([...path, "type"], "text", reader);
  if (isOn !== true || typeof type !== "string") return undefined;
  return { name, type, settings: new Secret(JSON.stringify(rest)), fromEnvironment };
}

function wrongType(path: ConfigPath, expected: string, reader: ConfigReader): void {
  reader.report("ACT-C003", reader.document.valueSpan(path), { summary: `${pathText(path)} must be ${expected}` });
}

function expandedTable(
  raw: TomlTable,
  path: ConfigPath,
  reader: ConfigReader,
  fromEnvironment: string[],
): Record<string, TomlValue> {
  const result: Record<string, TomlValue> = {};
  for (const [key, value] of Object.entries(raw)) {
    const place = [...path, key];
    if (!isTomlTable(value)) {
      const span = reader.document.valueSpan(place);
      reader.origins.set(pathText(place), { kind: "file", file: span.file, line: span.start.line });
    }
    result[key] = expanded(value, place, reader, fromEnvironment);
  }
  return result;
}

function expanded(value: TomlValue, path: ConfigPath, reader: ConfigReader, fromEnvironment: string[]): TomlValue {
  if (typeof value === "string") {
    if (!hasReference(value)) return value;
    const inSettings = path.slice(2); // behind `providers` and the provider's own step
    fromEnvironment.push(inSettings.reduce<string>(pointerTo, ""));
    return reader.expandAt(value, path);
  }
  if (Array.isArray(value)) {
    return (value as readonly TomlValue[]).map((item, i) => expanded(item, [...path, i], reader, fromEnvironment));
  }
  return isTomlTable(value) ? expandedTable(value, path, reader, fromEnvironment) : value;
}
