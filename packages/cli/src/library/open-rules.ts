import { stat } from "node:fs/promises";
import type { Clock } from "@acteon/core";
import type { RuleSource } from "@acteon/gateway";
import { RuleEngine, RuleLoadError } from "@acteon/rules";
import type { LoadResult, NativeRule, Rule } from "@acteon/rules";

/** A folder or file by its path, or a rule made in code: `defineRule`, or the builder `rule`. */
export type RuleInput = string | Rule | NativeRule;

export interface OpenRulesOptions {
  readonly clock?: Clock;
  /** Those that there are, so that a reroute to another one is a warning. */
  readonly providers?: ReadonlySet<string>;
  /** Files, JSON or YAML, with what the rules of files read as `data.…`, each by its name. */
  readonly data?: readonly string[];
}

/**
 * Rules for a gateway: those of folders and files first, those made in code behind them among equals. `reload` reads the
 * files again.
 *
 * @throws {RuleLoadError} They have errors.
 */
export async function openRules(
  inputs: string | readonly RuleInput[],
  { data = [], ...options }: OpenRulesOptions = {},
): Promise<RuleSource & { readonly engine: RuleEngine }> {
  const list = typeof inputs === "string" ? [inputs] : inputs;
  const paths = list.filter((input) => typeof input === "string");
  // The server's list of languages is imported where there are files to read.
  const languages = paths.length === 0 ? {} : (await import("@acteon/server")).languagesOver(data);
  const engine = new RuleEngine({ ...options, ...languages });
  const reload = async (): Promise<{ readonly rules: number }> => {
    for (const path of paths) accepted(await loadPath(engine, path));
    return { rules: engine.current().size };
  };
  await reload();
  accepted(await engine.loadNative(list.filter((input) => typeof input !== "string")));
  return { engine, current: () => engine.current(), reload };
}

async function loadPath(engine: RuleEngine, path: string): Promise<LoadResult> {
  const isFile = await stat(path).then(
    (found) => found.isFile(),
    () => false, // the engine tells what is wrong with a folder that is not there
  );
  return isFile ? engine.loadFile(path) : engine.loadDirectory(path);
}

function accepted(result: LoadResult): void {
  if (result.kind === "rejected") throw new RuleLoadError(result.diagnostics);
}
