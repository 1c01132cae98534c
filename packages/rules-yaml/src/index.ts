export { parseRuleTests } from "./rule-tests.ts";
export type { ParsedRuleTests } from "./rule-tests.ts";
export { parseDataDocument } from "./data-document.ts";
export { createYamlFrontEnd, yamlFrontEnd } from "./yaml-front-end.ts";
export type { YamlOptions } from "./yaml-front-end.ts";
