import { expect, test } from "vitest";
import { call, testCalls } from "./testing.ts";

testCalls([
  ["uuid.parse", ["00000000-0000-4000-8000-000000000000"], '{"variant": "RFC4122", "version": 4}'],
  ["uuid.parse", ["{00000000-0000-4000-8000-000000000000}"], '{"variant": "RFC4122", "version": 4}'],
  ["uuid.parse", ["6bea8ef2d3d33cd184e09bab06a52ece"], '{"variant": "RFC4122", "version": 3}'],
  ["uuid.parse", ["00000000-0000-4000-c000-000000000000"], '{"variant": "Microsoft", "version": 4}'],
  ["uuid.parse", ["00000000-0000-4000-0000-000000000000"], '{"variant": "Reserved", "version": 4}'],
  [
    "uuid.parse",
    ["urn:uuid:000003e8-48b9-21ee-b200-325096b39f47"],
    '{"clocksequence": 12800, "domain": "Person", "id": 1000, "macvariables": "local:unicast", "nodeid": "32-50-96-b3-9f-47", "time": 1693566990121469600, "variant": "RFC4122", "version": 2}',
  ],
  [
    "uuid.parse",
    ["C232AB00-9414-11EC-B3C8-9F6BDECED846"],
    '{"clocksequence": 13256, "macvariables": "local:multicast", "nodeid": "9f-6b-de-ce-d8-46", "time": 1645557742000000000, "variant": "RFC4122", "version": 1}',
  ],
  ["uuid.parse", ["00000000-0000-4000-8000"], "fault"],
  ["uuid.parse", [123], "mismatch"],
]);

test("uuid.rfc4122 is a UUID of version 4, the same for the same text", () => {
  const uuid = call("uuid.rfc4122", "key") as string;
  expect(uuid).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  expect(call("uuid.rfc4122", "key")).toBe(uuid);
  expect(call("uuid.rfc4122", "other")).not.toBe(uuid);
});
