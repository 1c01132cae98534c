import { inScanRange } from "@acteon/state";
import type { ScanRange, StateEntry } from "@acteon/state";
import { versionOf } from "./decide.ts";
import { EtcdCallError } from "./etcd-client.ts";
import type { EtcdClient } from "./etcd-client.ts";
import { isCompacted } from "./etcd-errors.ts";
import type { KeySpace } from "./key-space.ts";
import type { KeyValue, RangeReply } from "./key-value.ts";
import { decodeRangeReply } from "./key-value.ts";
import { encodeRange } from "./range-messages.ts";
import type { KeyRange } from "./range-messages.ts";
import { decodeRecord } from "./record.ts";

const pageSize = 500;

/** The live values of a range, page by page, as they were when it began. @throws {EtcdCallError} */
export async function* scan(
  client: EtcdClient,
  space: KeySpace,
  range: ScanRange,
  { nowMs, signal }: { readonly nowMs: () => number; readonly signal: AbortSignal },
): AsyncGenerator<StateEntry, void, void> {
  for (const keys of space.scanned(range))
    for await (const read of pagesOf(client, keys)) {
      signal.throwIfAborted();
      const entry = entryOf(space, read, nowMs());
      if (entry === undefined || !inScanRange(range, entry.key)) continue;
      yield entry;
      signal.throwIfAborted();
    }
}

async function* pagesOf(client: EtcdClient, keys: KeyRange): AsyncGenerator<KeyValue, void, void> {
  let { from } = keys;
  let revision = 0;
  for (;;) {
    const page: RangeReply = await readPage(client, { from, to: keys.to }, revision);
    ({ revision } = page);
    yield* page.entries;
    const last = page.entries.at(-1);
    if (!page.more || last === undefined) return;
    from = `${last.key}\0`;
  }
}

async function readPage(client: EtcdClient, keys: KeyRange, revision: number): Promise<RangeReply> {
  const read = (at: number) =>
    client.call("KV/Range", encodeRange(keys, { limit: pageSize, revision: at }), decodeRangeReply);
  try {
    const page = await read(revision);
    return revision === 0 ? page : { ...page, revision };
  } catch (error) {
    if (error instanceof EtcdCallError && isCompacted(error.failure)) return read(0); // it began too long ago: on from what is there now
    throw error;
  }
}

function entryOf(
  space: KeySpace,
  { key: raw, value: bytes, modRevision }: KeyValue,
  nowMs: number,
): StateEntry | undefined {
  const record = decodeRecord(bytes);
  if (record.kind !== "value" || record.expiresAtMs <= nowMs) return undefined;
  const { value, ordinal, expiresAtMs, fullText } = record;
  const remainingMs = expiresAtMs === Infinity ? undefined : expiresAtMs - nowMs;
  return { key: space.parse(raw, fullText), value, version: versionOf(modRevision, ordinal), remainingMs };
}
