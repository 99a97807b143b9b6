-- The tables of Caravan's delivery log, version 4: the functions store no body for a delivery that retention has
-- forgotten. Those that they had stored are deleted; each of them counted as brought back by a redelivery.

WITH forgotten AS (
  DELETE FROM restored WHERE NOT EXISTS (SELECT FROM delivery d WHERE d.position = restored.position)
  RETURNING position
), gone AS (
  DELETE FROM content USING forgotten WHERE content.position = forgotten.position RETURNING octet_length(bytes) AS bytes
), not_due AS (
  DELETE FROM due USING forgotten WHERE due.position = forgotten.position
), not_again AS (
  DELETE FROM again USING forgotten WHERE again.position = forgotten.position
)
UPDATE head SET content_bytes = greatest(0, content_bytes - (SELECT coalesce(sum(bytes), 0) FROM gone));
