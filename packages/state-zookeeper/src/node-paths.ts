import { digest } from "@acteon/core";
import { keyKinds, parseStateKey, parseZooKeeperPath } from "@acteon/state";
import type { DueIndex, KeyKind, StateKey } from "@acteon/state";

/*
 * Which node is where. The entry of a key lies at `toZooKeeperPath`; what belongs to it lies beside it, behind a `#`, which no
 * encoded component contains (guarantees K1):
 *   <root>/<namespace>/<tenant>/<kind>/<id>            value, list or lease
 *   …/<id>#fence                                       token of a fenced lock
 *   …/<id>#<index>                                     due time of the key in that index
 *   <node>#<life>                                      beside each of these: this life of it
 *   <root>/#due/<index>/<time>:<digest of the key>     the index, in the order of its names
 *   <root>/#queue/<digest of a lock>/<guid>-<count>    those that wait for it
 *   <root>/#clients/<client>                           one for each client that is connected
 */

/** @param root `/<prefix>`, the prefix encoded. */
export function keyPath(root: string, { kind, scope, text }: StateKey): string {
  // `v1/<kind>/<scope>/<id>…`, cut by the lengths of what is known: it is the same as `toZooKeeperPath`, and on every action's road.
  const id = text.slice(kind.length + scope.text.length + 5);
  return `${root}/${scope.text}/${kind}/${keyKinds[kind] === 1 ? id : id.replace("/", ":")}`;
}

export function fencePath(lockPath: string): string {
  return `${lockPath}#fence`;
}

export function duePath(path: string, index: DueIndex): string {
  return `${path}#${index}`;
}

export function lifePath(path: string, id: string): string {
  return `${path}#${id}`;
}

/** The entry that a node is a life of; `undefined` of any other node. An id begins with the 16 hexadecimal digits of its client. */
export function entryOfLife(path: string): string | undefined {
  return /^([^#]+)#[0-9a-f]{16}[0-9a-z]+$/.exec(path)?.[1];
}

/** Of an entry, as opposed to what lies beside one. */
export function isEntryName(name: string): boolean {
  return !name.includes("#");
}

export function clientsFolder(root: string): string {
  return `${root}/#clients`;
}

export function queueFolder(root: string, lockPath: string): string {
  return `${root}/#queue/${digest(lockPath, "base32").slice(0, 26)}`;
}

/** Whether a folder is of keys or of waiters, of which there are any number: ZooKeeper is to delete it once it is empty. */
export function comesAndGoes(root: string, folder: string): boolean {
  const below = folder.slice(root.length + 1);
  return folder.startsWith(`${root}/`) && (!below.startsWith("#") || below.startsWith("#queue/"));
}

export function dueFolder(root: string, index: DueIndex): string {
  return `${root}/#due/${index}`;
}

export function dueEntryPath(root: string, index: DueIndex, path: string, dueAtMs: number): string {
  return `${dueFolder(root, index)}/${sortable(dueAtMs)}:${digest(path, "base32").slice(0, 26)}`;
}

/** The due time that a name in an index begins with. */
export function dueTimeOf(entryName: string): number {
  const [time = ""] = entryName.split(":");
  return time.startsWith("0") ? Number(time.slice(1)) - beforeEpoch : Number(time.slice(1));
}

/** The folders above a node, from the top; below the root of the namespace of keys they are containers. */
export function foldersOf(path: string): readonly string[] {
  const parts = path.split("/").slice(1, -1);
  return parts.map((_, i) => `/${parts.slice(0, i + 1).join("/")}`);
}

/** The key of an entry; `undefined` for what lies elsewhere, or is collapsed, so that only its content tells. */
export function keyOfPath(root: string, path: string): StateKey | undefined {
  const components = componentsOf(root, path);
  const [, , kind = "", id = ""] = components;
  if (components.length !== 4 || !isKind(kind) || !isEntryName(id) || id.startsWith("=h")) return undefined;
  return parseZooKeeperPath(`/x/${components.join("/")}`, "x");
}

/** @param fullText What the content of a collapsed key holds; else empty. */
export function keyOfEntry(root: string, path: string, fullText: string): StateKey {
  return fullText === ""
    ? parseZooKeeperPath(`/x/${componentsOf(root, path).join("/")}`, "x")
    : parseStateKey(fullText);
}

/** Below the root. */
function componentsOf(root: string, path: string): readonly string[] {
  return path.slice(root.length + 1).split("/");
}

/** What the content has to hold for the key to be read back. */
export function hiddenFullText(key: StateKey): string {
  return key.text === key.fullText ? "" : key.fullText;
}

function isKind(text: string): text is KeyKind {
  return Object.hasOwn(keyKinds, text);
}

/** Larger than any time, and exact with each of them added. */
const beforeEpoch = 2 ** 53;

/** Whole ms as text of one length, in the order of time; those before 1970 begin with 0. */
function sortable(timeMs: number): string {
  return timeMs < 0 ? `0${String(beforeEpoch + timeMs).padStart(16, "0")}` : `1${String(timeMs).padStart(16, "0")}`;
}
