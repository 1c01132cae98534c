import { globSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { TestCase, TestModule } from "vitest/node";
import { serverVersion } from "./backends/remote-backend.ts";
import { renderBars } from "./bar-report.ts";
import type { BarReport } from "./bar-report.ts";
import { exitCodeOf, renderReport, reportOn } from "./conformance-report.ts";
import type { LawRun, SubjectReport } from "./conformance-report.ts";

/*
 * `npm run conformance -- <contract> [subject] [-o json]`: runs the suite of a contract on what implements it, for real, and
 * says law by law what was kept. Exit: 0 all kept, 1 a law broken, 2 usage.
 */

/** Where the implementations of each contract live, a folder each, named by the part that `*` stands for; and what their tests call. */
const contracts = {
  state: { folder: "packages/state-*", suites: /\bdescribe(StateStore|ServerFaults|Contention)\(/ },
  audit: { folder: "packages/audit-*", suites: /\bdescribeAuditStore\(/ },
  rules: { folder: "packages/rules-*", suites: /\bdescribe(RuleFrontEnd|PublicSuite)\(/ },
  provider: { folder: "providers/*", suites: /\bdescribeProvider\(/ },
} as const;

type Contract = keyof typeof contracts;

const usage = `usage: npm run conformance -- <${Object.keys(contracts).join("|")}> [subject] [-o json]`;

async function main(argv: readonly string[]): Promise<number> {
  const asked = parseArguments(argv);
  if (asked.kind === "refused") return refuse(asked.message);
  const { contract, subject, json } = asked;
  const suites = suitesOf(contract);
  const chosen = subject === undefined ? suites : suites.filter((suite) => suite.subject === subject);
  if (chosen.length === 0)
    return refuse(`no ${contract} called ${subject}; there are ${suites.map((suite) => suite.subject).join(", ")}`);
  const servers = contract === "state" ? await serversOf(chosen) : new Map<string, string>();
  const runs = await runSuites(chosen);
  const report = { contract, subjects: runs.flatMap((run) => reportsOf(run, servers)) };
  const bars = contract === "rules" ? await barsOf(runs, subject) : undefined;
  const text = (): string => renderReport(report) + (bars === undefined ? "" : `\n${renderBars(bars)}`);
  process.stdout.write(json ? `${JSON.stringify({ ...report, bars }, null, 2)}\n` : text());
  return exitCodeOf(report);
}

type Asked =
  | { readonly kind: "run"; readonly contract: Contract; readonly subject: string | undefined; readonly json: boolean }
  | { readonly kind: "refused"; readonly message: string };

function parseArguments(argv: readonly string[]): Asked {
  try {
    const { positionals, values } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { output: { type: "string", short: "o", default: "text" } },
    });
    const [contract, subject, ...rest] = positionals;
    if (contract === undefined || !isContract(contract)) return { kind: "refused", message: "which contract?" };
    if (rest.length > 0) return { kind: "refused", message: `one subject at most, not also ${rest.join(", ")}` };
    if (values.output !== "text" && values.output !== "json")
      return { kind: "refused", message: `output as text or json, not ${values.output}` };
    return { kind: "run", contract, subject, json: values.output === "json" };
  } catch (error) {
    return { kind: "refused", message: error instanceof Error ? error.message : String(error) };
  }
}

function isContract(text: string): text is Contract {
  return Object.hasOwn(contracts, text);
}

function refuse(message: string): number {
  process.stderr.write(`${message}\n${usage}\n`);
  return 2;
}

/** The test files of one implementation. */
interface Suite {
  readonly subject: string;
  readonly files: readonly string[];
}

/** Every implementation of the contract that has a suite; of state every implementation, since none may go without. */
function suitesOf(contract: Contract): readonly Suite[] {
  const { folder, suites } = contracts[contract];
  const subjectOf = (path: string): string => path.slice(folder.length - 1).split("/")[0] ?? "";
  const files = globSync(`${folder}/{src,test}/**/*.test.ts`)
    .filter((file) => suites.test(readFileSync(file, "utf8")))
    .toSorted();
  const subjects = new Set([...files, ...(contract === "state" ? globSync(folder) : [])].map(subjectOf));
  return [...subjects]
    .toSorted()
    .map((subject) => ({ subject, files: files.filter((file) => subjectOf(file) === subject) }));
}

/** Which servers the backends on other machines are run on: name and version, as they tell it. */
async function serversOf(suites: readonly Suite[]): Promise<ReadonlyMap<string, string>> {
  const { remoteBackends } = await import("./backends/remote-backends.ts"); // with their client libraries
  const versions = new Map<string, string>();
  for (const remote of remoteBackends.filter(({ name }) => suites.some(({ subject }) => subject === name))) {
    const version = await serverVersion(remote);
    if (version !== undefined) versions.set(remote.name, version);
  }
  return versions;
}

interface SuiteRun {
  readonly subject: string;
  readonly modules: readonly TestModule[];
}

async function runSuites(suites: readonly Suite[]): Promise<readonly SuiteRun[]> {
  const { startVitest } = await import("vitest/node"); // slow to load, and of no use to a wrong command line
  const files = suites.flatMap((suite) => suite.files);
  const vitest = await startVitest("test", files, { run: true, watch: false, reporters: [{}], passWithNoTests: true });
  try {
    const modules = vitest.state.getTestModules();
    return suites.map(({ subject, files }) => ({
      subject,
      modules: modules.filter(({ relativeModuleId }) => files.includes(relativeModuleId)),
    }));
  } finally {
    await vitest.close();
  }
}

function reportsOf({ subject, modules }: SuiteRun, servers: ReadonlyMap<string, string>): readonly SubjectReport[] {
  const laws = modules.flatMap((module) => lawRuns(subject, module));
  const runs = Map.groupBy(laws, (run) => run.subject);
  return runs.size === 0
    ? [reportOn(subject, [])]
    : [...runs].map(([described, runsOfIt]) => reportOn(described, runsOfIt, servers.get(subject)));
}

/** What came of every public suite, of those that no test runs yet, too. */
async function barsOf(runs: readonly SuiteRun[], subject: string | undefined): Promise<readonly BarReport[]> {
  const { bars } = await import("@acteon/rules/conformance");
  const tests = runs.flatMap(({ modules }) => modules.flatMap(({ children }) => [...children.allTests()]));
  const results = tests.flatMap((test) => test.meta().bar ?? []);
  return (Object.keys(bars) as (keyof typeof bars)[])
    .filter((suite) => subject === undefined || suite.startsWith(`${subject} `))
    .map((suite) => results.find((result) => result.suite === suite) ?? { suite, atLeast: bars[suite] });
}

/** The laws of a file, each with the subject that it was run on: a file may describe several. What fails outside of them is one more broken law. */
function lawRuns(folder: string, module: TestModule): readonly (LawRun & { readonly subject: string })[] {
  const laws = [...module.children.allTests()].map((test) => {
    const [top, group] = suitesAbove(test);
    const result = test.result();
    const [, law = test.name, reason = "not said"] = titleOfGap.exec(test.name) ?? [];
    return {
      subject: titleOfSubject.exec(top ?? "")?.[1] ?? folder,
      law,
      topic: group,
      state: result.state,
      knownGap: test.options.fails === true ? reason : undefined,
      message: result.state === "skipped" ? result.note : result.errors?.[0]?.message,
      note: test.meta().note,
      durability: test.meta().durability,
      server: test.meta().server,
    };
  });
  const broken = module.errors().map(({ message }) => ({
    subject: laws[0]?.subject ?? folder,
    law: "the suite can be run",
    topic: undefined,
    state: "failed" as const,
    knownGap: undefined,
    message,
  }));
  return [...broken, ...laws];
}

/** The names of the suites around a test, the outermost first. */
function suitesAbove(test: TestCase): readonly string[] {
  const names: string[] = [];
  for (let { parent } = test; parent.type === "suite"; { parent } = parent) names.unshift(parent.name);
  return names;
}

/** How suites name a law whose gap is known, and the suite of a backend what it is run on. */
const titleOfGap = /^(.*) \[known gap: (.*)\]$/;
const titleOfSubject = /^state: (.*)$/;

process.exitCode = await main(process.argv.slice(2));
