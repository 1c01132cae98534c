import { setOf } from "@acteon/rules";
import { expect, test } from "vitest";
import { renderTemplate } from "./go-template.ts";
import { shown } from "./testing.ts";

const data = {
  s: "hello",
  n: 5,
  t: true,
  z: null,
  e: "",
  l: ["a", "b", "c"],
  m: { x: 1, y: { z: "deep" } },
  users: [
    { name: "ann", age: 30 },
    { name: "bob", age: 25 },
  ],
  q: "<a href='x'>&\"",
  set: setOf([2, 1]),
};

// What Go 1.26 makes of the same.
test.each([
  ["plain", "plain"],
  ["{{.s}} {{ .n }} {{.m.y.z}} {{$.s}}", "hello 5 deep hello"],
  ["{{.l}} {{.m}} {{.z}} {{.set}}", "[a b c] map[x:1 y:map[z:deep]] <no value> [1 2]"],
  ["a {{- .s -}} b{{/* c */}}!{{- /* d */ -}} ?", "ahellob!?"],
  ["{{if .e}}y{{else if .t}}z{{else}}n{{end}}", "z"],
  ["{{with .m.y}}{{.z}}{{end}}{{with .e}}x{{else with .s}}{{.}}{{end}}", "deephello"],
  ["{{range $i, $u := .users}}{{if $i}}, {{end}}{{$u.name}}:{{.age}}{{end}}", "ann:30, bob:25"],
  ["{{range $k, $v := .m}}{{$k}};{{end}}{{range .e | len}}x{{else}}none{{end}}", "x;y;none"],
  ['{{range .l}}{{if eq . "b"}}{{continue}}{{end}}{{.}}{{end}}{{range .l}}{{break}}{{end}}', "ac"],
  ["{{range 3}}{{.}}{{end}}", "012"],
  ["{{$x := 1}}{{if true}}{{$x = 2}}{{$x := 3}}{{end}}{{$x}}", "2"],
  ['{{len .l}} {{index .l 1}} {{(index .users 0).name}} {{slice .s 1 3}} {{index .m "nope"}}', "3 b ann el <no value>"],
  ['{{eq .s "a" "hello"}} {{ne 1 2}} {{lt 1 2}} {{ge "b" "a"}} {{eq .z nil}}', "true true true true true"],
  ["{{and .t .s}} {{or .e .s}} {{not .e}}", "hello hello true"],
  ['{{print 1 2 "a" "b" 3 4}} {{println .s}}', "1 2ab3 4 hello\n"],
  ['{{printf "%s-%03d-%v" .s 3 .l}} {{.s | printf "%s%s" "<" | len}}', "hello-003-[a b c] 6"],
  [
    "{{html .q}} {{js .q}} {{urlquery .q}}",
    "&lt;a href=&#39;x&#39;&gt;&amp;&#34; \\u003Ca href\\u003D\\'x\\'\\u003E\\u0026\\\" %3Ca+href%3D%27x%27%3E%26%22",
  ],
  ["{{\"a\\x41\\n\"}}{{`r\\n`}} {{'a'}} {{0x10}} {{1e3}} {{.5}}", "aA\nr\\n 97 16 1000 0.5"],
  [
    '{{define "T"}}[{{.}}]{{end}}{{template "T" .s}}{{template "T"}}{{block "B" .n}}b{{.}}{{end}}',
    "[hello][<no value>]b5",
  ],
])("%j", (template, text) => {
  expect(renderTemplate(template, data)).toEqual({ text });
});

test.each([
  "{{",
  "{{.s",
  "{{.s }",
  "{{/* a }}",
  "{{}}",
  "{{if .t}}",
  "{{end}}",
  "{{else}}",
  "{{break}}",
  "{{if}}x{{end}}",
  "{{if .t}}a{{else}}b{{else}}c{{end}}",
  "{{ $a, $b := .l",
  "{{range $i, $j, $k := .l}}{{end}}",
  "{{(.s}}",
])("%s is no template", (template) => {
  expect(renderTemplate(template, data)).toBe("noTemplate");
});

test.each([
  "{{.missing}}",
  "{{.m.q}}",
  "{{.s.t}}",
  "{{.s .n}}",
  "{{nil}}",
  "{{index .l 9}}",
  "{{len 5}}",
  "{{eq .n 5}}",
  "{{eq .l .l}}",
  "{{foo .s}}",
  '{{"a" | "b"}}',
  "{{range .s}}{{end}}",
  '{{template "nope"}}',
  "{{$nope}}",
  "{{$nope = 1}}",
])("%s fails", (template) => {
  expect(renderTemplate(template, data)).toBe("failed");
});

test("what never ends is ended", () => {
  expect(renderTemplate('{{define "T"}}{{template "T"}}{{end}}{{template "T"}}', data)).toBe("tooMuch");
  expect(renderTemplate("{{range 1000000000}}{{end}}", data)).toBe("tooMuch");
  expect(renderTemplate('{{range 100000}}{{printf "%99999d" 1}}{{end}}', data)).toBe("tooMuch");
  expect(renderTemplate("{{if .t}}".repeat(1_000), data)).toBe("noTemplate");
  expect(renderTemplate(`{{${"(".repeat(1_000)}}}`, data)).toBe("noTemplate");
});

test("as a function of Rego", () => {
  expect(shown("strings.render_template", "hello {{.x}}", { x: 1 })).toBe('"hello 1"');
  expect(shown("strings.render_template", "hello {{.x}}", {})).toBe("fault");
  expect(shown("strings.render_template", "hello {{", {})).toBe("fault");
  expect(shown("strings.render_template", "hello", [])).toBe("mismatch");
});
