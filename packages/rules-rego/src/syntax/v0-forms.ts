import type { Extent, PlacedFinding } from "@acteon/rules";
import type { RuleHead, Term } from "./ast.ts";

/** Longest head that is shown whole in a help. */
const maxShown = 80;

/** What may stand in front of a body: the head of a rule, or `else` and its value. */
type Head = Pick<RuleHead, "value"> & Partial<RuleHead>;

interface Edit {
  readonly at: Extent;
  readonly text: string;
}

/** Of a body without `if`, as Rego v0 has it: `p { … }`, `p = x { … }`, `deny[msg] { … }`, `else = x { … }`. */
export function missingIf(text: string, head: Head, start: number, brace: Extent): PlacedFinding {
  const member = memberOf(text, head);
  if (member !== undefined) {
    const edit = { at: { start: member.at.start, end: brace.start }, text: `${member.text} if ` };
    return finding(text, start, brace, "Rego v1 names a member of a set with `contains`", edit);
  }
  const edit = head.value === undefined ? undefined : valueEdit(text, head.value, brace);
  const insertion = { at: { start: brace.start, end: brace.start }, text: "if " };
  return finding(text, start, brace, "Rego v1 needs `if` in front of a body", edit ?? insertion);
}

/** Of a rule that has neither a value nor a body, such as `deny["always"]`. */
export function bareHead(text: string, head: RuleHead): PlacedFinding {
  const member = memberOf(text, head);
  const at = { start: head.start, end: head.end };
  if (member !== undefined) {
    const summary = "Rego v1 names a member of a set with `contains`";
    const written = text.slice(head.start, member.at.start) + member.text;
    return { code: "ACT-R001", at, summary, ...helpOf(written), fix: member };
  }
  return {
    code: "ACT-R001",
    at,
    summary: "this rule has neither a value nor a body",
    ...helpOf(`${text.slice(head.start, head.end)} := true`),
  };
}

function finding(text: string, start: number, at: Extent, summary: string, fix: Edit): PlacedFinding {
  const written = `${(text.slice(start, fix.at.start) + fix.text).trim()} { … }`;
  return {
    code: "ACT-R001",
    at: { start: at.start, end: at.end },
    summary,
    label: "a body of Rego v0",
    ...helpOf(written),
    fix,
  };
}

function helpOf(written: string): Pick<PlacedFinding, "help"> {
  return written.length > maxShown || written.includes("\n") ? {} : { help: `write \`${written}\`` };
}

/** The edit of `p[x]` to `p contains x`. */
function memberOf(text: string, { ref, args, value, key }: Head): Edit | undefined {
  const last = ref?.path.at(-1);
  if (ref === undefined || last === undefined || args !== undefined || value !== undefined || key !== undefined) {
    return undefined;
  }
  if (text[ref.end - 1] !== "]") return undefined;
  // Between a bracket and what is in it there are blanks at most, or a comment, in which one may stand, too.
  const at = { start: text.lastIndexOf("[", last.start), end: ref.end };
  return { at, text: ` contains ${text.slice(last.start, last.end)}` };
}

/** The edit of `= x {` to `:= x if {`. */
function valueEdit(text: string, value: Term, brace: Extent): Edit | undefined {
  const sign = text.lastIndexOf("=", value.start - 1);
  if (text[sign - 1] === ":") return undefined;
  return { at: { start: sign, end: brace.start }, text: `:= ${text.slice(value.start, value.end)} if ` };
}
