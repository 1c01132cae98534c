import type { RuleFrontEnd } from "@acteon/rules";

/** The languages of rule files. Imported when there is a directory to read. */
export async function loadFrontEnds(): Promise<readonly RuleFrontEnd[]> {
  const { yamlFrontEnd } = await import("@acteon/rules-yaml");
  return [yamlFrontEnd];
}
