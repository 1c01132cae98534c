import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createSeededRandom } from "./seeded-random.ts";
import { systemRandom } from "./system-random.ts";

const version7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"] }));
afterEach(() => void vi.useRealTimers());

test("a UUID is of version 7 and begins with the time", () => {
  // Ahead of every clock that the tests of this process have shown, for the UUIDs never go back.
  vi.setSystemTime(new Date("2100-01-01T00:00:00Z"));
  const uuid = systemRandom.uuid();
  expect(uuid).toMatch(version7);
  expect(Number.parseInt(uuid.replaceAll("-", "").slice(0, 12), 16)).toBe(Date.parse("2100-01-01T00:00:00Z"));
});

test("UUIDs grow strictly, past 4,096 in one ms and while the clock steps back", () => {
  vi.setSystemTime(new Date("2101-01-01T00:00:00Z"));
  const uuids = Array.from({ length: 10_000 }, () => systemRandom.uuid());
  vi.setSystemTime(new Date("2100-12-31T23:00:00Z"));
  for (let i = 0; i < 10_000; i++) uuids.push(systemRandom.uuid());
  vi.setSystemTime(new Date("2101-01-01T00:00:01Z"));
  uuids.push(systemRandom.uuid());
  expect(uuids.every((uuid) => version7.test(uuid))).toBe(true);
  expect(uuids).toEqual([...new Set(uuids)].sort());
});

test("the variant's two free bits and the rest are drawn evenly", () => {
  vi.setSystemTime(new Date("2102-01-01T00:00:00Z"));
  const counts = new Map<string, number>();
  for (let i = 0; i < 8_000; i++) {
    const digit = systemRandom.uuid().charAt(19);
    counts.set(digit, (counts.get(digit) ?? 0) + 1);
  }
  expect([...counts.keys()].sort()).toEqual(["8", "9", "a", "b"]);
  // 2,000 each; seven standard deviations are 271.
  for (const count of counts.values()) expect(Math.abs(count - 2_000)).toBeLessThan(271);
});

test("seeded chance gives the same draws for the same seed, and others for another", () => {
  const draws = (seed: number): readonly unknown[] => {
    const random = createSeededRandom(seed);
    return Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? random.next() : random.uuid()));
  };
  expect(draws(7)).toEqual(draws(7));
  expect(draws(8)).not.toEqual(draws(7));
});

test("seeded chance draws evenly from [0, 1), and its UUIDs grow", () => {
  const random = createSeededRandom(1);
  const draws = Array.from({ length: 10_000 }, () => random.next());
  expect(draws.every((draw) => draw >= 0 && draw < 1)).toBe(true);
  expect(draws.reduce((sum, draw) => sum + draw) / draws.length).toBeCloseTo(0.5, 1);
  const uuids = Array.from({ length: 100 }, () => random.uuid());
  expect(uuids.every((uuid) => version7.test(uuid))).toBe(true);
  expect(uuids).toEqual([...new Set(uuids)].sort());
});
