import { isJsonArray, isJsonObject, suggest } from "@acteon/core";
import type { JsonObject, JsonValue } from "@acteon/core";
import { didYouMean } from "@acteon/rules";
import type { Extent, Findings } from "@acteon/rules";
import type { Annotation } from "./ast.ts";
import { metadataBlocks } from "./metadata-block.ts";
import type { MetadataBlock } from "./metadata-block.ts";
import { metadataFields } from "./metadata-yaml.ts";
import type { MetadataField } from "./metadata-yaml.ts";

/** An annotation, before it is known what it stands in front of. */
export type LooseAnnotation = Pick<Annotation, "fields" | "start" | "end"> & {
  readonly scope: Annotation["scope"] | undefined;
};

const scopes = ["rule", "document", "package", "subpackages"] as const;

interface FieldKind {
  readonly expected: string;
  /** `undefined`: the field is no such. */
  read(field: MetadataField): JsonValue | undefined;
}

const text: FieldKind = {
  expected: "text",
  // YAML reads `2` as a number, where nobody means anything but a text.
  read: ({ value, source }) => (typeof value === "string" ? value : value === null ? undefined : source),
};
const flag: FieldKind = {
  expected: "`true` or `false`",
  read: ({ value }) => (typeof value === "boolean" ? value : undefined),
};
const mapping: FieldKind = {
  expected: "a mapping",
  read: ({ value }) => (isJsonObject(value) ? value : undefined),
};

function listOf(expected: string, read: (item: JsonValue) => JsonValue | undefined): FieldKind {
  return {
    expected,
    read: ({ value }) => {
      if (!isJsonArray(value)) return undefined;
      const items = value.map(read);
      return items.includes(undefined) ? undefined : (items as readonly JsonValue[]);
    },
  };
}

/** The fields that OPA knows ("Policy Language", "Annotations"). */
const fieldKinds: ReadonlyMap<string, FieldKind> = new Map([
  ["scope", text],
  ["title", text],
  ["description", text],
  ["organizations", listOf("a list of texts", (item) => (typeof item === "string" ? item : undefined))],
  ["authors", listOf("a list of authors, such as `Jane Doe <jane@example.com>`", author)],
  ["related_resources", listOf("a list of addresses", relatedResource)],
  ["schemas", listOf("a list of mappings", (item) => (isJsonObject(item) ? item : undefined))],
  ["entrypoint", flag],
  ["custom", mapping],
  ["compile", mapping],
]);

/** Most characters of METADATA in a file. */
const maxLength = 65_536;
/** How many times as long a library takes over a block that is no YAML. */
const costOfMistakes = 8;

/** The METADATA of a file, in order. */
export function readAnnotations(findings: Findings, comments: readonly Extent[]): readonly LooseAnnotation[] {
  const annotations: LooseAnnotation[] = [];
  let left = maxLength;
  let areReadable = true;
  for (const block of metadataBlocks(findings, comments)) {
    const { length } = block.yaml;
    if (length > left) {
      const summary = `METADATA of more than ${maxLength} characters in one file`;
      if (areReadable) block.error({ code: "ACT-R002", at: { start: 0, end: 0 }, summary });
      break;
    }
    const fields = metadataFields(block);
    if (fields === undefined) areReadable = false;
    else annotations.push(annotationOf(block, fields));
    left -= fields === undefined ? length * costOfMistakes : length;
  }
  return annotations;
}

function annotationOf(block: MetadataBlock, fields: readonly MetadataField[]): LooseAnnotation {
  const entries = fields.flatMap((field): readonly (readonly [string, JsonValue])[] => {
    const kind = fieldKinds.get(field.key);
    if (kind === undefined) return unknownField(block, field);
    const value = kind.read(field);
    if (value !== undefined) return [[field.key, value]];
    const summary = `\`${field.key}\` must be ${kind.expected}`;
    block.error({ code: "ACT-R006", at: field.valueExtent, summary, label: `expected ${kind.expected}` });
    return [];
  });
  const values: JsonObject = Object.fromEntries(entries);
  const scope = scopeOf(block, fields, values);
  return { scope, fields: values, start: block.start, end: block.end };
}

function unknownField(block: MetadataBlock, { key, keyExtent }: MetadataField): readonly [] {
  const known = [...fieldKinds.keys()];
  const near = suggest(key, known);
  block.error({
    code: "ACT-R004",
    at: keyExtent,
    summary: `unknown field \`${key}\``,
    label: "not a field of METADATA",
    ...(near === undefined
      ? { help: `known here: ${known.join(", ")}; what is your own goes below \`custom\`` }
      : { ...didYouMean(near), fix: { at: keyExtent, text: near } }),
  });
  return [];
}

function scopeOf(block: MetadataBlock, fields: readonly MetadataField[], values: JsonObject): LooseAnnotation["scope"] {
  const { scope } = values;
  if (typeof scope !== "string") return undefined;
  const known = scopes.find((each) => each === scope);
  if (known !== undefined) return known;
  const at = fields.find(({ key }) => key === "scope")!.valueExtent;
  const near = suggest(scope, scopes);
  block.error({
    code: "ACT-R006",
    at,
    summary: `unknown scope \`${scope}\``,
    ...(near === undefined
      ? { help: `known here: ${scopes.join(", ")}` }
      : { ...didYouMean(near), fix: { at, text: near } }),
  });
  return undefined;
}

/** `Jane Doe <jane@example.com>`, or its parts by name. */
function author(item: JsonValue): JsonObject | undefined {
  if (typeof item === "string") {
    const [, name = "", email] = /^(.*?)(?:<([^\s<>]*)>)?$/s.exec(item.trim()) ?? [];
    return named({ name: name.trim().replaceAll(/\s+/g, " "), ...(email !== undefined && { email }) });
  }
  return isJsonObject(item) ? named(item) : undefined;
}

function named({ name = "", email = "" }: JsonObject): JsonObject | undefined {
  if (typeof name !== "string" || typeof email !== "string" || (name === "" && email === "")) return undefined;
  return { name, ...(email !== "" && { email }) };
}

/** An address, or `ref` and `description`. */
function relatedResource(item: JsonValue): JsonObject | undefined {
  if (typeof item === "string") return item === "" ? undefined : { ref: item };
  if (!isJsonObject(item)) return undefined;
  const { ref = "", description = "" } = item;
  if (typeof ref !== "string" || typeof description !== "string" || ref === "") return undefined;
  return { ref, ...(description !== "" && { description }) };
}
