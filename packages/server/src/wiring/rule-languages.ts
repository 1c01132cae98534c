import type { RuleEngineOptions } from "@acteon/rules";

/**
 * The languages of rule files, and of the documents that they read as `data.…`. Imported when there is a directory to read.
 */
export async function loadLanguages(
  dataFiles: readonly string[],
): Promise<Pick<RuleEngineOptions, "data" | "frontEnds">> {
  const [{ createYamlFrontEnd, parseDataDocument }, { createCelFrontEnd }, { createRegoFrontEnd }] = await Promise.all([
    import("@acteon/rules-yaml"),
    import("@acteon/rules-cel"),
    import("@acteon/rules-rego"),
  ]);
  return {
    frontEnds: (data) => [createYamlFrontEnd({ data }), createCelFrontEnd({ data }), createRegoFrontEnd({ data })],
    data: { files: dataFiles, parse: parseDataDocument },
  };
}
