import type { RuleEngineOptions } from "@acteon/rules";

/**
 * The languages of rule files, and of the documents that they read as `data.…`. Imported when there is a directory to read.
 */
export async function loadLanguages(
  dataFiles: readonly string[],
): Promise<Pick<RuleEngineOptions, "data" | "frontEnds">> {
  const [yaml, cel, rego, drools] = await Promise.all([
    import("@acteon/rules-yaml"),
    import("@acteon/rules-cel"),
    import("@acteon/rules-rego"),
    import("@acteon/rules-drools"),
  ]);
  return {
    frontEnds: (data) => [
      yaml.createYamlFrontEnd({ data }),
      cel.createCelFrontEnd({ data }),
      rego.createRegoFrontEnd({ data }),
      drools.createDroolsFrontEnd({ data }),
    ],
    data: { files: dataFiles, parse: yaml.parseDataDocument },
  };
}
