import path from "node:path";
import type { Diagnostic, JsonObject } from "@acteon/core";
import type { Builtin } from "../builtins/builtin.ts";
import { createBuiltinTable } from "../builtins/builtin-table.ts";
import type { RuleFrontEnd, RuleLanguage } from "../front-end.ts";
import { readDocuments } from "./data-documents.ts";
import type { DataFiles } from "./data-documents.ts";
import type { RuleFile } from "./source-reader.ts";
import { unloadedLanguage } from "./unloaded-language.ts";

/** Files with the languages that read them, or why there are none: a language cannot be opened. */
export type RuleFiles =
  | { readonly kind: "found"; readonly files: readonly RuleFile[] }
  | { readonly kind: "rejected"; readonly diagnostics: readonly Diagnostic[] };

/** The rule languages of an engine, each opened when there is a file of it, and the documents that their rules see. */
export class RuleLanguages {
  readonly #data: DataFiles;
  readonly #documents: ReadonlySet<string>;
  readonly #byExtension = new Map<string, RuleFrontEnd | RuleLanguage>();
  /** Those that were opened, for the documents of now. */
  readonly #opened = new Map<RuleLanguage, RuleFrontEnd>();
  readonly #builtins = new Map(createBuiltinTable());
  #dataOfNow: JsonObject = {};
  #dataHash = "";

  constructor(languages: readonly (RuleFrontEnd | RuleLanguage)[], data: DataFiles) {
    this.#data = data;
    this.#documents = new Set(data.files.map((file) => path.resolve(file)));
    for (const language of languages) this.register(language);
  }

  register(language: RuleFrontEnd | RuleLanguage): void {
    if (!isToOpen(language)) this.#takeBuiltins(language);
    for (const extension of language.extensions) this.#byExtension.set(extension, language);
  }

  #takeBuiltins({ builtins = [] }: RuleFrontEnd): void {
    for (const builtin of builtins) this.#builtins.set(builtin.name, builtin);
  }

  /** Of every language, and those that the open ones bring. */
  get builtins(): ReadonlyMap<string, Builtin> {
    return this.#builtins;
  }

  /** With the dot, lower case. */
  get extensions(): ReadonlySet<string> {
    return new Set(this.#byExtension.keys());
  }

  /** Of the documents as they were last read without a problem; empty where there are none. */
  get dataHash(): string {
    return this.#dataHash;
  }

  /** Where documents are, for a watch. */
  get dataFolders(): readonly string[] {
    return [...new Set([...this.#documents].map((file) => path.dirname(file)))];
  }

  /** Reads the documents again; where they have changed, languages are opened anew. @returns What is wrong with them. */
  async refreshData(): Promise<readonly Diagnostic[]> {
    if (this.#documents.size === 0) return [];
    const read = await readDocuments(this.#data, this.#dataHash);
    if (read.kind === "rejected") return read.diagnostics;
    if (read.kind === "read") {
      this.#dataHash = read.hash;
      this.#dataOfNow = read.data;
      this.#opened.clear();
    }
    return [];
  }

  /** Those that a language reads and that are no documents; languages that they are the first files of are opened. */
  async filesOf(files: readonly string[]): Promise<RuleFiles> {
    const found: RuleFile[] = [];
    const diagnostics: Diagnostic[] = [];
    for (const [language, own] of Map.groupBy(files, (file) => this.#languageOf(file))) {
      if (language === undefined) continue;
      try {
        const frontEnd = await this.#frontEndOf(language);
        found.push(...own.map((file) => ({ file, frontEnd })));
      } catch (error) {
        diagnostics.push(...unloadedLanguage(own, `\`${language.language}\` files`, error));
      }
    }
    return diagnostics.length > 0 ? { kind: "rejected", diagnostics } : { kind: "found", files: found };
  }

  #languageOf(file: string): RuleFrontEnd | RuleLanguage | undefined {
    if (this.#documents.has(path.resolve(file))) return undefined;
    return this.#byExtension.get(path.extname(file).toLowerCase());
  }

  async #frontEndOf(language: RuleFrontEnd | RuleLanguage): Promise<RuleFrontEnd> {
    if (!isToOpen(language)) return language;
    const known = this.#opened.get(language);
    if (known !== undefined) return known;
    const frontEnd = await language.open(this.#dataOfNow);
    this.#takeBuiltins(frontEnd);
    this.#opened.set(language, frontEnd);
    return frontEnd;
  }
}

function isToOpen(language: RuleFrontEnd | RuleLanguage): language is RuleLanguage {
  return "open" in language;
}
