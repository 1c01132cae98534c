import { findingCodes, NotFoundError, suggest } from "@acteon/core";

export interface CodeExplanation {
  readonly title: string;
  readonly text: string;
}

/** What a code of a finding means. @throws {NotFoundError} There is no such code. */
export async function codeText(code: string): Promise<CodeExplanation> {
  const { ruleCodes } = await import("@acteon/rules");
  const all = new Map<string, CodeExplanation>([...Object.entries(ruleCodes), ...Object.entries(findingCodes)]);
  const known = all.get(code);
  if (known !== undefined) return known;
  const near = suggest(code, all.keys());
  throw new NotFoundError(`no code ${code}${near === undefined ? "" : ` (did you mean ${near}?)`}`);
}
