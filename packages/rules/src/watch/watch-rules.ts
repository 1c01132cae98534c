import { systemClock } from "@acteon/core";
import type { Clock, Diagnostic } from "@acteon/core";
import type { RuleChange } from "../engine/rule-change.ts";
import type { LoadResult, RuleEngine } from "../engine/rule-engine.ts";
import { listRuleFiles } from "../engine/rule-files.ts";
import { Bell } from "./bell.ts";
import { FolderWatches } from "./folder-watches.ts";

/** A change is loaded once nothing has changed for so long, but no later than `patienceMs` after its first sign. */
const quietMs = 20;
const patienceMs = 100;
/** Rules are called bad only if nothing mends them for so long: a file may have been written by half. */
const doubtMs = 200;
/** Where a folder cannot be watched, it is looked at so often; and where it can, in case the system forgets to tell. */
const pollMs = 500;
const safetyPollMs = 10_000;

export interface WatchOptions {
  /** Other rules are in force; the diagnostics are warnings. */
  readonly onLoaded: (change: RuleChange, diagnostics: readonly Diagnostic[]) => void;
  /** The rules on disk have errors; those in force before stay. Called once per state of the files. */
  readonly onRejected: (diagnostics: readonly Diagnostic[]) => void;
  /** Ends the watch. */
  readonly signal: AbortSignal;
  readonly clock?: Clock;
}

/**
 * Keeps the rules in force the same as those of a folder, until the signal is aborted; then it resolves. The folder may be
 * missing, too, and come back.
 *
 * @throws What is no matter of the files: a rule language that throws, for example.
 */
export async function watchRules(
  engine: RuleEngine,
  directory: string,
  { onLoaded, onRejected, signal, clock = systemClock }: WatchOptions,
): Promise<void> {
  const bell = new Bell(clock);
  const watches = new FolderWatches(() => bell.ring());
  let told = "";
  try {
    while (!signal.aborted) {
      // First the watches, then the look: what changes in between rings.
      const watched = await watches.follow(await foldersOf(directory, engine.extensions));
      const result = await refresh(engine, directory, signal);
      if (result?.kind === "loaded") {
        told = "";
        onLoaded(result.change, result.diagnostics);
      } else if (result?.kind === "rejected") {
        const problems = JSON.stringify(result.diagnostics);
        if (problems !== told && (await bell.rung(doubtMs, signal))) continue;
        if (problems !== told && !signal.aborted) onRejected(result.diagnostics);
        told = problems;
      } else if (told !== "") {
        // The files are again what is in force.
        told = "";
        onLoaded({ rules: engine.current().size, changed: [], added: [], removed: [] }, []);
      }
      if (await bell.rung(watched ? safetyPollMs : pollMs, signal)) await calm(bell, clock, signal);
    }
  } finally {
    watches.close();
  }
}

/** Waits until the bell has been silent. */
async function calm(bell: Bell, clock: Clock, signal: AbortSignal): Promise<void> {
  const latestMs = clock.monotonicMs() + patienceMs;
  while (clock.monotonicMs() < latestMs && (await bell.rung(quietMs, signal)));
}

/** The folder alone where it cannot be read: it may come back. */
async function foldersOf(directory: string, extensions: ReadonlySet<string>): Promise<readonly string[]> {
  try {
    return (await listRuleFiles(directory, extensions)).folders;
  } catch {
    return [directory];
  }
}

/** `undefined`: the watch has ended meanwhile. */
async function refresh(
  engine: RuleEngine,
  directory: string,
  signal: AbortSignal,
): Promise<LoadResult | { readonly kind: "unchanged" } | undefined> {
  try {
    return await engine.refreshDirectory(directory, { signal });
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}
