import type { Findings } from "@acteon/rules";
import type { RegoModule, RegoRule } from "../syntax/ast.ts";

/** One file of a program. */
export interface Unit {
  readonly module: RegoModule;
  readonly findings: Findings;
  /** What its imports are called, with the path that each stands for. */
  readonly imports: ReadonlyMap<string, readonly string[]>;
  /** The rules that could be read only in part. */
  readonly broken: ReadonlySet<RegoRule>;
}
