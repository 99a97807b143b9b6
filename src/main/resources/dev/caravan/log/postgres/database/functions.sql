-- What is done in one call, so that no node holds a lock while it does something else. Replaced at each migration.
-- Plans are made while tables may be empty, and kept for a while: so they are to use indexes from the first row on.
-- That makes them look costly, and the server would compile them at each call, which takes longer than they do.

-- Refuses a node that knew another log than the one that is here now. To be called once 'head' is locked, in any mode:
-- from then on no restore replaces it.
CREATE OR REPLACE FUNCTION refuse_other_log() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF nullif(current_setting('caravan.log', true), '') <> to_regclass('head')::oid::text THEN
    RAISE EXCEPTION 'The tables of the delivery log were made anew' USING ERRCODE = '08004';
  END IF;
END $$;

-- Appends deliveries, those whose GUID is known excepted. Nothing can be between two of one call, and a position becomes
-- visible only after all before it.
CREATE OR REPLACE FUNCTION append(
  guids bytea[], hooks bigint[], kinds int[], received bigint[], repositories text[], organizations text[],
  installations text[], sender_names text[], threads text[], lengths int[], checksums int[], differing bigint[],
  senders bigint[], digests bytea[], shards int[], forms boolean[], plain int[], dictionaries int[], contents bytea[],
  OUT first bigint, OUT added bigint[])
LANGUAGE plpgsql SET enable_seqscan = off SET jit = off AS $$
DECLARE
  age bigint := (extract(epoch FROM clock_timestamp()) * 1000)::bigint - (SELECT min(at) FROM unnest(received) AS r (at));
BEGIN
  UPDATE head SET next = head.next + cardinality(guids),
      content_bytes = content_bytes + (SELECT sum(octet_length(bytes)) FROM unnest(contents) AS c (bytes)),
      late = CASE WHEN age > 60000 THEN greatest(late, age) ELSE late END,
      late_to = CASE WHEN age > 60000 THEN head.next + cardinality(guids) ELSE late_to END
    RETURNING head.next - cardinality(guids) INTO first;
  PERFORM refuse_other_log();
  WITH given AS (
    SELECT first + n - 1 AS position, g.*
    FROM unnest(guids, hooks, kinds, received, repositories, organizations, installations, sender_names, threads,
        lengths, checksums, differing, senders, digests, shards, forms, plain, dictionaries, contents)
      WITH ORDINALITY AS g (guid, hook, kind, received_at, repository, organization, installation, sender, thread,
        length, checksum, differs_from, sent_by, digest, shard, form, plain_length, dictionary, bytes, n)
  ), fresh AS (
    INSERT INTO delivery AS d (position, guid, hook, kind, received_at, repository, organization, installation, sender,
      thread, length, checksum, differs_from, sent_by, digest, shard)
    SELECT position, guid, hook, kind, received_at, repository, organization, installation, sender, thread, length,
      checksum, differs_from, sent_by, digest, shard
    FROM given
    -- The same payload under another GUID is no new delivery, where digests are given.
    WHERE digest IS NULL OR NOT (
      EXISTS (SELECT FROM delivery other WHERE other.digest = given.digest AND other.guid <> given.guid)
      OR EXISTS (SELECT FROM given before
        WHERE before.n < given.n AND before.digest = given.digest AND before.guid <> given.guid))
    ORDER BY n
    ON CONFLICT (guid, hook) WHERE differs_from IS NULL DO NOTHING
    RETURNING d.position
  ), stored AS (
    INSERT INTO content (position, form, length, dictionary, bytes)
    SELECT position, form, plain_length, nullif(dictionary, 0), bytes FROM given JOIN fresh USING (position)
  )
  SELECT coalesce(array_agg(position ORDER BY position), '{}') FROM fresh INTO added;
  IF cardinality(added) < cardinality(guids) THEN
    UPDATE head SET content_bytes = content_bytes - (
      SELECT sum(octet_length(bytes)) FROM unnest(contents) WITH ORDINALITY AS c (bytes, n)
      WHERE first + n - 1 <> ALL (added));
  END IF;
END $$;

-- Writes how far cursors are and what came of attempts, for those that this node still holds: 'held' are the numbers of
-- those, from 1. Calls count themselves: one that its node gave up waiting for may come after newer ones, and is then
-- not held. What failed and had come again meanwhile runs again: 'again_of' and 'again_at' say which.
CREATE OR REPLACE FUNCTION record_outcomes(
  node bigint, subscriptions bigint[], shards int[], epochs bigint[], calls bigint[], nexts bigint[], lists bytea[],
  cursors int[], positions bigint[], numbers int[], starts bigint[], took_millis bigint[], errors text[],
  outcomes text[], due_ats bigint[], attempts_before int[],
  OUT held int[], OUT again_of int[], OUT again_at bigint[])
LANGUAGE plpgsql SET enable_seqscan = off SET jit = off AS $$
DECLARE
  log_end bigint := (SELECT next FROM head);
