import type { ActionKey } from "./action-key.ts";
import { lockKey } from "./action-key.ts";
import { digest } from "./digest.ts";
import { encodeComponent } from "./key-component.ts";

/**
 * What all attempts of one execution carry to the provider (guarantees G3): base32 of SHA-256 over identity, epoch, step.
 * @param epoch Names the execution; never returns for this identity.
 * @param step Which call of the execution: one execution may call several providers.
 */
export function idempotencyKeyOf(key: ActionKey, epoch: string, step: string): string {
  return digest(`${lockKey(key)}/${encodeComponent(epoch)}/${encodeComponent(step)}`, "base32");
}
