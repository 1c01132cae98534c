/**
 * Why a file or folder could not be read, as a message says it: `there is no such file`. What the system calls by a code of
 * its own, and we by no words, keeps the code.
 */
export function whyUnreadable(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
  return (code === undefined ? undefined : reasons.get(code)) ?? code ?? "no reason is known";
}

const reasons: ReadonlyMap<string, string> = new Map([
  ["ENOENT", "there is no such file or folder"],
  ["ENOTDIR", "what stands before the last / is no folder"],
  ["EISDIR", "it is a folder"],
  ["EACCES", "it may not be read by this user"],
  ["EPERM", "it may not be read by this user"],
  ["ELOOP", "its links lead in a circle"],
  ["ENAMETOOLONG", "the name is too long"],
  ["ERR_FS_FILE_TOO_LARGE", "it is too large"],
]);
