import type { Config, ConfigLocation, LoadedConfig } from "@acteon/server";
import { checkConfig, loadConfig } from "@acteon/server";
import { counted } from "../counted.ts";
import { CommandError } from "../command-error.ts";

type Loaded = Extract<LoadedConfig, { kind: "loaded" }>;

/**
 * The configuration of this place; defaults where there is no file and none was asked for.
 * @throws {CommandError} Every problem of it, framed.
 */
export async function loadConfiguration(location: ConfigLocation): Promise<Loaded> {
  return accepted(await loadConfig(location), location.file ?? "acteon.toml");
}

/** The same for a text that is at hand. */
export async function checkConfiguration(sources: Parameters<typeof checkConfig>[0]): Promise<Loaded> {
  return accepted(await checkConfig(sources), sources.file);
}

function accepted(loaded: LoadedConfig, file: string): Loaded {
  if (loaded.kind === "loaded") return loaded;
  const { diagnostics, shownText } = loaded;
  const count = diagnostics.filter(({ severity }) => severity === "error").length;
  throw new CommandError("invalid_configuration", `${file}: ${counted(count, "problem")}`, {
    diagnostics,
    shown: { file, text: shownText },
  });
}

/** The providers that the configuration names; `undefined` where it names none, so that nothing is known of them. */
export function providerNames(config: Config): ReadonlySet<string> | undefined {
  return config.providers.length === 0 ? undefined : new Set(config.providers.map(({ name }) => name));
}
