import { isAlias, isMap, isScalar, parseDocument } from "yaml";
import type { ParsedNode } from "yaml";
import type { Extent, Findings } from "@acteon/rules";

import type { YamlNode } from "./yaml-node.ts";
import { YamlBoundError, YamlTree } from "./yaml-tree.ts";
import type { Properties } from "./yaml-tree.ts";

/** Longest file, in bytes of UTF-8 (guarantees S9). */
export const maxFileBytes = 1 << 20;

/**
 * The one document of a file, with places; `undefined` where the text is no YAML or passes a bound. Says to `findings` what
 * is wrong, also with what it gives back: the caller goes on and finds more, and refuses the file in the end.
 */
export function readYaml(findings: Findings): YamlNode | undefined {
  const { text } = findings;
  if (text.length > maxFileBytes || (text.length * 3 > maxFileBytes && Buffer.byteLength(text) > maxFileBytes)) {
    findings.error({
      code: "ACT-R002",
      at: nowhere,
      summary: `yaml_not_allowed: a file longer than ${maxFileBytes} bytes`,
    });
    return undefined;
  }
  // The failsafe schema leaves every scalar as text: what it means is settled in one place, `coreScalar`. Keys are
  // compared by `YamlTree`, in a map; the library compares each with every other.
  const document = parseDocument(text, {
    schema: "failsafe",
    uniqueKeys: false,
    prettyErrors: false,
  });
  // An unknown tag is `YamlTree`'s to refuse.
  const errors = document.errors.filter(({ code }) => code !== "TAG_RESOLVE_FAILED");
  for (const { message, pos } of errors) {
    findings.error({ code: "ACT-R001", at: { start: pos[0], end: pos[1] }, summary: `no valid YAML: ${message}` });
  }
  if (errors.length > 0) return undefined;
  if (document.contents === null) return { kind: "scalar", value: null, start: 0, end: 0 };
  const tree = new YamlTree(findings);
  try {
    visit(document.contents, tree);
  } catch (error) {
    if (!(error instanceof YamlBoundError)) throw error;
    findings.error({ code: error.code, at: error.at, summary: `yaml_not_allowed: ${error.message}` });
    return undefined;
  }
  return tree.root;
}

function visit(node: ParsedNode, tree: YamlTree): void {
  const at = extentOf(node);
  if (isAlias(node)) return tree.alias(node.source, at);
  const properties = propertiesOf(node);
  if (isScalar(node)) return tree.scalar(String(node.value), node.type === "PLAIN", at, properties);
  if (isMap(node)) {
    tree.openCollection("map", at, properties);
    for (const { key, value } of node.items) {
      visit(key, tree);
      // `{ key }` has no value at all, and means nothing.
      if (value === null) tree.scalar("", true, { start: extentOf(key).end, end: extentOf(key).end }, none);
      else visit(value, tree);
    }
  } else {
    tree.openCollection("list", at, properties);
    for (const item of node.items) visit(item as ParsedNode, tree);
  }
  tree.closeCollection();
}

function propertiesOf({ anchor, tag }: Exclude<ParsedNode, { readonly anchor?: never }>): Properties {
  return { anchor, tag: tag?.replace(/^tag:yaml\.org,2002:/, "!!") };
}

/** The library's range of a collection reaches to what follows it; `YamlTree` knows where its last value ends. */
function extentOf(node: ParsedNode): Extent {
  const [start, end] = node.range;
  return isScalar(node) || isAlias(node) ? { start, end } : { start, end: start };
}

const nowhere: Extent = { start: 0, end: 0 };
const none: Properties = { anchor: undefined, tag: undefined };
