import { ConfigurationError, StateUnavailableError } from "@acteon/core";
import { createFakeClock } from "@acteon/core/testing";
import { expect, test } from "vitest";
import { clockFinding, failureFinding, quorumDurability, quorumFinding, roundTripFinding } from "./backend-findings.ts";

test("an error is a failure that keeps apart what was found and what to do", () => {
  expect(failureFinding("connection", new ConfigurationError("no such user", { help: "correct state.url" }))).toEqual({
    level: "failure",
    subject: "connection",
    found: "no such user",
    help: "correct state.url",
  });
});

test.each([new StateUnavailableError("closed"), new TypeError("closed"), "closed"])(
  "a failure without a cure says where to look: %s",
  (error) => {
    expect(failureFinding("connection", error)).toMatchObject({
      found: expect.stringMatching(/closed$/) as string,
      help: expect.stringMatching(/log/) as string,
    });
  },
);

test.each([
  [1, "host", "warning", "the server stands alone"],
  [2, "host", "warning", "without either of them nothing"],
  [3, "strong", "ok", "3 servers"],
])("a quorum of %d servers is of class %s", (servers, durability, level, words) => {
  expect(quorumDurability(servers)).toBe(durability);
  expect(quorumFinding(servers)).toMatchObject({ level, found: expect.stringContaining(words) as string });
  expect(quorumFinding(servers).found).toMatch(new RegExp(`^${durability}: `));
});

test.each([
  [3, "ok"],
  [20, "warning"],
])("a round trip of %d ms is %s", async (tripMs, level) => {
  const clock = createFakeClock(0);
  let trips = 0;
  const finding = await roundTripFinding(clock, async () => {
    // One that is slow says nothing about the others.
    clock.advance(trips++ === 0 ? 500 : tripMs);
  });
  expect(finding).toMatchObject({ level, found: `${tripMs}.0 ms (median of 11)` });
});

test.each([
  [-0.4, "ok", "0 ms behind"],
  [999, "ok", "999 ms ahead of"],
  [-1_000, "warning", "1000 ms behind"],
])("a clock %d ms ahead is %s", (aheadMs, level, words) => {
  expect(clockFinding(aheadMs)).toMatchObject({ level, found: `the server's clock is ${words} this machine's` });
});
