import { childrenOf } from "@acteon/rules";
import type { Definitions, Expr, PlacedFinding, Query } from "@acteon/rules";
import type { Program } from "./program.ts";
import { clausesOf } from "./rule-group.ts";

/**
 * Most levels of expressions and steps, each computed inside of the one before it, through all rules that ask for one
 * another. Compiling them is recursive, and takes up to half a kilobyte of the stack for each.
 */
const maxLevels = 700;

/** Reports rules that ask for themselves, each circle once, and rules that stand too deep on one another. */
export function reportDepths({ groups }: Program, definitions: Definitions): void {
  const byName = new Map(groups.map((group) => [group.name, group]));
  const meter = new DepthMeter(definitions, (names, finding) => {
    // Those that no rules make are maps of others.
    const [group] = names.flatMap((name) => byName.get(name) ?? []);
    const [clause] = group === undefined ? [] : clausesOf(group);
    clause?.unit.findings.error({ ...finding, at: clause.rule.head });
  });
  for (const name of Object.keys(definitions)) meter.levelsOf(name);
}

class DepthMeter {
  readonly #definitions: Definitions;
  readonly #report: (names: readonly string[], finding: Omit<PlacedFinding, "at">) => void;
  readonly #levels = new Map<string, number>();
  /** The definitions that are being looked into. */
  readonly #way: string[] = [];
  /** Something that the last of them asks for was reported. */
  #isReported = false;

  constructor(
    definitions: Definitions,
    report: (names: readonly string[], finding: Omit<PlacedFinding, "at">) => void,
  ) {
    this.#definitions = definitions;
    this.#report = report;
  }

  /** @param above So many levels are above it. */
  levelsOf(name: string, above = 0): number {
    const circle = this.#way.indexOf(name);
    if (circle !== -1) this.#reportCircle(this.#way.slice(circle));
    const definition = this.#definitions[name];
    if (circle !== -1 || definition === undefined) return 0;
    const levels = this.#levels.get(name) ?? this.#measure(name, definition.value, above);
    this.#isReported ||= levels > maxLevels;
    return levels;
  }

  #measure(name: string, value: Expr, above: number): number {
    const isReportedAbove = this.#isReported;
    this.#isReported = false;
    this.#way.push(name);
    const levels = this.#ofExpr(value, above);
    this.#way.pop();
    this.#levels.set(name, levels);
    if (levels > maxLevels && !this.#isReported) this.#report([name], tooDeep);
    this.#isReported = isReportedAbove;
    return levels;
  }

  #ofExpr(expr: Expr, above: number): number {
    if (above > maxLevels) return 1;
    switch (expr.kind) {
      case "query":
        return 1 + this.#ofSteps(expr.body, above + 1);
      case "document":
        return 1 + this.levelsOf(expr.name, above + 1);
      case "invoke":
        return 1 + Math.max(this.#ofAll(expr.args, above + 1), this.levelsOf(expr.name, above + 1));
      case "quantifier":
        // It is a query of two steps.
        return 3 + this.#ofAll(childrenOf(expr), above + 3);
      default:
        return 1 + this.#ofAll(childrenOf(expr), above + 1);
    }
  }

  #ofAll(parts: readonly Expr[], above: number): number {
    let levels = 0;
    for (const part of parts) levels = Math.max(levels, this.#ofExpr(part, above));
    return levels;
  }

  /** Each step runs inside of the one before it. */
  #ofSteps(steps: readonly Query[], above: number): number {
    let levels = 0;
    for (const [i, step] of steps.entries()) levels = Math.max(levels, i + 1 + this.#ofStep(step, above + i + 1));
    return levels;
  }

  #ofStep(step: Query, above: number): number {
    switch (step.kind) {
      case "scan":
        return this.#ofExpr(step.over, above);
      case "bind":
        return this.#ofExpr(step.value, above);
      case "guard":
        return this.#ofExpr(step.condition, above);
      case "emit":
        return this.#ofAll(step.key === undefined ? [step.value] : [step.key, step.value], above);
      case "not":
        return this.#ofSteps(step.body, above);
      case "or":
        return Math.max(0, ...step.branches.map((branch) => this.#ofSteps(branch, above)));
      case "with": {
        const { by } = step.replaced;
        return Math.max(
          typeof by === "string" ? this.levelsOf(by, above) : this.#ofExpr(by, above),
          this.#ofSteps(step.body, above),
        );
      }
    }
  }

  #reportCircle(circle: readonly string[]): void {
    this.#report(circle, {
      code: "ACT-R028",
      summary: "this rule asks for itself",
      label: "its value depends on it",
      notes: [`the circle: ${[...circle, circle[0]].join(" → ")}`],
    });
  }
}

const tooDeep = {
  code: "ACT-R002",
  summary: "rules that stand on one another too deep",
  label: `more than ${maxLevels} levels from here on`,
  help: "let the rules that are asked last ask for less, or take input and documents apart in one of them",
} as const;