BEGIN
  PERFORM refuse_other_log();
  -- In this order, as everybody who takes several.
  PERFORM FROM cursor c JOIN unnest(subscriptions, shards) AS g (subscription, shard) USING (subscription, shard)
    ORDER BY c.subscription, c.shard FOR UPDATE OF c;
  WITH written AS (
    UPDATE cursor c SET next = g.next, unfinished = g.list, written = g.call
    FROM unnest(subscriptions, shards, epochs, calls, nexts, lists) WITH ORDINALITY
      AS g (subscription, shard, epoch, call, next, list, n)
    WHERE c.subscription = g.subscription AND c.shard = g.shard AND c.owner = node AND c.epoch = g.epoch
      AND c.written < g.call AND g.next <= log_end
    RETURNING g.n::int AS n
  )
  SELECT coalesce(array_agg(n), '{}') FROM written INTO held;
  IF cardinality(positions) = 0 OR cardinality(held) = 0 THEN
    again_of := '{}';
    again_at := '{}';
    RETURN;
  END IF;
  WITH given AS (
    SELECT subscriptions[g.cursor] AS subscription, shards[g.cursor] AS shard, g.*,
      g.error IS NOT NULL
        AND (a.position IS NOT NULL OR (u.position IS NOT NULL AND u.attempts <> g.number - 1)
          -- A call before has written just that, and its answer never came.
          OR (u.attempts = 0 AND u.due_at = 0 AND EXISTS (SELECT FROM attempt t
            WHERE t.position = g.position AND t.subscription = subscriptions[g.cursor]
              AND t.started_at = g.started_at AND t.number = g.number))) AS is_again
    FROM unnest(cursors, positions, numbers, starts, took_millis, errors, outcomes, due_ats, attempts_before)
      AS g (cursor, position, number, started_at, took, error, outcome, due_at, attempts)
    LEFT JOIN again a ON a.subscription = subscriptions[g.cursor] AND a.position = g.position
    LEFT JOIN due u ON u.subscription = subscriptions[g.cursor] AND u.position = g.position
    WHERE g.cursor = ANY (held)
  ), tried AS (
    INSERT INTO attempt (position, subscription, started_at, number, took, error)
    SELECT position, subscription, started_at, number, took, error FROM given
    WHERE outcome NOT IN ('NOT_WANTED', 'EXPIRED_BEFORE')
    ON CONFLICT (position, subscription, started_at, number)
      DO UPDATE SET took = excluded.took, error = excluded.error
  ), later AS (
    INSERT INTO due (subscription, position, attempts, due_at, shard)
    SELECT subscription, position, CASE WHEN is_again THEN 0 ELSE attempts END,
      CASE WHEN is_again THEN 0 ELSE due_at END, shard
    FROM given WHERE is_again OR outcome IN ('RETRY', 'AGAIN', 'CUT_OFF')
    ON CONFLICT (subscription, position) DO UPDATE SET attempts = excluded.attempts, due_at = excluded.due_at
  ), over AS (
    DELETE FROM due USING given
    WHERE due.subscription = given.subscription AND due.position = given.position AND NOT given.is_again
      AND (given.outcome = 'DONE'
        OR (given.outcome IN ('NOT_WANTED', 'DEAD_LETTER') AND due.attempts = given.number - 1))
  ), alive AS (
    DELETE FROM dead_letter USING given
    WHERE dead_letter.subscription = given.subscription AND dead_letter.position = given.position
      AND (given.is_again OR given.outcome NOT IN ('DEAD_LETTER', 'EXPIRED_BEFORE'))
  ), dead AS (
    INSERT INTO dead_letter (subscription, position, attempts, since, error)
    SELECT subscription, position, number, started_at + took, error
    FROM given WHERE outcome = 'DEAD_LETTER' AND NOT is_again
    ON CONFLICT (subscription, position)
      DO UPDATE SET attempts = excluded.attempts, since = excluded.since, error = excluded.error
  ), answered AS (
    DELETE FROM again USING given
    WHERE again.subscription = given.subscription AND again.position = given.position
  )
  SELECT coalesce(array_agg(cursor) FILTER (WHERE is_again), '{}'),
    coalesce(array_agg(position) FILTER (WHERE is_again), '{}')
  FROM given INTO again_of, again_at;
END $$;

-- Counts repeats of a delivery, and takes its content where that of the first is no longer kept. Fails when the first
-- was forgotten since it was found.
CREATE OR REPLACE FUNCTION count_repeats(
  at bigint, times int, form boolean, plain int, dictionary int, bytes bytea, received bigint)
RETURNS void LANGUAGE plpgsql SET enable_seqscan = off SET jit = off AS $$
BEGIN
  -- In the order in which deliveries are appended: the head before any of them.
  IF NOT EXISTS (SELECT FROM content WHERE position = at) THEN
    PERFORM FROM head FOR UPDATE;
  END IF;
  UPDATE delivery SET repeats = repeats + times WHERE position = at;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'The delivery at % is forgotten', at USING ERRCODE = 'no_data_found';
  END IF;
  INSERT INTO content AS c VALUES (at, form, plain, nullif(dictionary, 0), bytes) ON CONFLICT DO NOTHING;
  IF FOUND THEN
    INSERT INTO restored AS r VALUES (at, received)
      ON CONFLICT (position) DO UPDATE SET received_at = excluded.received_at;
    -- The stretch of the search index around it, which does not know what the body mentions.
    DELETE FROM stretch WHERE stretch.first = (SELECT max(s.first) FROM stretch s WHERE s.first <= at);
    UPDATE head SET content_bytes = content_bytes + octet_length(bytes);
  END IF;
END $$;
