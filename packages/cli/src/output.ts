import type { Diagnostic } from "@acteon/core";
import { renderDiagnostic } from "@acteon/core";
import type { Paint } from "./paint.ts";
import { painted, plain, visible } from "./paint.ts";

export const outputFormats = ["text", "json", "jsonl", "yaml", "none"] as const;
export type OutputFormat = (typeof outputFormats)[number];

export interface OutputOptions {
  readonly format: OutputFormat;
  readonly stdout: Pick<NodeJS.WritableStream, "write">;
  readonly stderr: Pick<NodeJS.WritableStream, "write">;
  readonly colour: { readonly stdout: boolean; readonly stderr: boolean };
}

/** Results go to standard output in the form that was asked for; all else goes to standard error (`ux.md` §4.1). */
export class Output {
  readonly format: OutputFormat;
  /** For what is written as text to standard output, and to standard error. */
  readonly paint: Paint;
  readonly notePaint: Paint;
  readonly colour: OutputOptions["colour"];
  readonly #stdout: OutputOptions["stdout"];
  readonly #stderr: OutputOptions["stderr"];
  readonly #yaml: (value: unknown) => string;

  private constructor({ format, stdout, stderr, colour }: OutputOptions, yaml: (value: unknown) => string) {
    this.format = format;
    this.paint = colour.stdout ? painted : plain;
    this.notePaint = colour.stderr ? painted : plain;
    this.colour = colour;
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.#yaml = yaml;
  }

  /** The YAML writer is loaded only where it is asked for. */
  static async open(options: OutputOptions): Promise<Output> {
    return new Output(options, options.format === "yaml" ? (await import("./yaml-text.ts")).yamlText : () => "");
  }

  /**
   * The result of a command, written once.
   * @param value Of whatever JSON has.
   * @param text The lines of the text form, made only if it is asked for; without a line there is no output.
   */
  result(value: unknown, text: () => string): void {
    switch (this.format) {
      case "text":
        return this.#line(text());
      case "json":
        return this.#line(JSON.stringify(value, undefined, 2));
      case "jsonl":
        if (!Array.isArray(value)) return this.#line(JSON.stringify(value));
        for (const item of value) this.#line(JSON.stringify(item));
        return;
      case "yaml":
        return void this.#stdout.write(this.#yaml(value));
      case "none":
        return;
    }
  }

  /** A result of many that comes by itself: a line at once, whatever the form (JSON: one value a line). */
  event(value: unknown, text: () => string): void {
    if (this.format === "json") this.#line(JSON.stringify(value));
    else if (this.format === "yaml") this.#stdout.write(`---\n${this.#yaml(value)}`);
    else this.result(value, text);
  }

  /** One result of many: `end` must be called. JSON and YAML are one list, in the other forms each is out at once. */
  list<T>(toValue: (item: T) => unknown, toText: (item: T) => string): ResultList<T> {
    if (this.format === "json" || this.format === "yaml") {
      const values: unknown[] = [];
      return { add: (item) => void values.push(toValue(item)), end: () => this.result(values, () => "") };
    }
    return { add: (item) => this.result(toValue(item), () => toText(item)), end: () => undefined };
  }

  /** Progress, hints, warnings: to standard error. */
  note(text: string): void {
    this.#stderr.write(`${text}\n`);
  }

  /** What went wrong and, on a line of its own, what to do about it (`ux.md` §5). */
  noteError(message: string, help?: string): void {
    this.note(`${this.notePaint("bad", "error")}: ${visible(message)}`);
    if (help !== undefined) this.note(`help: ${visible(help)}`);
  }

  /** @param source The text of a file, where it can be shown. */
  frames(
    diagnostics: readonly Diagnostic[],
    source: (file: string) => string | undefined,
    colour: boolean = this.colour.stdout,
  ): string {
    return this.#framed(diagnostics, source, colour);
  }

  noteFrames(diagnostics: readonly Diagnostic[], source: (file: string) => string | undefined): void {
    this.note(this.#framed(diagnostics, source, this.colour.stderr));
  }

  #framed(diagnostics: readonly Diagnostic[], source: (file: string) => string | undefined, colour: boolean): string {
    return diagnostics.map((each) => renderDiagnostic(each, source(each.span.file), { colour })).join("\n\n");
  }

  #line(text: string): void {
    if (text !== "") this.#stdout.write(`${text}\n`);
  }
}

export interface ResultList<T> {
  add(item: T): void;
  end(): void;
}
