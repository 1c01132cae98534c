import { expect, test } from "vitest";

import { parseDataDocument } from "./data-document.ts";

test.each([
  ["a.json", '{ "windows": [{ "start": 1.5, "services": ["db"] }], "n": null }'],
  ["a.yaml", "windows:\n  - start: 1.5\n    services: [db]\nn: null\n"],
])("%s is read as JSON, or as YAML that says the same", (file, text) => {
  expect(parseDataDocument(text, file)).toEqual({
    kind: "parsed",
    value: { windows: [{ start: 1.5, services: ["db"] }], n: null },
  });
});

test("an integer that no double holds keeps its digits", () => {
  for (const file of ["a.json", "a.yaml"]) {
    const parsed = parseDataDocument("9007199254740993", file);
    expect(JSON.stringify(parsed)).toBe('{"kind":"parsed","value":9007199254740993}');
  }
});

test.each([
  ["a.json", '{\n  "a": 1\n  "b": 2\n}', "2:8 ACT-R001, 2:8 ACT-R001"],
  ["a.json", '{ "a": 1,\n  "a": 2, "__proto__": 3 }', "2:3 ACT-R003, 2:11 ACT-R003"],
  ["a.json", "a: 1", "1:1 ACT-R001"],
  ["a.json", "", "1:1 ACT-R005"],
  ["a.yaml", "a: [1\nb: 2", "2:1 ACT-R001"],
  ["a.yaml", "a: &x [1]\nb: !set {}\n<<: *x\n", "2:9 ACT-R003, 3:1 ACT-R003"],
  ["a.yaml", "# nothing\n", "1:1 ACT-R005"],
  ["a.yaml", `${"[".repeat(100)}${"]".repeat(100)}`, "1:65 ACT-R002"],
])("what is wrong in %s is told where it stands: %j", (file, text, expected) => {
  const parsed = parseDataDocument(text, file);
  const found = parsed.kind === "rejected" ? parsed.diagnostics : [];
  expect(found.map(({ span, code }) => `${span.start.line}:${span.start.column} ${code}`).join(", ")).toBe(expected);
});
