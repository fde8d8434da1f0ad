-- Runs of the self-check. `results` is JSON: what each check found.
CREATE TABLE self_check (
    org_id INTEGER NOT NULL,
    id BLOB NOT NULL,
    at_ms INTEGER NOT NULL,
    asked_by TEXT NOT NULL,
    took_ms INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    results TEXT NOT NULL,
    PRIMARY KEY (org_id, id)
) STRICT;
