import { instantFault } from "./action-parser.ts";
import type { Action, ActionInput } from "./action.ts";
import type { Clock, Random } from "./clock.ts";
import { missing, optionalAttachments, optionalText, optionalTexts, requiredText } from "./field-checks.ts";
import type { ActionId, Namespace, TenantId } from "./ids.ts";
import { idFault, nameFault, namespaceFault, tenantFault, wellFormedFault } from "./ids.ts";
import { formatInstant } from "./instant.ts";
import { checkJsonValue } from "./json-value-check.ts";
import { defaultJsonLimits } from "./parse-json.ts";
import { ValidationError, hasProblems } from "./request-errors.ts";
import type { Problem } from "./request-errors.ts";

/**
 * The action that a library call describes. It keeps the payload, the metadata and the trace context of `input`, which
 * must not be changed until the dispatch has ended.
 * @throws {ValidationError} All that is wrong with it; pointers name the fields of `ActionInput`.
 */
export function createAction(
  input: ActionInput,
  { clock, random }: { readonly clock: Pick<Clock, "nowMs">; readonly random: Pick<Random, "uuid"> },
): Action {
  const problems: Problem[] = [];
  const action: Action = {
    id: (optionalText(input.id, "/id", idFault, problems) ?? random.uuid()) as ActionId,
    namespace: requiredText(input.namespace, "/namespace", namespaceFault, problems) as Namespace,
    tenant: optionalText(input.tenant, "/tenant", tenantFault, problems) as TenantId | undefined,
    provider: requiredText(input.provider, "/provider", nameFault, problems),
    actionType: requiredText(input.actionType, "/actionType", nameFault, problems),
    payload: input.payload,
    createdAt: optionalText(input.createdAt, "/createdAt", instantFault, problems) ?? formatInstant(clock.nowMs()),
    metadata: optionalTexts(input.metadata, "/metadata", wellFormedFault, problems),
    dedupKey: optionalText(input.dedupKey, "/dedupKey", idFault, problems),
    discriminator: optionalText(input.discriminator, "/discriminator", nameFault, problems),
    status: optionalText(input.status, "/status", nameFault, problems),
    fingerprint: optionalText(input.fingerprint, "/fingerprint", nameFault, problems),
    startsAt: optionalText(input.startsAt, "/startsAt", instantFault, problems),
    endsAt: optionalText(input.endsAt, "/endsAt", instantFault, problems),
    traceContext: optionalTexts(input.traceContext, "/traceContext", wellFormedFault, problems),
    template: optionalText(input.template, "/template", nameFault, problems),
    attachments: optionalAttachments(input.attachments, inputAttachmentNames, wellFormedFault, problems),
    signature: optionalText(input.signature, "/signature", wellFormedFault, problems),
    signerId: optionalText(input.signerId, "/signerId", nameFault, problems),
    kid: optionalText(input.kid, "/kid", nameFault, problems),
  };
  if (input.payload === undefined) problems.push(missing("/payload"));
  else checkJsonValue(input.payload, "/payload", defaultJsonLimits, problems);
  if (hasProblems(problems)) throw new ValidationError(problems);
  return action;
}

const inputAttachmentNames = { contentType: "contentType", dataBase64: "dataBase64" } as const;
