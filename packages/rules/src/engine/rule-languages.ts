import path from "node:path";
import type { Diagnostic, JsonObject } from "@acteon/core";
import type { Builtin } from "../builtins/builtin.ts";
import { createBuiltinTable } from "../builtins/builtin-table.ts";
import type { RuleFrontEnd } from "../front-end.ts";
import { readDocuments } from "./data-documents.ts";
import type { DataFiles } from "./data-documents.ts";
import type { RuleFile } from "./source-reader.ts";

/** The languages whose rules see these documents. */
export type FrontEndsFor = (data: JsonObject) => readonly RuleFrontEnd[];

/** The rule languages of an engine, and the documents that their rules see. */
export class RuleLanguages {
  readonly #frontEndsFor: FrontEndsFor | undefined;
  readonly #data: DataFiles;
  readonly #documents: ReadonlySet<string>;
  readonly #byExtension = new Map<string, RuleFrontEnd>();
  readonly #builtins = new Map(createBuiltinTable());
  #dataHash = "";

  constructor(frontEnds: readonly RuleFrontEnd[] | FrontEndsFor, data: DataFiles) {
    this.#frontEndsFor = typeof frontEnds === "function" ? frontEnds : undefined;
    this.#data = data;
    this.#documents = new Set(data.files.map((file) => path.resolve(file)));
    for (const frontEnd of typeof frontEnds === "function" ? frontEnds({}) : frontEnds) this.register(frontEnd);
  }

  register(frontEnd: RuleFrontEnd): void {
    for (const builtin of frontEnd.builtins ?? []) this.#builtins.set(builtin.name, builtin);
    for (const extension of frontEnd.extensions) this.#byExtension.set(extension, frontEnd);
  }

  /** Of every language, and those that the registered ones bring. */
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

  /** Reads the documents again, and makes the languages anew where they have changed. @returns What is wrong with them. */
  async refreshData(): Promise<readonly Diagnostic[]> {
    if (this.#documents.size === 0) return [];
    const read = await readDocuments(this.#data, this.#dataHash);
    if (read.kind === "rejected") return read.diagnostics;
    if (read.kind === "read") {
      this.#dataHash = read.hash;
      for (const frontEnd of this.#frontEndsFor?.(read.data) ?? []) this.register(frontEnd);
    }
    return [];
  }

  /** `undefined`: no language reads files of this name, or it is a document. */
  fileOf(file: string): RuleFile | undefined {
    const frontEnd = this.#byExtension.get(path.extname(file).toLowerCase());
    return frontEnd === undefined || this.#documents.has(path.resolve(file)) ? undefined : { file, frontEnd };
  }
}
