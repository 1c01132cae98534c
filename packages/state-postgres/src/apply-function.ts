/*
 * `apply_v1(…)`: all groups of a call in one statement, which is one transaction.
 *
 * 1. Lock and read the rows of every key that a group may write, in the order of their keys over the whole call: two calls
 *    meet in the same order and wait for each other, and never in a ring.
 * 2. Read the keys that are only read, by one snapshot.
 * 3. Decide the groups in their order, in memory, by the server's clock read after the wait: each is checked whole before
 *    anything of it counts, so a refused one leaves nothing.
 * 4. Write what came of it: one statement each for new, changed and deleted rows.
 *
 * A key that is absent has no row to lock. Who inserts it is told by the unique index whether somebody else did meanwhile.
 * Who only saw that it is absent, in a group that does more, inserts a row and takes it away again: nobody else gets in
 * between. In both cases the loser's call fails as a whole (SQLSTATE 23505), nothing of it remains, and it is sent again. A
 * group that was refused writes nothing: it is enough to see, now that the rest is locked, that what was absent still is.
 */

/** The operations as `operations` names them. Up to `append` they can be refused; `acquire` to `set` make a version or a token. */
export const operationCodes = {
  fence: 1,
  deleteVersion: 2,
  acquire: 3,
  checkAndSet: 4,
  compareAndSwap: 5,
  increment: 6,
  append: 7,
  set: 8,
  release: 9,
  get: 10,
  delete: 11,
  extend: 12,
  indexDue: 13,
  unindexDue: 14,
  members: 15,
} as const;

/** What a row is, in `kind`. A due entry is `due` and above: one kind an index, in the order of `dueIndexes`. */
export const rowKinds = { value: 1, list: 2, lock: 3, fencedLock: 4, due: 10 } as const;

/** `ends_at_us` of what stays for good. */
export const neverUs = "9223372036854775807";

/** How many versions and tokens a call draws at once. */
export const numbersPerDraw = 1_024;

const code = operationCodes;
const kind = rowKinds;

/**
 * @param schema Quoted.
 *
 * `keys`: each once; the first `locked` may be written. `tuples`: their texts before guarantees K3, where they differ.
 * `operations`: a fence stands as one of its own before the operation that it guards. `places`: the key of each, from 1.
 * `lives`: TTL or lease in ms, negative for good; due times. `operands`: version, token or delta. `limits`: `atMost`; of an
 * acquire 1 if it is fenced; of an index its kind. `refused`: for each group 0, or the operation that refused it.
 * `numbers`, `lefts`, `values`: of each operation, what `decodeResults` makes of them; absent where all are empty.
 */
