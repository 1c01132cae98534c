import { readVectors } from "@acteon/rules/conformance";

/** A text of the Drools repository, as the vectors beside the project have it. */
export interface DrlCase {
  readonly id: string;
  /** `expr`: an expression; anything else is a file. */
  readonly kind: string;
  /** `unknown`: files that nobody parses, most of them broken on purpose. */
  readonly expect: "ok" | "error" | "unknown";
  readonly drl: string;
}

/** `undefined`: the vectors are not there; they are no part of the project. */
export function vectors(file: string): readonly DrlCase[] | undefined {
  return readVectors(file);
}
