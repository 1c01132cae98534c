import type { Findings } from "@acteon/rules";
import { readAnnotations } from "./annotations.ts";
import type { RegoModule, Term } from "./ast.ts";
import { lex } from "./lexer.ts";
import { ModuleParser } from "./module-parser.ts";

/** Reads a file. Whatever is wrong with it is reported; `undefined`: it has no package, or nothing could be made of it. */
export function parseModule(findings: Findings): RegoModule | undefined {
  const { tokens, comments } = lex(findings);
  return new ModuleParser(findings, tokens).module(readAnnotations(findings, comments));
}

/** Reads a term by itself. */
export function parseTerm(findings: Findings): Term | undefined {
  const { tokens } = lex(findings);
  return new ModuleParser(findings, tokens).term();
}
