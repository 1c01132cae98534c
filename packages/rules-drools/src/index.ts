export { parseDrl, parseDrlExpression } from "./parse-drl.ts";
