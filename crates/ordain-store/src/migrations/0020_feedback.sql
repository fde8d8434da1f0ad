-- What people say of the program and the way of working, tied to the page, the step and the order it is about.
CREATE TABLE feedback (
    org_id INTEGER NOT NULL,
    id BLOB NOT NULL,
    at_ms INTEGER NOT NULL,
    author BLOB NOT NULL,
    author_name TEXT NOT NULL,
    page TEXT NOT NULL,
    flow TEXT NOT NULL,
    step TEXT NOT NULL,
    order_id BLOB,
    text TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('new', 'answered', 'closed')),
    answer TEXT,
    answered_by TEXT,
    answered_at_ms INTEGER,
    PRIMARY KEY (org_id, id)
) STRICT;
CREATE INDEX feedback_by_state ON feedback (org_id, state, id);
CREATE INDEX feedback_by_author ON feedback (org_id, author, id);
