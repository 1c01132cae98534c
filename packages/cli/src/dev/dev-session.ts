import type { AuditRecord } from "@acteon/audit";
import { outcomeCategory, stringifyAction } from "@acteon/core";
import type { LocalServer, RulesEvent } from "@acteon/server";
import { explanationToWire, quickstartAction } from "@acteon/server";
import type { CommandContext } from "../command.ts";
import { explanationText } from "../explanation-text.ts";
import { PacedLines } from "../live/paced-lines.ts";
import { recordLine } from "../live/record-line.ts";
import { moreLine } from "../live/record-lines.ts";
import { reloadedLine } from "../live/rules-line.ts";
import { actionOf } from "../offline/read-input.ts";
import { plain } from "../paint.ts";
import { sourceText } from "../source-text.ts";
import { helpLines } from "./dev-keys.ts";
import { DevScreen } from "./dev-screen.ts";
import type { DevState } from "./dev-state.ts";
import { currentRow, initialState } from "./dev-state.ts";
import { recordedState } from "./recorded-state.ts";

const maxRowsPerSecond = 20;

/** A person at the terminal of a running server. */
export class DevSession implements Disposable {
  /** Resolves when they want to leave. */
  readonly quit: Promise<void>;
  readonly #server: LocalServer;
  readonly #context: CommandContext;
  readonly #screen: DevScreen;
  readonly #pace: PacedLines;
  readonly #leave: () => void;
  #rowCount = 0;

  constructor(server: LocalServer, context: CommandContext) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.quit = promise;
    this.#leave = resolve;
    this.#server = server;
    this.#context = context;
    const { clock, output, stdin, stdout } = context;
    this.#pace = new PacedLines({
      maxPerSecond: maxRowsPerSecond,
      clock,
      onMore: (counts) => this.#row(moreLine(counts), undefined),
    });
    this.#screen = new DevScreen(initialState(server.url, server.rules.list().length), {
      stdin,
      stdout,
      clock,
      paint: output.paint,
      onKey: (key, state) => this.#onKey(key, state),
    });
  }

  showRecord(record: AuditRecord): void {
    if (!this.#pace.admits(outcomeCategory(record.outcome))) return;
    this.#row(recordLine(record, this.#context.clock.nowMs(), plain), record);
  }

  showRules(event: RulesEvent): void {
    if (event.kind === "loaded") {
      const message = reloadedLine(event.change);
      this.#screen.apply({ kind: "rules", count: event.change.rules, message });
      return this.#row(message, undefined);
    }
    const lines = this.#context.output.frames(event.diagnostics, sourceText, false).split("\n");
    this.#screen.apply({ kind: "problems", lines });
  }

  tell(line: string): void {
    this.#row(line, undefined);
  }

  [Symbol.dispose](): void {
    this.#pace[Symbol.dispose]();
    this.#screen[Symbol.dispose]();
  }

  #row(text: string, record: AuditRecord | undefined): void {
    this.#screen.apply({ kind: "row", row: { number: ++this.#rowCount, text, record } });
  }

  #onKey(key: string, state: DevState): void {
    if (key === "q") return this.#leave();
    if (key === "d") return this.#attempt(() => this.#dispatchSample());
    if (key === "?") return this.#screen.apply({ kind: "panel", title: "keys", lines: helpLines });
    if (key === "o") return this.#say("the page that shows all this comes with a later version");
    const record = currentRow(state)?.record;
    if (!["enter", "e", "r", "c"].includes(key)) return;
    if (record === undefined) return this.#say("no action is selected");
    if (key === "enter") return this.#showDetails(record);
    if (key === "e") return this.#attempt(() => this.#explain(record));
    if (key === "r") return this.#attempt(() => this.#replay(record));
    this.#copy(record);
  }

  #say(text: string): void {
    this.#screen.apply({ kind: "message", text });
  }

  /** What goes wrong is said, and the session goes on. */
  #attempt(work: () => Promise<void>): void {
    work().catch((error: unknown) => this.#say(error instanceof Error ? error.message : String(error)));
  }

  async #dispatchSample(): Promise<void> {
    const action = actionOf(quickstartAction, this.#context.clock.nowMs());
    const [result] = await this.#server.gateway.dispatchActions([action], { single: true });
    if (result?.kind === "refused") this.#say(result.error.message);
  }

  #showDetails(record: AuditRecord): void {
    const { action, ...rest } = record;
    const lines = JSON.stringify({ ...rest, action: JSON.parse(stringifyAction(action)) }, undefined, 2).split("\n");
    this.#screen.apply({ kind: "panel", title: `action ${action.id}`, lines });
  }

  async #explain(record: AuditRecord): Promise<void> {
    const { dispatchedAtMs: nowMs } = record;
    const { engine, timezone } = this.#server.rules;
    const environment = { nowMs, health: goodHealth, variables: {} };
    const explanation = await engine.explain(record.action, recordedState(record), environment);
    const shown = { nowMs, timezone, durationMs: 0, evaluateAll: false, includeDisabled: true };
    const lines = explanationText(explanationToWire(explanation, shown), plain).split("\n");
    this.#screen.apply({ kind: "panel", title: `${record.action.id}, by the rules in force now`, lines });
  }

  async #replay({ action, outcome }: AuditRecord): Promise<void> {
    const [result] = await this.#server.gateway.dispatchActions([action], { single: true, dryRun: true });
    if (result === undefined) return;
    if (result.kind === "refused") return this.#say(result.error.message);
    const now = result.outcome.kind === "dryRun" ? result.outcome : undefined;
    const by = now?.rule === undefined ? "" : ` by ${now.rule}`;
    this.#say(`now: ${now?.verdict ?? result.outcome.kind}${by}; it was ${outcomeCategory(outcome)}; nothing was done`);
  }

  #copy({ action }: AuditRecord): void {
    const body = stringifyAction(action).replaceAll("'", String.raw`'\''`);
    this.#screen.copy(`curl -s ${this.#server.url}/v1/dispatch -H 'content-type: application/json' -d '${body}'`);
    this.#say(`copied ${action.id} as a curl line, if this terminal lets programs copy`);
  }
}

const goodHealth = { circuitOpen: () => false, latencyP99Ms: () => undefined, failureRate: () => 0 } as const;
