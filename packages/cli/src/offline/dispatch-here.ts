import type { ActeonError } from "@acteon/core";
import { parseJson, ValidationError } from "@acteon/core";
import type { DispatchResult, RuleSource } from "@acteon/gateway";
import type { ProviderBehaviour } from "@acteon/provider";
import type { RuleEngine } from "@acteon/rules";
import { outcomeToWire } from "@acteon/server";
import type { CommandContext } from "../command.ts";
import type { DispatchAnswer, DispatchRequest } from "../commands/dispatch.ts";
import { createGateway } from "../library/create-gateway.ts";
import { visible } from "../paint.ts";
import { findRulesIfAny, openRules } from "./offline-rules.ts";
import { actionOf } from "./read-input.ts";

/** So many are dispatched at once, as one batch. */
const sliceActions = 1_000;

/**
 * Dispatches in this process: the rules decide, the state begins empty and ends with the command, and every provider only
 * prints. Nothing leaves the house from here.
 */
export async function* dispatch(request: DispatchRequest, context: CommandContext): AsyncIterable<DispatchAnswer> {
  const { clock, options, output, random } = context;
  const place = await findRulesIfAny(options.text("rules"), context);
  const engine = place === undefined ? undefined : await openRules(place, context);
  const rules = place === undefined ? "no rules" : `the rules of ${place.path}`;
  output.note(`no --server: decided here, by ${rules}, on empty state; providers only print`);
  await using gateway = await createGateway({
    rules: engine === undefined ? [] : fixedRules(engine),
    providers: printingProviders(place?.providers, (line) => output.note(line)),
    clock,
    random,
  });
  const { dryRun, batch, idempotencyKey } = request;
  for (let start = 0; start < request.actions.length; start += sliceActions) {
    const parsed = request.actions.slice(start, start + sliceActions).map((text) => read(text, batch, clock.nowMs()));
    const actions = parsed.flatMap((each) => (each.kind === "action" ? [each.action] : []));
    const results = await gateway.dispatchActions(actions, {
      dryRun,
      single: !batch,
      ...(idempotencyKey === undefined
        ? {}
        : { idempotencyKey: start === 0 ? idempotencyKey : `${idempotencyKey}/${start}` }),
    });
    let next = 0;
    for (const each of parsed) {
      yield each.kind === "refused" ? refused(each.error) : answerOf(results[next++], batch);
    }
  }
}

type Read =
  | { readonly kind: "action"; readonly action: ReturnType<typeof actionOf> }
  | { readonly kind: "refused"; readonly error: ValidationError };

/** @throws {ValidationError} A single one is refused; in a batch the others go on, as behind a bad line of a server's. */
function read(text: string, batch: boolean, nowMs: number): Read {
  try {
    const parsed = parseJson(text);
    if (parsed.kind === "rejected") throw new ValidationError(parsed.problems);
    return { kind: "action", action: actionOf(parsed.value, nowMs) };
  } catch (error) {
    if (!batch || !(error instanceof ValidationError)) throw error;
    return { kind: "refused", error };
  }
}

function answerOf(result: DispatchResult | undefined, batch: boolean): DispatchAnswer {
  if (result === undefined) throw new RangeError("a dispatch without a result");
  if (result.kind === "refused") {
    if (!batch) throw result.error;
    return refused(result.error);
  }
  const { rule } = result;
  const wire = outcomeToWire(result.outcome);
  return {
    // Within a batch the outcome is an object, as a server has it (`wire-api.md` §4.1).
    wire: batch && typeof wire === "string" ? { [wire]: null } : wire,
    place: rule === undefined ? undefined : `${rule.name}  ${rule.file}:${rule.line}`,
  };
}

function refused({ code, publicMessage, retryable }: ActeonError): DispatchAnswer {
  return { wire: { error: { code, message: publicMessage, retryable } }, place: undefined };
}

/** Rules that stay as they are: the command has read them, and ends soon. */
export function fixedRules(engine: RuleEngine): RuleSource {
  return { current: () => engine.current(), reload: () => Promise.resolve({ rules: engine.current().size }) };
}

/** Stand for those of the configuration: they print what those would have been sent. */
function printingProviders(
  names: ReadonlySet<string> = new Set(["console"]),
  print: (line: string) => void,
): Readonly<Record<string, ProviderBehaviour>> {
  const printing = (name: string): ProviderBehaviour => ({
    execute: ({ id, actionType, payload }) => {
      print(visible(`${name}  ${actionType}  ${id}  ${JSON.stringify(payload)}`));
      return {
        kind: "answered",
        response: { status: "success", body: { provider: name, logged: true }, headers: {} },
      };
    },
  });
  return Object.fromEntries([...names].map((name) => [name, printing(name)]));
}
