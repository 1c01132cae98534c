import path from "node:path";
import { digest, systemClock, whyUnreadable } from "@acteon/core";
import type { Action, Clock, Diagnostic } from "@acteon/core";
import type { CompilerOptions } from "../compile/compile-expr.ts";
import { ruleRefOf } from "../compile/compile-effect.ts";
import { TimeZones } from "../compile/time-zones.ts";
import type { Decision, RuleEnvironment } from "../decision.ts";
import { errorAt } from "../diagnostics/finding.ts";
import { explain } from "../explain/explain.ts";
import type { ExplainOptions } from "../explain/explain.ts";
import type { Explanation } from "../explain/explanation.ts";
import type { RuleFrontEnd, RuleLanguage } from "../front-end.ts";
import type { Rule } from "../ir/rule.ts";
import type { NativeRule } from "../native-rule.ts";
import { validateRule } from "../validate/validate-rule.ts";
import { assemble, hasError } from "./assemble.ts";
import type { RuleSources } from "./assemble.ts";
import { CompiledRuleSet } from "./compiled-rule-set.ts";
import type { DataFiles } from "./data-documents.ts";
import { evaluatePlan } from "./evaluate-plan.ts";
import type { StatePort } from "./evaluate-plan.ts";
import { Pacer } from "./pacer.ts";
import { sourceOf } from "./ranked-rule.ts";
import type { RankedRule } from "./ranked-rule.ts";
import { changeBetween } from "./rule-change.ts";
import type { RuleChange } from "./rule-change.ts";
import { listRuleFiles } from "./rule-files.ts";
import { RuleIndex } from "./rule-index.ts";
import { RuleLanguages } from "./rule-languages.ts";
import { RuleLoadError } from "./rule-load-error.ts";
import { rankedRule, startOf } from "./rule-source.ts";
import type { RuleSourceFile } from "./rule-source.ts";
import type { GatedStatePort } from "./settle-decision.ts";
import { SourceReader } from "./source-reader.ts";
import type { RuleFile } from "./source-reader.ts";

export interface RuleEngineOptions {
  /** Open ones, or languages that are opened with the first file of them. */
  readonly frontEnds?: readonly (RuleFrontEnd | RuleLanguage)[];
  /** What rules read as `data.…`: read with every load, and looked at by a watch. */
  readonly data?: DataFiles;
  /** IANA name, for rules that name none; UTC. */
  readonly defaultTimezone?: string;
  /** The providers that are configured, so that a reroute to another one is a warning at load. */
  readonly providers?: ReadonlySet<string>;
  readonly clock?: Clock;
}

export interface LoadOptions {
  readonly signal?: AbortSignal;
}

/** The set is swapped at once, or nothing has changed (guarantees C18). */
export type LoadResult =
  /** The diagnostics are warnings, of every file in force. */
  | { readonly kind: "loaded"; readonly change: RuleChange; readonly diagnostics: readonly Diagnostic[] }
  /** Every problem of every file; at least one is an error. */
  | { readonly kind: "rejected"; readonly diagnostics: readonly Diagnostic[] };

export interface RefreshOptions extends LoadOptions {
  /** Takes the rules of files that have gone, or hold none any more, out of force; else that they have is the answer. */
  readonly removals: boolean;
}

export type RefreshResult = LoadResult | { readonly kind: "unchanged" | "lacking" };

/** A rule as lists show it, in evaluation order. */
export interface RuleSummary {
  readonly name: string;
  readonly priority: number;
  readonly enabled: boolean;
  readonly description: string | undefined;
  readonly file: string;
  readonly line: number;
  /** `native` for a function. */
  readonly language: string;
  /** The tag of the verdict; `native` for a function, which has none before it is asked. */
  readonly verdict: string;
}

