import { serialiseAction } from "./action-serialiser.ts";
import type { Action } from "./action.ts";
import { canonicalJson } from "./canonical-json.ts";
import { digest } from "./digest.ts";

/** What a signature covers (`wire-api.md` §3): canonical JSON of the wire form without the signature and who made it. */
export function canonicalBytes(action: Action): Uint8Array {
  const { signature: _signature, signer_id: _signer, kid: _key, ...signed } = serialiseAction(action);
  return Buffer.from(canonicalJson(signed));
}

/**
 * Tells whether two arrivals under one `Idempotency-Key` are one request (guarantees G5): SHA-256, hex, over all that was
 * asked for. When it was made, its trace and its signature are not: they may differ from one try of a client to the next.
 */
export function actionDigest(action: Action): string {
  // An absent text and an empty one differ: JSON writes `null` for the first. Texts go in one call, in this order for good.
  const texts = JSON.stringify([
    action.id,
    action.namespace,
    action.tenant,
    action.provider,
    action.actionType,
    action.dedupKey,
    action.discriminator,
    action.status,
    action.fingerprint,
    action.startsAt,
    action.endsAt,
    action.template,
  ]);
  const attachments = JSON.stringify(action.attachments);
  return digest(`${texts}${canonicalJson(action.payload)}${canonicalJson(action.metadata)}${attachments}`, "hex");
}
