import type { SameRules } from "../same-rule.ts";
import { absence } from "./absence.ts";
import { collections } from "./collections.ts";
import { comparisons } from "./comparisons.ts";
import { documents } from "./documents.ts";
import { heads } from "./heads.ts";
import { logic } from "./logic.ts";
import { numbers } from "./numbers.ts";
import { state } from "./state.ts";
import { texts } from "./texts.ts";
import { timeAndHealth } from "./time-and-health.ts";
import { verdicts } from "./verdicts.ts";

/** Every rule that is said in every language, by what it is about. */
export const topics: Readonly<Record<string, SameRules>> = {
  comparisons,
  texts,
  logic,
  absence,
  numbers,
  collections,
  "time and health": timeAndHealth,
  state,
  verdicts,
  heads,
  documents,
};
