import { expect, test } from "vitest";
import { ClientAddress } from "./client-address.ts";

const addresses = new ClientAddress(["10.0.0.0/8", "::1"]);

test.each([
  ["203.0.113.7", undefined, "203.0.113.7"],
  ["203.0.113.7", "198.51.100.1", "203.0.113.7"],
  ["10.0.0.1", undefined, "10.0.0.1"],
  ["10.0.0.1", "198.51.100.1", "198.51.100.1"],
  ["10.0.0.1", "forged, 198.51.100.1", "198.51.100.1"],
  ["10.0.0.1", "198.51.100.1, 10.0.0.2", "198.51.100.1"],
  ["::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1"],
  ["::1", "2001:db8::1", "2001:db8::1"],
  ["10.0.0.1", "10.0.0.3", "10.0.0.1"],
  [undefined, "198.51.100.1", ""],
])("row 46: the peer %s with X-Forwarded-For %s is %s", (peer, forwardedFor, expected) => {
  expect(addresses.of(peer, forwardedFor)).toBe(expected);
});

test("without proxies nobody's word is taken", () => {
  expect(new ClientAddress([]).of("10.0.0.1", "198.51.100.1")).toBe("10.0.0.1");
});
