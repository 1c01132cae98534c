import { constants, createHmac, sign, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { isSame } from "./crypto-functions.ts";

/** How a token is signed (RFC 7518, RFC 8037). */
export interface JwsAlgorithm {
  /** `undefined`: not with a key of this kind. */
  readonly sign: (key: JwsKey, plain: Buffer) => Buffer | undefined;
  readonly verify: (key: JwsKey, plain: Buffer, signature: Buffer) => boolean | undefined;
}

/** A shared secret, or one half of a pair. */
export type JwsKey = Buffer | KeyObject;

export const jwsAlgorithms: ReadonlyMap<string, JwsAlgorithm> = new Map(
  ["256", "384", "512"].flatMap((size) => {
    const hash = `sha${size}`;
    const pss = { padding: constants.RSA_PKCS1_PSS_PADDING };
    return [
      [`HS${size}`, hmac(hash)],
      [`RS${size}`, asymmetric(["rsa"], hash, {}, {})],
      [
        `PS${size}`,
        asymmetric(
          ["rsa", "rsa-pss"],
          hash,
          { ...pss, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
          { ...pss, saltLength: constants.RSA_PSS_SALTLEN_AUTO },
        ),
      ],
      [`ES${size}`, asymmetric(["ec"], hash, { dsaEncoding: "ieee-p1363" }, { dsaEncoding: "ieee-p1363" })],
      ["EdDSA", asymmetric(["ed25519"], null, {}, {})],
    ];
  }),
);

function hmac(hash: string): JwsAlgorithm {
  const macOf = (key: JwsKey, plain: Buffer): Buffer | undefined =>
    Buffer.isBuffer(key) ? createHmac(hash, key).update(plain).digest() : undefined;
  return {
    sign: macOf,
    verify(key, plain, signature) {
      const mac = macOf(key, plain);
      return mac && isSame(mac, signature);
    },
  };
}

interface SignatureOptions {
  readonly padding?: number;
  readonly saltLength?: number;
  readonly dsaEncoding?: "ieee-p1363";
}

function asymmetric(
  keyTypes: readonly string[],
  hash: string | null,
  signing: SignatureOptions,
  verifying: SignatureOptions,
): JwsAlgorithm {
  const takes = (key: JwsKey): key is KeyObject =>
    !Buffer.isBuffer(key) && keyTypes.includes(key.asymmetricKeyType ?? "");
  return {
    sign: (key, plain) => (takes(key) && key.type === "private" ? sign(hash, plain, { key, ...signing }) : undefined),
    verify(key, plain, signature) {
      if (!takes(key)) return undefined;
      try {
        return verify(hash, plain, { key, ...verifying }, signature);
      } catch {
        // A key that is too small for such a signature.
        return false;
      }
    },
  };
}
