export { actionOf } from "./action-of.ts";
export { bars } from "./bars.ts";
export type { BarResult, FailingCase } from "./bars.ts";
export { describePublicSuite, readVectors } from "./public-suite.ts";
export { describeRuleFrontEnd } from "./rule-front-end-suite.ts";
export type { RuleFrontEndSubject } from "./rule-front-end-suite.ts";
export { standardRules } from "./standard-rules.ts";
export type { StandardRuleName } from "./standard-rules.ts";
export { TinyStore } from "./tiny-store.ts";
