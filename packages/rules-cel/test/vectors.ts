import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/** A case of the CEL specification's suite, as the vectors beside the project have it. */
export interface CelCase {
  readonly path: string;
  readonly expr: string;
  readonly container?: string;
  readonly bindings?: Readonly<Record<string, { readonly value: CelValue }>>;
  readonly disableCheck?: boolean;
  readonly typeEnv?: readonly { readonly name: string }[];
  readonly checkOnly?: boolean;
  readonly value?: CelValue;
  readonly evalError?: unknown;
  readonly anyEvalErrors?: unknown;
  readonly typedResult?: unknown;
  readonly ast?: string;
  readonly error?: string;
  readonly proto?: boolean;
}

/** `cel.expr.Value` in proto-JSON. */
export type CelValue = Readonly<Record<string, unknown>>;

/** `undefined`: the vectors are not there; they are no part of the project. */
export function vectors(file: string): readonly CelCase[] | undefined {
  const place = path.resolve(import.meta.dirname, "../../../../shared/conformance", file);
  return existsSync(place) ? (JSON.parse(readFileSync(place, "utf8")) as readonly CelCase[]) : undefined;
}

/** Holds a count of kept cases to a floor; `CEL_FAILING=1` in the environment has the others printed. */
export function printFailing(title: string, failing: readonly string[]): void {
  if (process.env["CEL_FAILING"] !== undefined) process.stdout.write(`${title}:\n${failing.join("\n")}\n`);
}
