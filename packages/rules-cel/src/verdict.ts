import {
  isVerdictName,
  node,
  readNamedVerdict,
  reportUnknownVerdict,
  unbuiltVerdicts,
  verdictNames,
} from "@acteon/rules";
import type { Verdict } from "@acteon/rules";
import type { Annotation } from "./annotation.ts";
import { jsonOf, missingArgument, wrong } from "./annotation-values.ts";
import type { LowerValue } from "./annotation-values.ts";
import { joinedText } from "./joined-text.ts";
import type { CelSource } from "./source.ts";

const texts: readonly string[] = ["reason", "key", "to"];

/** The verdict that `@on(…)` names. `undefined`: there is none that can be understood; that was reported. */
export function readVerdict(source: CelSource, on: Annotation, lower: LowerValue): Verdict | undefined {
  const names = verdictNames.join(", ");
  if (on.word === undefined) {
    return missingArgument(source, on, "a verdict", "`@on`", `for example \`@on(suppress)\`: ${names}`);
  }
  const { value: word } = on.word;
  if (word.kind !== "name") return wrong(source, "the verdict", word, `one of ${names}`);
  const { name } = word;
  const unbuilt = unbuiltVerdicts.find((kind) => kind === name);
  if (unbuilt !== undefined) {
    const params = [...on.args].map(([key, argument]) => [key, jsonOf(argument.value, source.text)] as const);
    return node({ kind: unbuilt, params: Object.fromEntries(params), span: source.spanOf(on) });
  }
  if (!isVerdictName(name)) return reportUnknownVerdict(source, name, word);
  const params = [...on.args].map(
    ([key, { keyStart, keyEnd, value }]) =>
      [key, { at: { start: keyStart, end: keyEnd }, value: value.kind === "hole" ? undefined : lower(value) }] as const,
  );
  return readNamedVerdict({
    kind: name,
    at: on,
    params: new Map(params),
    findings: source,
    written: (key, value) => `${key} = ${value}`,
    finish: (value, key) => (texts.includes(key) ? joinedText(value) : value),
  });
}
