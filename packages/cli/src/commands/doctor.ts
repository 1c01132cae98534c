import type { Finding, StorePromise } from "@acteon/server";
import { examine } from "@acteon/server";
import type { Run } from "../command.ts";
import { counted } from "../counted.ts";
import { loadConfiguration } from "../offline/load-configuration.ts";
import type { Paint } from "../paint.ts";
import { visible } from "../paint.ts";
import { table } from "../table.ts";

export const run: Run = async ({ clock, environment, options, output, random }) => {
  const loaded = await loadConfiguration({
    file: options.text("config"),
    environment,
    insecureNoAuth: options.flag("insecureNoAuth"),
  });
  const findings: Finding[] = [];
  const promises: StorePromise[] = [];
  for await (const { kind, ...news } of examine(loaded, { environment, clock, random })) {
    if (kind === "finding") findings.push(news as Finding);
    else promises.push(news as StorePromise);
  }
  output.result({ findings, promises: promises.map(promiseToWire) }, () =>
    [findingsText(findings, output.paint), ...promises.map((each) => promiseText(each, output.paint))].join("\n\n"),
  );
  const failures = findings.filter(({ level }) => level === "failure").length;
  const warnings = findings.filter(({ level }) => level === "warning").length;
  output.note(`${counted(failures, "failure")}, ${counted(warnings, "warning")}`);
  return failures > 0 || (options.flag("strict") && warnings > 0) ? 3 : 0;
};

function promiseToWire({ notPromised, ...promise }: StorePromise): object {
  return { ...promise, not_promised: notPromised };
}

/** What is to be done stands under what was found. */
function findingsText(findings: readonly Finding[], paint: Paint): string {
  const rows = findings.flatMap(({ level, part, subject, found, help }) => [
    [level, part, subject, found],
    ...(help === undefined ? [] : [["", "", "", `help: ${help}`]]),
  ]);
  return table(["level", "part", "subject", "found"], rows, paint);
}

function promiseText({ part, backend, durability, promised, notPromised }: StorePromise, paint: Paint): string {
  const lines = (label: string, items: readonly string[]): readonly string[] =>
    items.map((item, i) => `  ${(i === 0 ? label : "").padEnd(12)}  ${visible(item)}`);
  return [
    paint("strong", `${part}: ${backend}, of class ${durability}`),
    ...lines("promised", promised),
    ...lines("not promised", notPromised),
  ].join("\n");
}