/** Loads rules and holds the set in force. */
export class RuleEngine {
  readonly #clock: Clock;
  readonly #options: CompilerOptions;
  readonly #languages: RuleLanguages;
  readonly #providers: ReadonlySet<string> | undefined;
  readonly #reader: SourceReader;
  #sources: RuleSources = { files: new Map(), natives: [], dataHash: "" };
  #set: CompiledRuleSet;
  #skippedErrors = 0;
  /** The load that runs, and those that wait for it. */
  #loading: Promise<unknown> = Promise.resolve();

  constructor(options: RuleEngineOptions = {}) {
    const { frontEnds = [], data = noData, defaultTimezone = "UTC", providers, clock = systemClock } = options;
    this.#clock = clock;
    this.#languages = new RuleLanguages(frontEnds, data);
    this.#options = { builtins: this.#languages.builtins, zones: new TimeZones(), zone: defaultTimezone };
    if (this.#options.zones.clockOf(defaultTimezone) === undefined) {
      throw new RangeError(`unknown time zone: ${defaultTimezone}`);
    }
    this.#providers = providers;
    this.#reader = new SourceReader(clock, this.#options);
    this.#set = this.#setOf([], RuleIndex.empty, digest("", "hex"));
  }

  /** @throws {RuleLoadError} The rules have errors. */
  static async fromDirectory(directory: string, options: RuleEngineOptions & LoadOptions): Promise<RuleEngine> {
    const engine = new RuleEngine(options);
    const result = await engine.loadDirectory(directory, options);
    if (result.kind === "rejected") throw new RuleLoadError(result.diagnostics);
    return engine;
  }

  /** Files with its extensions are read by it from now on. */
  registerFrontEnd(frontEnd: RuleFrontEnd | RuleLanguage): void {
    this.#languages.register(frontEnd);
  }

  /** With the dot, lower case: the files that a folder is searched for. */
  get extensions(): ReadonlySet<string> {
    return this.#languages.extensions;
  }

  /** Where the documents are that rules read as `data.…`. */
  get dataFolders(): readonly string[] {
    return this.#languages.dataFolders;
  }

  /** The set in force. Immutable: a dispatch keeps the one it began with. */
  current(): CompiledRuleSet {
    return this.#set;
  }

  /** How often a rule with `onError: skip` was an error, since the start. */
  get skippedErrors(): number {
    return this.#skippedErrors;
  }

