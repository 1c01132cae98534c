/** What came of one law on one subject: a backend, a provider, a rule language. */
export interface LawRun {
  readonly law: string;
  readonly state: "passed" | "failed" | "skipped" | "pending";
  /** It was expected to fail, and why; `passed` then says that it did. */
  readonly knownGap: string | undefined;
  readonly message: string | undefined;
}

export interface SubjectReport {
  readonly subject: string;
  readonly passed: number;
  readonly failed: readonly { readonly law: string; readonly message: string }[];
  readonly knownGaps: readonly { readonly law: string; readonly reason: string }[];
  readonly notRun: readonly string[];
}

export interface ConformanceReport {
  readonly contract: string;
  readonly subjects: readonly SubjectReport[];
}

export function reportOn(subject: string, runs: readonly LawRun[]): SubjectReport {
  const of = (state: LawRun["state"]): readonly LawRun[] => runs.filter((run) => run.state === state);
  return {
    subject,
    passed: of("passed").filter(({ knownGap }) => knownGap === undefined).length,
    failed: of("failed").map(({ law, knownGap, message = "" }) => ({
      law,
      message: knownGap === undefined ? message : "this gap is known and has closed: take it off the list",
    })),
    knownGaps: of("passed").flatMap(({ law, knownGap: reason }) => (reason === undefined ? [] : [{ law, reason }])),
    notRun: [...of("skipped"), ...of("pending")].map(({ law }) => law),
  };
}

/** 1 if a law was broken or a subject has none; else 0. */
export function exitCodeOf({ subjects }: ConformanceReport): 0 | 1 {
  return subjects.every(({ passed, failed }) => passed > 0 && failed.length === 0) ? 0 : 1;
}

export function renderReport({ contract, subjects }: ConformanceReport): string {
  return subjects.map((subject) => renderSubject(contract, subject)).join("\n");
}

function renderSubject(contract: string, { subject, passed, failed, knownGaps, notRun }: SubjectReport): string {
  const lines = [
    `${contract} ${subject}: ${passed} laws kept, ${failed.length} broken, ${knownGaps.length} known gaps, ${notRun.length} not run`,
    ...failed.flatMap(({ law, message }) => [
      `  broken     ${law}`,
      ...message.split("\n").map((line) => `             ${line}`),
    ]),
    ...knownGaps.map(({ law, reason }) => `  known gap  ${law} (${reason})`),
    ...notRun.map((law) => `  not run    ${law}`),
  ];
  return `${lines.join("\n")}\n`;
}
