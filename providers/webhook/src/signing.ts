import { createHmac, createSecretKey } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { refuse, secretField } from "@acteon/provider";
import { z } from "zod";

/**
 * `whsec_` and base64 of 24 to 64 bytes. The key prints as little of itself as a `Secret` does.
 *
 * @see Standard Webhooks 1.0, “Signature scheme”.
 */
export function signingKeyField() {
  return secretField().transform((secret, context): KeyObject => {
    const encoded = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret.reveal())?.[1] ?? "";
    const bytes = Buffer.from(encoded, "base64");
    if (bytes.length >= 24 && bytes.length <= 64) return createSecretKey(bytes);
    refuse(context, [], "invalid_configuration", "expected whsec_ and 24 to 64 bytes in base64");
    return z.NEVER;
  });
}

/** One signature for each key: a receiver that knows any of them is content, which is how keys are rotated. */
export function signatureHeader(keys: readonly KeyObject[], id: string, timestamp: string, body: string): string {
  const content = `${id}.${timestamp}.${body}`;
  return keys.map((key) => `v1,${createHmac("sha256", key).update(content).digest("base64")}`).join(" ");
}
