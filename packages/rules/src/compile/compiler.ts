import type { BuiltinTable } from "../builtins/builtin.ts";
import type { Definition } from "../ir/definition.ts";
import type { Expr } from "../ir/expr.ts";
import type { Result } from "../values/value.ts";
import type { Frame } from "./frame.ts";
import type { TimeZones } from "./time-zones.ts";

/** A compiled expression. Never throws. */
export type Evaluate = (frame: Frame) => Result;

/** A document or function, compiled where it is first referred to. */
export interface CompiledDefinition {
  readonly source: Definition;
  /** Of its parameters. */
  readonly slots: readonly number[];
  readonly evaluate: Evaluate;
}

/** What the compilation of one rule has in hand; the parts of the compiler take it as an argument. */
export interface Compiler {
  readonly builtins: BuiltinTable;
  readonly zones: TimeZones;
  /** For `time` nodes that name none. */
  readonly zone: string;
  /** With explanations every node is a closure of its own; without, common shapes of several nodes are one. */
  readonly explains: boolean;
  compile(expr: Expr): Evaluate;
  /** The slot of a name that is bound here. */
  slotOf(name: string): number | undefined;
  /** One of the rule's definitions. */
  definitionOf(name: string): CompiledDefinition | undefined;
  /** Compiles what stands in the scope of names, each of which gets a slot. */
  inScope<T>(names: readonly (string | undefined)[], compile: (slots: readonly (number | undefined)[]) => T): T;
}
