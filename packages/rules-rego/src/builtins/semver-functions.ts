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

const number = String.raw`(0|[1-9]\d{0,99})`;
const identifier = String.raw`(?:0|[1-9]\d*|\d*[A-Za-z-][\dA-Za-z-]*)`;
const form = new RegExp(
  String.raw`^${number}\.${number}\.${number}(?:-(${identifier}(?:\.${identifier})*))?(?:\+[\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*)?$`,
);

/** No version that anyone means is longer. */
const maxVersionLength = 1_000;

/** Semantic Versioning 2.0.0. */
function parse(version: string): Version | undefined {
  const match = version.length > maxVersionLength ? null : form.exec(version);
  return match === null
    ? undefined
    : { numbers: match.slice(1, 4).map(BigInt), prerelease: match[4]?.split(".") ?? [] };
}

function compare(a: Version, b: Version): number {
  for (const [i, number] of a.numbers.entries()) {
    const other = b.numbers[i]!;
    if (number !== other) return number < other ? -1 : 1;
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
  const areNumbers = [a, b].map((part) => /^\d+$/.test(part));
  if (areNumbers[0] !== areNumbers[1]) return areNumbers[0] === true ? -1 : 1;
  if (areNumbers[0] === true && a.length !== b.length) return Math.sign(a.length - b.length);
  return Math.sign(compareText(a, b));
}
