export { celExpression } from "./cel-expression.ts";
export { celFrontEnd, createCelFrontEnd } from "./cel-front-end.ts";
export type { CelOptions } from "./cel-front-end.ts";
export type { CelSource } from "./source.ts";
