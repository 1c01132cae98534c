import { setOf } from "@acteon/rules";
import { expect, test } from "vitest";
import { shown, testCalls } from "./testing.ts";

testCalls([
  ["net.cidr_contains", ["10.0.0.0/8", "10.1.1.1/32"], "true"],
  ["net.cidr_contains", ["172.17.0.0/24", "172.17.0.0/16"], "false"],
  ["net.cidr_contains", ["10.0.0.0/8", "10.255.255.255"], "true"],
  ["net.cidr_contains", ["10.0.0.0/8", "::ffff:10.1.2.3"], "true"],
  ["net.cidr_contains", ["0.0.0.0/0", "::1"], "false"],
  ["net.cidr_contains", ["2001:4860::/32", "2001:4860:4860::8888"], "true"],
  ["net.cidr_contains", ["2001:4860::/96", "2001:4860::/32"], "false"],
  ["net.cidr_contains", ["not-a-cidr", "192.168.1.67"], "fault"],
  ["net.cidr_contains", ["192.168.1.0/28", "not-a-cidr"], "fault"],
  ["net.cidr_contains", ["192.168.1.0/33", "192.168.1.1"], "fault"],
  ["net.cidr_contains", ["192.168.01.0/28", "192.168.1.1"], "fault"],
  ["net.cidr_contains_matches", ["1.1.1.0/24", "1.1.1.1"], '{["1.1.1.0/24", "1.1.1.1"]}'],
  [
    "net.cidr_contains_matches",
    [
      [["1.1.2.0/24", 1], "1.1.1.0/24"],
      ["1.1.1.1", "1.1.2.1"],
    ],
    "{[0, 1], [1, 0]}",
  ],
  [
    "net.cidr_contains_matches",
    [setOf([["1.1.1.0/24", "bar"]]), setOf([["1.1.1.1", "baz"]])],
    '{[["1.1.1.0/24", "bar"], ["1.1.1.1", "baz"]]}',
  ],
  [
    "net.cidr_contains_matches",
    [{ k1: "1.1.1.1/24", k2: ["1.1.1.2/24", 1] }, "1.1.1.128"],
    '{["k1", "1.1.1.128"], ["k2", "1.1.1.128"]}',
  ],
  ["net.cidr_contains_matches", ["1.1.1.0/24", setOf([[]])], "fault"],
  ["net.cidr_contains_matches", ["1.1.1.0/24", [1]], "fault"],
  ["net.cidr_contains_matches", ["none", []], "set()"],
  ["net.cidr_contains_matches", ["1.1.1.0/24", 1], "mismatch"],
  ["net.cidr_expand", ["192.168.1.1/30"], '{"192.168.1.0", "192.168.1.1", "192.168.1.2", "192.168.1.3"}'],
  ["net.cidr_expand", ["2001:db8::/127"], '{"2001:db8::", "2001:db8::1"}'],
  ["net.cidr_expand", ["10.0.0.0/8"], "fault"],
  ["net.cidr_expand", ["::/0"], "fault"],
  ["net.cidr_intersects", ["192.168.1.0/24", "192.168.2.0/24"], "false"],
  ["net.cidr_intersects", ["192.168.0.0/16", "192.168.2.0/24"], "true"],
  ["net.cidr_intersects", ["fd1e:5bfe:8af3:9ddc::/64", "2001:4860:4860::8888/32"], "false"],
  ["net.cidr_is_valid", ["10.0.0.0/8"], "true"],
  ["net.cidr_is_valid", ["10.0.0.0"], "false"],
  ["net.cidr_is_valid", [1], "false"],
  ["net.cidr_merge", [["192.0.128.0", "192.0.129.0"]], '{"192.0.128.0/23"}'],
  ["net.cidr_merge", [["10.0.0.0/9", "10.128.0.0/9", "10.1.0.0/16"]], '{"10.0.0.0/8"}'],
  [
    "net.cidr_merge",
    [setOf(["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24", "::/1", "8000::/1"])],
    '{"10.0.0.0/23", "10.0.2.0/24", "::/0"}',
  ],
  ["net.cidr_merge", [["192.0.2.5"]], '{"192.0.2.5/24"}'],
  ["net.cidr_merge", [["::1"]], "fault"],
  ["net.cidr_merge", [[1]], "mismatch"],
]);

test.each([
  ["0:0:0:0:0:0:0:0", "::"],
  ["1:0:0:2:0:0:0:3", "1:0:0:2::3"],
  ["1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"],
  ["ABCD::", "abcd::"],
  ["::FFFF:0:1", "::ffff:0:1"],
])("%s is written %s", (address, written) => {
  expect(shown("net.cidr_expand", `${address}/128`)).toBe(`{"${written}"}`);
});

test("comparing many networks with many is refused", () => {
  const networks = Array.from({ length: 2_000 }, () => "10.0.0.0/8");
  expect(shown("net.cidr_contains_matches", networks, networks)).toBe("fault");
});
