-- Releases of flows that wait for a time or for a second pair of eyes, and who wrote a draft.
CREATE TABLE flow_pending (
    org_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (org_id, key)
) STRICT;
ALTER TABLE flow_draft ADD COLUMN authors TEXT NOT NULL DEFAULT '[]';
