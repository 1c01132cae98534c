import { expect, test } from "vitest";
import { headerFault } from "./header-fault.ts";

// guarantees §8 rows 52 and 53
test.each([
  ["x-key", "a\r\nx-evil: 1", "header_injection"],
  ["x-key", "a\nb", "header_injection"],
  ["x-key", "a\u0000b", "header_injection"],
  ["x-key", "a\u010ab", "header_injection"], // a newline, once its upper bits are lost
  ["x-key", "日本", "header_injection"],
  ["x-key", "\u007f", "header_injection"],
  ["x\r\nkey", "a", "header_injection"],
  ["x key", "a", "header_injection"],
  ["", "a", "header_injection"],
  ["Host", "evil.example", "reserved_header"],
  ["Content-Length", "0", "reserved_header"],
  ["AUTHORIZATION", "Bearer x", "reserved_header"],
  ["webhook-id", "1", "reserved_header"],
  ["Webhook-Signature", "v1,x", "reserved_header"],
  ["Transfer-Encoding", "chunked", "reserved_header"],
  ["Connection", "close", "reserved_header"],
  ["Proxy-Authorization", "x", "reserved_header"],
])("the header %j with the value %j is refused: %s", (name, value, code) => {
  expect(headerFault(name, value)?.code).toBe(code);
});

test.each([
  ["X-Api-Key", "abc-123"],
  ["x-note", "with spaces, a\ttab and Zoë"],
  ["content-type", "application/json; charset=utf-8"],
  ["x-empty", ""],
])("the header %j with the value %j is fine", (name, value) => {
  expect(headerFault(name, value)).toBeUndefined();
});

test("a fault does not repeat the value, which may be a secret", () => {
  expect(headerFault("x-key", "s3cret\r\n")?.message).not.toContain("s3cret");
});
