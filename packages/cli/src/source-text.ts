import { readFileSync } from "node:fs";

/** The text of a file that findings point into, to be shown around them; `undefined`: it cannot be. */
export function sourceText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
