import type { Clock } from "@acteon/core";
import type { CompilerOptions } from "../compile/compile-expr.ts";
import type { RuleFrontEnd } from "../front-end.ts";
import type { Pacer } from "./pacer.ts";
import { readRuleFile, sameStamp, stampOf } from "./rule-files.ts";
import type { FileStamp } from "./rule-files.ts";
import { hashOf, readSource } from "./rule-source.ts";
import type { RuleSourceFile } from "./rule-source.ts";

/**
 * A file system may stamp two writes within this time alike. A file that was read so soon after it was written is read
 * again, whatever its stamp says.
 */
const stampGrainMs = 50;

interface Known {
  readonly stamp: FileStamp;
  /** The stamp was old enough to be trusted when the file was read. */
  readonly settled: boolean;
  readonly source: RuleSourceFile;
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

/** Reads rule files, and parses only those whose bytes have changed. */
export class SourceReader {
  readonly #clock: Pick<Clock, "nowMs">;
  readonly #options: CompilerOptions;
  readonly #known = new Map<string, Known>();

  constructor(clock: Pick<Clock, "nowMs">, options: CompilerOptions) {
    this.#clock = clock;
    this.#options = options;
  }

  /** Those that are there, in order. Fetching goes side by side, parsing one after another, in slices. */
  async read(files: readonly RuleFile[], pacer: Pacer): Promise<readonly RuleSourceFile[]> {
    const sources: RuleSourceFile[] = [];
    for (let start = 0; start < files.length; start += fetchedAtOnce) {
      const some = files.slice(start, start + fetchedAtOnce);
      const fetched = await Promise.all(some.map(({ file }) => this.#fetch(file)));
      for (const [i, file] of some.entries()) {
        if (pacer.isDue) await pacer.pause();
        const source = this.#sourceOf(file, fetched[i]!);
        if (source !== undefined) sources.push(source);
      }
    }
    return sources;
  }

  async #fetch(file: string): Promise<Fetched> {
    const stamp = await stampOf(file);
    if (stamp === undefined) return { kind: "gone" };
    const known = this.#known.get(file);
    if (known?.settled === true && sameStamp(known.stamp, stamp)) return { kind: "unchanged", source: known.source };
    const settled = this.#clock.nowMs() - Math.max(stamp.mtimeMs, stamp.ctimeMs) > stampGrainMs;
    const bytes = await readRuleFile(file);
    return bytes === undefined ? { kind: "gone" } : { kind: "fetched", bytes, stamp, settled };
  }

  #sourceOf({ file, frontEnd }: RuleFile, fetched: Fetched): RuleSourceFile | undefined {
    if (fetched.kind === "unchanged") return fetched.source;
    const known = this.#known.get(file);
    this.#known.delete(file);
    if (fetched.kind === "gone") return undefined;
    const { bytes, stamp, settled } = fetched;
    const hash = hashOf(bytes);
    const source = known?.source.hash === hash ? known.source : readSource(bytes, hash, file, frontEnd, this.#options);
    this.#known.set(file, { stamp, settled, source });
    return source;
  }

  /** Forgets every file that is not among these. */
  retain(files: ReadonlySet<string>): void {
    for (const file of this.#known.keys()) if (!files.has(file)) this.#known.delete(file);
  }
}
