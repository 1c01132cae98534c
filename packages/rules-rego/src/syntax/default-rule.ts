import type { Findings } from "@acteon/rules";
import type { RuleHead, Statement, Term } from "./ast.ts";
import { childrenOf } from "./children.ts";

/** A rule with `default` says a value that can be told without evaluating anything, and names its arguments. */
export function checkDefault(findings: Findings, { ref, args = [], value, start, end }: RuleHead): void {
  const help = "write `default name := value`";
  if (value === undefined) {
    findings.error({ code: "ACT-R001", at: { start, end }, summary: "a default needs a value", help });
  } else {
    const cause = notConstant(value);
    if (cause !== undefined) {
      const { start: from, end: to } = cause;
      const summary = "a default is a constant";
      findings.error({ code: "ACT-R001", at: { start: from, end: to }, summary, label: "this has to be evaluated" });
    }
  }
  const variable = ref.path.find(({ kind }) => kind !== "scalar" && kind !== "hole");
  if (variable !== undefined) {
    const at = { start: variable.start, end: variable.end };
    findings.error({ code: "ACT-R001", at, summary: "a default has no variable in its name" });
  }
  const names = new Set<string>();
  for (const arg of args) {
    const isFresh = arg.kind === "var" && (arg.name === "_" || !names.has(arg.name));
    if (arg.kind === "var") names.add(arg.name);
    if (isFresh || arg.kind === "hole") continue;
    const at = { start: arg.start, end: arg.end };
    findings.error({ code: "ACT-R001", at, summary: "the arguments of a default are different variables" });
  }
}

/** The first part that is no constant. Comprehensions are none of them, as in OPA. */
function notConstant(node: Term | Statement): Term | Statement | undefined {
  if (node.kind === "comprehension") return undefined;
  if (node.kind === "var" || node.kind === "ref" || node.kind === "call") return node;
  for (const child of childrenOf(node)) {
    const cause = notConstant(child);
    if (cause !== undefined) return cause;
  }
  return undefined;
}
