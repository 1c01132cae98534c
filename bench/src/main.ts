// As in the process of `acteon serve`.
import "../../packages/cli/bin/one-helper.js";
import "../../packages/cli/bin/collector.js";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { Calibration } from "./calibration.ts";
import { format, meetsBar, type Figure } from "./figure.ts";
import { roadFigures } from "./road.ts";
import { rulesFigures } from "./rules.ts";
import { stateFigures } from "./state-bench.ts";

const usage = `npm run bench [-- road|rules|state] [-- options]

Measures the road of an action against its bars, and writes its part of bench/RESULTS.md: by itself (road), or on each state
backend on other machines, whose server is started here (state). The rules by themselves (rules) are a part of the road.

  --only PREFIX   only figures whose id begins so; may be repeated; RESULTS.md stays as it is
  --rounds N      rounds of each figure, whose median counts (5)
  --smoke         everything once and small: does it run, does it check itself; RESULTS.md stays as it is
  -o json         the figures as JSON on standard output

Exit: 0 measured, 1 a round was wrong, 2 wrong usage.`;

/** Where in RESULTS.md the second part begins. */
const stateTitle = "# State on other machines";

const { values, positionals } = parse();
if (values.help === true) {
  process.stdout.write(`${usage}\n`);
  process.exit(0);
}
const benchmarks = { road: roadFigures, rules: rulesFigures, state: stateFigures };
const [benchmark = "road"] = positionals;
if (positionals.length > 1 || !isBenchmark(benchmark)) refuse(`no benchmark named ${positionals.join(" ")}`);
const smoke = values.smoke === true;
const rounds = smoke ? 1 : Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1 || rounds > 25) refuse("--rounds takes a whole number from 1 to 25");

const figures: Figure[] = [];
{
  await using calibration = new Calibration();
  const only = values.only ?? [];
  for await (const figure of benchmarks[benchmark](
    { rounds: { count: rounds, maxRepeats: smoke ? 0 : 3 }, scale: smoke ? 0.01 : 1, only },
    calibration,
  )) {
    figures.push(figure);
    process.stderr.write(`${row(figure)}\n`);
  }
}
if (figures.length === 0)
  refuse(
    `no figure is asked for by --only ${(values.only ?? []).join(" --only ")}: give how its group begins, as RESULTS.md has it`,
  );
const commit = execFileSync("git", ["describe", "--always", "--dirty"], { encoding: "utf8" }).trim();
const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}`;
if (values.output === "json") process.stdout.write(`${JSON.stringify({ machine, commit, figures })}\n`);
if (!smoke && values.only === undefined && benchmark !== "rules")
  await writeResults(resolve(import.meta.dirname, "../RESULTS.md"));

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        help: { type: "boolean", short: "h" },
        only: { type: "string", multiple: true },
        output: { type: "string", short: "o", default: "text" },
        rounds: { type: "string", default: "5" },
        smoke: { type: "boolean" },
      },
    });
  } catch (error) {
    return refuse((error as Error).message);
  }
}

function refuse(message: string): never {
  process.stderr.write(`bench: ${message}\n\n${usage}\n`);
  process.exit(2);
}

function bound({ bar }: Figure): string {
  if (bar === undefined) return "";
  return "atLeast" in bar ? `≥ ${bar.atLeast.toLocaleString("en")}` : `≤ ${bar.atMost.toLocaleString("en")}`;
}

function row(figure: Figure): string {
  const cpus = [figure.cpuMicros, ...(benchmark === "state" ? [figure.serverCpuMicros] : [])];
  const cpu = cpus.map((micros) => micros?.toFixed(1) ?? "").join(" | ");
  const met = figure.bar === undefined ? "" : meetsBar(figure) ? "met" : "**missed**";
  return `| ${figure.id} | ${format(figure.value)} ${figure.unit} | ${bound(figure)} | ${met} | ${cpu} | ${figure.calibration.toFixed(2)} |`;
}

/** Each benchmark has a part of the file; those of others stay as they are. */
async function writeResults(path: string): Promise<void> {
  const before = existsSync(path) ? await readFile(path, "utf8") : "";
  const [road = "", state = ""] = before.split(new RegExp(`^(?=${stateTitle}$)`, "m"));
  await writeFile(
    path,
    benchmark === "road" ? roadResults() + state : `${road.trimEnd()}\n\n`.trimStart() + stateResults(),
  );
}

function roadResults(): string {
  return `# Benchmark results

Machine: ${machine}. Commit: ${commit}. Command: \`npm run bench\`; medians of ${rounds} rounds, each of which checks itself
(outcomes by kind, one lock an executed action, every audit record found). Load generator on the same machine. CPU is that of
the gateway's process, all threads. Calibration is wall ÷ CPU of a fixed loop on two threads: 1.00 when the machine was ours.
Latencies of HTTP are at half of the bar, 50,000 actions a second, and \`half\` at half of what was measured; the open loop's
thread goes before others, since a generator that waits for a core measures itself.

| figure | median | bar | | CPU µs/action | calibration |
| --- | --- | --- | --- | --- | --- |
${figures.map(row).join("\n")}

`;
}

function stateResults(): string {
  return `${stateTitle}

Machine: ${machine}. Commit: ${commit}. Command: \`npm run bench -- state\`; medians of ${rounds} rounds on a new server each, with
the checks of the road. One gateway process, the server on the same machine. \`alone\` is the store without a gateway, \`bare\` the server's client
without a store: each does the same number of operations, batched, two calls in flight. Trips are by how many times a proxy's delay of each answer makes a batch of 100 longer.
Latencies are at half of the batch figure's bar, at a fixed rate, and \`half\` at half of what was measured: \`call\` of a store call, \`batch\` of a batch of 100 from when it was due.

| figure | median | bar | | gateway CPU µs/action | server CPU µs/action | calibration |
| --- | --- | --- | --- | --- | --- | --- |
${figures.map(row).join("\n")}
`;
}

function isBenchmark(name: string): name is keyof typeof benchmarks {
  return Object.hasOwn(benchmarks, name);
}
