-- Files that people added to orders. What is said of each stands in the order and its log, the bytes here.
CREATE TABLE attachment (
    org_id INTEGER NOT NULL,
    id BLOB NOT NULL,
    order_id BLOB NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (org_id, id)
) STRICT;
CREATE INDEX attachment_by_order ON attachment (org_id, order_id);
