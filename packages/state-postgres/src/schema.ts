import { textRanges } from "@acteon/state";
import type { KeyKind, TextRange } from "@acteon/state";
import { applyFunction, neverUs, numbersPerDraw, rowKinds } from "./apply-function.ts";

/** The newest schema that this version makes and knows. */
export const knownSchemaVersion = 1;

/** What brings a schema of version n to n + 1, at index n. Never changed once released. @param schema Quoted. */
export const migrations: readonly ((schema: string) => readonly string[])[] = [
  (schema) => [
    `CREATE TABLE ${schema}.entries (
  key text COLLATE "C" PRIMARY KEY, -- guarantees K1
  kind smallint NOT NULL, -- value, list, lock, lock that keeps its token, due entry of one of the indexes
  content text, -- value, owner, or size of a list
  mark bigint NOT NULL, -- version, token, or id of a list
  ends_at_us bigint NOT NULL, -- since 1970, by the server's clock: of a value, a list or a lease
  due_at_ms bigint,
  tuple text -- the key before guarantees K3, where that is another text
) PARTITION BY RANGE (key)`,
    ...briefKinds.map((kind) => {
      const { from, to } = textRanges({ kind })[0] as TextRange;
      return `CREATE TABLE ${schema}.entries_${kind} PARTITION OF ${schema}.entries
  FOR VALUES FROM ('${from}') TO ('${to}') WITH (${churning})`;
    }),
    `CREATE TABLE ${schema}.entries_other PARTITION OF ${schema}.entries DEFAULT WITH (${churning})`,
    `CREATE INDEX entries_ending ON ${schema}.entries (ends_at_us) WHERE ${ending}`,
    `CREATE INDEX entries_due ON ${schema}.entries (kind, due_at_ms) WHERE ${due}`,
    `CREATE TABLE ${schema}.members (
  list bigint NOT NULL, position integer NOT NULL, value text NOT NULL, PRIMARY KEY (list, position)
) WITH (${churning})`,
    // Versions and tokens: never the same twice, and larger than those of a schema of this name that was dropped.
    `DO $$ BEGIN EXECUTE format('CREATE SEQUENCE ${schema}.numbers INCREMENT ${numbersPerDraw} START %s',
      (extract(epoch FROM clock_timestamp()) * 1000000)::bigint); END $$`,
    applyFunction(schema),
  ],
];

/**
 * What lives for one action or not much longer. In tables of their own, which stay small: clearing dead rows away reads every
 * index as a whole, and that of a hundred million dedup keys is not to be read for the locks of the last second.
 */
const briefKinds: readonly KeyKind[] = ["lock", "named_lock", "execution", "pending_audit"];

/** Rows come and go with every action: dead ones are to be cleared away long before they are a fifth of the table. */
const churning = "fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0";

/** As the indexes have it, so that queries meet them. Locks are looked through by their keys instead: an index is too dear for them. */
export const ending = `kind <= ${rowKinds.list} AND ends_at_us < ${neverUs}`;
export const due = `kind >= ${rowKinds.due}`;
