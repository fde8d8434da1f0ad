-- What a person has to see to, found by owner and due time. The whole of it stays in the order.
CREATE TABLE exception (
    org_id INTEGER NOT NULL,
    id BLOB NOT NULL,
    order_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    node TEXT,
    owner TEXT NOT NULL,
    taken_by BLOB,
    state TEXT NOT NULL,
    opened_at_ms INTEGER NOT NULL,
    due_at_ms INTEGER NOT NULL,
    closed_at_ms INTEGER,
    PRIMARY KEY (org_id, id)
) STRICT;
CREATE INDEX exception_by_order ON exception (org_id, order_id);
CREATE INDEX exception_by_due ON exception (org_id, due_at_ms, id) WHERE state = 'open';
CREATE INDEX exception_by_closing ON exception (org_id, closed_at_ms, id) WHERE state = 'closed';
