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

  constructor(output: Output, clock: Clock) {
    this.#output = output;
    this.#clock = clock;
    this.#pace = new PacedLines({
      maxPerSecond: maxLinesPerSecond,
      clock,
      onMore: (counts) =>
        output.event({ event: "more_actions", outcomes: Object.fromEntries(counts) }, () =>
          output.paint("dim", moreLine(counts)),
        ),
    });
  }

  show(record: AuditRecord): void {
    if (!this.#pace.admits(outcomeCategory(record.outcome))) return;
    this.#output.event(recordToJson(record), () => recordLine(record, this.#clock.nowMs(), this.#output.paint));
  }

  [Symbol.dispose](): void {
    this.#pace[Symbol.dispose]();
  }
}

/** `… and 1,234 more: 1,200 executed, 34 deduplicated`. */
export function moreLine(counts: ReadonlyMap<string, number>): string {
  const sum = [...counts.values()].reduce((a, b) => a + b, 0);
  const parts = [...counts].map(([category, count]) => `${count.toLocaleString("en")} ${category}`);
  return `… and ${sum.toLocaleString("en")} more: ${parts.join(", ")}`;
}
