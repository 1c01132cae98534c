import path from "node:path";
import { digest } from "@acteon/core";
import type { Diagnostic, JsonObject, JsonValue } from "@acteon/core";
import { errorAt } from "../diagnostics/finding.ts";
import { readRuleFile } from "./rule-files.ts";
import { hashOf, startOf, textOf } from "./rule-source.ts";
import { unloadedLanguage } from "./unloaded-language.ts";

/** Files with what rules read as `data.…`, each under the name of its file: `data/windows.json` is `data.windows`. */
export interface DataFiles {
  readonly files: readonly string[];
  /** What reads them; asked for when there are some that have changed. */
  readonly openParser: () => Promise<DocumentParser>;
}

/** Pure, and throws on no text whatever, as the `parse` of a rule language. */
export type DocumentParser = (text: string, file: string) => ParsedDocument;

export type ParsedDocument =
  | { readonly kind: "parsed"; readonly value: JsonValue }
  /** Every problem of the file. */
  | { readonly kind: "rejected"; readonly diagnostics: readonly Diagnostic[] };

export type ReadDocuments =
  | { readonly kind: "unchanged" }
  /** `hash`: SHA-256, hex, over names and bytes. */
  | { readonly kind: "read"; readonly data: JsonObject; readonly hash: string }
  /** Every problem of every file. */
  | { readonly kind: "rejected"; readonly diagnostics: readonly Diagnostic[] };

/** @param knownHash Of what was read last: nothing is parsed where it is still that. */
export async function readDocuments({ files, openParser }: DataFiles, knownHash: string): Promise<ReadDocuments> {
  const fetched = await Promise.all(files.map(async (file) => ({ file, bytes: await readRuleFile(file) })));
  const hash = digest(fetched.map(({ file, bytes }) => `${file} ${bytes && hashOf(bytes)}`).join("\n"), "hex");
  if (hash === knownHash) return { kind: "unchanged" };
  let parse: DocumentParser;
  try {
    parse = await openParser();
  } catch (error) {
    return { kind: "rejected", diagnostics: unloadedLanguage(files, "documents", error) };
  }
  const data = new Map<string, JsonValue>();
  const diagnostics = [...doublyNamed(files)];
  for (const { file, bytes } of fetched) {
    const parsed = documentOf(file, bytes, parse);
    if (parsed.kind === "rejected") diagnostics.push(...parsed.diagnostics);
    else data.set(nameOf(file), parsed.value);
  }
  return diagnostics.length > 0
    ? { kind: "rejected", diagnostics }
    : { kind: "read", data: Object.fromEntries(data), hash };
}

function documentOf(file: string, bytes: Uint8Array | undefined, parse: DocumentParser): ParsedDocument {
  if (bytes === undefined) {
    const problem = { summary: "there is no such file", help: "it is named under `rules.data`" };
    return { kind: "rejected", diagnostics: [errorAt("ACT-R026", startOf(file), problem)] };
  }
  const text = textOf({ file, bytes });
  return typeof text === "string" ? parse(text, file) : { kind: "rejected", diagnostics: [text] };
}

function doublyNamed(files: readonly string[]): readonly Diagnostic[] {
  return [...Map.groupBy(files, nameOf)].flatMap(([name, [first, ...others]]) =>
    others.map((other) =>
      errorAt("ACT-R032", startOf(other), {
        summary: `two documents are \`data.${name}\``,
        notes: [`the other is ${first}`],
        help: "a document is called as its file is: rename one of them",
      }),
    ),
  );
}

function nameOf(file: string): string {
  return path.parse(file).name;
}
