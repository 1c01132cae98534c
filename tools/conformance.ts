import { globSync } from "node:fs";
import { parseArgs } from "node:util";
import type { TestModule } from "vitest/node";
import { exitCodeOf, renderReport, reportOn } from "./conformance-report.ts";
import type { LawRun, SubjectReport } from "./conformance-report.ts";

/*
 * `npm run conformance -- <contract> [subject] [-o json]`: runs the suite of a contract on what implements it, for real, and
 * says law by law what was kept. Exit: 0 all kept, 1 a law broken, 2 usage.
 */

/** Where the implementations of each contract live: a folder each, named by the part that `*` stands for. */
const contracts = {
  state: "packages/state-*",
  audit: "packages/audit-*",
  rules: "packages/rules-*",
  provider: "providers/*",
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
  const report = { contract, subjects: await runSuites(chosen) };
  process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : renderReport(report));
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

interface Suite {
  readonly subject: string;
  readonly file: string;
}

function suitesOf(contract: Contract): readonly Suite[] {
  const folder = contracts[contract];
  const before = folder.slice(0, -1);
  return globSync(`${folder}/{src,test}/**/*conformance.test.ts`)
    .map((file) => ({ file, subject: file.slice(before.length).split("/")[0] ?? "" }))
    .toSorted((a, b) => a.subject.localeCompare(b.subject));
}

async function runSuites(suites: readonly Suite[]): Promise<readonly SubjectReport[]> {
  const { startVitest } = await import("vitest/node"); // slow to load, and of no use to a wrong command line
  const files = suites.map(({ file }) => file);
  const vitest = await startVitest("test", files, { run: true, watch: false, reporters: [{}] });
  try {
    const modules = vitest.state.getTestModules();
    return suites.map(({ subject, file }) => {
      const module = modules.find(({ relativeModuleId }) => relativeModuleId === file);
      return reportOn(subject, module === undefined ? [] : lawRuns(module));
    });
  } finally {
    await vitest.close();
  }
}

/** The laws of a suite; a suite that could not be read is one broken law. */
function lawRuns(module: TestModule): readonly LawRun[] {
  const unread = module
    .errors()
    .map(({ message }): LawRun => ({ law: "the suite can be read", state: "failed", knownGap: undefined, message }));
  const laws = [...module.children.allTests()].map((test): LawRun => {
    const { state, errors } = test.result();
    const [, law = test.name, reason = "not said"] = titleOfGap.exec(test.name) ?? [];
    return { law, state, knownGap: test.options.fails === true ? reason : undefined, message: errors?.[0]?.message };
  });
  return [...unread, ...laws];
}

/** How suites name a law whose gap is known. */
const titleOfGap = /^(.*) \[known gap: (.*)\]$/;

process.exitCode = await main(process.argv.slice(2));
