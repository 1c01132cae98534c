import type { JsonObject, JsonValue } from "@acteon/core";
import { suggest } from "@acteon/core";
import type { CommandContext, Run } from "../command.ts";
import { usageError } from "../command-error.ts";
import type { ExitCode } from "../exit-code.ts";
import { isJsonArrayText, linesOf } from "../offline/batch-lines.ts";
import { parseInput, readInput } from "../offline/read-input.ts";
import { namedServer } from "../remote/server-client.ts";
import { answerText, normalCategory, readWireAnswer } from "../wire-outcome.ts";

/** What is to be dispatched. */
export interface DispatchRequest {
  /** Each the JSON of an action (`wire-api.md` §3): read by who dispatches it. */
  readonly actions: readonly string[];
  /** Many, which may each end in a way of its own. */
  readonly batch: boolean;
  readonly dryRun: boolean;
  readonly idempotencyKey: string | undefined;
}

/** An answer, as the wire spells it, and where the rule behind it is written, if that is known. */
export interface DispatchAnswer {
  readonly wire: JsonValue;
  readonly place: string | undefined;
}

export const run: Run = async (context) => {
  const { options, output } = context;
  const expected = expectedCategory(options.text("expect"));
  const request: DispatchRequest = {
    ...(await requestedActions(context)),
    dryRun: options.flag("dryRun"),
    idempotencyKey: options.text("idempotencyKey"),
  };
  const { dispatch } = await (namedServer(context) === undefined
    ? import("../offline/dispatch-here.ts")
    : import("../remote/dispatch-there.ts"));
  const text = ({ wire, place }: DispatchAnswer): string => answerText(readWireAnswer(wire), place, output.paint);
  const list = request.batch ? output.list<DispatchAnswer>(({ wire }) => wire, text) : undefined;
  let exit: ExitCode = 0;
  for await (const answer of dispatch(request, context)) {
    exit = worse(exit, exitOf(readWireAnswer(answer.wire).category, expected));
    if (list === undefined) output.result(answer.wire, () => text(answer));
    else list.add(answer);
  }
  list?.end();
  return exit;
};

/** `ux.md` §4.1. */
function exitOf(category: string, expected: string | undefined): ExitCode {
  if (category === "refused") return 1;
  if (expected !== undefined) return category === expected ? 0 : 3;
  return category === "failed" ? 1 : 0;
}

/** What could not be done outweighs what was not expected. */
function worse(a: ExitCode, b: ExitCode): ExitCode {
  if (a === 1 || b === 1) return 1;
  return a === 0 ? b : a;
}

const categories = [
  "executed",
  "deduplicated",
  "suppressed",
  "rerouted",
  "throttled",
  "failed",
  "dry_run",
  "grouped",
  "state_changed",
  "pending_approval",
  "chain_started",
  "scheduled",
  "quota_exceeded",
  "silenced",
  "muted",
  "circuit_open",
];

function expectedCategory(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const category = normalCategory(text);
  if (categories.includes(category)) return category;
  const near = suggest(category, categories);
  throw usageError(`--expect ${text}: no such outcome${near === undefined ? "" : ` (did you mean ${near}?)`}`);
}

const actionFlags = ["namespace", "tenant", "provider", "type", "payload", "id", "dedupKey"] as const;

async function requestedActions(context: CommandContext): Promise<Pick<DispatchRequest, "actions" | "batch">> {
  const { args, options } = context;
  const file = options.text("file") ?? args[0];
  const batch = options.flag("batch");
  const flag = actionFlags.find((name) => options.text(name) !== undefined);
  if (file === undefined) {
    if (batch) throw usageError("--batch needs a file, or - for standard input");
    return { actions: [JSON.stringify(actionOfFlags(context))], batch };
  }
  if (flag !== undefined) throw usageError(`${file} and --${flag} both say what to dispatch`);
  const bytes = await readInput(file, context);
  if (!batch) return { actions: [JSON.stringify(parseInput(bytes, file))], batch };
  if (!isJsonArrayText(bytes)) return { actions: linesOf(bytes), batch };
  const items = parseInput(bytes, file) as readonly JsonValue[];
  return { actions: items.map((item) => JSON.stringify(item)), batch };
}

/** @throws {CommandError} Naming every flag that is missing. */
function actionOfFlags({ clock, options, random }: CommandContext): JsonObject {
  const missing = (["namespace", "tenant", "provider", "type"] as const).filter((name) => !options.text(name));
  if (missing.length > 0) {
    throw usageError(`an action needs ${missing.map((name) => `--${name}`).join(", ")}; or name a file`);
  }
  const dedupKey = options.text("dedupKey");
  return {
    id: options.text("id") ?? random.uuid(),
    namespace: options.text("namespace") ?? "",
    tenant: options.text("tenant") ?? "",
    provider: options.text("provider") ?? "",
    action_type: options.text("type") ?? "",
    payload: parseInput(options.text("payload") ?? "{}", "--payload"),
    created_at: new Date(clock.nowMs()).toISOString(),
    metadata: Object.fromEntries(options.texts("metadata").map(metadataEntry)),
    ...(dedupKey === undefined ? {} : { dedup_key: dedupKey }),
  };
}

function metadataEntry(text: string): readonly [string, string] {
  const at = text.indexOf("=");
  if (at <= 0) throw usageError(`--metadata takes key=value, not ${text}`);
  return [text.slice(0, at), text.slice(at + 1)];
}
