import type { Findings } from "@acteon/rules";

/** A text with CEL in it, and whom to tell of it: a file, or a value within one, whose places are mapped. */
export type CelSource = Pick<Findings, "text" | "error" | "spanOf">;
