import { renderDiagnostic } from "@acteon/core";
import { expect, test } from "vitest";

import { yamlFrontEnd } from "../src/index.ts";

/** All findings of a text as a terminal shows them (`ux.md` §5). */
function frames(text: string): string {
  const { diagnostics } = yamlFrontEnd.parse(text, "rules/main.yaml");
  return diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, text, { colour: false })).join("\n\n");
}

test("a misspelt verdict beside `when`", () => {
  expect(
    frames(`rules:
  - name: quiet-info
    supress: true
    when: { field: action.payload.level, equals: info }
`),
  ).toMatchInlineSnapshot(`
    "error[ACT-R004]: unknown field \`supress\`
      --> rules/main.yaml:3:5
       |
     2 |   - name: quiet-info
     3 |     supress: true
       |     ^^^^^^^ not a field of a rule
       |
    help: a verdict named \`suppress\` exists"
  `);
});

test("a mistake inside a template points into the string", () => {
  expect(
    frames(`rules:
  - name: throttle-each-service
    when: { all: [] }
    then:
      deduplicate:
        key: "{{ action.payload.service }}:{{ action.tenent }}"
`),
  ).toMatchInlineSnapshot(`
    "error[ACT-R020]: unknown name \`tenent\`
      --> rules/main.yaml:6:54
       |
     5 |       deduplicate:
     6 |         key: "{{ action.payload.service }}:{{ action.tenent }}"
       |                                                      ^^^^^^ not a field of an action
       |
    help: did you mean \`tenant\`?"
  `);
});

test("a key that stands twice shows both places", () => {
  expect(
    frames(`rules:
  - name: a
    priority: 1
    when: { all: [] }
    then: allow
    priority: 2
`),
  ).toMatchInlineSnapshot(`
    "error[ACT-R003]: yaml_not_allowed: the key \`priority\` stands twice in one mapping
      --> rules/main.yaml:6:5
       |
     3 |     priority: 1
       |     -------- first here
     6 |     priority: 2
       |     ^^^^^^^^ again here"
  `);
});

test("every problem of a file at once, in the order of the file", () => {
  expect(
    frames(`rules:
  - name: one
    when:
      field: payload.severity
      eq: debug
    then: { throttle: { rate: many, window: 60 } }
  - name: two
    when: { field: action.payload.n, greater_than: true }
    then: page
`),
  ).toMatchInlineSnapshot(`
    "error[ACT-R024]: unknown name \`payload\`
      --> rules/main.yaml:4:14
       |
     3 |     when:
     4 |       field: payload.severity
       |              ^^^^^^^ not a root of a path
       |
    help: did you mean \`action.payload\`?

    error[ACT-R004]: unknown field \`eq\`
      --> rules/main.yaml:5:7
       |
     4 |       field: payload.severity
     5 |       eq: debug
       |       ^^ not a field of a condition with \`field\`
       |
    help: the operator is called \`equals\` here

    error[ACT-R006]: \`rate\` must be a whole number
      --> rules/main.yaml:6:31
       |
     5 |       eq: debug
     6 |     then: { throttle: { rate: many, window: 60 } }
       |                               ^^^^ this is text

    error[ACT-R019]: \`window\` needs a unit
      --> rules/main.yaml:6:45
       |
     5 |       eq: debug
     6 |     then: { throttle: { rate: many, window: 60 } }
       |                                             ^^ how long is this?
       |
    help: for seconds write \`60s\`

    error[ACT-R006]: \`greater_than\` must be a number or text
      --> rules/main.yaml:8:52
       |
     7 |   - name: two
     8 |     when: { field: action.payload.n, greater_than: true }
       |                                                    ^^^^ this is true or false

    error[ACT-R008]: unknown verdict \`page\`
      --> rules/main.yaml:9:11
       |
     8 |     when: { field: action.payload.n, greater_than: true }
     9 |     then: page
       |           ^^^^ not a verdict
       |
    help: a verdict is one of allow, deny, suppress, deduplicate, throttle, reroute, modify, custom"
  `);
});

test("text that is no YAML", () => {
  expect(frames("rules:\n  - name: a\n    when: { all: [\n    then: allow\n")).toMatchInlineSnapshot(`
    "error[ACT-R001]: no valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]
      --> rules/main.yaml:4:5
       |
     3 |     when: { all: [
     4 |     then: allow
       |     ^

    error[ACT-R001]: no valid YAML: Flow map in block collection must be sufficiently indented and end with a }
      --> rules/main.yaml:4:5
       |
     3 |     when: { all: [
     4 |     then: allow
       |     ^"
  `);
});

test("an unknown key of the existing dialect is a warning, and the file loads", () => {
  expect(
    frames(`rules:
  - name: a
    condition: { field: action.tenant, eq: acme }
    actoin: { type: allow }
    action: { type: suppress, reason: noise }
`),
  ).toMatchInlineSnapshot(`
    "warning[ACT-R004]: unknown field \`actoin\`
      --> rules/main.yaml:4:5
       |
     3 |     condition: { field: action.tenant, eq: acme }
     4 |     actoin: { type: allow }
       |     ^^^^^^ not a field of a rule, ignored
       |
    help: did you mean \`action\`?

    warning[ACT-R004]: unknown field \`reason\`
      --> rules/main.yaml:5:31
       |
     4 |     actoin: { type: allow }
     5 |     action: { type: suppress, reason: noise }
       |                               ^^^^^^ not a field of the action \`suppress\`, ignored
       |
    help: known here: type"
  `);
});

test("what is not built yet is refused by name", () => {
  expect(
    frames(`rules:
  - name: a
    condition: { semantic_match: an outage, threshold: 0.7 }
    action: { type: suppress }
`),
  ).toMatchInlineSnapshot(`
    "error[ACT-R012]: \`semantic_match\` is not built yet
      --> rules/main.yaml:3:18
       |
     2 |   - name: a
     3 |     condition: { semantic_match: an outage, threshold: 0.7 }
       |                  ^^^^^^^^^^^^^^"
  `);
});
