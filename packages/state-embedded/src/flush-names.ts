import { closeSync, fsyncSync, openSync } from "node:fs";

/** Makes durable which files are in a directory. Windows does so by itself, and lets nobody open a directory. */
export function flushNames(directory: string): void {
  if (process.platform === "win32") return;
  const fd = openSync(directory, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
