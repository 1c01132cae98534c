import type { Extent, PlacedFinding } from "@acteon/rules";
import type { RuleHead, Statement, Term } from "./ast.ts";
import { childrenOf } from "./children.ts";

/** What is wrong with a default: it has a value that can be told without evaluating anything, and arguments without a say. */
export function defaultProblems({ ref, args = [], value, start, end }: RuleHead): readonly PlacedFinding[] {
  const problems: PlacedFinding[] = [];
  const problem = (at: Extent, summary: string, details: Pick<PlacedFinding, "label" | "help"> = {}): void => {
    problems.push({ code: "ACT-R001", at: { start: at.start, end: at.end }, summary, ...details });
  };
  const variable = ref.path.find(({ kind }) => kind !== "scalar" && kind !== "hole");
  if (variable !== undefined) problem(variable, "a default has no variable in its name");
  const names = new Set<string>();
  for (const arg of args) {
    const isFresh = arg.kind === "var" && (arg.name === "_" || !names.has(arg.name));
    if (arg.kind === "var") names.add(arg.name);
    if (!isFresh && arg.kind !== "hole") problem(arg, "the arguments of a default are different variables");
  }
  if (value === undefined) {
    problem({ start, end }, "a default needs a value", { help: "write `default name := value`" });
  } else {
    const cause = notConstant(value);
    if (cause !== undefined) problem(cause, "a default is a constant", { label: "this has to be evaluated" });
  }
  return problems;
}

/** The first part that is no constant. A comprehension may look at anything, as in OPA. */
function notConstant(node: Term | Statement): Term | Statement | undefined {
  if (node.kind === "comprehension") return undefined;
  if (node.kind === "var" || node.kind === "ref" || node.kind === "call") return node;
  for (const child of childrenOf(node)) {
    const cause = notConstant(child);
    if (cause !== undefined) return cause;
  }
  return undefined;
}
