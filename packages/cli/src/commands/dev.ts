import { stat } from "node:fs/promises";
import type { AuditRecord } from "@acteon/audit";
import type { LoadedConfig, RulesEvent } from "@acteon/server";
import { forgottenAtExit, quickstartCurl, startServer } from "@acteon/server";
import type { CommandContext, Run } from "../command.ts";
import { DevSession } from "../dev/dev-session.ts";
import { listeningFlags } from "../live/listening-flags.ts";
import { RecordLines } from "../live/record-lines.ts";
import { tellRules } from "../live/rules-line.ts";
import { startOrTell } from "../live/start-or-tell.ts";
import { startingRules } from "../live/starter-rules.ts";
import { StopSignal } from "../live/stop-signal.ts";
import { terminalLogger } from "../live/terminal-logger.ts";
import { plain } from "../paint.ts";
import { checkConfiguration, loadConfiguration } from "../offline/load-configuration.ts";

/** Without a configuration of its own: nothing is left behind but the rules. */
const devConfiguration = {
  file: "dev",
  text: `[server]
drain_delay_ms = 0

[state]
backend = "memory"

[providers.console]
`,
};

/** Who is shown what happens. */
interface Audience extends Disposable {
  showRecord(record: AuditRecord): void;
  showRules(event: RulesEvent): void;
  /** Something is wrong. */
  tell(line: string): void;
  /** Resolves when it wants to leave. */
  readonly quit: Promise<void>;
}

export const run: Run = async (context) => {
  const { clock, environment, options, output, random, stdin, stdout } = context;
  const isInteractive = stdin.isTTY && stdout.isTTY && output.format === "text" && !options.flag("plain");
  const { config } = await configured(context);
  let audience: Audience | undefined;
  const started = await startOrTell(
    () =>
      startServer({
        config,
        environment,
        clock,
        random,
        logger: terminalLogger((line) => (audience === undefined ? output.note(line) : audience.tell(line)), plain, [
          forgottenAtExit, // as `dev` is meant to
        ]),
        // The line of each action says it.
        print: () => undefined,
        onRecord: (record) => audience?.showRecord(record),
        onRules: (event) => audience?.showRules(event),
      }),
    context,
  );
  if (started.kind === "failed") return started.exit;
  const { server } = started;
  using stop = new StopSignal(process);
  {
    using shown = isInteractive ? new DevSession(server, context) : plainAudience(server.url, context);
    audience = shown;
    await Promise.race([stop.asked, shown.quit]);
    audience = undefined;
  }
  await server.stop();
  return 0;
};

function plainAudience(url: string, { clock, output }: CommandContext): Audience {
  const lines = new RecordLines(output, clock);
  output.event({ event: "listening", url }, () => url);
  output.event({ event: "try", curl: quickstartCurl(url) }, () => quickstartCurl(url));
  return {
    showRecord: (record) => lines.show(record),
    showRules: (event) => tellRules(event, output),
    tell: (line) => output.note(line),
    quit: new Promise(() => undefined),
    [Symbol.dispose]: () => lines[Symbol.dispose](),
  };
}

/** That of this place, if there is one; of one process, which this terminal can see. */
async function configured(context: CommandContext): Promise<Extract<LoadedConfig, { kind: "loaded" }>> {
  const { environment, options } = context;
  const file = options.text("config") ?? ((await isThere("acteon.toml")) ? "acteon.toml" : undefined);
  const flags = new Map([...listeningFlags(options), ["server.workers", { flag: "dev", text: "1" }]]);
  const named = options.text("rules");
  if (named !== undefined) flags.set("rules.directory", { flag: "--rules", text: named });
  if (file !== undefined) return loadConfiguration({ file, environment, flags });
  if (named === undefined) flags.set("rules.directory", { flag: "dev", text: await rulesToStartWith(context) });
  return checkConfiguration({ ...devConfiguration, environment, flags });
}

async function rulesToStartWith({ output }: CommandContext): Promise<string> {
  const { folder, made } = await startingRules();
  if (made) output.note(`made ${folder}/ with rules to begin with`);
  return folder;
}

async function isThere(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
