import type { RuleEngineOptions, RuleLanguage } from "@acteon/rules";

/** The languages of rule files. Each is imported with the first file of it: all of them are 5 MB of an idle server. */
export const ruleLanguages: readonly RuleLanguage[] = [
  {
    language: "yaml",
    extensions: [".yaml", ".yml"],
    open: async (data) => (await import("@acteon/rules-yaml")).createYamlFrontEnd({ data }),
  },
  {
    language: "cel",
    extensions: [".cel"],
    open: async (data) => (await import("@acteon/rules-cel")).createCelFrontEnd({ data }),
  },
  {
    language: "rego",
    extensions: [".rego"],
    open: async (data) => (await import("@acteon/rules-rego")).createRegoFrontEnd({ data }),
  },
  {
    language: "drools",
    extensions: [".drl"],
    open: async (data) => (await import("@acteon/rules-drools")).createDroolsFrontEnd({ data }),
  },
];

/** For an engine that reads files: the languages, and the documents that their rules read as `data.…`. */
export function languagesOver(dataFiles: readonly string[]): Pick<RuleEngineOptions, "data" | "frontEnds"> {
  const openParser = async () => (await import("@acteon/rules-yaml")).parseDataDocument;
  return { frontEnds: ruleLanguages, data: { files: dataFiles, openParser } };
}
