import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { systemClock } from "@acteon/core";
import type { Clock } from "@acteon/core";
import { toyFrontEnd } from "../testing/toy-front-end.ts";
import { Pacer } from "./pacer.ts";
import { RuleEngine } from "./rule-engine.ts";

/** A clock on which each look comes so long after the last, and which counts the turns that are left to others. */
function lookedAtEvery(ms: number): { readonly clock: Clock; pauses: number } {
  let nowMs = 0;
  const counted = {
    pauses: 0,
    clock: Object.assign(Object.create(systemClock) as Clock, {
      monotonicMs: () => (nowMs += ms),
      defer: (callback: () => void) => {
        counted.pauses++;
        return systemClock.defer(callback);
      },
    }),
  };
  return counted;
}

function* countTo(last: number, seen: number[]): Generator<undefined, string> {
  for (let i = 1; i <= last; i++) {
    yield;
    seen.push(i);
  }
  return "done";
}

test("work is left for a while only where it yields and its slice has ended", async () => {
  const hasty = lookedAtEvery(10);
  const seen: number[] = [];
  expect(await new Pacer(hasty.clock, undefined).run(countTo(3, seen))).toBe("done");
  expect([seen, hasty.pauses]).toEqual([[1, 2, 3], 3]);
  const still = lookedAtEvery(0);
  expect(await new Pacer(still.clock, undefined).run(countTo(3, []))).toBe("done");
  expect(still.pauses).toBe(0);
});

test("work whose signal is aborted is not taken up again", async () => {
  const stop = new AbortController();
  const seen: number[] = [];
  const working = new Pacer(lookedAtEvery(10).clock, stop.signal).run(countTo(3, seen));
  stop.abort(new Error("enough"));
  await expect(working).rejects.toThrow("enough");
  expect(seen).toEqual([]);
});

test("a load may be left between any two rules: as they are looked at, compiled and put into the index", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "acteon-pacer-"));
  try {
    const rules = 300;
    const lines = Array.from({ length: rules }, (_, i) => `rule-${i} 0 provider-${i % 7}`);
    await writeFile(path.join(folder, "many.toy"), lines.join("\n"));
    const hasty = lookedAtEvery(10);
    const engine = await RuleEngine.fromDirectory(folder, { frontEnds: [toyFrontEnd], clock: hasty.clock });
    expect(engine.current().size).toBe(rules);
    // Looked at, compiled, counted by their fields, grouped by them (twice), compared with the rules of before.
    expect(hasty.pauses).toBeGreaterThan(5 * rules);
  } finally {
    await rm(folder, { recursive: true });
  }
});
