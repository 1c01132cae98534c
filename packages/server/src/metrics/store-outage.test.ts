import { StateUnavailableError } from "@acteon/core";
import { createFakeClock } from "@acteon/core/testing";
import { expect, test } from "vitest";
import type { Logger } from "../log/logger.ts";
import { StoreOutage } from "./store-outage.ts";

const name = { role: "state", backend: "redis" } as const;
const full = new StateUnavailableError("its memory is full", { help: "raise maxmemory" });

function watched(of: ConstructorParameters<typeof StoreOutage>[0] = name) {
  const lines: unknown[] = [];
  const line =
    (level: string) =>
    (message: string, fields: object = {}): void =>
      void lines.push([level, message, fields]);
  const logger: Logger = { debug: line("debug"), info: line("info"), warn: line("warn"), error: line("error") };
  const clock = createFakeClock(0);
  return { lines, clock, outage: new StoreOutage(of, clock, logger) };
}

test("the first failure is told with what to do, the others by their number now and then, and the end", () => {
  const { lines, clock, outage } = watched();
  outage.answered();
  for (let second = 0; second <= 40; second++) {
    outage.failed(full);
    clock.advance(1_000);
  }
  const told = { ...name, reason: "its memory is full", help: "raise maxmemory" };
  expect(lines.splice(0)).toEqual([
    ["error", "store does not answer", { ...told, failedCalls: 1, forMs: 0 }],
    ["error", "store does not answer", { ...told, failedCalls: 31, forMs: 30_000 }],
  ]);
  clock.advance(4_000);
  outage.answered();
  outage.answered();
  expect(lines.splice(0)).toEqual([["info", "store answers again", { ...name, failedCalls: 41, forMs: 40_000 }]]);

  outage.failed(new StateUnavailableError("closed"));
  expect(lines).toEqual([["error", "store does not answer", { ...name, reason: "closed", failedCalls: 1, forMs: 0 }]]);
});

test("a store of locks is told of in the words of [lock]", () => {
  const { lines, outage } = watched({ role: "lock", backend: "redis" });
  outage.failed(new StateUnavailableError("away", { help: "correct state.url" }));
  expect(lines).toMatchObject([["error", "store does not answer", { role: "lock", help: "correct lock.url" }]]);
});

test("answers between failures do not end it", () => {
  const { lines, clock, outage } = watched();
  for (let i = 0; i < 20; i++) {
    outage.failed(full);
    outage.answered();
    clock.advance(1_000);
  }
  expect(lines).toHaveLength(1);
});