export function applyFunction(schema: string): string {
  return `
CREATE FUNCTION ${schema}.apply_v1(
  keys text[], tuples text[], locked integer, group_ends integer[], operations integer[], places integer[], texts text[],
  lives bigint[], operands bigint[], limits bigint[], wait_ms integer,
  OUT refused text, OUT numbers text, OUT lefts text, OUT "values" text
) LANGUAGE plpgsql VOLATILE
-- Plans are made once a session, perhaps while the table is empty: only index scans and nested loops stay good.
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off
SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $function$
DECLARE
  never CONSTANT bigint := ${neverUs};
  now_us bigint;
  seen record;
  -- The state of each key, as the groups so far have left it. An absent one is of kind 0; what ends by now is not live.
  was_there boolean[];
  kinds integer[];
  contents text[];
  marks bigint[];
  ends bigint[];
  dues bigint[]; -- of those that this call sets: no other operation changes a due entry
  touched boolean[];
  first_at integer := 1;
  last_at integer;
  several boolean;
  refused_at integer;
  code integer;
  place integer;
  live boolean;
  standing bigint;
  drawn bigint;
  drawn_left integer := 0;
  refusals integer[];
  result_numbers bigint[];
  result_lefts bigint[];
  result_values text[];
  any_refused boolean := false;
  any_left boolean := false;
  any_value boolean := false;
  -- Members of lists: appended here, and the lists that are gone.
  member_lists bigint[] := '{}';
  member_positions integer[] := '{}';
  member_values text[] := '{}';
  gone_lists bigint[] := '{}';
  inserted integer[];
  updated integer[];
  deleted integer[];
  -- Keys that a refused group saw absent.
  doubted text[] := '{}';
BEGIN
  PERFORM set_config('lock_timeout', wait_ms::text, true);
  was_there := array_fill(false, ARRAY[cardinality(keys)]);
  kinds := array_fill(0, ARRAY[cardinality(keys)]);
  contents := array_fill(NULL::text, ARRAY[cardinality(keys)]);
  marks := array_fill(0::bigint, ARRAY[cardinality(keys)]);
  ends := marks;
  dues := array_fill(NULL::bigint, ARRAY[cardinality(keys)]);
  touched := was_there;
  FOR seen IN
    SELECT wanted.place, entry.kind, entry.content, entry.mark, entry.ends_at_us
      FROM unnest(keys[1:locked]) WITH ORDINALITY AS wanted (key, place) JOIN ${schema}.entries AS entry ON entry.key = wanted.key
      ORDER BY wanted.place FOR UPDATE OF entry
  LOOP
    was_there[seen.place] := true;
    kinds[seen.place] := seen.kind;
    contents[seen.place] := seen.content;
    marks[seen.place] := seen.mark;
    ends[seen.place] := seen.ends_at_us;
  END LOOP;
  IF locked < cardinality(keys) THEN
    FOR seen IN
      SELECT locked + wanted.place AS place, entry.kind, entry.content, entry.mark, entry.ends_at_us
        FROM unnest(keys[locked + 1:]) WITH ORDINALITY AS wanted (key, place) JOIN ${schema}.entries AS entry ON entry.key = wanted.key
    LOOP
      kinds[seen.place] := seen.kind;
      contents[seen.place] := seen.content;
      marks[seen.place] := seen.mark;
      ends[seen.place] := seen.ends_at_us;
    END LOOP;
  END IF;
  now_us := (extract(epoch FROM clock_timestamp()) * 1000000)::bigint;
  refusals := array_fill(0, ARRAY[cardinality(group_ends)]);
  result_numbers := array_fill(0::bigint, ARRAY[cardinality(operations)]);
  result_lefts := array_fill((-1)::bigint, ARRAY[cardinality(operations)]);
  result_values := array_fill(NULL::text, ARRAY[cardinality(operations)]);

  FOR group_at IN 1..cardinality(group_ends) LOOP
    last_at := group_ends[group_at];
    several := last_at > first_at;
    refused_at := 0;

    FOR at IN first_at..last_at LOOP
      code := operations[at];
      CONTINUE WHEN code > ${code.append};
      place := places[at];
      live := ends[place] > now_us;
      IF code = ${code.acquire} THEN
        CONTINUE WHEN NOT live;
      ELSIF code = ${code.checkAndSet} THEN
        CONTINUE WHEN NOT live;
        result_numbers[at] := marks[place];
        result_values[at] := contents[place];
        any_value := true;
      ELSIF code = ${code.compareAndSwap} OR code = ${code.deleteVersion} THEN
        CONTINUE WHEN live AND marks[place] = operands[at];
        IF live THEN
          result_numbers[at] := marks[place];
          result_values[at] := contents[place];
          any_value := true;
        END IF;
      ELSIF code = ${code.increment} THEN
        IF NOT live THEN
          CONTINUE WHEN operands[at] <= limits[at];
        ELSIF contents[place] ~ '^(0|-?[1-9][0-9]{0,15})$' AND abs(contents[place]::bigint) <= ${Number.MAX_SAFE_INTEGER} THEN
          standing := contents[place]::bigint;
          CONTINUE WHEN standing + operands[at] <= limits[at];
          result_numbers[at] := standing;
        ELSE
          result_numbers[at] := marks[place];
          result_values[at] := contents[place];
          any_value := true;
        END IF;
      ELSIF code = ${code.append} THEN
        CONTINUE WHEN NOT live OR contents[place]::bigint < limits[at];
        result_numbers[at] := contents[place]::bigint;
      ELSE -- a fence
        CONTINUE WHEN kinds[place] = 0 OR marks[place] <= operands[at];
        refused_at := at;
        result_numbers[at] := marks[place];
        EXIT;
      END IF;
      IF live AND ends[place] < never THEN
        result_lefts[at] := (ends[place] - now_us + 999) / 1000;
        any_left := true;
      END IF;
      refused_at := at;
      EXIT;
    END LOOP;

    IF refused_at > 0 THEN
      refusals[group_at] := refused_at;
      any_refused := true;
      IF several THEN
        FOR at IN first_at..refused_at LOOP
          IF kinds[places[at]] = 0 AND NOT was_there[places[at]] THEN
            doubted := doubted || keys[places[at]];
          END IF;
        END LOOP;
      END IF;
      first_at := last_at + 1;
      CONTINUE;
    END IF;

    FOR at IN first_at..last_at LOOP
      code := operations[at];
      place := places[at];
      live := ends[place] > now_us;

      IF code BETWEEN ${code.acquire} AND ${code.set} THEN -- what makes a version or a token
        IF drawn_left = 0 THEN
          drawn := nextval('${schema}.numbers');
          drawn_left := ${numbersPerDraw};
        END IF;
        drawn := drawn + 1;
        drawn_left := drawn_left - 1;
        touched[place] := true;
        IF code = ${code.acquire} THEN
          -- A name that was fenced once stays so while its token is remembered: a writer may still carry it.
          IF limits[at] = 1 OR kinds[place] = ${kind.fencedLock} THEN
            kinds[place] := ${kind.fencedLock};
          ELSE
            kinds[place] := ${kind.lock};
          END IF;
          contents[place] := texts[at];
          marks[place] := drawn;
          ends[place] := now_us + lives[at] * 1000;
          result_numbers[at] := drawn;
        ELSIF code = ${code.append} THEN
          IF live THEN
            standing := contents[place]::bigint + 1;
          ELSE
            IF kinds[place] = ${kind.list} THEN
              gone_lists := gone_lists || marks[place];
            END IF;
            kinds[place] := ${kind.list};
            marks[place] := drawn;
            IF lives[at] < 0 THEN
              ends[place] := never;
            ELSE
              ends[place] := now_us + lives[at] * 1000;
            END IF;
            standing := 1;
          END IF;
          contents[place] := standing::text;
          member_lists := member_lists || marks[place];
          member_positions := member_positions || standing::integer;
          member_values := member_values || texts[at];
          result_numbers[at] := standing;
        ELSIF code = ${code.increment} AND live THEN
          standing := contents[place]::bigint + operands[at];
          contents[place] := standing::text;
          marks[place] := drawn;
          result_numbers[at] := standing;
          IF ends[place] < never THEN
            result_lefts[at] := (ends[place] - now_us + 999) / 1000;
            any_left := true;
          END IF;
        ELSE
          kinds[place] := ${kind.value};
          marks[place] := drawn;
          IF lives[at] < 0 THEN
            ends[place] := never;
          ELSE
            ends[place] := now_us + lives[at] * 1000;
          END IF;
          IF code = ${code.increment} THEN
            contents[place] := operands[at]::text;
            result_numbers[at] := operands[at];
            result_lefts[at] := lives[at];
            any_left := true;
          ELSE
            contents[place] := texts[at];
            result_numbers[at] := drawn;
          END IF;
        END IF;

      ELSIF code = ${code.release} THEN
        IF live AND contents[place] = texts[at] THEN
          IF kinds[place] = ${kind.fencedLock} THEN
            ends[place] := now_us;
          ELSE
            kinds[place] := 0;
            ends[place] := 0;
          END IF;
          touched[place] := true;
          result_numbers[at] := 1;
        END IF;

      ELSIF code = ${code.extend} THEN
        IF live AND contents[place] = texts[at] THEN
          ends[place] := now_us + lives[at] * 1000;
          touched[place] := true;
          result_numbers[at] := 1;
        END IF;

      ELSIF code = ${code.get} THEN
        IF live THEN
          result_numbers[at] := marks[place];
          result_values[at] := contents[place];
          any_value := true;
          IF ends[place] < never THEN
            result_lefts[at] := (ends[place] - now_us + 999) / 1000;
            any_left := true;
          END IF;
        END IF;

      ELSIF code = ${code.delete} OR code = ${code.deleteVersion} THEN
        result_numbers[at] := live::integer;
        IF kinds[place] > 0 THEN
          IF kinds[place] = ${kind.list} THEN
            gone_lists := gone_lists || marks[place];
          END IF;
          kinds[place] := 0;
          ends[place] := 0;
          touched[place] := true;
        END IF;

      ELSIF code = ${code.unindexDue} THEN
        IF live THEN
          result_numbers[at] := 1;
          kinds[place] := 0;
          ends[place] := 0;
          touched[place] := true;
        END IF;

      ELSIF code = ${code.indexDue} THEN
        kinds[place] := limits[at];
        ends[place] := never;
        dues[place] := lives[at];
        touched[place] := true;

      ELSIF code = ${code.members} THEN
        IF live THEN
          result_values[at] := (SELECT json_agg(member.value ORDER BY member.position) FROM (
            SELECT value, position FROM ${schema}.members WHERE list = marks[place]
            UNION ALL
            SELECT added.value, added.position FROM unnest(member_lists, member_positions, member_values) AS added (list, position, value)
              WHERE added.list = marks[place]
          ) AS member);
          any_value := true;
        END IF;

      END IF;

      -- Absence that the rest of the group rests on: to be kept until it is written.
      IF several AND kinds[place] = 0 AND place <= locked THEN
        touched[place] := true;
      END IF;
    END LOOP;
    first_at := last_at + 1;
  END LOOP;

  IF doubted <> '{}' AND EXISTS (SELECT FROM ${schema}.entries WHERE key = ANY (doubted)) THEN
    RAISE serialization_failure USING MESSAGE = 'a key came into being meanwhile';
  END IF;
  IF locked > 0 THEN
    SELECT array_agg(each) FILTER (WHERE NOT was_there[each]), array_agg(each) FILTER (WHERE was_there[each] AND kinds[each] > 0),
        array_agg(each) FILTER (WHERE kinds[each] = 0)
      INTO inserted, updated, deleted FROM generate_series(1, locked) AS each WHERE touched[each];
    IF inserted IS NOT NULL THEN
      INSERT INTO ${schema}.entries (key, kind, content, mark, ends_at_us, due_at_ms, tuple)
        SELECT keys[each], kinds[each], contents[each], marks[each], ends[each], dues[each], tuples[each]
        FROM unnest(inserted) AS each;
    END IF;
    IF updated IS NOT NULL THEN
      UPDATE ${schema}.entries AS entry
        SET kind = kinds[each], content = contents[each], mark = marks[each], ends_at_us = ends[each], due_at_ms = dues[each]
        FROM unnest(updated) AS each WHERE entry.key = keys[each];
    END IF;
    IF deleted IS NOT NULL THEN
      DELETE FROM ${schema}.entries AS entry USING unnest(deleted) AS each WHERE entry.key = keys[each];
    END IF;
    IF gone_lists <> '{}' THEN
      DELETE FROM ${schema}.members WHERE list = ANY (gone_lists);
    END IF;
    IF member_lists <> '{}' THEN
      INSERT INTO ${schema}.members (list, position, value)
        SELECT * FROM unnest(member_lists, member_positions, member_values) AS added (list, position, value)
        WHERE added.list <> ALL (gone_lists);
    END IF;
  END IF;

  IF any_refused THEN refused := array_to_json(refusals); END IF;
  numbers := array_to_json(result_numbers);
  IF any_left THEN lefts := array_to_json(result_lefts); END IF;
  IF any_value THEN "values" := array_to_json(result_values); END IF;
END
$function$`;
}
