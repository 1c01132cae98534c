import type { Clock } from "@acteon/core";
import { keyKinds, textRanges } from "@acteon/state";
import { neverUs, rowKinds } from "./apply-function.ts";
import type { Connections } from "./connections.ts";
import { ending } from "./schema.ts";

/** How often expired rows are looked for. */
const reclaimEveryMs = 1_000;
/** Locks in so many turns once: abandoned ones are few, and the walk passes over the dead rows of all the others. */
const turnsPerWalk = 10;
/** Most rows of one statement, some 5 ms of work: nobody waits long for a row that it holds. */
const rowsPerStep = 500;
/** Most steps of one turn. */
const stepsPerTurn = 20;
/** How long after its last lease a fenced lock's token is remembered: far longer than any holder of a stale one lives (guarantees L2). */
const tokenRetentionUs = 24 * 60 * 60 * 1_000_000;

/**
 * Takes expired rows away in the background, in small steps. They are absent long before: this is about disk only. Gateways
 * that do so at the same time pass over each other's rows.
 */
export class Reclaimer implements AsyncDisposable {
  readonly #connections: Connections;
  readonly #clock: Clock;
  readonly #valuesStatement: string;
  readonly #locksStatement: string;
  /** Where the walk over each range of locks has come to. */
  readonly #walks = lockRanges().map(({ from, to }) => ({ from, to, at: from }));
  #cancel: () => void = () => {};
  #turn: Promise<void> = Promise.resolve();
  #turns = 0;
  #closed = false;

  /** @param schema Quoted. */
  constructor(connections: Connections, schema: string, clock: Clock) {
    this.#connections = connections;
    this.#clock = clock;
    this.#valuesStatement = reclaimValues(schema);
    this.#locksStatement = reclaimLocks(schema);
    this.#next();
  }

  async reclaimValues(): Promise<void> {
    for (let step = 0; step < stepsPerTurn && !this.#closed; step++) {
      const [row] = await this.#connections.rows<{ readonly gone: number }>(this.#valuesStatement, [rowsPerStep]);
      if (row === undefined || row.gone < rowsPerStep) break;
    }
  }

  /** A step on. */
  async reclaimLocks(): Promise<void> {
    for (const walk of this.#walks) {
      const [row] = await this.#connections.rows<{ readonly last: string | null }>(this.#locksStatement, [
        walk.at,
        walk.to,
        rowsPerStep,
      ]);
      walk.at = row?.last ?? walk.from;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#cancel();
    await this.#turn;
  }

  #next(): void {
    this.#cancel = this.#clock.after(reclaimEveryMs, () => {
      this.#turn = this.#take();
    });
  }

  async #take(): Promise<void> {
    try {
      await this.reclaimValues();
      if (this.#turns++ % turnsPerWalk === 0) await this.reclaimLocks();
    } catch {
      // The server is away, which every call says as well: what is left over is the next turn's.
    }
    if (!this.#closed) this.#next();
  }
}

function lockRanges() {
  const kinds = (Object.keys(keyKinds) as (keyof typeof keyKinds)[]).filter((kind) => lockKinds.has(kind));
  return kinds.flatMap((kind) => textRanges({ kind }));
}

const lockKinds = new Set<keyof typeof keyKinds>(["lock", "named_lock"]);

function reclaimValues(schema: string): string {
  return `
WITH past AS MATERIALIZED (
  SELECT key FROM ${schema}.entries
    WHERE ${ending} AND ends_at_us <= (SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)
    ORDER BY ends_at_us LIMIT $1 FOR UPDATE SKIP LOCKED
), gone AS (
  DELETE FROM ${schema}.entries AS entry USING past WHERE entry.key = past.key RETURNING entry.kind, entry.mark
), gone_members AS (
  DELETE FROM ${schema}.members WHERE list IN (SELECT mark FROM gone WHERE kind = ${rowKinds.list})
)
SELECT count(*)::integer AS gone FROM gone`;
}

/** Locks are few, since a release takes the row along: walking over them costs less than an index that every acquire feeds. */
function reclaimLocks(schema: string): string {
  return `
WITH walked AS MATERIALIZED (
  SELECT key FROM ${schema}.entries WHERE key > $1 AND key < $2 ORDER BY key LIMIT $3
), clock AS MATERIALIZED (
  SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS now_us
), past AS MATERIALIZED (
  SELECT key FROM ${schema}.entries, clock
    WHERE key IN (SELECT key FROM walked) AND ends_at_us <> ${neverUs} AND (
      (kind = ${rowKinds.lock} AND ends_at_us <= now_us)
      OR (kind = ${rowKinds.fencedLock} AND ends_at_us <= now_us - ${tokenRetentionUs})
    )
    FOR UPDATE OF entries SKIP LOCKED
), gone AS (
  DELETE FROM ${schema}.entries AS entry USING past WHERE entry.key = past.key
)
SELECT CASE WHEN count(*) = $3 THEN max(key) END AS last FROM walked`;
}
