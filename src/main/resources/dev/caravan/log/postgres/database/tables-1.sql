-- The tables of Caravan's delivery log, version 1. Times are milliseconds since 1970, but for those of nodes.

CREATE TABLE version (
  row smallint PRIMARY KEY CHECK (row = 1),
  version int NOT NULL
);

-- Where the next delivery goes. Its lock is held while deliveries are written, so that positions become visible in order.
CREATE TABLE head (
  row smallint PRIMARY KEY CHECK (row = 1),
  next bigint NOT NULL,
  -- Of all there is in the table content, which is what retention measures.
  content_bytes bigint NOT NULL DEFAULT 0
);
INSERT INTO head VALUES (1, 1);

CREATE TABLE kind (
  id int PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  event text NOT NULL,
  action text
);
CREATE UNIQUE INDEX kind_of ON kind (event, coalesce(action, ''));

CREATE TABLE dictionary (
  id int PRIMARY KEY,
  created_at bigint NOT NULL,
  bytes bytea NOT NULL,
  trained_to bigint NOT NULL DEFAULT 0
);

-- Small and kept longest, so that GUIDs are remembered after their content is gone.
CREATE TABLE delivery (
  position bigint PRIMARY KEY,
  guid bytea NOT NULL,
  hook bigint NOT NULL,
  kind int NOT NULL,
  received_at bigint NOT NULL,
  repository text,
  organization text,
  installation text,
  sender text,
  thread text,
  length int NOT NULL,
  checksum int NOT NULL,
  repeats int NOT NULL DEFAULT 0,
  differs_from bigint,
  sent_by bigint,
  digest bytea,
  shard smallint NOT NULL
);
-- What makes a GUID unique; a repeat that differs is kept beside the first.
CREATE UNIQUE INDEX delivery_guid ON delivery (guid, hook) WHERE differs_from IS NULL;
CREATE INDEX delivery_shard ON delivery (shard, position) WHERE differs_from IS NULL;
CREATE INDEX delivery_kind ON delivery (kind, position);
CREATE INDEX delivery_differing ON delivery (differs_from) WHERE differs_from IS NOT NULL;
CREATE INDEX delivery_digest ON delivery (digest) WHERE digest IS NOT NULL;

CREATE TABLE content (
  position bigint PRIMARY KEY,
  form boolean NOT NULL,
  length int NOT NULL,
  dictionary int,
  bytes bytea NOT NULL
);
-- It is compressed already.
ALTER TABLE content ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- Bodies that redeliveries brought back after they had gone.
CREATE TABLE restored (
  position bigint PRIMARY KEY,
  received_at bigint NOT NULL
);

