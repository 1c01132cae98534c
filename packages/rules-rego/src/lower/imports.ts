import { nearlyThere, noInput } from "./near-names.ts";
import type { Lowering } from "./scope.ts";

/** Tells of imports that lead nowhere, where something near was probably meant. */
export function reportImports(lowering: Lowering): void {
  for (const { module, findings } of lowering.program.units) {
    for (const { path, start, end } of module.imports) {
      const at = { start, end };
      const [first, second] = path;
      if (first === "data") {
        const near = nearlyThere(path, at, lowering);
        if (near !== undefined) findings.warning(near);
      } else if (second !== undefined && second !== "action" && lowering.input === undefined) {
        findings.error(noInput(second, at, lowering));
      }
    }
  }
}
