/**
 * Places of the crash matrix (guarantees §3) where a test may end the process or a simulated gateway. Named after its
 * rows; a row that has two moments worth a crash has two names.
 */
export const failpoints = [
  "C1-before-open",
  "C2-record-written",
  "C3-lock-held",
  "C4-values-read",
  "C5-verdict-written",
  "C6-before-call",
  "C7-request-sent",
  "C8-answer-read",
  "C9-committed",
  "C10-before-reply",
  "C11-in-backoff",
  "C12-before-dead-letter",
  "C12-dead-lettered",
] as const;

export type Failpoint = (typeof failpoints)[number];
