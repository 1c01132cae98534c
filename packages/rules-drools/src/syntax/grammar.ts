import type { Grammar } from "./cursor.ts";
import { parseAlternatives } from "./parse-condition.ts";
import { parseExpression, parseSum } from "./parse-expression.ts";

export const grammar: Grammar = { expression: parseExpression, sum: parseSum, condition: parseAlternatives };
