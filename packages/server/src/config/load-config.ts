import { readFile } from "node:fs/promises";
import type { Diagnostic } from "@acteon/core";
import { ConfigurationError, systemClock, systemRandom, whyUnreadable } from "@acteon/core";
import { providerDiagnostics } from "../wiring/providers.ts";
import type { Config } from "./config.ts";
import type { ConfigSources } from "./read-config.ts";
import { inReadingOrder, readConfig } from "./read-config.ts";

export type LoadedConfig =
  | {
      readonly kind: "loaded";
      readonly config: Config;
      /** What it was made from, for processes that are to have the same. */
      readonly sources: Omit<ConfigSources, "environment">;
    }
  | {
      readonly kind: "rejected";
      /** Every problem, in the order of the file; names, never values (guarantees §8 row 65). */
      readonly diagnostics: readonly Diagnostic[];
      /** The file's text with whatever may be a secret starred out, to be shown around the diagnostics. */
      readonly shownText: string;
    };

export interface ConfigLocation extends Omit<ConfigSources, "text" | "file"> {
  /** `acteon.toml` unless given. Only a file that was asked for must be there. */
  readonly file?: string | undefined;
}

/**
 * The configuration of this place, with the settings of each provider checked by the provider.
 * @throws {ConfigurationError} The file cannot be read.
 */
export async function loadConfig({ file, ...rest }: ConfigLocation): Promise<LoadedConfig> {
  const name = file ?? "acteon.toml";
  return checkConfig({ ...rest, file: name, text: await textOf(name, file !== undefined) });
}

/** The same for a text that is at hand. */
export async function checkConfig(sources: ConfigSources): Promise<LoadedConfig> {
  const { config, providers, document, diagnostics, shownText } = readConfig(sources);
  const surroundings = {
    outbound: config.outbound,
    clock: systemClock,
    random: systemRandom,
    print: () => undefined,
  };
  const found = document === undefined ? [] : await providerDiagnostics(providers, document, surroundings);
  const all = inReadingOrder([...diagnostics, ...found], sources.file);
  if (all.length > 0) return { kind: "rejected", diagnostics: all, shownText };
  const { environment: _inherited, ...rest } = sources;
  return { kind: "loaded", config, sources: rest };
}

async function textOf(file: string, mustExist: boolean): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    if (!mustExist && (cause as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw new ConfigurationError(`${file} cannot be read: ${whyUnreadable(cause)}`, { cause });
  }
}