-- What of a subscription each node has to know.
CREATE TABLE subscription (
  id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  name text NOT NULL UNIQUE,
  created_at bigint NOT NULL,
  paused boolean NOT NULL DEFAULT false,
  pause_version bigint NOT NULL DEFAULT 0,
  -- When a node last said that it runs it.
  last_run_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE SEQUENCE pause_version;

-- How far each shard of a subscription is, which node runs it, and how often it has changed hands.
CREATE TABLE cursor (
  subscription bigint NOT NULL REFERENCES subscription,
  shard smallint NOT NULL,
  next bigint NOT NULL,
  unfinished bytea NOT NULL DEFAULT '',
  owner bigint,
  epoch bigint NOT NULL DEFAULT 0,
  -- Which call of its owner was the last to write it: one that comes late must not undo a newer one.
  written bigint NOT NULL DEFAULT 0,
  -- Grows when what is due is changed by others than its owner.
  touched bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (subscription, shard)
) WITH (fillfactor = 50);

-- What a subscription is to run apart from its cursor: retries, replays, redeliveries.
CREATE TABLE due (
  subscription bigint NOT NULL,
  position bigint NOT NULL,
  attempts int NOT NULL,
  due_at bigint NOT NULL,
  shard smallint NOT NULL,
  PRIMARY KEY (subscription, position)
);
CREATE INDEX due_at ON due (subscription, shard, due_at);

-- What GitHub has sent again while it was to run or ran: when that fails, it runs again.
CREATE TABLE again (
  subscription bigint NOT NULL,
  position bigint NOT NULL,
  PRIMARY KEY (subscription, position)
);

CREATE TABLE dead_letter (
  subscription bigint NOT NULL,
  position bigint NOT NULL,
  attempts int NOT NULL,
  since bigint NOT NULL,
  error text NOT NULL,
  PRIMARY KEY (subscription, position)
);

CREATE TABLE attempt (
  position bigint NOT NULL,
  subscription bigint NOT NULL,
  started_at bigint NOT NULL,
  number int NOT NULL,
  took bigint NOT NULL,
  error text,
  PRIMARY KEY (position, subscription, started_at, number)
);
CREATE INDEX attempt_failed ON attempt (position, subscription) WHERE error IS NOT NULL;

-- What is left of attempts that succeeded, once attempts have gone with the body.
CREATE TABLE completed (
  position bigint NOT NULL,
  subscription bigint NOT NULL,
  at bigint,
  PRIMARY KEY (position, subscription)
);

-- The index for searches; never the only place of anything.
CREATE TABLE stretch (
  first bigint PRIMARY KEY,
  columns bytea NOT NULL,
  mentions bytea NOT NULL
);

-- The processes that use this log. Only the database's clock says which of them still count.
CREATE TABLE node (
  id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  name text NOT NULL,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz NOT NULL,
  -- Another node has found it silent for too long: it can never come back under this number.
  given_up boolean NOT NULL DEFAULT false,
  -- The newest change of what is paused that it has seen.
  pause_seen bigint NOT NULL DEFAULT 0,
  info jsonb NOT NULL DEFAULT '{}'
);
-- What each of them runs, and how that is doing.
CREATE TABLE runs (
  node bigint NOT NULL REFERENCES node ON DELETE CASCADE,
  subscription bigint NOT NULL REFERENCES subscription,
  events text NOT NULL,
  repository text,
  strict boolean NOT NULL,
  concurrency int NOT NULL,
  in_work int NOT NULL DEFAULT 0,
  last_error text,
  last_error_at bigint,
  PRIMARY KEY (node, subscription)
);

-- Attempts at large payloads that are under way, or have ended a process.
CREATE TABLE attempt_mark (
  name text PRIMARY KEY,
  number int NOT NULL
);

-- What was asked to run again, and how far that is: the node that works on it may end, and another goes on.
CREATE TABLE replay (
  id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  what text NOT NULL,
  -- Names and values in turn.
  request text[] NOT NULL,
  started_at bigint NOT NULL,
  node bigint,
  state text NOT NULL,
  -- The log's end when it began, and the last position it has dealt with.
  ends bigint NOT NULL,
  reached bigint NOT NULL DEFAULT 0,
  matched bigint NOT NULL DEFAULT 0,
  already_waiting bigint NOT NULL DEFAULT 0,
  not_wanted bigint NOT NULL DEFAULT 0,
  not_kept bigint NOT NULL DEFAULT 0,
  taken_back bigint NOT NULL DEFAULT 0,
  last_due_at bigint,
  error text
);
CREATE TABLE replay_target (
  replay bigint NOT NULL REFERENCES replay ON DELETE CASCADE,
  subscription bigint NOT NULL,
  name text NOT NULL,
  scheduled bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (replay, subscription)
);
-- What it has made due, so that it can be taken back.
CREATE TABLE replay_row (
  replay bigint NOT NULL REFERENCES replay ON DELETE CASCADE,
  position bigint NOT NULL,
  subscription bigint NOT NULL,
  due_at bigint NOT NULL,
  was_dead boolean NOT NULL,
  PRIMARY KEY (replay, position, subscription)
);

-- What one node does for all, and until when nobody else does.
CREATE TABLE task (
  name text PRIMARY KEY,
  node bigint NOT NULL,
  expires_at timestamptz NOT NULL
);
