import { RequestError } from "../http/request-error.ts";
import type { Principal } from "./principal.ts";
import { anonymous } from "./principal.ts";

/** The two headers that may hold a key. */
export interface Credentials {
  readonly authorization: string | undefined;
  readonly apiKey: string | undefined;
}

/** Tells who asks. */
export interface Authenticator extends Disposable {
  /**
   * @param address Of the client, as far as it is known: wrong credentials are counted by it.
   * @throws {RequestError} `unauthenticated`, in the same words for every reason; `rate_limited`.
   */
  authenticate(credentials: Credentials, address: string): Principal;
}

/** Where authentication is off. */
export const openDoor: Authenticator = {
  authenticate: () => anonymous,
  [Symbol.dispose]: () => undefined,
};

/** One answer for a missing, an unknown and a revoked key (guarantees §8 row 42). */
export function unauthenticated(): RequestError {
  return new RequestError("unauthenticated", "missing or invalid credentials", {
    headers: ["www-authenticate", 'Bearer realm="acteon"'],
  });
}
