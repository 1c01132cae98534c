import type { Clock, Random } from "@acteon/core";
import type { ExitCode } from "./exit-code.ts";
import type { Options } from "./options.ts";
import type { Output } from "./output.ts";

/** What the command line says about a command, so that help needs none of its code. */
export interface CommandEntry {
  /** `rules lint`: a command, or one of a group. */
  readonly path: string;
  readonly summary: string;
  /** As commander writes them: `<file>`, `[path]`, `<id...>`. */
  readonly arguments?: readonly (readonly [term: string, description: string])[];
  readonly options?: readonly CommandOption[];
  readonly examples: readonly [string, string];
  /** Those it may end with besides 0 and 2. */
  readonly exits: readonly ExitCode[];
  readonly load: () => Promise<{ readonly run: Run }>;
}

export interface CommandOption {
  /** `-c, --config <file>`. */
  readonly flags: string;
  readonly description: string;
  /** May be given more than once. */
  readonly repeated?: true;
}

/** What a command does. What it throws is told on standard error, and decides how it ends. */
export type Run = (context: CommandContext) => Promise<ExitCode>;

/** The world, as a command sees it. */
export interface CommandContext {
  /** In the order of the entry's arguments. */
  readonly args: readonly string[];
  readonly options: Options;
  readonly output: Output;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly clock: Clock;
  readonly random: Random;
}
