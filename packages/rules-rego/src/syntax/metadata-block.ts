import type { Extent, Findings, PlacedFinding } from "@acteon/rules";

/** The YAML of a `# METADATA` block, without the comment signs, and the way back to the file. */
export interface MetadataBlock extends Extent {
  readonly yaml: string;
  /** Reports a problem at a place of the YAML. */
  error(finding: PlacedFinding): void;
}

const opening = /^#\s*METADATA\b/;

/** The blocks among the comments of a file: the line that begins one, and the comment lines right below it. */
export function metadataBlocks(findings: Findings, comments: readonly Extent[]): readonly MetadataBlock[] {
  const { text } = findings;
  const blocks: MetadataBlock[] = [];
  for (let i = 0; i < comments.length; i++) {
    const first = comments[i]!;
    if (!opensBlock(text, first)) continue;
    if (!beginsLine(text, first)) {
      findings.error({
        code: "ACT-R001",
        at: first,
        summary: "a METADATA block begins at the start of a line",
        help: "write it without an indent, above the rule or the package that it is about",
      });
      continue;
    }
    const lines: Extent[] = [];
    for (let next = comments[i + 1]; next?.start === comments[i]!.end + 1; next = comments[i + 1]) {
      if (opensBlock(text, next)) break;
      lines.push(next);
      i++;
    }
    blocks.push(blockOf(findings, first, lines));
  }
  return blocks;
}

function opensBlock(text: string, { start, end }: Extent): boolean {
  return opening.test(text.slice(start, end));
}

function beginsLine(text: string, { start }: Extent): boolean {
  return start === 0 || text[start - 1] === "\n" || (start === 1 && text.startsWith("\ufeff"));
}

function blockOf(findings: Findings, first: Extent, lines: readonly Extent[]): MetadataBlock {
  let yaml = "";
  const starts = lines.map((line) => {
    const fileStart = line.start + (findings.text[line.start + 1] === " " ? 2 : 1);
    const start = { yaml: yaml.length, file: fileStart };
    yaml += `${findings.text.slice(fileStart, line.end)}\n`;
    return start;
  });
  const last = lines.at(-1) ?? first;
  const placeOf = (offset: number): number => {
    const line = starts.findLast((start) => start.yaml <= offset) ?? { yaml: 0, file: first.start };
    return Math.min(line.file + offset - line.yaml, last.end);
  };
  return {
    yaml: yaml.toWellFormed(),
    start: first.start,
    end: last.end,
    error({ at, fix, ...rest }) {
      const mapped = ({ start, end }: Extent): Extent => ({ start: placeOf(start), end: placeOf(end) });
      findings.error({ ...rest, at: mapped(at), ...(fix && { fix: { at: mapped(fix.at), text: fix.text } }) });
    },
  };
}
