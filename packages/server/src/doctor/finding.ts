import type { BackendFinding, Durability } from "@acteon/state";

/** What was looked at. */
export type ExaminedPart = "configuration" | "authentication" | "rules" | "providers" | "audit" | "state" | "lock";

/** `failure`: the gateway would not start, or breaks its word. `warning`: it runs, and promises less than it could. */
export interface Finding extends BackendFinding {
  readonly part: ExaminedPart;
}

/** What a store promises as it is set up, and what not (guarantees §4). */
export interface StorePromise {
  readonly part: "state" | "lock";
  readonly backend: string;
  readonly durability: Durability;
  readonly promised: readonly string[];
  readonly notPromised: readonly string[];
}
