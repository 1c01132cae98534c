import type { JsonValue } from "@acteon/core";
import { parseInstant } from "@acteon/core";
import type { WireExplanation } from "@acteon/server";
import type { Run } from "../command.ts";
import { usageError } from "../command-error.ts";
import { explanationText } from "../explanation-text.ts";
import { parseInput, readInput } from "../offline/read-input.ts";
import { namedServer } from "../remote/server-client.ts";

/** An action, and the world that it is to be decided in. */
export interface ExplainRequest {
  /** As `POST /v1/rules/evaluate` takes it (`wire-api.md` §6.4), the clock and the state among its fields. */
  readonly action: JsonValue;
  readonly atMs: number | undefined;
  /** By key; one text stands for whatever a rule may ask under it. */
  readonly state: ReadonlyMap<string, string>;
  readonly evaluateAll: boolean;
}

export const run: Run = async (context) => {
  const { args, options, output } = context;
  const [file = ""] = args;
  const request: ExplainRequest = {
    action: parseInput(await readInput(file, context), file),
    atMs: instantOf(options.text("at")),
    state: new Map(options.texts("state").map(stateEntry)),
    evaluateAll: options.flag("all"),
  };
  const { explain } = await (namedServer(context) === undefined
    ? import("../offline/explain-here.ts")
    : import("../remote/explain-there.ts"));
  const explanation: WireExplanation = await explain(request, context);
  output.result(explanation, () => explanationText(explanation, output.paint));
  return 0;
};

/** In which world it was decided, for the note beside the answer. */
export function worldOf({ atMs, state }: ExplainRequest): string {
  const then = atMs === undefined ? "" : `at ${new Date(atMs).toISOString()}, `;
  return `${then}${state.size === 0 ? "as if nothing had been dispatched before" : "on the state that was given"}`;
}

function instantOf(text: string | undefined): number | undefined {
  const atMs = text === undefined ? undefined : parseInstant(text);
  if (text === undefined || atMs !== undefined) return atMs;
  throw usageError(`--at must be an instant with its offset, such as 2026-03-01T09:30:00Z, not ${text}`);
}

function stateEntry(text: string): readonly [string, string] {
  const at = text.lastIndexOf("=");
  if (at <= 0) throw usageError(`--state takes key=text, not ${text}`);
  return [text.slice(0, at), text.slice(at + 1)];
}
