import { describe, expect, test } from "vitest";
import { framesOf, problemsOf, readModule } from "./syntax-reading.ts";

/** A block as comment lines. */
const block = (...lines: readonly string[]): string =>
  ["# METADATA", ...lines.map((line) => `# ${line}`), ""].join("\n");

test("a block belongs to what comes next", () => {
  const text = `${block("title: file")}package a

import data.b

${block("title: p", "custom:", "  verdict: deny", "  priority: 3")}
# more words

p := 1

q if {
  x
}
${block("title: r")}${block("title: r, again")}r := 1
s := 1
`;
  const module = readModule(text);
  expect(module.annotations).toEqual([{ scope: "package", fields: { title: "file" }, start: 0, end: 24 }]);
  expect(module.rules.map(({ annotations }) => annotations.map(({ scope, fields }) => [scope, fields]))).toEqual([
    [["rule", { title: "p", custom: { verdict: "deny", priority: 3 } }]],
    [],
    [
      ["rule", { title: "r" }],
      ["rule", { title: "r, again" }],
    ],
    [],
  ]);
});

test("a scope may be said; an entrypoint is a document", () => {
  const text = `${block("scope: subpackages")}${block("scope: package")}package a
${block("scope: document", "title: d")}p := 1
${block("entrypoint: true")}q := 1
${block("scope: rule")}r := 1
`;
  const { annotations, rules } = readModule(text);
  expect(annotations.map(({ scope, fields }) => [scope, fields])).toEqual([
    ["subpackages", { scope: "subpackages" }],
    ["package", { scope: "package" }],
    ["document", { scope: "document", title: "d" }],
    ["document", { entrypoint: true }],
  ]);
  expect(rules.map(({ annotations: own }) => own.length)).toEqual([0, 0, 1]);
});

test("fields are what YAML's core schema says", () => {
  const text = `${block(
    "title: 42",
    'description: "a\\tb"',
    "organizations: [Acme, 'B & C']",
    "authors:",
    "- Jane  van  Doe <jane@example.com>",
    "- <only@example.com>",
    "- { name: Joe, email: joe@example.com }",
    "related_resources:",
    "- https://example.com/a",
    "- { ref: https://example.com/b, description: more }",
    "schemas:",
    "- input: schema.input",
    "custom:",
    "  big: 12345678901234567890",
    "  list: &list [1, 2.5, yes, null, ~, true]",
    "  again: *list",
    "  nested: { toString: { a: b } }",
    "  lines: |",
    "    one",
    "    two",
  )}p := 1`;
  const [annotation] = readModule(`package a\n${text}\n`).rules[0]!.annotations;
  const list = [1, 2.5, "yes", null, null, true];
  expect(annotation?.fields).toEqual({
    title: "42",
    description: "a\tb",
    organizations: ["Acme", "B & C"],
    authors: [
      { name: "Jane van Doe", email: "jane@example.com" },
      { name: "", email: "only@example.com" },
      { name: "Joe", email: "joe@example.com" },
    ],
    related_resources: [{ ref: "https://example.com/a" }, { ref: "https://example.com/b", description: "more" }],
    schemas: [{ input: "schema.input" }],
    custom: {
      big: JSON.rawJSON("12345678901234567890"),
      list,
      again: list,
      nested: { toString: { a: "b" } },
      lines: "one\ntwo\n",
    },
  });
});

test("lines may end as on Windows", () => {
  const text = `package a\n${block("title: t", "custom:", "  a: b")}p := 1\n`.replaceAll("\n", "\r\n");
  expect(readModule(text).rules[0]?.annotations).toMatchObject([{ fields: { title: "t", custom: { a: "b" } } }]);
});

test("other comments are no annotations", () => {
  const text = "# MetaData\n# a: [\npackage a\n# about METADATA\n# METADATAS\n# b: [\np := 1 # c\n";
  expect(readModule(text)).toMatchObject({ annotations: [], rules: [{ annotations: [] }] });
});

test("a mistake is shown where it stands in the file", () => {
  const text = `package a\n\n${block("titel: x", "scope: [rule", "custom: 1")}p := 1\n`;
  expect(framesOf(problemsOf(text), text)).toMatch(/^error\[ACT-R001\]: no valid YAML: .*\n  --> rules\.rego:6:3\n/);
  const readable = text.replace("[rule", "ruel");
  expect(framesOf(problemsOf(readable), readable)).toBe(`error[ACT-R004]: unknown field \`titel\`
  --> rules.rego:4:3
   |
 3 | # METADATA
 4 | # titel: x
   |   ^^^^^ not a field of METADATA
   |
help: did you mean \`title\`?

error[ACT-R006]: unknown scope \`ruel\`
  --> rules.rego:5:10
   |
 4 | # titel: x
 5 | # scope: ruel
   |          ^^^^
   |
help: did you mean \`rule\`?

error[ACT-R006]: \`custom\` must be a mapping
  --> rules.rego:6:11
   |
 5 | # scope: ruel
 6 | # custom: 1
   |           ^ expected a mapping`);
});

