import { systemClock } from "@acteon/core";
import type { Clock, Diagnostic } from "@acteon/core";
import type { RuleChange } from "../engine/rule-change.ts";
import type { RefreshOptions, RefreshResult, RuleEngine } from "../engine/rule-engine.ts";
import { listRuleFiles } from "../engine/rule-files.ts";
import { Bell } from "./bell.ts";
import { FolderWatches } from "./folder-watches.ts";

/** A change is loaded once nothing has changed for so long, but no later than `patienceMs` after its first sign. */
const quietMs = 20;
const patienceMs = 100;
/** Rules are called bad, and files gone, only once nothing has mended them for so long: they may be half written. */
const doubtMs = 200;
const doubtPatienceMs = 1_000;
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
 * Keeps the rules in force the same as those of a folder, and as the documents that they read, until the signal is aborted;
 * then it resolves. The folder may be missing, too, and come back.
 *
 * @throws What is no matter of the files: a rule language that throws, for example.
 */
export async function watchRules(engine: RuleEngine, directory: string, options: WatchOptions): Promise<void> {
  const { signal, clock = systemClock } = options;
  const bell = new Bell(clock);
  const watches = new FolderWatches(() => bell.ring());
  const report = new Reporter(engine, options);
  try {
    while (!signal.aborted) {
      // First the watches, then the look: what changes in between rings.
      let watched = await follow(watches, directory, engine);
      let result = await refresh(engine, directory, { signal, removals: false });
      const doubtful = result?.kind === "lacking" || (result?.kind === "rejected" && report.isNews(result.diagnostics));
      if (doubtful) {
        await calm(bell, clock, signal, { quietMs: doubtMs, patienceMs: doubtPatienceMs });
        watched = await follow(watches, directory, engine);
        result = await refresh(engine, directory, { signal, removals: true });
      }
      if (result !== undefined) report.tell(result);
      if (await bell.rung(watched ? safetyPollMs : pollMs, signal)) {
        await calm(bell, clock, signal, { quietMs, patienceMs });
      }
    }
  } finally {
    watches.close();
  }
}

/**
 * Watches the folders that there are. One may have got others before it was watched, so what is new is looked into again.
 *
 * @returns Whether all of them can be watched.
 */
async function follow(watches: FolderWatches, directory: string, engine: RuleEngine): Promise<boolean> {
  for (;;) {
    const folders = await foldersOf(directory, engine.extensions);
    const followed = await watches.follow([...folders, ...engine.dataFolders]);
    if (followed !== "more") return followed === "all";
  }
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
  options: RefreshOptions & { readonly signal: AbortSignal },
): Promise<RefreshResult | undefined> {
  try {
    return await engine.refreshDirectory(directory, options);
  } catch (error) {
    if (options.signal.aborted) return undefined;
    throw error;
  }
}

/** Waits until the bell has been silent for a while, `patienceMs` at most. */
async function calm(
  bell: Bell,
  clock: Clock,
  signal: AbortSignal,
  wait: { readonly quietMs: number; readonly patienceMs: number },
): Promise<void> {
  const latestMs = clock.monotonicMs() + wait.patienceMs;
  while (clock.monotonicMs() < latestMs && (await bell.rung(wait.quietMs, signal)));
}

/** Tells each state of the files once. */
class Reporter {
  readonly #engine: RuleEngine;
  readonly #options: WatchOptions;
  /** The problems that were told last; empty when the files are fine. */
  #told = "";

  constructor(engine: RuleEngine, options: WatchOptions) {
    this.#engine = engine;
    this.#options = options;
  }

  isNews(diagnostics: readonly Diagnostic[]): boolean {
    return JSON.stringify(diagnostics) !== this.#told;
  }

  tell(result: RefreshResult): void {
    if (result.kind === "rejected") {
      if (this.isNews(result.diagnostics)) this.#options.onRejected(result.diagnostics);
      this.#told = JSON.stringify(result.diagnostics);
      return;
    }
    const mended = this.#told !== "";
    this.#told = "";
    if (result.kind === "loaded") this.#options.onLoaded(result.change, result.diagnostics);
    // The files are again what is in force.
    else if (mended)
      this.#options.onLoaded({ rules: this.#engine.current().size, changed: [], added: [], removed: [] }, []);
  }
}
