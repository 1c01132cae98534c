import { ActeonError, systemClock, systemRandom } from "@acteon/core";
import { CommandError, exitCodeOf } from "./command-error.ts";
import type { CommandEntry } from "./command.ts";
import type { ExitCode } from "./exit-code.ts";
import { Options } from "./options.ts";
import { Output, outputFormats } from "./output.ts";
import { colourModes, wantsColour } from "./paint.ts";
import { diagnosticsOf } from "./diagnostics-of.ts";
import { sourceText } from "./source-text.ts";

/** Runs one command to its end. Whatever it throws is told on standard error (guarantees §8 row 77). */
export async function runCommand(
  entry: CommandEntry,
  args: readonly string[],
  values: Readonly<Record<string, unknown>>,
  process: NodeJS.Process,
): Promise<ExitCode> {
  const options = new Options(values);
  let output = await openOutput(new Options({}), process);
  try {
    output = await openOutput(options, process);
    const { run } = await entry.load();
    const { env: environment, stdin, stdout, stderr } = process;
    return await run({
      args,
      options,
      output,
      environment,
      stdin,
      stdout,
      stderr,
      clock: systemClock,
      random: systemRandom,
    });
  } catch (error) {
    tell(error, output, options.flag("debug"));
    return exitCodeOf(error);
  }
}

function openOutput(options: Options, { env, stdout, stderr }: NodeJS.Process): Promise<Output> {
  const mode = options.word("color", colourModes, "auto");
  return Output.open({
    format: options.word("output", outputFormats, "text"),
    stdout,
    stderr,
    colour: {
      stdout: wantsColour(mode, env, stdout.isTTY),
      stderr: wantsColour(mode, env, stderr.isTTY),
    },
  });
}

function tell(error: unknown, output: Output, debug: boolean): void {
  const diagnostics = diagnosticsOf(error);
  const shown = error instanceof CommandError ? error.shown : undefined;
  // What stands in the environment or the command line stands in no file.
  const shownOf = (file: string): string | undefined => (file === shown?.file ? shown.text : undefined);
  if (diagnostics.length > 0) output.noteFrames(diagnostics, shown === undefined ? sourceText : shownOf);
  if (error instanceof ActeonError) output.noteError(error.found, error.help);
  else output.noteError(error instanceof Error ? error.message : String(error));
  if (debug && error instanceof Error) output.note(error.stack ?? "");
}
