import type { Findings } from "@acteon/rules";
import type { LooseAnnotation } from "./annotations.ts";
import type { Annotation } from "./ast.ts";

/** What an annotation may stand in front of. */
export type AnnotatedKind = "package" | "rule" | "import" | "nothing";

const scopesOf: Readonly<Record<AnnotatedKind, readonly Annotation["scope"][]>> = {
  package: ["package", "subpackages"],
  rule: ["rule", "document"],
  import: [],
  nothing: [],
};

/** The annotation with its scope, by what it stands in front of; `undefined` where it must not stand there. */
export function attachAnnotation(
  findings: Findings,
  { scope: written, fields, start, end }: LooseAnnotation,
  kind: AnnotatedKind,
): Annotation | undefined {
  const isEntrypoint = fields["entrypoint"] === true;
  const allowed = scopesOf[kind];
  const [usual] = allowed;
  const scope = written ?? (kind === "rule" && isEntrypoint ? "document" : usual);
  const at = { start, end };
  if (scope === undefined || !allowed.includes(scope)) {
    const summary =
      allowed.length === 0
        ? "METADATA stands in front of the package or of a rule"
        : `METADATA of scope \`${scope}\` does not stand in front of a ${kind}`;
    const help =
      allowed.length === 0 ? undefined : `here its scope is ${allowed.map((each) => `\`${each}\``).join(" or ")}`;
    findings.error({ code: "ACT-R001", at, summary, ...(help !== undefined && { help }) });
    return undefined;
  }
  if (isEntrypoint && scope !== "document" && scope !== "package") {
    const help = "leave the scope away, or write `scope: document`";
    findings.error({ code: "ACT-R001", at, summary: `an entrypoint is a document, and no ${scope}`, help });
    return undefined;
  }
  return { scope, fields, start, end };
}
