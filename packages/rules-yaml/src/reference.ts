import { suggest } from "@acteon/core";
import { actionFieldNames, field, literal, node, timeParts } from "@acteon/rules";
import type { Expr, PlacedFinding } from "@acteon/rules";

import type { Path, Segment } from "./path.ts";
import type { WrittenText } from "./written-text.ts";

const roots = ["action", "time", "now", "env"];

/**
 * What a path of the `when` / `then` dialect refers to. Absent is null, also below what is absent: only names that can
 * never be there are refused, at load and with a suggestion.
 */
export function referenceOf(path: Path, written: WrittenText): Expr | undefined {
  const { root, start, segments, end } = path;
  const { span } = written;
  const [first] = segments;
  switch (root) {
    case "action":
      return actionReference(path, written);
    case "now":
      if (first === undefined) return node({ kind: "now", as: "seconds", span });
      return written.refuse(first.start, end, {
        code: "ACT-R024",
        summary: "`now` has no fields",
        help: "`now` is the time in seconds since 1970; a part of the date is `time.hour`, `time.weekday` …",
      });
    case "time": {
      const part = timeParts.find((name) => name === first?.key);
      if (part !== undefined && segments.length === 1) return node({ kind: "time", part, zone: undefined, span });
      const name = first?.key ?? root;
      return written.refuse(first?.start ?? start, end, unknownName("a part of the time", name, timeParts));
    }
    case "env":
      if (typeof first?.key === "string" && segments.length === 1) {
        return node({ kind: "env", name: first.key, missing: "null", span });
      }
      return written.refuse(start, end, {
        code: "ACT-R024",
        summary: "`env` needs the name of a variable, and nothing below it",
        help: "write `env.NAME`",
      });
    default:
      return unknownRoot(path, written);
  }
}

function actionReference({ start, end, segments }: Path, written: WrittenText): Expr | undefined {
  const [first, ...rest] = segments;
  if (first === undefined) {
    return written.refuse(start, end, {
      code: "ACT-R020",
      summary: "`action` needs a field",
      help: "for example `action.provider` or `action.payload.service`",
    });
  }
  // The design document says `action.type` for what the wire calls `action_type`.
  const name = first.key === "type" ? "action_type" : String(first.key);
  const names = actionFieldNames();
  if (!names.includes(name)) {
    const refusal = unknownName("a field of an action", name, [...names, "type"]);
    return written.refuse(first.start, first.end, { ...refusal, code: "ACT-R020" });
  }
  let reference: Expr = node({ kind: "action", path: [name], missing: "null", span: written.span });
  for (const segment of rest) {
    const deeper = step(reference, segment, written);
    if (deeper === undefined) return undefined;
    reference = deeper;
  }
  return reference;
}

function step(of: Expr, { key, bracketed, start, end }: Segment, written: WrittenText): Expr | undefined {
  const { span } = written;
  if (typeof key === "number") return node({ kind: "index", of, at: literal(key, span), missing: "null", span });
  if (bracketed || !/^\d+$/.test(key)) return field(of, key, "null", span);
  return written.refuse(start, end, {
    code: "ACT-R024",
    summary: "a number as the name of a field",
    help: `an element of a list is \`[${key}]\`, a key of digits is \`["${key}"]\``,
  });
}

function unknownRoot({ root, start }: Path, written: WrittenText): undefined {
  const end = start + root.length;
  if (!actionFieldNames().includes(root))
    return written.refuse(start, end, unknownName("a root of a path", root, roots));
  return written.refuse(start, end, {
    code: "ACT-R024",
    summary: `unknown name \`${root}\``,
    label: "not a root of a path",
    help: `did you mean \`action.${root}\`?`,
    fix: { at: written.placeOf(start, end), text: `action.${root}` },
  });
}

function unknownName(what: string, name: string | number, names: readonly string[]): Omit<PlacedFinding, "at"> {
  const near = suggest(String(name), names);
  return {
    code: "ACT-R024",
    summary: `unknown name \`${name}\``,
    label: `not ${what}`,
    help: near === undefined ? `known here: ${names.join(", ")}` : `did you mean \`${near}\`?`,
  };
}
