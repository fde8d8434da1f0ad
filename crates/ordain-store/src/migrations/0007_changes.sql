-- Changes of orders, found by when they were asked for. The whole of them stays in the order.
CREATE TABLE change_request (
    org_id INTEGER NOT NULL,
    id BLOB NOT NULL,
    order_id BLOB NOT NULL,
    origin TEXT NOT NULL,
    state TEXT NOT NULL,
    requested_at_ms INTEGER NOT NULL,
    PRIMARY KEY (org_id, id)
) STRICT;
CREATE INDEX change_request_by_order ON change_request (org_id, order_id);
CREATE INDEX change_request_by_time ON change_request (org_id, requested_at_ms, id);
CREATE INDEX change_request_open ON change_request (org_id, requested_at_ms, id)
    WHERE state IN ('requested', 'under_review');
