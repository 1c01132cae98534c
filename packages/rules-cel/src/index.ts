export { tokensOf } from "./lexer.ts";
