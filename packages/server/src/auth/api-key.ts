import { hash } from "node:crypto";

/**
 * A new API key: `acteon_<id>_<secret>`, of which the id may be shown and logged, and the secret has 256 random bits
 * (guarantees S3). `auth.toml` gets the hash.
 *
 * @param randomBytes Cryptographically strong.
 */
export function createApiKey(randomBytes: (count: number) => Buffer): {
  readonly key: string;
  readonly keyHash: string;
} {
  const key = `acteon_${randomBytes(8).toString("hex")}_${randomBytes(32).toString("hex")}`;
  return { key, keyHash: hash("sha256", key, "hex") };
}

/** The id in a key of the form above; keys of other makes have none. */
export function keyIdOf(key: string): string | undefined {
  return /^acteon_([0-9a-f]{16})_/.exec(key)?.[1];
}

/** SHA-256: enough for a key of 128 random bits or more, which needs no slow hash. */
export function digestOf(key: string): Buffer {
  return hash("sha256", key, "buffer");
}
