import type { RuleFrontEnd } from "@acteon/rules";

/** The languages of rule files. Imported when there is a directory to read. */
export async function loadFrontEnds(): Promise<readonly RuleFrontEnd[]> {
  const [{ yamlFrontEnd }, { celFrontEnd }, { droolsFrontEnd }] = await Promise.all([
    import("@acteon/rules-yaml"),
    import("@acteon/rules-cel"),
    import("@acteon/rules-drools"),
  ]);
  return [yamlFrontEnd, celFrontEnd, droolsFrontEnd];
}
