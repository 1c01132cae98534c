import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

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
  const place = path.resolve(import.meta.dirname, "../../../../shared/conformance", file);
  return existsSync(place) ? (JSON.parse(readFileSync(place, "utf8")) as readonly DrlCase[]) : undefined;
}

/** Holds a count of kept cases to a floor; `DRL_FAILING=1` in the environment has the others printed. */
export function printFailing(title: string, failing: readonly string[]): void {
  if (process.env["DRL_FAILING"] !== undefined) process.stdout.write(`${title}:\n${failing.join("\n")}\n`);
}
