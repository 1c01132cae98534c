export { createRegoFrontEnd, regoFrontEnd } from "./rego-front-end.ts";
export type { RegoOptions } from "./rego-front-end.ts";
