import type { StateEntry } from "@acteon/state";
import { inScanRange, parseRedisKey, parseStateKey } from "@acteon/state";
import type { ScanRange } from "@acteon/state";
import type { Redis } from "ioredis";
import { decodeRecord, isLease, splitRecord } from "./record.ts";
import type { RedisConnection } from "./redis-connection.ts";
import type { RedisKeys } from "./redis-keys.ts";

/** Keys that one step looks at, about 100 µs of the server's time. */
const keysPerStep = 500;

/** Walks the keys of every master, and gives each entry once. */
export async function* scanRedis(
  connection: RedisConnection,
  {
    keys,
    prefix,
    range,
    signal,
  }: {
    readonly keys: RedisKeys;
    readonly prefix: string;
    readonly range: ScanRange;
    readonly signal: AbortSignal;
  },
): AsyncGenerator<StateEntry, void, void> {
  const pattern = keys.pattern(range.kind, range.scope);
  // A key is walked twice when a table of Redis grows, or a slot moves.
  const seen = new Set<string>();
  for (const master of await connection.holders())
    for (let cursor = "0", first = true; first || cursor !== "0"; first = false) {
      signal.throwIfAborted();
      const [next, found] = await connection.ask(() => master.scan(cursor, "MATCH", pattern, "COUNT", keysPerStep));
      cursor = next;
      const fresh = found.filter((key) => !seen.has(key));
      for (const key of fresh) seen.add(key);
      if (fresh.length === 0) continue;
      for (const entry of await readEntries(connection, { master, keys: fresh, prefix })) {
        if (!inScanRange(range, entry.key)) continue;
        yield entry;
        signal.throwIfAborted();
      }
    }
}

async function readEntries(
  connection: RedisConnection,
  { master, keys, prefix }: { readonly master: Redis; readonly keys: readonly string[]; readonly prefix: string },
): Promise<readonly StateEntry[]> {
  const [seconds, micros] = await connection.ask(() => master.time());
  const nowMs = Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
  // One command names keys of one tenant only: of one slot.
  const byTag = [...Map.groupBy(keys, (key) => key.slice(0, key.indexOf("}"))).values()];
  const records = await Promise.all(byTag.map((tagged) => connection.ask((client) => client.mget(tagged))));
  return byTag.flatMap((tagged, i) =>
    tagged.flatMap((text, j) => {
      const record = records[i]?.[j] ?? null; // a list, or gone since
      if (record === null || isLease(record)) return [];
      const { fullText } = splitRecord(record);
      const key = fullText === undefined ? parseRedisKey(text, prefix) : parseStateKey(fullText);
      return [{ key, ...decodeRecord(record, key, nowMs) }];
    }),
  );
}
