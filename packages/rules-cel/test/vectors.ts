import { readVectors } from "@acteon/rules/conformance";
import type { SerializedIncrementalTestSuite } from "@bufbuild/cel-spec/testdata/tests.js";

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
  /** It needs protobuf messages. */
  readonly proto?: boolean;
}

/** `cel.expr.Value` in proto-JSON. */
export type CelValue = Readonly<Record<string, unknown>>;

type Part = "conformance" | "parsing" | "comprehension";

/** A part of the suite: the vectors beside the project, else the package that a clone of its own has. */
export async function vectors(part: Part): Promise<readonly CelCase[]> {
  return readVectors<CelCase>(`cel-${part}.json`) ?? packagedVectors(part);
}

const packaged: Readonly<Record<Part, () => Promise<{ readonly tests: SerializedIncrementalTestSuite }>>> = {
  conformance: () => import("@bufbuild/cel-spec/testdata/conformance.js"),
  parsing: () => import("@bufbuild/cel-spec/testdata/parsing.js"),
  comprehension: () => import("@bufbuild/cel-spec/testdata/comprehension.js"),
};

export async function packagedVectors(part: Part): Promise<readonly CelCase[]> {
  const { tests } = await packaged[part]();
  return casesOf(tests, "");
}

function casesOf({ suites = [], tests = [] }: SerializedIncrementalTestSuite, above: string): readonly CelCase[] {
  return [
    ...suites.flatMap((suite) => casesOf(suite, `${above}${suite.name}/`)),
    ...tests.map(({ original: { name = "", ...simpleTest }, ast, error }): CelCase => {
      const proto = needsMessages.test(JSON.stringify(simpleTest));
      return { ...simpleTest, path: above + name, ast, error, proto };
    }),
  ];
}

/** The types of the suite itself, wrapper types and `google.protobuf.Value`. */
const needsMessages = /TestAllTypes|cel\.expr\.conformance|google\.protobuf\.(?!Timestamp|Duration)|\bValue\{/;
