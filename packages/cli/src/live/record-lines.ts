import type { AuditRecord } from "@acteon/audit";
import type { Clock } from "@acteon/core";
import { outcomeCategory } from "@acteon/core";
import type { Output } from "../output.ts";
import { PacedLines } from "./paced-lines.ts";
import { recordLine, recordToJson } from "./record-line.ts";

const maxLinesPerSecond = 20;

/** A line for each action, as many as a person can read; under load the rest is told as a count. */
export class RecordLines implements Disposable {
  readonly #output: Output;
  readonly #clock: Clock;
  readonly #pace: PacedLines;
  readonly #printPace: PacedLines;

  constructor(output: Output, clock: Clock) {
    this.#output = output;
    this.#clock = clock;
    const maxPerSecond = maxLinesPerSecond;
    this.#pace = new PacedLines({
      maxPerSecond,
      clock,
      onMore: (counts) =>
        output.event({ event: "more_actions", outcomes: Object.fromEntries(counts) }, () =>
          output.paint("dim", moreLine(counts)),
        ),
    });
    this.#printPace = new PacedLines({
      maxPerSecond,
      clock,
      onMore: (counts) => output.note(output.notePaint("dim", moreLine(counts))),
    });
  }

  show(record: AuditRecord): void {
    if (!this.#pace.admits(outcomeCategory(record.outcome))) return;
    this.#output.event(recordToJson(record), () => recordLine(record, this.#clock.nowMs(), this.#output.paint));
  }

  /** A line of a `console` provider, held to the same pace. */
  print(line: string): void {
    if (!this.#printPace.admits("printed")) return;
    if (this.#output.format === "text") this.#output.event(line, () => line);
    else this.#output.note(line);
  }

  [Symbol.dispose](): void {
    this.#printPace[Symbol.dispose]();
    this.#pace[Symbol.dispose]();
  }
}

/** `… and 1,234 more: 1,200 executed, 34 deduplicated`. */
export function moreLine(counts: ReadonlyMap<string, number>): string {
  const sum = [...counts.values()].reduce((a, b) => a + b, 0);
  const parts = [...counts].map(([category, count]) => `${count.toLocaleString("en")} ${category}`);
  return `… and ${sum.toLocaleString("en")} more: ${parts.join(", ")}`;
}
