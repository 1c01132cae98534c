/** What came of one law on one subject: a backend, a provider, a rule language. */
export interface LawRun {
  readonly law: string;
  /** The group of laws that it is in; absent where a suite has none. */
  readonly topic: string | undefined;
  readonly state: "passed" | "failed" | "skipped" | "pending";
  /** It was expected to fail, and why; `passed` then says that it did. */
  readonly knownGap: string | undefined;
  /** Why it failed, or was skipped. */
  readonly message: string | undefined;
  /** Figures that it measured and asks nothing of. */
  readonly note?: string | undefined;
  /** The class of a state backend, told by one of its laws. */
  readonly durability?: string | undefined;
  /** Name and version of its server, where that is not the one of the backend's name. */
  readonly server?: string | undefined;
}

export interface SubjectReport {
  readonly subject: string;
  readonly durability: string | undefined;
  /** Name and version of the server behind it. */
  readonly server: string | undefined;
  readonly passed: number;
  readonly failed: readonly { readonly law: string; readonly message: string }[];
  readonly knownGaps: readonly { readonly law: string; readonly reason: string }[];
  readonly notRun: readonly string[];
  /** Why nothing was run: there is no server here. */
  readonly unavailable: string | undefined;
  readonly topics: Readonly<Record<string, TopicCounts>>;
  readonly notes: readonly { readonly law: string; readonly note: string }[];
}

export interface TopicCounts {
  readonly kept: number;
  readonly knownGaps: number;
  readonly broken: number;
  readonly notRun: number;
}

export interface ConformanceReport {
  readonly contract: string;
  readonly subjects: readonly SubjectReport[];
}

export function reportOn(subject: string, runs: readonly LawRun[], server?: string): SubjectReport {
  const of = (state: LawRun["state"]): readonly LawRun[] => runs.filter((run) => run.state === state);
  const reasons = new Set(of("skipped").map(({ message }) => message));
  const allSkipped = runs.length > 0 && of("skipped").length === runs.length && reasons.size === 1;
  return {
    subject,
    durability: runs.find(({ durability }) => durability !== undefined)?.durability,
    server: runs.find((run) => run.server !== undefined)?.server ?? server,
    passed: of("passed").filter(({ knownGap }) => knownGap === undefined).length,
    failed: of("failed").map(({ law, knownGap, message = "" }) => ({
      law,
      message: knownGap === undefined ? message : "this gap is known and has closed: take it off the list",
    })),
    knownGaps: of("passed").flatMap(({ law, knownGap: reason }) => (reason === undefined ? [] : [{ law, reason }])),
    notRun: [...of("skipped"), ...of("pending")].map(({ law }) => law),
    unavailable: allSkipped ? [...reasons][0] : undefined,
    topics: topicsOf(runs),
    notes: runs.flatMap(({ law, note }) => (note === undefined ? [] : [{ law, note }])),
  };
}

function topicsOf(runs: readonly LawRun[]): SubjectReport["topics"] {
  const topics: Record<string, TopicCounts> = {};
  for (const { topic, state, knownGap } of runs) {
    if (topic === undefined) continue;
    const { kept, knownGaps, broken, notRun } = topics[topic] ?? { kept: 0, knownGaps: 0, broken: 0, notRun: 0 };
    const asItShould = state === "passed";
    topics[topic] = {
      kept: kept + Number(asItShould && knownGap === undefined),
      knownGaps: knownGaps + Number(asItShould && knownGap !== undefined),
      broken: broken + Number(state === "failed"),
      notRun: notRun + Number(state === "skipped" || state === "pending"),
    };
  }
  return topics;
}

/** 1 if a law was broken or a subject has none; else 0. A subject that cannot be had here broke none. */
export function exitCodeOf({ subjects }: ConformanceReport): 0 | 1 {
  const holds = ({ passed, failed, unavailable }: SubjectReport): boolean =>
    failed.length === 0 && (passed > 0 || unavailable !== undefined);
  return subjects.every(holds) ? 0 : 1;
}

/** One table of all, subject by group of laws, where the suites have groups; then each subject in words. */
export function renderReport({ contract, subjects }: ConformanceReport): string {
  const table = subjects.some(({ topics }) => Object.keys(topics).length > 0) ? `${renderTable(subjects)}\n` : "";
  return table + subjects.map((subject) => renderSubject(contract, subject)).join("\n");
}

function renderTable(subjects: readonly SubjectReport[]): string {
  const topics = [...new Set(subjects.flatMap((subject) => Object.keys(subject.topics)))];
  const facts = subjects.some(({ durability }) => durability !== undefined)
    ? [
        ["class", ...subjects.map(({ durability }) => durability ?? "-")],
        ["server", ...subjects.map(({ server }) => server ?? "-")],
      ]
    : [];
  const rows = [
    ["", ...subjects.map(({ subject }) => subject)],
    ...facts,
    ...topics.map((topic) => [topic, ...subjects.map((subject) => cell(subject.topics[topic]))]),
  ];
  const lines = rows.flatMap((row) => linesOf(row.map((text, column) => (column === 0 ? [text] : wrap(text)))));
  const widths = rows[0]?.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? "").length))) ?? [];
  return lines
    .map(
      (line) =>
        `${line
          .map((text, i) => text.padEnd(widths[i] ?? 0))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}

/** Columns of many backends stand beside each other on one screen. */
const columnChars = 12;

/** The words of a text, in lines no longer than a column unless a word is. */
function wrap(text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < columnChars) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** A row whose cells have several lines. */
function linesOf(cells: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) => cells.map((lines) => lines[line] ?? ""));
}

/** `12`, `11 +1 gap`, `10 2 BROKEN`; `-` where none was run. */
function cell(counts: TopicCounts | undefined): string {
  if (counts === undefined) return "-";
  const { kept, knownGaps, broken } = counts;
  if (kept + knownGaps + broken === 0) return "-";
  return `${kept}${knownGaps === 0 ? "" : ` +${knownGaps} gap`}${broken === 0 ? "" : ` ${broken} BROKEN`}`;
}

function renderSubject(contract: string, report: SubjectReport): string {
  const { subject, passed, failed, knownGaps, notRun, notes, unavailable } = report;
  if (unavailable !== undefined) return `${contract} ${subject}: not run, ${unavailable}\n`;
  const lines = [
    `${contract} ${subject}: ${passed} laws kept, ${failed.length} broken, ${knownGaps.length} known gaps, ${notRun.length} not run`,
    ...failed.flatMap(({ law, message }) => [
      `  broken     ${law}`,
      ...message.split("\n").map((line) => `             ${line}`),
    ]),
    ...knownGaps.map(({ law, reason }) => `  known gap  ${law} (${reason})`),
    ...notRun.map((law) => `  not run    ${law}`),
    ...notes.map(({ law, note }) => `  measured   ${law}: ${note}`),
  ];
  return `${lines.join("\n")}\n`;
}
