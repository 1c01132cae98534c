import { Command, CommanderError, Option } from "commander";
import packageJson from "../package.json" with { type: "json" };
import { commandTable } from "./command-table.ts";
import type { CommandEntry } from "./command.ts";
import { exitMeanings } from "./exit-code.ts";
import type { ExitCode } from "./exit-code.ts";

/** The whole command line. Only the table of commands is loaded until it is known which one runs. */
export async function runProgram(process: NodeJS.Process): Promise<void> {
  // Who reads no more is not told so: a command goes on to its end, and its exit code counts.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
  try {
    const run: RunEntry = async (entry, args, options) => {
      const { runCommand } = await import("./run-command.ts");
      process.exitCode = await runCommand(entry, args, options, process);
    };
    await buildProgram(run).parseAsync(process.argv);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help that was asked for ends as 0; what commander refuses is wrong usage, and it has told so.
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  }
}

/** @param options What the command line set, by the long name of each flag in camel case. */
type RunEntry = (
  entry: CommandEntry,
  args: readonly string[],
  options: Readonly<Record<string, unknown>>,
) => Promise<void>;

function buildProgram(run: RunEntry): Command {
  const program = new Command("acteon")
    .description("Decides what happens to an action before it reaches the outside world, and can always say why.")
    .version(packageJson.version)
    .helpCommand(false)
    .addHelpText("after", helpTail(["acteon serve --quickstart", "acteon help dispatch"], [0, 2]));
  prepare(program);
  const groups = new Map<string, Command>();
  for (const entry of commandTable) {
    const [first = "", second] = entry.path.split(" ");
    const name = second ?? first;
    const parent = second === undefined ? program : groupOf(first, groups, program);
    parent.addCommand(buildCommand(name, entry, run));
  }
  return program;
}

function groupOf(name: string, groups: Map<string, Command>, program: Command): Command {
  const known = groups.get(name);
  if (known !== undefined) return known;
  const group = new Command(name).description(groupSummaries[name] ?? "").helpCommand(false);
  prepare(group);
  const [a, b] = commandTable.filter(({ path }) => path.startsWith(`${name} `)).flatMap(({ examples }) => examples);
  group.addHelpText("after", helpTail([a ?? "", b ?? ""], [0, 2]));
  groups.set(name, group);
  program.addCommand(group);
  return group;
}

const groupSummaries: Readonly<Record<string, string>> = {
  rules: "look at rules, check them, run their tests",
  dlq: "dead letters: actions that could not be delivered",
  keys: "keys for the HTTP API",
};

function buildCommand(name: string, entry: CommandEntry, run: RunEntry): Command {
  const command = new Command(name).description(entry.summary);
  prepare(command);
  for (const [term, description] of entry.arguments ?? []) command.argument(term, description);
  for (const { flags, description, repeated } of entry.options ?? []) {
    const option = new Option(flags, description);
    if (repeated)
      option.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
    command.addOption(option);
  }
  command
    .option("-o, --output <format>", "text, json, jsonl, yaml or none")
    .option("--color <when>", "auto, always or never")
    .option("--debug", "show where an unexpected error came from")
    .addHelpText("after", helpTail(entry.examples, [0, 2, ...entry.exits]))
    .action(() => run(entry, command.args, command.opts()));
  return command;
}

/** One line on standard error for what is wrong, with the suggestion in it, and no exit in mid-air. */
function prepare(command: Command): void {
  command.exitOverride();
  command.configureOutput({ outputError: (text, write) => write(`${text.trimEnd().replaceAll("\n", " ")}\n`) });
}

function helpTail(examples: readonly [string, string], exits: readonly ExitCode[]): string {
  const codes = [...new Set(exits)].toSorted((a, b) => a - b);
  return [
    "\nExamples:",
    ...examples.map((example) => `  ${example}`),
    "\nExit codes:",
    ...codes.map((code) => `  ${String(code).padEnd(3)} ${exitMeanings[code]}`),
  ].join("\n");
}

/** The help of a command or group, as `--help` prints it; `undefined`: there is no such command. */
export function helpOf(path: readonly string[]): string | undefined {
  let command: Command | undefined = buildProgram(() => Promise.resolve());
  for (const name of path) command = command?.commands.find((each) => each.name() === name);
  if (command === undefined) return undefined;
  let text = "";
  command.configureOutput({ writeOut: (part) => (text += part) });
  command.outputHelp();
  return text;
}
