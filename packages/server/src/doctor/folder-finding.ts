import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { BackendFinding } from "@acteon/state";

/** May files be made in this folder, or it itself? Nothing is made. */
export async function folderFinding(folder: string): Promise<BackendFinding> {
  const subject = "folder";
  const nearest = await nearestThere(resolve(folder));
  if (!(await isFolder(nearest))) {
    return { level: "failure", subject, found: `${nearest} is no folder`, help: `move it, or name another path` };
  }
  if (!(await mayWrite(nearest))) {
    const help = "let this user write there, or name another path";
    return { level: "failure", subject, found: `${nearest} cannot be written`, help };
  }
  return {
    level: "ok",
    subject,
    found: nearest === resolve(folder) ? `${folder} can be written` : `${folder} is made at the first start`,
  };
}

async function nearestThere(path: string): Promise<string> {
  try {
    await stat(path);
    return path;
  } catch {
    return nearestThere(dirname(path)); // ends at the root, which is there
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path)).isDirectory();
}

async function mayWrite(path: string): Promise<boolean> {
  try {
    await access(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
