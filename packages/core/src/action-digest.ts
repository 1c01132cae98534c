import type { Action } from "./action.ts";
import { serialiseAction } from "./action-serialiser.ts";
import { canonicalJson } from "./canonical-json.ts";
import { digest } from "./digest.ts";

/** What a signature covers (`wire-api.md` §3): canonical JSON of the wire form without the signature and who made it. */
export function canonicalBytes(action: Action): Uint8Array {
  const { signature: _signature, signer_id: _signer, kid: _key, ...signed } = serialiseAction(action);
  return Buffer.from(canonicalJson(signed));
}

/**
 * Tells whether two arrivals under one `Idempotency-Key` are one request (guarantees G5): SHA-256, hex, over what was asked
 * for. When it was made and the trace it belongs to are not: they differ from one attempt of a client to the next.
 */
export function actionDigest(action: Action): string {
  const { created_at: _madeAt, trace_context: _trace, ...asked } = serialiseAction(action);
  return digest(canonicalJson(asked), "hex");
}
