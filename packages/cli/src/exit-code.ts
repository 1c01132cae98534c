/** How every command ends (`ux.md` §4.1). */
export const exitMeanings = {
  0: "done",
  1: "operation failed",
  2: "wrong usage, or unreadable input or configuration",
  3: "ran, but found problems",
  4: "not signed in or not allowed",
  5: "not found",
  6: "conflict or precondition",
  7: "unavailable or timed out; safe to retry",
  130: "interrupted",
} as const;

export type ExitCode = keyof typeof exitMeanings;
