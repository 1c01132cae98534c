import type { Clock } from "@acteon/core";
import type { CompilerOptions } from "../compile/compile-expr.ts";
import type { RuleFrontEnd } from "../front-end.ts";
import type { Pacer } from "./pacer.ts";
import { readRuleFile, sameStamp, stampOf } from "./rule-files.ts";
import type { FileStamp } from "./rule-files.ts";
import { hashOf, readSource, readSources } from "./rule-source.ts";
import type { FetchedFile, RuleSourceFile } from "./rule-source.ts";

/**
 * A file system may stamp two writes within this time alike. A file that was read so soon after it was written is read
 * again, whatever its stamp says.
 */
const stampGrainMs = 50;

interface Known {
  readonly stamp: FileStamp;
  /** The stamp was old enough to be trusted when the file was read. */
  readonly settled: boolean;
  /** That made it: another one sees other documents. */
  readonly frontEnd: RuleFrontEnd;
  readonly source: RuleSourceFile;
}

interface ReadTogether {
  readonly frontEnd: RuleFrontEnd;
  /** What it was made from. */
  readonly texts: string;
  readonly sources: readonly RuleSourceFile[];
}

/** So many files are fetched at once. */
const fetchedAtOnce = 128;

/** A rule file to read, with the language of its extension. */
export interface RuleFile {
  readonly file: string;
  readonly frontEnd: RuleFrontEnd;
}

type Fetched =
  | { readonly kind: "gone" }
  | { readonly kind: "unchanged"; readonly source: RuleSourceFile }
  | { readonly kind: "fetched"; readonly bytes: Uint8Array; readonly stamp: FileStamp; readonly settled: boolean };

/** Reads rule files, and parses only those whose bytes have changed; where files refer to each other, all or none. */
export class SourceReader {
  readonly #clock: Pick<Clock, "nowMs">;
  readonly #options: CompilerOptions;
  readonly #known = new Map<string, Known>();
  /** What was last made of the files of a language that refer to each other, by the language. */
  readonly #together = new Map<string, ReadTogether>();

  constructor(clock: Pick<Clock, "nowMs">, options: CompilerOptions) {
    this.#clock = clock;
    this.#options = options;
  }

  /** Those that are there. Fetching goes side by side, parsing one after another, in slices. */
  async read(files: readonly RuleFile[], pacer: Pacer): Promise<readonly RuleSourceFile[]> {
    const sources: RuleSourceFile[] = [];
    for (const [frontEnd, own] of Map.groupBy(files, (file) => file.frontEnd)) {
      const paths = own.map(({ file }) => file);
      const read =
        frontEnd.parseTogether === undefined
          ? await this.#readEach(paths, frontEnd, pacer)
          : await this.#readTogether(paths, frontEnd, pacer);
      sources.push(...read);
    }
    return sources;
  }

  async #readEach(files: readonly string[], frontEnd: RuleFrontEnd, pacer: Pacer): Promise<readonly RuleSourceFile[]> {
    const sources: RuleSourceFile[] = [];
    for (let start = 0; start < files.length; start += fetchedAtOnce) {
      const some = files.slice(start, start + fetchedAtOnce);
      const fetched = await Promise.all(some.map((file) => this.#fetch(file, frontEnd)));
      for (const [i, file] of some.entries()) {
        if (pacer.isDue) await pacer.pause();
        const source = await this.#sourceOf(file, frontEnd, fetched[i]!, pacer);
        if (source !== undefined) sources.push(source);
      }
    }
    return sources;
  }

  /** The bytes of all of them are looked at each time: a stamp says nothing of what other files make of this one. */
  async #readTogether(
    files: readonly string[],
    frontEnd: RuleFrontEnd,
    pacer: Pacer,
  ): Promise<readonly RuleSourceFile[]> {
    const there: FetchedFile[] = [];
    for (let start = 0; start < files.length; start += fetchedAtOnce) {
      const some = files.slice(start, start + fetchedAtOnce);
      const bytes = await Promise.all(some.map((file) => readRuleFile(file)));
      for (const [i, file] of some.entries()) {
        const each = bytes[i];
        if (each !== undefined) there.push({ file, bytes: each, hash: hashOf(each) });
      }
    }
    const texts = there.map(({ file, hash }) => `${file} ${hash}`).join("\n");
    const last = this.#together.get(frontEnd.language);
    if (last?.texts === texts && last.frontEnd === frontEnd) return last.sources;
    if (pacer.isDue) await pacer.pause();
    const sources = await pacer.run(readSources(there, frontEnd, this.#options));
    this.#together.set(frontEnd.language, { frontEnd, texts, sources });
    return sources;
  }

  async #fetch(file: string, frontEnd: RuleFrontEnd): Promise<Fetched> {
    const stamp = await stampOf(file);
    if (stamp === undefined) return { kind: "gone" };
    const known = this.#knownOf(file, frontEnd);
    if (known?.settled === true && sameStamp(known.stamp, stamp)) return { kind: "unchanged", source: known.source };
    const settled = this.#clock.nowMs() - Math.max(stamp.mtimeMs, stamp.ctimeMs) > stampGrainMs;
    const bytes = await readRuleFile(file);
    return bytes === undefined ? { kind: "gone" } : { kind: "fetched", bytes, stamp, settled };
  }

  async #sourceOf(
    file: string,
    frontEnd: RuleFrontEnd,
    fetched: Fetched,
    pacer: Pacer,
  ): Promise<RuleSourceFile | undefined> {
    if (fetched.kind === "unchanged") return fetched.source;
    const known = this.#knownOf(file, frontEnd);
    this.#known.delete(file);
    if (fetched.kind === "gone") return undefined;
    const { bytes, stamp, settled } = fetched;
    const hash = hashOf(bytes);
    const source =
      known?.source.hash === hash
        ? known.source
        : await pacer.run(readSource({ file, bytes, hash }, frontEnd, this.#options));
    this.#known.set(file, { stamp, settled, frontEnd, source });
    return source;
  }

  #knownOf(file: string, frontEnd: RuleFrontEnd): Known | undefined {
    const known = this.#known.get(file);
    return known?.frontEnd === frontEnd ? known : undefined;
  }

  /** Forgets every file that is not among these. */
  retain(files: ReadonlySet<string>): void {
    for (const file of this.#known.keys()) if (!files.has(file)) this.#known.delete(file);
  }
}
