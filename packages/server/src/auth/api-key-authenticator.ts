import { timingSafeEqual } from "node:crypto";
import type { Clock } from "@acteon/core";
import { RequestError } from "../http/request-error.ts";
import type { ApiKeyEntry } from "./auth-file.ts";
import { digestOf, keyIdOf } from "./api-key.ts";
import type { Authenticator, Credentials } from "./authenticator.ts";
import { unauthenticated } from "./authenticator.ts";
import type { FailureLimiter } from "./failure-limiter.ts";
import type { Principal } from "./principal.ts";

/** A key, and when it was last used. */
interface KnownKey extends ApiKeyEntry {
  acceptedAtMs: number;
}

/** API keys by their digests (guarantees S3). The set is replaced whole when the file changes. */
export class ApiKeyAuthenticator implements Authenticator {
  readonly #limiter: FailureLimiter;
  readonly #clock: Clock;
  readonly #onDispose: () => void;
  #keys: ReadonlyMap<string, KnownKey> = new Map();

  constructor(limiter: FailureLimiter, clock: Clock, onDispose: () => void) {
    this.#limiter = limiter;
    this.#clock = clock;
    this.#onDispose = onDispose;
  }

  replaceKeys(entries: readonly ApiKeyEntry[]): void {
    this.#keys = new Map(
      entries.map((entry) => [bucketOf(entry.digest), { ...entry, acceptedAtMs: Number.NEGATIVE_INFINITY }]),
    );
  }

  authenticate(credentials: Credentials, address: string): Principal {
    const key = presentedKey(credentials);
    const known = key === undefined ? undefined : this.#find(key);
    const nowMs = this.#clock.monotonicMs();
    // A key that was right a moment ago stays right: a storm of wrong ones locks nobody out who is in already.
    if (known !== undefined && nowMs - known.acceptedAtMs < trustMs) {
      known.acceptedAtMs = nowMs;
      return known.principal;
    }
    const id = key === undefined ? undefined : keyIdOf(key);
    const subjects = id === undefined ? [`address ${address}`] : [`address ${address}`, `key ${id}`];
    const blockedForMs = this.#limiter.blockedForMs(subjects);
    if (blockedForMs > 0) {
      throw new RequestError("rate_limited", "too many wrong credentials", { retryAfterMs: blockedForMs });
    }
    if (known === undefined) {
      // No credentials at all guess nothing.
      if (key !== undefined) this.#limiter.record(subjects);
      throw unauthenticated();
    }
    known.acceptedAtMs = nowMs;
    return known.principal;
  }

  [Symbol.dispose](): void {
    this.#onDispose();
  }

  /** By a part of the digest first, then compared whole in constant time. */
  #find(key: string): KnownKey | undefined {
    const digest = digestOf(key);
    const known = this.#keys.get(bucketOf(digest));
    return known !== undefined && timingSafeEqual(known.digest, digest) ? known : undefined;
  }
}

const trustMs = 10 * 60_000;

function bucketOf(digest: Buffer): string {
  return digest.toString("latin1", 0, 8);
}

/** A bearer token that is there is the one that counts, even when it is wrong (`wire-api.md` §24.1). */
function presentedKey({ authorization, apiKey }: Credentials): string | undefined {
  if (authorization === undefined) return apiKey === "" ? undefined : apiKey;
  return /^bearer +(\S+)$/i.exec(authorization)?.[1] ?? authorization;
}
