import type { Span } from "@acteon/core";
import { identityOf, literal, node, typeOf } from "@acteon/rules";
import type { Expr, Value } from "@acteon/rules";
import { KeyedMap, Duration, Timestamp, TypeValue } from "@acteon/rules";
import type { CelValue } from "./vectors.ts";

/** `cel.expr.Value` in proto-JSON, as IR. */
export function exprOfValue(value: CelValue, span: Span): Expr {
  const [kind = "nullValue", content] = Object.entries(value)[0] ?? [];
  const call = (name: string, text: string): Expr =>
    node({ kind: "call", name, args: [literal(text, span)], semantics: "cel", span });
  switch (kind) {
    case "boolValue":
      return literal(content as boolean, span);
    case "stringValue":
      return literal(content as string, span);
    case "int64Value": {
      const int = BigInt(content as string);
      return literal(Number.isSafeInteger(Number(int)) ? Number(int) : int, span);
    }
    case "uint64Value":
      return node({ kind: "literal", type: "uint", value: BigInt(content as string), span });
    case "doubleValue":
      return node({ kind: "literal", type: "double", value: Number(content), span });
    case "bytesValue":
      return node({
        kind: "literal",
        type: "bytes",
        value: new Uint8Array(Buffer.from(content as string, "base64")),
        span,
      });
    case "typeValue":
      return node({ kind: "literal", type: "type", value: content as string, span });
    case "listValue": {
      const { values = [] } = content as { values?: readonly CelValue[] };
      return node({ kind: "list", items: values.map((item) => exprOfValue(item, span)), span });
    }
    case "mapValue": {
      const { entries = [] } = content as { entries?: readonly { key: CelValue; value: CelValue }[] };
      const pairs = entries.map((entry): [Expr, Expr] => [
        exprOfValue(entry.key, span),
        exprOfValue(entry.value, span),
      ]);
      return node({ kind: "map", entries: pairs, span });
    }
    case "objectValue": {
      const object = content as { "@type": string; value: string };
      return call(object["@type"].endsWith("Timestamp") ? "timestamp" : "duration", object.value);
    }
    default:
      return literal(null, span);
  }
}

/** Is it this value, of this type? */
export function sameValue(value: Value, expected: CelValue): boolean {
  const [kind = "nullValue", content] = Object.entries(expected)[0] ?? [];
  switch (kind) {
    case "boolValue":
    case "stringValue":
      return value === content;
    case "int64Value":
      return typeOf(value) === "int" && identityOf(value) === String(content);
    case "uint64Value":
      return typeOf(value) === "uint" && identityOf(value) === String(content);
    case "doubleValue":
      return typeOf(value) === "double" && identityOf(value) === identityOf(Number(content));
    case "bytesValue":
      return value instanceof Uint8Array && Buffer.from(value).equals(Buffer.from(content as string, "base64"));
    case "typeValue":
      return value instanceof TypeValue && value.name === content;
    case "listValue": {
      const { values = [] } = content as { values?: readonly CelValue[] };
      return (
        Array.isArray(value) && value.length === values.length && values.every((item, i) => sameValue(value[i], item))
      );
    }
    case "mapValue": {
      const { entries = [] } = content as { entries?: readonly { key: CelValue; value: CelValue }[] };
      const pairs = value instanceof KeyedMap ? [...value.entries.values()] : Object.entries(value as object);
      return (
        pairs.length === entries.length &&
        entries.every((entry) => pairs.some(([key, item]) => sameValue(key, entry.key) && sameValue(item, entry.value)))
      );
    }
    case "objectValue":
      return value instanceof Duration || value instanceof Timestamp
        ? objectText(value) === objectText2(content)
        : false;
    default:
      return value === null;
  }
}

function objectText(value: Duration | Timestamp): string {
  return `${value instanceof Duration ? "duration" : "timestamp"} ${value.nanoseconds}`;
}

function objectText2(content: unknown): string {
  const { "@type": type, value } = content as { "@type": string; value: string };
  if (type.endsWith("Duration")) {
    const [, sign = "", whole = "0", fraction = ""] = /^(-?)(\d+)(?:\.(\d+))?s$/.exec(value) ?? [];
    return `duration ${BigInt(`${sign}${whole}${fraction.padEnd(9, "0")}`)}`;
  }
  const fraction = /\.(\d+)/.exec(value)?.[1] ?? "";
  const seconds = BigInt(Date.parse(value.replace(/\.\d+/, ""))) / 1_000n;
  return `timestamp ${seconds * 1_000_000_000n + BigInt(fraction.padEnd(9, "0"))}`;
}
