import { suggest } from "@acteon/core";
import type { Extent, Findings } from "../diagnostics/findings.ts";
import type { UnbuiltVerdict } from "../ir/verdict.ts";

/** What verdicts take, in languages whose parameters have names. */
export const verdictParams = {
  allow: [],
  deny: ["reason"],
  suppress: ["reason", "duration"],
  deduplicate: ["key", "window"],
  throttle: ["rate", "window"],
  reroute: ["to"],
  modify: ["merge", "set", "remove", "rename", "terminal"],
  custom: ["handler", "params"],
} as const;

export type VerdictName = keyof typeof verdictParams;

export const verdictNames: readonly string[] = Object.keys(verdictParams);

/** Verdicts of later work: they are understood, and a load refuses them by name. */
export const unbuiltVerdicts: readonly UnbuiltVerdict["kind"][] = [
  "state_machine",
  "group",
  "request_approval",
  "chain",
  "schedule",
];

export function isVerdictName(name: string): name is VerdictName {
  return Object.hasOwn(verdictParams, name);
}

export function reportUnknownVerdict(findings: Pick<Findings, "error">, name: string, at: Extent): undefined {
  const near = suggest(name, [...verdictNames, ...unbuiltVerdicts]);
  findings.error({
    code: "ACT-R008",
    at,
    summary: `unknown verdict \`${name}\``,
    label: "not a verdict",
    ...(near === undefined
      ? { help: `a verdict is one of ${verdictNames.join(", ")}` }
      : { help: `a verdict named \`${near}\` exists`, fix: { at, text: near } }),
  });
}
