import { stat } from "node:fs/promises";
import { whyUnreadable } from "@acteon/core";
import type { Diagnostic } from "@acteon/core";
import { RuleEngine, RuleLoadError } from "@acteon/rules";
import type { LoadResult } from "@acteon/rules";
import { languagesOver } from "@acteon/server";
import type { CommandContext } from "../command.ts";
import { CommandError, usageError } from "../command-error.ts";
import { loadConfiguration, providerNames } from "./load-configuration.ts";

/** Where rules are, for a command that needs no server. */
export interface RulePlace {
  /** A file or a folder. */
  readonly path: string;
  readonly kind: "file" | "folder";
  readonly timezone: string;
  /** Files with what rules read as `data.…`. */
  readonly data: readonly string[];
  /** Absent: not known. */
  readonly providers: ReadonlySet<string> | undefined;
}

/**
 * Finds the rules: those that the command names, else those of the configuration, else `./rules`.
 * @throws {CommandError} There are none, or the configuration is wrong.
 */
export async function findRules(
  named: string | undefined,
  { options, environment }: CommandContext,
): Promise<RulePlace> {
  const place = await findRulesIfAny(named, { options, environment });
  if (place !== undefined) return place;
  throw usageError("no rules: there is no folder ./rules here, so name a file or folder");
}

/** The same where a command can do without rules; `undefined`: there are none. */
export async function findRulesIfAny(
  named: string | undefined,
  { options, environment }: Pick<CommandContext, "options" | "environment">,
): Promise<RulePlace | undefined> {
  const { config } = await loadConfiguration({ file: options.text("config"), environment });
  const path = named ?? config.rules.directory ?? "rules";
  const kind = await kindOf(path);
  const { data, defaultTimezone: timezone } = config.rules;
  if (kind !== undefined) return { path, kind, timezone, data, providers: providerNames(config) };
  if (named === undefined && config.rules.directory === undefined) return undefined;
  throw usageError(`${path}: no such file or folder`);
}

async function kindOf(path: string): Promise<"file" | "folder" | undefined> {
  try {
    return (await stat(path)).isDirectory() ? "folder" : "file";
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw usageError(`${path} cannot be read: ${whyUnreadable(error)}`, { cause: error });
  }
}

/** Reads the rules into an engine of their own, and says what is wrong with them. */
export async function loadRules(
  place: RulePlace,
): Promise<{ readonly engine: RuleEngine; readonly result: LoadResult }> {
  const engine = new RuleEngine({
    ...languagesOver(place.data),
    defaultTimezone: place.timezone,
    ...(place.providers === undefined ? {} : { providers: place.providers }),
  });
  const result = await (place.kind === "file" ? engine.loadFile(place.path) : engine.loadDirectory(place.path));
  return { engine, result };
}

/**
 * The same for a command that needs them to be right. Warnings go to standard error, a line each.
 * @throws {CommandError} They have errors: all of them, framed.
 */
export async function openRules(place: RulePlace, { output }: Pick<CommandContext, "output">): Promise<RuleEngine> {
  const { engine, result } = await loadRules(place);
  if (result.kind === "rejected") throw rejected(place.path, result.diagnostics);
  for (const { summary, span } of result.diagnostics) {
    output.note(`${output.notePaint("warn", "warning")}: ${span.file}:${span.start.line}: ${summary}`);
  }
  return engine;
}

export function rejected(path: string, diagnostics: readonly Diagnostic[]): CommandError {
  const { message } = new RuleLoadError(diagnostics);
  return new CommandError("rules_rejected", `${path}: ${message.split(":", 1)[0]}`, { diagnostics });
}
