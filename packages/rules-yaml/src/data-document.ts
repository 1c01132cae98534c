import { parseJson } from "@acteon/core";
import { Findings } from "@acteon/rules";
import type { ParsedDocument } from "@acteon/rules";

import { readYaml } from "./read-yaml.ts";
import { jsonOf } from "./values.ts";
import { maxYamlDepth, maxYamlNodes } from "./yaml-tree.ts";

/** What rules read as `data.…`: JSON where the name of the file says so, else YAML. */
export function parseDataDocument(text: string, file: string): ParsedDocument {
  const isJson = file.toLowerCase().endsWith(".json");
  const json = isJson ? parseJson(text, { maxDepth: maxYamlDepth, maxNodes: maxYamlNodes }) : undefined;
  if (json?.kind === "parsed") return json;
  // Nearly all JSON is YAML, and the reader of YAML knows the places of mistakes.
  const findings = new Findings(file, text);
  const root = readYaml(findings);
  if (root !== undefined && root.end === 0) {
    findings.error({ code: "ACT-R005", at: root, summary: "the file is empty", help: "nothing at all reads `null`" });
  }
  if (json !== undefined && !findings.hasErrors) {
    const [{ message }] = json.problems;
    findings.error({
      code: "ACT-R001",
      at: { start: 0, end: 1 },
      summary: `no JSON: it ${message}`,
      help: "what is YAML is called `.yaml`",
    });
  }
  if (root === undefined || findings.hasErrors) return { kind: "rejected", diagnostics: findings.sorted() };
  return { kind: "parsed", value: jsonOf(root) };
}
