import { node } from "@acteon/rules";
import type { Extent, Findings, Mutation, Verdict } from "@acteon/rules";

import { keyOf, missingKey } from "./keys.ts";
import { mapOf, textOf, textsOf } from "./values.ts";
import { checkParams } from "./verdict-params.ts";
import { exprOf, whole } from "./when-value.ts";
import type { YamlEntry, YamlMap } from "./yaml-node.ts";

const changes = ["merge", "set", "remove", "rename"];

/** The changes of a payload, in the order in which they are written. */
export function modify(findings: Findings, params: YamlMap, at: Extent): Verdict | undefined {
  checkParams(findings, params, "modify", changes);
  const written = params.entries.filter(({ key }) => changes.includes(key));
  if (written.length === 0) {
    return missingKey(findings, params, "set", "`modify`", `what changes stands under ${changes.join(", ")}`);
  }
  const mutations = whole(written.flatMap((entry) => mutationsOf(findings, entry)));
  return mutations && node({ kind: "modify", mutations, terminal: false, span: findings.spanOf(at) });
}

function mutationsOf(findings: Findings, entry: YamlEntry): readonly (Mutation | undefined)[] {
  const span = findings.spanOf({ start: entry.keyStart, end: entry.value.end });
  switch (entry.key) {
    case "merge": {
      const patch = exprOf(findings, entry.value);
      return [patch && node({ op: "merge", patch, span })];
    }
    case "remove":
      return (textsOf(findings, entry) ?? []).map((text) => {
        const path = payloadPath(findings, text, entry.value);
        return path && node({ op: "remove", path, span });
      });
    case "set":
      return (mapOf(findings, entry)?.entries ?? []).map((change) => {
        const path = payloadPath(findings, change.key, keyOf(change));
        const value = exprOf(findings, change.value);
        return path && value && node({ op: "set", path, value, span });
      });
    default:
      return (mapOf(findings, entry)?.entries ?? []).map((change) => {
        const path = payloadPath(findings, change.key, keyOf(change));
        const newName = textOf(findings, change);
        const to = newName === undefined ? undefined : payloadPath(findings, newName, change.value);
        return path && to && node({ op: "rename", path, to, span });
      });
  }
}

/** `labels.team`: keys below the payload. Paths that a modification must not touch are the compiler's to refuse. */
function payloadPath(findings: Findings, text: string, at: Extent): readonly string[] | undefined {
  const prefix = /^(?:action\.)?payload\./.exec(text)?.[0];
  if (prefix === undefined) return text.split(".");
  findings.error({
    code: "ACT-R017",
    at,
    summary: `\`${text}\` begins outside the payload`,
    help: `paths of \`modify\` begin inside it: write \`${text.slice(prefix.length)}\``,
  });
  return undefined;
}
