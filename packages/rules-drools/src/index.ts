export { createDroolsFrontEnd, droolsFrontEnd } from "./drools-front-end.ts";
export type { DroolsOptions } from "./drools-front-end.ts";
export { parseDrl, parseDrlExpression } from "./parse-drl.ts";
