-- One draft per flow, and what was said when a version was published.
CREATE TABLE flow_draft (
    org_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    revision INTEGER NOT NULL,
    doc TEXT NOT NULL,
    cases TEXT NOT NULL,
    base_version INTEGER,
    editor TEXT NOT NULL,
    edited_at_ms INTEGER NOT NULL,
    PRIMARY KEY (org_id, key)
) STRICT;

CREATE TABLE flow_release (
    org_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    version INTEGER NOT NULL,
    note TEXT NOT NULL,
    acknowledged TEXT NOT NULL,
    cases TEXT NOT NULL,
    PRIMARY KEY (org_id, key, version)
) STRICT;
