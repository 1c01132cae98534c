import type { Clock, Diagnostic, JsonObject, JsonValue, Problem, Random } from "@acteon/core";
import { isJsonArray, isJsonObject, pointerTo, suggest, ValidationError } from "@acteon/core";
import type { Provider, ProviderPorts } from "@acteon/provider";
import { openHttp, ProviderRegistry } from "@acteon/provider";
import type { OutboundConfig, ProviderSettings } from "../config/config.ts";
import type { PlacedProvider } from "../config/provider-settings.ts";
import { fromTomlText } from "../config/reader.ts";
import type { TomlDocument } from "../config/toml-document.ts";
import type { ConfigPath } from "../config/toml-positions.ts";
import { pathText } from "../config/toml-positions.ts";
import { findProviderType, providerTypeNames } from "./provider-types.ts";

export interface ProviderSurroundings {
  readonly outbound: OutboundConfig;
  readonly clock: Clock;
  readonly random: Random;
  /** One line for whoever watches the terminal. */
  readonly print: (line: string) => void;
}

/**
 * Opens every configured provider.
 * @throws {ValidationError} Settings that `providerDiagnostics` would have told.
 */
export async function openProviders(
  settings: readonly ProviderSettings[],
  surroundings: ProviderSurroundings,
): Promise<ProviderRegistry> {
  const registry = new ProviderRegistry();
  try {
    for (const each of settings) registry.register(await openProvider(each, surroundings));
  } catch (error) {
    await registry[Symbol.asyncDispose]();
    throw error;
  }
  return registry;
}

/** What the providers themselves find wrong with their settings. Each is opened for it, which connects to nothing, and closed. */
export async function providerDiagnostics(
  placed: readonly PlacedProvider[],
  document: TomlDocument,
  surroundings: ProviderSurroundings,
): Promise<readonly Diagnostic[]> {
  const diagnostics: Diagnostic[] = [];
  for (const { provider, path } of placed) {
    const found = await findProviderType(provider.type);
    if (found.kind !== "found") {
      diagnostics.push(typeDiagnostic(found.kind, provider, path, document));
      continue;
    }
    try {
      const opened = await openProvider(provider, surroundings);
      await opened.close();
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      diagnostics.push(...error.problems.map((problem) => settingDiagnostic(problem, path, document)));
    }
  }
  return diagnostics;
}

async function openProvider(provider: ProviderSettings, surroundings: ProviderSurroundings): Promise<Provider> {
  const found = await findProviderType(provider.type);
  if (found.kind !== "found") throw new RangeError(`a provider of type ${provider.type}`);
  const { clock, random, print, outbound } = surroundings;
  const http = openHttp({ clock, limits: outbound });
  const ports: ProviderPorts = { name: provider.name, clock, random, print, http };
  try {
    return found.type.open(JSON.parse(provider.settings.reveal()), ports);
  } catch (error) {
    // Only the provider knows where it wants a number: a variable's text that it does not take is read as TOML.
    const refused = error instanceof ValidationError ? error.problems.map(({ pointer }) => pointer) : [];
    const texts = provider.fromEnvironment.filter((pointer) => refused.includes(pointer));
    if (texts.length === 0) throw error;
    return found.type.open(readAsToml(JSON.parse(provider.settings.reveal()) as JsonObject, texts), ports);
  }
}

/** The settings with the texts at these pointers read as TOML. */
function readAsToml(settings: JsonValue, pointers: readonly string[], at = ""): unknown {
  if (typeof settings === "string") return pointers.includes(at) ? fromTomlText(settings) : settings;
  if (isJsonArray(settings)) return settings.map((item, i) => readAsToml(item, pointers, `${at}/${i}`));
  if (!isJsonObject(settings)) return settings;
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [key, readAsToml(value, pointers, pointerTo(at, key))]),
  );
}

function typeDiagnostic(
  kind: "later" | "unknown",
  { type }: ProviderSettings,
  path: ConfigPath,
  document: TomlDocument,
): Diagnostic {
  const span = document.valueSpan([...path, "type"]);
  const known = providerTypeNames.join(", ");
  if (kind === "later") {
    const summary = `${pathText(path)}: the ${type} provider is not built yet`;
    return {
      code: "ACT-C004",
      severity: "error",
      summary,
      span,
      label: "known, and not built yet",
      help: `built so far: ${known}`,
    };
  }
  const near = suggest(type, providerTypeNames);
  const help = near === undefined ? `known types: ${known}` : `did you mean \`${near}\`?`;
  return {
    code: "ACT-C010",
    severity: "error",
    summary: `${pathText(path)}: there is no provider of that type`,
    span,
    help,
  };
}

function settingDiagnostic({ pointer, message }: Problem, path: ConfigPath, document: TomlDocument): Diagnostic {
  const place = [...path, ...stepsOf(pointer)];
  return {
    code: "ACT-C010",
    severity: "error",
    summary: `${pathText(place)}: ${message}`,
    span: document.valueSpan(place),
  };
}

/** The steps of a JSON pointer; those that are numbers lead into lists. */
function stepsOf(pointer: string): ConfigPath {
  return pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"))
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}
