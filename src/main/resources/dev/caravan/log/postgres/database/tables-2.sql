-- The tables of Caravan's delivery log, version 2: what searches by time must know of deliveries that a node had kept on
-- its own disk.

ALTER TABLE head
  -- How long, in milliseconds, a delivery had been there at most when it was appended; 0 while none was more than moments.
  ADD COLUMN late bigint NOT NULL DEFAULT 0,
  -- The position behind the last of them.
  ADD COLUMN late_to bigint NOT NULL DEFAULT 0;
