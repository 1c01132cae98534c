import { describe, expect, test } from "vitest";
import { allowedGaps } from "./known-gaps.ts";
import type { Law } from "./law.ts";
import { stateLaws } from "./laws.ts";
import type { StateSubject } from "./subject.ts";
import { tryLaw } from "./try-law.ts";

/**
 * Holds a backend to every law. A known gap is run as well, and fails the run once it has closed; a gap that the backend's
 * row of `guarantees.md` §4 does not name fails it at once.
 */
export function describeStateStore(subject: StateSubject): void {
  const { name, backend, knownGaps = {} } = subject;
  describe(`state: ${name}`, () => {
    test("a known gap is one that the table of guarantees.md §4 does not promise", () => {
      expect(allowedGaps[backend]).toEqual(expect.arrayContaining(Object.keys(knownGaps)));
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

/** Longest time that a law may take, on a slow server and a loaded machine. */
const maxLawMs = 60_000;
