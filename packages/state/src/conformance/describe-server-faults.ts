import { describe, test } from "vitest";
import { crashFaultLaws } from "./crash-fault-laws.ts";
import { tryFaultLaw } from "./fault-law.ts";
import type { FaultSubject } from "./fault-subject.ts";
import { networkFaultLaws } from "./network-fault-laws.ts";

export const faultLaws = [...networkFaultLaws, ...crashFaultLaws];

/** Holds a backend to what it promises while its server or its network fails, one fault after the other. */
export function describeServerFaults(subject: FaultSubject): void {
  describe(`state: ${subject.name}`, () => {
    describe("faults", () => {
      for (const law of faultLaws)
        test(law.title, { timeout: maxLawMs }, async ({ skip, task }) => {
          const tried = await tryFaultLaw(law, subject);
          if (tried.kind === "incapable") skip(`${subject.name} has no ${law.needs}`);
          else if (tried.note !== undefined) task.meta.note = tried.note;
        });
    });
  });
}

/** Ends a law that hangs. */
const maxLawMs = 240_000;
