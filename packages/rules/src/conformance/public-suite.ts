import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { bars } from "./bars.ts";
import type { BarResult } from "./bars.ts";

declare module "vitest" {
  /** What a test of a suite tells `npm run conformance` besides its outcome. */
  interface TaskMeta {
    bar?: BarResult;
  }
}

export interface PublicSuite<Case> {
  readonly suite: BarResult["suite"];
  /** `undefined`: they are not here, and the suite is skipped. */
  readonly cases: readonly Case[] | undefined;
  /** How many have come out as they say: never again fewer. Below the bar only while the language is being built. */
  readonly floor: number;
  readonly idOf: (each: Case) => string;
  /** What came out instead of what the case says; `undefined`: it holds. */
  readonly faultOf: (each: Case) => string | undefined;
}

/** Runs every case of a public suite as one test, which fails below its floor and tells which cases do not hold. */
export function describePublicSuite<Case>({ suite, cases, floor, idOf, faultOf }: PublicSuite<Case>): void {
  describe.skipIf(cases === undefined)(`${suite}: a public suite`, () => {
    test(`at least ${floor} cases come out as they say`, { timeout: 120_000 }, ({ task }) => {
      const all = cases ?? [];
      const failing = all.flatMap((each) => {
        const why = faultOf(each);
        return why === undefined ? [] : [{ id: idOf(each), why }];
      });
      const passed = all.length - failing.length;
      task.meta.bar = { suite, passed, of: all.length, atLeast: bars[suite], failing };
      expect(passed, "`npm run conformance -- rules` names the failing cases").toBeGreaterThanOrEqual(floor);
    });
  });
}

/** The vectors of a public suite, as they lie beside the project, of which they are no part; `undefined`: not here. */
export function readVectors<Case>(file: string): readonly Case[] | undefined {
  const place = path.resolve(import.meta.dirname, "../../../../../shared/conformance", file);
  return existsSync(place) ? (JSON.parse(readFileSync(place, "utf8")) as readonly Case[]) : undefined;
}