describe("a block is refused", () => {
  const manyAliases = `custom: { a: &a 1, b: [${"*a, ".repeat(21)}] }`;

  test.each<[string, string, string, readonly string[]]>([
    ["that is empty", "ACT-R006", "METADATA consists of fields", []],
    ["that is a list", "ACT-R006", "METADATA consists of fields", ["- a"]],
    ["with an unknown field", "ACT-R004", "unknown field `severity`", ["severity: high"]],
    ["with an unknown scope", "ACT-R006", "unknown scope `world`", ["scope: world"]],
    [
      "of another scope",
      "ACT-R001",
      "METADATA of scope `package` does not stand in front of a rule",
      ["scope: package"],
    ],
    [
      "with an entrypoint that is a rule",
      "ACT-R001",
      "an entrypoint is a document, and no rule",
      ["scope: rule", "entrypoint: true"],
    ],
    ["with a list for a text", "ACT-R006", "`title` must be text", ["title: [a]"]],
    ["with a text for a flag", "ACT-R006", "`entrypoint` must be `true` or `false`", ["entrypoint: yes"]],
    [
      "with an author without a name",
      "ACT-R006",
      "`authors` must be a list of authors, such as `Jane Doe <jane@example.com>`",
      ["authors: [{ phone: 1 }]"],
    ],
    ["with a key twice", "ACT-R003", "yaml_not_allowed: the key `a` twice in one mapping", ["custom: { a: 1, a: 2 }"]],
    ["with a key that is a number", "ACT-R003", "yaml_not_allowed: a key that is no text", ["custom: { 1: 2 }"]],
    ["with the key of a prototype", "ACT-R003", "yaml_not_allowed: the key `__proto__`", ["custom: { __proto__: 2 }"]],
    [
      "with a tag",
      "ACT-R003",
      "yaml_not_allowed: a tag that YAML's core schema does not have",
      ["custom: { a: !b 1 }"],
    ],
    [
      "with a number that JSON does not have",
      "ACT-R003",
      "yaml_not_allowed: a number that JSON does not have",
      ["custom: { a: .inf }"],
    ],
    [
      "with an alias of nothing",
      "ACT-R003",
      "yaml_not_allowed: an alias without an anchor `&b` in front of it",
      ["custom: { a: *b }"],
    ],
    ["with many aliases", "ACT-R003", "yaml_not_allowed: more than 20 aliases", [manyAliases]],
    [
      "with an alias within itself",
      "ACT-R003",
      "yaml_not_allowed: an alias without an anchor `&a` in front of it",
      ["custom: &a { b: *a }"],
    ],
    [
      "of many levels",
      "ACT-R003",
      "yaml_not_allowed: more than 32 levels",
      [`custom: ${"{ a: ".repeat(33)}1${" }".repeat(33)}`],
    ],
    ["that is long", "ACT-R002", "METADATA of more than 8192 characters", [`title: ${"a".repeat(8_192)}`]],
  ])("%s", (_, code, summary, lines) => {
    expect(problemsOf(`package a\n${block(...lines)}p := 1\n`)).toMatchObject([{ code, summary }]);
  });

  test("whose aliases stand for too much", () => {
    const lines = ["custom:", `  a: &a [${"1, ".repeat(1_000)}]`, `  b: &b [${"*a, ".repeat(5)}]`, "  c: [*b, *b, *b]"];
    expect(problemsOf(`package a\n${block(...lines)}p := 1\n`)).toMatchObject([
      { code: "ACT-R003", summary: "yaml_not_allowed: more than 10000 values" },
    ]);
  });

  test.each([
    ["in front of an import", `${block("title: a")}import data.b\n`],
    ["in front of nothing", `p := 1\n${block("title: a")}`],
  ])("%s", (_, text) => {
    expect(problemsOf(`package a\n${text}`)).toMatchObject([
      { code: "ACT-R001", summary: "METADATA stands in front of the package or of a rule" },
    ]);
  });

  test("that does not begin its line", () => {
    expect(problemsOf("package a\np if {\n  # METADATA\n  # title: a\n  x\n}\n")).toMatchObject([
      { code: "ACT-R001", summary: "a METADATA block begins at the start of a line" },
    ]);
  });
});
