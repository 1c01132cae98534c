import { setFlagsFromString } from "node:v8";
import { startFailureOf } from "@acteon/server";
import type { CommandContext } from "../command.ts";
import type { ExitCode } from "../exit-code.ts";
import { sourceText } from "../source-text.ts";

/** V8's own bound of what it optimises, which `bin/acteon.js` sets to nothing for the time of the start. */
export const maxOptimizedBytecodeSize = 61_440;

export type Started<Server> =
  | { readonly kind: "started"; readonly server: Server }
  | { readonly kind: "failed"; readonly exit: ExitCode };

/** Starts a server; why it did not start is told on standard error (guarantees §8 rows 57, 65–68). */
export async function startOrTell<Server>(
  start: () => Promise<Server>,
  { output }: Pick<CommandContext, "output">,
): Promise<Started<Server>> {
  try {
    return { kind: "started", server: await start() };
  } catch (error) {
    const { exitCode, message, help, diagnostics } = startFailureOf(error);
    if (diagnostics.length > 0) output.noteFrames(diagnostics, sourceText);
    output.noteError(message, help);
    return { kind: "failed", exit: exitCode };
  } finally {
    setFlagsFromString(`--max-optimized-bytecode-size=${maxOptimizedBytecodeSize}`);
  }
}
