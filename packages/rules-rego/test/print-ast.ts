import type {
  Annotation,
  Body,
  ElseBranch,
  RegoImport,
  RegoModule,
  RegoRule,
  RuleHead,
  Statement,
  Term,
  WithModifier,
} from "../src/syntax/ast.ts";

const infix: ReadonlyMap<string, string> = new Map([
  ["plus", "+"],
  ["minus", "-"],
  ["mul", "*"],
  ["div", "/"],
  ["rem", "%"],
  ["and", "&"],
  ["or", "|"],
  ["equal", "=="],
  ["neq", "!="],
  ["lt", "<"],
  ["lte", "<="],
  ["gt", ">"],
  ["gte", ">="],
]);

/** A file in one of the ways to write it: reading it again gives the same tree, but for places. */
export function printModule(module: RegoModule): string {
  const parts = [
    ...module.annotations.filter(({ scope }) => scope !== "document").map(printAnnotation),
    `package ${printPath(module.package)}`,
    ...module.imports.map(printImport),
    ...rulesWithAnnotations(module),
  ];
  return `${parts.join("\n")}\n`;
}

/** Those of scope `document` go in front of the rule that they stood in front of. */
function rulesWithAnnotations({ rules, annotations }: RegoModule): readonly string[] {
  const documents = annotations.filter(({ scope }) => scope === "document");
  return rules.map((rule, i) => {
    const previous = rules[i - 1];
    const above = documents.filter(({ start }) => start < rule.start && start >= (previous?.start ?? 0));
    // The rules that a chain of bodies makes share their head.
    if (previous?.head === rule.head && rule.body !== undefined) return `{\n${printBody(rule.body)}\n}`;
    return [...above, ...rule.annotations].map(printAnnotation).join("") + printRule(rule);
  });
}

function printAnnotation({ fields, scope }: Annotation): string {
  const yaml = Object.entries({ ...fields, ...(fields["scope"] === undefined && isRare(scope) && { scope }) });
  return `\n# METADATA\n${yaml.map(([key, value]) => `# ${key}: ${JSON.stringify(value)}\n`).join("")}`;
}

function isRare(scope: Annotation["scope"]): boolean {
  return scope === "subpackages";
}

function printImport({ path, name }: RegoImport): string {
  return `import ${printPath(path)} as ${name}`;
}

function printPath([first = "", ...rest]: readonly string[]): string {
  return first + rest.map((part) => `[${JSON.stringify(part)}]`).join("");
}

function printRule({ head, isDefault, body, elses }: RegoRule): string {
  return (isDefault ? "default " : "") + printHead(head) + printBehindIf(body) + elses.map(printElse).join("");
}

function printHead({ ref, args, key, value }: RuleHead): string {
  const call = args === undefined ? "" : `(${printList(args)})`;
  if (key !== undefined) return `${printTerm(ref)}${call} contains ${printTerm(key)}`;
  return `${printTerm(ref)}${call}${value === undefined ? "" : ` := ${printTerm(value)}`}`;
}

function printElse({ value, body }: ElseBranch): string {
  return ` else${value === undefined ? "" : ` := ${printTerm(value)}`}${printBehindIf(body)}`;
}

function printBehindIf(body: Body | undefined): string {
  return body === undefined ? "" : ` if {\n${printBody(body)}\n}`;
}

/** With `;` also at line ends: a minus would go on with what stands above. */
function printBody(body: Body): string {
  return body.map(printStatement).join(";\n");
}

function printStatement(statement: Statement): string {
  const prefix = statement.negated ? "not " : "";
  return prefix + printCondition(statement) + statement.with.map(printModifier).join("");
}

function printCondition(statement: Statement): string {
  switch (statement.kind) {
    case "expr":
      return printExpression(statement.term);
    case "some":
      return `some ${printList(statement.names)}`;
    case "someIn":
      return `some ${printKeyed(statement)}`;
    case "every":
      return `every ${printKeyed(statement)} {\n${printBody(statement.body)}\n}`;
  }
}

function printKeyed({ key, value, collection }: Pick<Statement & { kind: "someIn" }, "key" | "value" | "collection">) {
  return `${key === undefined ? "" : `${printTerm(key)}, `}${printTerm(value)} in ${printTerm(collection)}`;
}

function printModifier({ target, value }: WithModifier): string {
  return ` with ${printTerm(target)} as ${printTerm(value)}`;
}

/** `:=` and `=` stand outside all terms. */
function printExpression(term: Term): string {
  if (term.kind === "call" && term.operator.length === 1) {
    const sign = new Map([
      ["assign", ":="],
      ["eq", "="],
    ]).get(term.operator[0]!);
    if (sign !== undefined) return `${printTerm(term.args[0]!)} ${sign} ${printTerm(term.args[1]!)}`;
  }
  return printTerm(term);
}

/** Operators are in parentheses, so that nothing depends on how tightly they bind. */
export function printTerm(term: Term): string {
  switch (term.kind) {
    case "scalar":
      return typeof term.value === "bigint" ? String(term.value) : JSON.stringify(term.value);
    case "var":
      return term.name;
    case "template":
      return `$"${term.parts.map((part) => (typeof part === "string" ? templateText(part) : `{ ${printStatement(part)} }`)).join("")}"`;
    case "ref":
      return printTerm(term.head) + term.path.map((part) => `[${printTerm(part)}]`).join("");
    case "array":
      return `[${printList(term.items)}]`;
    case "set":
      return term.items.length === 0 ? "set()" : `{${printList(term.items)}}`;
    case "object":
      return `{${term.entries.map(([key, value]) => `${printTerm(key)}: ${printTerm(value)}`).join(", ")}}`;
    case "call":
      return printCall(term);
    case "comprehension": {
      const [open, close] = term.collect === "array" ? "[]" : "{}";
      const key = term.key === undefined ? "" : `${printTerm(term.key)}: `;
      return `${open}${key}${printTerm(term.value)} |\n${printBody(term.body)}\n${close}`;
    }
    case "hole":
      throw new Error("a hole is no term");
  }
}

function printCall({ operator, args }: Term & { kind: "call" }): string {
  const [name = "", ...rest] = operator;
  const sign = rest.length === 0 ? infix.get(name) : undefined;
  if (name === "internal") {
    const collection = printTerm(args.at(-1)!);
    return `(${printList(args.slice(0, -1))} in ${collection})`;
  }
  return sign === undefined
    ? `${printPath(operator)}(${printList(args)})`
    : `(${args.map(printTerm).join(` ${sign} `)})`;
}

function printList(terms: readonly Term[]): string {
  return terms.map(printTerm).join(", ");
}

function templateText(text: string): string {
  return JSON.stringify(text).slice(1, -1).replaceAll("{", "\\{");
}
