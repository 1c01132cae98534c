export { actionOf } from "./action-of.ts";
export { describeRuleFrontEnd } from "./rule-front-end-suite.ts";
export type { RuleFrontEndSubject } from "./rule-front-end-suite.ts";
export { standardRules } from "./standard-rules.ts";
export type { StandardRuleName } from "./standard-rules.ts";
export { TinyStore } from "./tiny-store.ts";