  /** Adds the rules of a file to those in force, or puts them in the place of those that it had. */
  loadFile(file: string, options: LoadOptions = {}): Promise<LoadResult> {
    return this.#load<never>(options, async (sources, pacer) => {
      const others = [...sources.files].filter(([place]) => place !== path.resolve(file));
      const found = await this.#languages.filesOf([...others.map(([, source]) => source.file), file]);
      if (found.kind === "rejected") return found.diagnostics;
      const ruleFile = found.files.find((each) => each.file === file);
      if (ruleFile === undefined) {
        const summary = `no rule language reads \`${path.extname(file)}\` files`;
        const help = `rule files end in ${[...this.extensions].join(", ") || "nothing: there is no language"}`;
        return [errorAt("ACT-R025", startOf(file), { summary, help })];
      }
      const read = await this.#reader.read(filesToRead(ruleFile, found.files), pacer);
      if (!read.some((source) => source.file === file)) {
        return [errorAt("ACT-R026", startOf(file), { summary: "there is no such file" })];
      }
      return withFiles(sources, read);
    });
  }

  /** Puts the rule files of a folder and its subfolders in the place of those that it had. */
  loadDirectory(directory: string, options: LoadOptions = {}): Promise<LoadResult> {
    return this.#load<never>(options, (sources, pacer) => this.#gatherDirectory(directory, sources, pacer));
  }

  /** The same, but where no file has changed nothing happens, and rules that were switched on or off stay so. */
  refreshDirectory(directory: string, options: RefreshOptions): Promise<RefreshResult> {
    return this.#load<Exclude<RefreshResult, LoadResult>>(options, async (before, pacer) => {
      const sources = await this.#gatherDirectory(directory, before, pacer);
      if (!isSources(sources)) return sources;
      if (isLacking(sources, before) && !options.removals) return { kind: "lacking" };
      return isSame(sources, this.#sources) ? { kind: "unchanged" } : sources;
    });
  }

  async #gatherDirectory(
    directory: string,
    sources: RuleSources,
    pacer: Pacer,
  ): Promise<RuleSources | readonly Diagnostic[]> {
    let files: readonly string[];
    try {
      ({ files } = await listRuleFiles(directory, this.extensions));
    } catch (error) {
      return [
        errorAt("ACT-R026", startOf(directory), { summary: `the folder cannot be read: ${whyUnreadable(error)}` }),
      ];
    }
    const found = await this.#languages.filesOf(files);
    if (found.kind === "rejected") return found.diagnostics;
    const read = await this.#reader.read(found.files, pacer);
    const elsewhere = [...sources.files].filter(([file]) => !isBelow(file, directory));
    return withFiles({ ...sources, files: new Map(elsewhere) }, read);
  }

  /** Adds rules that were made in code; among equals they run after those of files, in the order in which they came. */
  loadNative(rules: readonly (Rule | NativeRule)[], options: LoadOptions = {}): Promise<LoadResult> {
    return this.#load<never>(options, async () => {
      const found = rules.flatMap((rule) => (rule.kind === "rule" ? validateRule(rule, this.#options) : []));
      if (hasError(found)) return found;
      const ranked = rules.map((rule) => this.#ranked(rule));
      return { ...this.#sources, natives: [...this.#sources.natives, ...ranked] };
    });
  }

  #ranked(rule: Rule | NativeRule): RankedRule {
    if (rule.kind === "rule") return rankedRule(rule, this.#options);
    return { kind: "native", ref: ruleRefOf(rule), priority: rule.priority, enabled: rule.enabled, native: rule };
  }

  /** One load at a time: each begins with what the one before it left, and with the documents as they are now. */
  #load<Other extends { readonly kind: "unchanged" | "lacking" }>(
    { signal }: LoadOptions,
    gather: (sources: RuleSources, pacer: Pacer) => Promise<RuleSources | readonly Diagnostic[] | Other>,
  ): Promise<LoadResult | Other> {
    const result = this.#loading.then(async (): Promise<LoadResult | Other> => {
      signal?.throwIfAborted();
      const pacer = new Pacer(this.#clock, signal);
      const wrongData = await this.#languages.refreshData();
      if (wrongData.length > 0) return { kind: "rejected", diagnostics: wrongData };
      const sources = await this.#underDataOfNow(pacer);
      const gathered = isSources(sources) ? await gather(sources, pacer) : sources;
      if ("kind" in gathered) return gathered;
      return isSources(gathered) ? this.#install(gathered, pacer) : { kind: "rejected", diagnostics: gathered };
    });
    // What went wrong is told to who asked for this load; the next one begins all the same.
    this.#loading = result.catch(() => undefined);
    return result;
  }

  /** The sources in force, read again where the documents that their rules see have changed. */
  async #underDataOfNow(pacer: Pacer): Promise<RuleSources | readonly Diagnostic[]> {
    const { dataHash } = this.#languages;
    if (this.#sources.dataHash === dataHash) return this.#sources;
    const found = await this.#languages.filesOf([...this.#sources.files.values()].map(({ file }) => file));
    if (found.kind === "rejected") return found.diagnostics;
    return withFiles({ ...this.#sources, dataHash }, await this.#reader.read(found.files, pacer));
  }

  async #install(sources: RuleSources, pacer: Pacer): Promise<LoadResult> {
    const assembly = await assemble(sources, this.#providers, pacer);
    if (assembly.kind === "rejected") return assembly;
    const { rules, index, hash, diagnostics } = assembly;
    const change = await changeBetween(this.#sources, sources, pacer);
    this.#sources = sources;
    this.#reader.retain(new Set([...sources.files.values()].map(({ file }) => file)));
    this.#set = this.#setOf(rules, index, hash);
    return { kind: "loaded", change, diagnostics };
  }

  #setOf(rules: readonly RankedRule[], index: RuleIndex, hash: string): CompiledRuleSet {
    return new CompiledRuleSet({ rules, index, hash, onSkip: () => this.#skippedErrors++ });
  }

  /** In evaluation order. */
  listRules(): readonly RuleSummary[] {
    return this.#set.rules.map((rule) => {
      const source = sourceOf(rule);
      return {
        name: source.name,
        priority: rule.priority,
        enabled: rule.enabled,
        description: source.description,
        file: rule.ref.file,
        line: rule.ref.line,
        language: source.kind === "native" ? "native" : source.language,
        verdict: source.kind === "native" ? "native" : source.verdict.kind,
      };
    });
  }

  /** The first of that name, until the next load; `false`: there is none. */
  enableRule(name: string): boolean {
    return this.#toggle(name, true);
  }

  /** The first of that name, until the next load; `false`: there is none. */
  disableRule(name: string): boolean {
    return this.#toggle(name, false);
  }

  #toggle(name: string, enabled: boolean): boolean {
    const { rules, index, hash } = this.#set;
    const place = rules.findIndex(({ ref }) => ref.name === name);
    const rule = rules[place];
    if (rule === undefined) return false;
    if (rule.enabled === enabled) return true;
    const toggled = digest(`${hash} ${enabled ? "enabled" : "disabled"} ${name}`, "hex");
    this.#set = this.#setOf(rules.with(place, { ...rule, enabled }), index, toggled);
    return true;
  }

  /** What the rules in force say; the gateway drives the plan itself. */
  evaluate(action: Action, state: StatePort, environment: RuleEnvironment): Promise<Decision> {
    return evaluatePlan(this.#set.plan(action, environment), action, state);
  }

  /** Why an action is decided as it is, under the rules in force. */
  explain(
    action: Action,
    state: GatedStatePort,
    environment: RuleEnvironment,
    options: ExplainOptions = {},
  ): Promise<Explanation> {
    const context = { action, environment, state, compiler: this.#options, clock: this.#clock };
    return explain(this.#set, context, options);
  }
}

function isSources(gathered: RuleSources | readonly Diagnostic[] | { readonly kind: string }): gathered is RuleSources {
  return "files" in gathered;
}

/** A file, behind those in force that it may refer to. */
function filesToRead(file: RuleFile, inForce: readonly RuleFile[]): readonly RuleFile[] {
  if (file.frontEnd.parseTogether === undefined) return [file];
  return [...inForce.filter((other) => other !== file && other.frontEnd === file.frontEnd), file];
}

/** Has a file gone, or none of its rules left? Many a program empties a file before it writes it. */
function isLacking({ files }: RuleSources, before: RuleSources): boolean {
  return [...before.files].some(([file, { rules }]) => {
    const source = files.get(file);
    return source === undefined || (source.rules.length === 0 && rules.length > 0 && !hasError(source.diagnostics));
  });
}

function isSame({ files, dataHash }: RuleSources, before: RuleSources): boolean {
  return (
    dataHash === before.dataHash &&
    files.size === before.files.size &&
    [...files].every(([file, { hash }]) => before.files.get(file)?.hash === hash)
  );
}

function withFiles(sources: RuleSources, read: readonly RuleSourceFile[]): RuleSources {
  return {
    ...sources,
    files: new Map([...sources.files, ...read.map((each) => [path.resolve(each.file), each] as const)]),
  };
}

const noData: DataFiles = { files: [], openParser: () => Promise.reject(new TypeError("no documents, no parser")) };

/** @param file Absolute. */
function isBelow(file: string, directory: string): boolean {
  return file.startsWith(path.join(path.resolve(directory), path.sep));
}
