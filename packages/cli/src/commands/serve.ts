import type { AuditRecord } from "@acteon/audit";
import type { LoadedConfig, RulesEvent } from "@acteon/server";
import { openPinoLogger, printLine, quickstart, quickstartCurl, serve } from "@acteon/server";
import type { CommandContext, Run } from "../command.ts";
import { usageError } from "../command-error.ts";
import { listeningFlags } from "../live/listening-flags.ts";
import { RecordLines } from "../live/record-lines.ts";
import { tellRules } from "../live/rules-line.ts";
import { startOrTell } from "../live/start-or-tell.ts";
import { startingRules } from "../live/starter-rules.ts";
import { StopSignal } from "../live/stop-signal.ts";
import { terminalLogger } from "../live/terminal-logger.ts";
import { checkConfiguration, loadConfiguration } from "../offline/load-configuration.ts";

export const run: Run = async (context) => {
  const { clock, environment, options, output, random, stderr, stdout } = context;
  const isQuickstart = options.flag("quickstart");
  const loaded = await (isQuickstart ? quickstartConfiguration(context) : configured(context));
  const { config } = loaded;
  const watched = isQuickstart || stderr.isTTY;
  using lines = new RecordLines(output, clock);
  // Rules that are wrong at the start end it, and are told there.
  let tell: (event: RulesEvent) => void = () => undefined;
  const started = await startOrTell(
    async () =>
      serve({
        loaded,
        environment,
        clock,
        random,
        logger: watched
          ? terminalLogger((line) => output.note(line), output.notePaint)
          : await openPinoLogger({ level: config.observability.logLevel }),
        print: isQuickstart ? (line) => lines.print(line) : printTo(output),
        // Nobody looks at a line for each action where there is no terminal, and they cost.
        onRecord: isQuickstart || stdout.isTTY ? (record: AuditRecord) => lines.show(record) : undefined,
        onRules: (event) => tell(event),
      }),
    context,
  );
  if (started.kind === "failed") return started.exit;
  const { server } = started;
  using stop = new StopSignal(process);
  output.event({ event: "listening", url: server.url }, () => server.url);
  if (isQuickstart) {
    output.event({ event: "try", curl: quickstartCurl(server.url) }, () => quickstartCurl(server.url));
    output.note(`rules: ${config.rules.directory}, in force as you edit them; stop with Ctrl-C`);
  }
  tell = (event) => tellRules(event, output);
  await stop.asked;
  output.note("stopping: what is under way is finished; a second signal ends it at once");
  await server.stop();
  return 0;
};

/** All lines of a `console` provider; beside them only what is text, too. */
function printTo(output: CommandContext["output"]): (line: string) => void {
  return output.format === "text" ? printLine : (line) => output.note(line);
}

function configured({ environment, options }: CommandContext): Promise<Extract<LoadedConfig, { kind: "loaded" }>> {
  return loadConfiguration({
    file: options.text("config"),
    environment,
    flags: listeningFlags(options),
    insecureNoAuth: options.flag("insecureNoAuth"),
  });
}

async function quickstartConfiguration({ environment, options, output }: CommandContext) {
  if (options.text("config") !== undefined) throw usageError("--quickstart has a configuration of its own");
  const { folder, made } = await startingRules();
  if (made) output.note(`made ${folder}/ with rules to begin with`);
  return checkConfiguration({
    ...quickstart,
    environment,
    flags: new Map([...listeningFlags(options), ["rules.directory", { flag: "--quickstart", text: folder }]]),
    insecureNoAuth: options.flag("insecureNoAuth"),
  });
}
