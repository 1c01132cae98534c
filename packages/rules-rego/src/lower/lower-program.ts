import type { JsonObject } from "@acteon/core";
import type { Definitions } from "@acteon/rules";
import { reportDepths } from "./depth.ts";
import { reportContradictions } from "./contradictions.ts";
import { reportImports } from "./imports.ts";
import { lowerBody } from "./lower-body.ts";
import { lowerGroup } from "./lower-rule.ts";
import { lowerTerm } from "./lower-term.ts";
import { Program } from "./program.ts";
import { replacedIn } from "./replacements.ts";
import type { Lowering } from "./scope.ts";
import { Suggestions } from "./suggestions.ts";
import type { Unit } from "./unit.ts";

export interface ProgramOptions {
  readonly data: JsonObject;
  readonly input?: readonly string[];
  readonly strict?: boolean;
}

/** Puts files together. Rules that contradict each other are reported where they stand. */
export function createLowering(units: readonly Unit[], { data, input, strict = false }: ProgramOptions): Lowering {
  const program = new Program(units, data);
  reportContradictions(program.documents);
  let names = 0;
  return {
    program,
    input,
    strict,
    replaced: replacedIn(program),
    extra: new Map(),
    taken: new Map(),
    suggestions: new Suggestions(),
    fresh: () => `$${names++}`,
    lowerTerm,
    lowerBody,
  };
}

/** Every document and function, and what else was asked for so far. What is wrong with them is reported. */
export function definitionsOf(lowering: Lowering): Definitions {
  const { program, extra } = lowering;
  const own = program.groups.map((group) => [group.name, lowerGroup(group, lowering)] as const);
  const all: Definitions = Object.freeze(Object.fromEntries([...own, ...extra]));
  reportDepths(program, all);
  reportImports(lowering);
  return all;
}
