import { BuiltinFault, compareText } from "@acteon/rules";
import { anything, boolType, numberType, regoFunction, text } from "./rego-function.ts";
import type { RegoFunction } from "./rego-function.ts";

export const semverFunctions: readonly RegoFunction[] = [
  regoFunction("semver.compare", [text, text], numberType, (a, b) => {
    const left = parse(a);
    const right = parse(b);
    return left && right ? compare(left, right) : new BuiltinFault("text that is no semantic version");
  }),
  regoFunction(
    "semver.is_valid",
    [anything],
    boolType,
    (value) => typeof value === "string" && parse(value) !== undefined,
  ),
];

interface Version {
  readonly numbers: readonly bigint[];
  /** Of a release there are none. */
  readonly prerelease: readonly string[];
}

const identifiers = String.raw`[\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*`;
const form = new RegExp(String.raw`^v?(\d+)\.(\d+)\.(\d+)(?:-(${identifiers})?)?(?:\+(?:${identifiers})?)?$`);

/** No version that anyone means is longer. */
const maxVersionLength = 1_000;
const maxNumber = 2n ** 63n - 1n;

/** Semantic Versioning, with what OPA lets pass beside it: a leading `v`, leading zeros, an empty suffix. */
function parse(version: string): Version | undefined {
  const match = version.length > maxVersionLength ? null : form.exec(version);
  if (match === null) return undefined;
  const numbers = match.slice(1, 4).map(BigInt);
  return numbers.some((number) => number > maxNumber) ? undefined : { numbers, prerelease: match[4]?.split(".") ?? [] };
}

function compare(a: Version, b: Version): number {
  for (const [i, number] of a.numbers.entries()) {
    const order = compareNumbers(number, b.numbers[i]!);
    if (order !== 0) return order;
  }
  // A version before a release comes before the release.
  if (a.prerelease.length === 0 || b.prerelease.length === 0)
    return Math.sign(b.prerelease.length - a.prerelease.length);
  for (const [i, part] of a.prerelease.entries()) {
    const other = b.prerelease[i];
    if (other === undefined) return 1;
    const order = compareIdentifiers(part, other);
    if (order !== 0) return order;
  }
  return a.prerelease.length < b.prerelease.length ? -1 : 0;
}

/** Numbers by what they are worth, and before all else. */
function compareIdentifiers(a: string, b: string): number {
  const [isNumber, otherIsNumber] = [a, b].map((part) => /^\d+$/.test(part));
  if (isNumber !== otherIsNumber) return isNumber === true ? -1 : 1;
  return isNumber === true ? compareNumbers(BigInt(a), BigInt(b)) : Math.sign(compareText(a, b));
}

function compareNumbers(a: bigint, b: bigint): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
