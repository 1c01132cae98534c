import { inScanRange } from "@acteon/state";
import type { ScanRange, StateEntry } from "@acteon/state";
import { getChildren, getData } from "./client/requests.ts";
import type { Read } from "./link.ts";
import { leftOf, versionOf } from "./group-decider.ts";
import { decodeContent } from "./node-content.ts";
import { isEntryName, keyOfEntry, keyOfPath } from "./node-paths.ts";

export interface ScanPorts {
  readonly root: string;
  /** The server's time. */
  readonly nowMs: () => number;
  /** A read that may be asked again. */
  readonly read: Read;
}

/** Nodes read at once. */
const batchSize = 128;

export async function* scanEntries(
  range: ScanRange,
  ports: ScanPorts,
  signal: AbortSignal,
): AsyncGenerator<StateEntry, void, void> {
  signal.throwIfAborted();
  for await (const paths of entryPaths(range, ports))
    for (const entry of await readEntries(paths, ports)) {
      if (!inScanRange(range, entry.key)) continue;
      yield entry;
      signal.throwIfAborted();
    }
}

/** Batches of the entries that may be in the range. */
async function* entryPaths(range: ScanRange, ports: ScanPorts): AsyncGenerator<readonly string[], void, void> {
  const isWanted = (path: string): boolean => {
    const key = keyOfPath(ports.root, path);
    return key === undefined || inScanRange(range, key);
  };
  for (const folders of batches(await foldersOfKind(range, ports)))
    yield* batches((await entriesOf(folders, ports)).filter(isWanted));
}

/** The folder of that kind of each namespace and tenant. */
export async function foldersOfKind(
  { kind, scope }: Pick<ScanRange, "kind" | "scope">,
  ports: Pick<ScanPorts, "root" | "read">,
): Promise<readonly string[]> {
  if (scope !== undefined) return [`${ports.root}/${scope.text}/${kind}`];
  const namespaces = await entriesOf([ports.root], ports);
  const tenants: string[] = [];
  for (const batch of batches(namespaces)) tenants.push(...(await entriesOf(batch, ports)));
  return tenants.map((tenant) => `${tenant}/${kind}`);
}

/** The paths of entries, or of folders of them; what lies beside an entry is not told. */
async function entriesOf(folders: readonly string[], { read }: Pick<ScanPorts, "read">): Promise<readonly string[]> {
  const found = await read((sender) => Promise.all(folders.map((folder) => getChildren(sender, folder))));
  return folders.flatMap((folder, i) => (found[i]?.names ?? []).filter(isEntryName).map((name) => `${folder}/${name}`));
}

function* batches<Item>(items: readonly Item[]): Generator<readonly Item[], void, void> {
  for (let i = 0; i < items.length; i += batchSize) yield items.slice(i, i + batchSize);
}

async function readEntries(paths: readonly string[], { root, read, nowMs }: ScanPorts): Promise<readonly StateEntry[]> {
  const nodes = await read((sender) => Promise.all(paths.map((path) => getData(sender, path))));
  return paths.flatMap((path, i) => {
    const node = nodes[i];
    const content = node && decodeContent(node.data);
    if (node === undefined || content?.kind !== "value") return [];
    const { life, value, fullText } = content;
    if (life !== undefined && life.endsAtMs <= nowMs()) return [];
    const remainingMs = life && leftOf(life, nowMs());
    return [{ key: keyOfEntry(root, path, fullText), value, version: versionOf(node.stat.mzxid), remainingMs }];
  });
}
