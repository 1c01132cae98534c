import { inScanRange } from "@acteon/state";
import type { ScanRange, StateEntry } from "@acteon/state";
import { getChildren, getData } from "./client/requests.ts";
import type { Sender } from "./client/requests.ts";
import { leftOf, versionOf } from "./group-decider.ts";
import { decodeContent } from "./node-content.ts";
import { isEntryName, keyOfEntry, keyOfPath } from "./node-paths.ts";

export interface ScanPorts {
  readonly root: string;
  /** The server's time. */
  nowMs(): number;
  /** A read that may be asked again. */
  read<Answer>(ask: (sender: Sender) => Promise<Answer>): Promise<Answer>;
}

/** Nodes read at once. */
const batchSize = 128;

export async function* scanEntries(
  range: ScanRange,
  ports: ScanPorts,
  signal: AbortSignal,
): AsyncGenerator<StateEntry, void, void> {
  signal.throwIfAborted();
  for await (const folder of foldersOfKind(range, ports)) {
    const paths = (await childrenOf(folder, ports)).map((name) => `${folder}/${name}`);
    const wanted = paths.filter((path) => {
      const key = keyOfPath(ports.root, path);
      return key === undefined || inScanRange(range, key);
    });
    for (let i = 0; i < wanted.length; i += batchSize)
      for (const entry of await readEntries(wanted.slice(i, i + batchSize), ports)) {
        if (!inScanRange(range, entry.key)) continue;
        yield entry;
        signal.throwIfAborted();
      }
  }
}

/** The folder of that kind of each namespace and tenant. */
export async function* foldersOfKind(
  { kind, scope }: Pick<ScanRange, "kind" | "scope">,
  ports: Pick<ScanPorts, "root" | "read">,
): AsyncGenerator<string, void, void> {
  if (scope !== undefined) yield `${ports.root}/${scope.text}/${kind}`;
  else
    for (const namespace of await childrenOf(ports.root, ports))
      for (const tenant of await childrenOf(`${ports.root}/${namespace}`, ports))
        yield `${ports.root}/${namespace}/${tenant}/${kind}`;
}

/** The names of entries and folders of keys; what lies beside an entry is not told. */
async function childrenOf(path: string, { read }: Pick<ScanPorts, "read">): Promise<readonly string[]> {
  return ((await read((sender) => getChildren(sender, path)))?.names ?? []).filter(isEntryName);
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
