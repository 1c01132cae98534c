import { describe, expect, test } from "vitest";
import type { Durability } from "../state-store.ts";
import { allowedGaps } from "./known-gaps.ts";
import type { Law } from "./law.ts";
import { stateLaws } from "./laws.ts";
import type { Backend, StateSubject } from "./subject.ts";
import { tryLaw } from "./try-law.ts";

/**
 * Holds a backend to every law. A known gap is run as well, and fails the run once it has closed; a gap that the backend's
 * row of `guarantees.md` §4 does not name fails it at once.
 */
export function describeStateStore(subject: StateSubject): void {
  const { name, backend, knownGaps = {} } = subject;
  describe(`state: ${name}`, () => {
    describe("promise", () => {
      test("a known gap is one that the table of guarantees.md §4 does not promise", () => {
        expect(allowedGaps[backend]).toEqual(expect.arrayContaining(Object.keys(knownGaps)));
      });

      test("its class is not stronger than the table says", async ({ task }) => {
        await using space = await subject.open();
        await using store = await space.connect();
        const { durability } = store;
        task.meta.durability = durability;
        const server = await subject.server?.();
        if (server !== undefined) task.meta.server = server;
        expect(byStrength.indexOf(durability)).toBeLessThanOrEqual(byStrength.indexOf(classes[backend]));
      });
    });

    const define = (law: Law): void => {
      const gap = knownGaps[law.title];
      const title = gap === undefined ? law.title : `${law.title} [known gap: ${gap}]`;
      const options = { timeout: maxLawMs, concurrent: law.waits === true, fails: gap !== undefined };
      test(title, options, async ({ skip }) => {
        const { kind } = await tryLaw(law, subject);
        if (kind === "incapable") skip(`${name} has no ${law.needs}`);
      });
    };
    for (const [topic, laws] of Object.entries(stateLaws))
      if (laws.some(({ waits }) => waits !== true))
        describe(topic, () => laws.filter(({ waits }) => waits !== true).forEach(define));
    // Laws that wait do so together, each in a space of its own.
    describe("in the course of time", () => {
      Object.values(stateLaws)
        .flat()
        .filter(({ waits }) => waits === true)
        .forEach(define);
    });
  });
}

const byStrength: readonly Durability[] = ["process", "lossy", "host", "strong"];

/** The classes of `guarantees.md` §4. */
const classes: Readonly<Record<Backend, Durability>> = {
  memory: "process",
  embedded: "host",
  redis: "host",
  "redis-sentinel": "lossy",
  "redis-cluster": "lossy",
  dynamodb: "strong",
  postgres: "strong",
  etcd: "strong",
  zookeeper: "strong",
};

/** Longest time that a law may take, on a slow server and a loaded machine. */
const maxLawMs = 60_000;
