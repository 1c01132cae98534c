import type { Dirent } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { compareText } from "../values/order.ts";

/** Deepest folder that is looked into; links may lead in circles. */
const maxFolderDepth = 16;

export interface RuleFolder {
  /** Every rule file below the folder, in the order of their whole paths. */
  readonly files: readonly string[];
  /** The folder itself and every folder below it that was looked into. */
  readonly folders: readonly string[];
}

/**
 * The rule files of a folder and its subfolders: no hidden ones, no rule tests (`*.test.*`), and only those with one of
 * the extensions.
 *
 * @throws The folder cannot be read. (A subfolder that vanishes meanwhile is no longer there.)
 */
export async function listRuleFiles(folder: string, extensions: ReadonlySet<string>): Promise<RuleFolder> {
  const files: string[] = [];
  const folders: string[] = [];
  // Side by side: one after another, each of many folders would wait for a turn of a busy event loop.
  const visit = async (current: string, entries: readonly Dirent[], depth: number): Promise<void> => {
    folders.push(current);
    const visible = entries.filter(({ name }) => !name.startsWith("."));
    await Promise.all(
      visible.map(async (entry) => {
        const place = path.join(current, entry.name);
        const kind = entry.isSymbolicLink() ? await kindOfTarget(place) : kindOf(entry);
        if (kind === "file" && isRuleFile(entry.name, extensions)) files.push(place);
        if (kind !== "folder" || depth >= maxFolderDepth) return;
        const below = await readdir(place, { withFileTypes: true }).catch(ignoreVanished);
        if (below !== undefined) await visit(place, below, depth + 1);
      }),
    );
  };
  await visit(folder, await readdir(folder, { withFileTypes: true }), 0);
  return { files: files.toSorted(compareText), folders };
}

export function isRuleFile(name: string, extensions: ReadonlySet<string>): boolean {
  return extensions.has(path.extname(name).toLowerCase()) && !/\.test\.[^.]+$/.test(name);
}

type EntryKind = "file" | "folder" | "other";

function kindOf(entry: { isFile(): boolean; isDirectory(): boolean }): EntryKind {
  return entry.isFile() ? "file" : entry.isDirectory() ? "folder" : "other";
}

async function kindOfTarget(place: string): Promise<EntryKind> {
  const target = await stat(place).catch(ignoreVanished);
  return target === undefined ? "other" : kindOf(target);
}

function ignoreVanished(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT" && error.code !== "ENOTDIR") throw error;
  return undefined;
}

/** What tells one state of a file from another without reading it. */
export interface FileStamp {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly inode: number;
}

/** `undefined`: the file is gone. */
export async function stampOf(file: string): Promise<FileStamp | undefined> {
  const found = await stat(file).catch(ignoreVanished);
  if (found === undefined) return undefined;
  return { size: found.size, mtimeMs: found.mtimeMs, ctimeMs: found.ctimeMs, inode: found.ino };
}

export function sameStamp(a: FileStamp, b: FileStamp): boolean {
  return a.size === b.size && a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs && a.inode === b.inode;
}

/** `undefined`: the file is gone. */
export async function readRuleFile(file: string): Promise<Buffer | undefined> {
  return readFile(file).catch(ignoreVanished);
}
