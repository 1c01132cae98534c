import type { Action, ActionInput } from "./action.ts";
import type { Clock, Random } from "./clock.ts";
import type { ActionId, Namespace, TenantId } from "./ids.ts";

/**
 * The action that a library call describes.
 * @throws {ValidationError} All that is wrong with it.
 */
export function createAction(
  input: ActionInput,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): Action {
  return {
    id: (input.id ?? random.uuid()) as ActionId,
    namespace: input.namespace as Namespace,
    tenant: input.tenant as TenantId | undefined,
    provider: input.provider,
    actionType: input.actionType,
    payload: input.payload,
    createdAt: input.createdAt ?? new Date(clock.nowMs()).toISOString(),
    metadata: input.metadata ?? {},
    dedupKey: input.dedupKey,
    discriminator: input.discriminator,
    status: input.status,
    fingerprint: input.fingerprint,
    startsAt: input.startsAt,
    endsAt: input.endsAt,
    traceContext: input.traceContext ?? {},
    template: input.template,
    attachments: input.attachments ?? [],
    signature: input.signature,
    signerId: input.signerId,
    kid: input.kid,
  };
}
