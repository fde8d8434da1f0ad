-- The views of a page that a person keeps: a row for each person and page, `items` is JSON.
CREATE TABLE saved_view (
    org_id INTEGER NOT NULL,
    owner BLOB NOT NULL,
    page TEXT NOT NULL,
    items TEXT NOT NULL,
    PRIMARY KEY (org_id, owner, page)
) STRICT;
