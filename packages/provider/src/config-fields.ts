import { Secret } from "@acteon/core";
import type { ErrorCode } from "@acteon/core";
import { z } from "zod";
import { parseNetwork } from "./http/address-class.ts";
import type { Network } from "./http/address-class.ts";
import { checkUrl } from "./http/endpoint-url.ts";
import { headerFault, isHeaderValue } from "./http/header-fault.ts";

/** Fields that the configurations of providers share. None of their messages holds a value (guarantees §8 row 65). */

/** Text that becomes a `Secret`, or is one. */
export function secretField() {
  return z
    .custom<string | Secret>((value) => value instanceof Secret || (typeof value === "string" && value !== ""), {
      error: "expected a secret: text that is not empty",
    })
    .transform((value) => (value instanceof Secret ? value : new Secret(value)));
}

/** The same, to be sent as the value of a header. */
export function secretHeaderField() {
  return secretField().refine((secret) => isHeaderValue(secret.reveal()), {
    error: "expected text without control characters",
    params: { code: "header_injection" satisfies ErrorCode },
  });
}

/** Headers to send along; names come out in lower case. */
export function headersField() {
  return z.record(z.string(), z.string()).transform((headers, context) => {
    const checked: Record<string, string> = {};
    for (const [name, value] of Object.entries(headers)) {
      const fault = headerFault(name, value);
      if (fault !== undefined) refuse(context, [name], fault.code, fault.message);
      checked[name.toLowerCase()] = value;
    }
    return checked;
  });
}

/** `allow_networks`: networks, beside public addresses, that this provider's own URL may lead to. */
export function networksField() {
  return z.array(
    z.string().transform((text, context): Network => {
      const network = parseNetwork(text);
      if (network !== undefined) return network;
      refuse(context, [], "invalid_configuration", "expected a network such as 10.0.0.0/8, its host bits zero");
      return z.NEVER;
    }),
  );
}

/** For `superRefine`: the URL under `key` is one that the operator may configure (guarantees S4). */
export function operatorUrl<Key extends string>(key: Key) {
  return (
    config: Readonly<Record<Key, string>> & { readonly allow_networks: readonly Network[] },
    context: z.core.$RefinementCtx,
  ): void => {
    const check = checkUrl(config[key], { operator: { allowNetworks: config.allow_networks } });
    if (check.kind === "refused") refuse(context, [key], check.code, check.message);
  };
}

/** Adds a problem with a code of `guarantees.md` §8 to a parse. */
export function refuse(context: z.core.$RefinementCtx, path: string[], code: ErrorCode, message: string): void {
  context.addIssue({ code: "custom", path, message, params: { code } });
}
