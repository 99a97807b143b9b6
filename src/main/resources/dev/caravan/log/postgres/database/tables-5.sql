-- What is due at the same moment runs in the order in which it came.
DROP INDEX due_at;
CREATE INDEX due_at ON due (subscription, shard, due_at, position);
