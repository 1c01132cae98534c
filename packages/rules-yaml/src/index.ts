export { parseRuleTests } from "./rule-tests.ts";
export type { ParsedRuleTests } from "./rule-tests.ts";
export { yamlFrontEnd } from "./yaml-front-end.ts";
