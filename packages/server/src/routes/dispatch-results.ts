import type { Action } from "@acteon/core";
import { InternalError } from "@acteon/core";
import type { DispatchResult } from "@acteon/gateway";
import { outcomeElementText } from "../codec/outcome-codec.ts";
import { errorElementText } from "../http/error-codec.ts";
import { RequestError } from "../http/request-error.ts";

/** One result as an element of a batch or a line of a stream (`wire-api.md` §4.2). */
export function resultText(result: DispatchResult | undefined): string {
  if (result === undefined) return errorElementText(new InternalError("a dispatch ended without a result"));
  return result.kind === "refused" ? errorElementText(result.error) : outcomeElementText(result.outcome);
}

/** The action lies outside the caller's grants. */
export function notCovered({ tenant, namespace, provider, actionType }: Action): RequestError {
  return new RequestError(
    "forbidden",
    `forbidden: no grant covers tenant=${tenant} namespace=${namespace} provider=${provider} action_type=${actionType}`,
  );
}
