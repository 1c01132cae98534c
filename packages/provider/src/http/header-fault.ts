import type { ErrorCode } from "@acteon/core";

export interface HeaderFault {
  readonly code: Extract<ErrorCode, "header_injection" | "reserved_header">;
  readonly message: string;
}

/** What is wrong with a header that somebody configured; `undefined`: nothing (guarantees S10, §8 rows 52 and 53). */
export function headerFault(name: string, value: string): HeaderFault | undefined {
  if (!token.test(name)) return { code: "header_injection", message: "a header's name is letters, digits and hyphens" };
  const lower = name.toLowerCase();
  if (reserved.has(lower) || lower.startsWith("webhook-") || lower.startsWith("proxy-")) {
    return { code: "reserved_header", message: `the header ${lower} is not for configuration` };
  }
  if (!isHeaderValue(value)) {
    return {
      code: "header_injection",
      message: `the value of the header ${lower} holds a control or non-Latin character`,
    };
  }
  return undefined;
}

/** RFC 9110 §5.5. What is beyond Latin-1 would lose its upper bits on the wire, and U+010A its harmlessness with them. */
export function isHeaderValue(text: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(text);
}

/** RFC 9110 §5.6.2. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Those that frame the message or route it, and the one that holds credentials, which have a secret key of their own. */
const reserved: ReadonlySet<string> = new Set([
  "authorization",
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);
