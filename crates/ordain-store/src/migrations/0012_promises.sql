-- What orders hold of goods that are still to come: of a line of a purchase, or of a work order.
CREATE TABLE incoming (
    org_id INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('purchase', 'work')),
    number TEXT NOT NULL,
    n INTEGER NOT NULL,
    order_id BLOB NOT NULL,
    line INTEGER NOT NULL,
    product TEXT NOT NULL,
    qty_milli INTEGER NOT NULL CHECK (qty_milli > 0),
    due_date TEXT NOT NULL,
    PRIMARY KEY (org_id, kind, number, n, order_id, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX incoming_by_order ON incoming (org_id, order_id);

-- The sum of it, so that nothing is promised twice.
ALTER TABLE purchase_line ADD COLUMN promised_milli INTEGER NOT NULL DEFAULT 0 CHECK (promised_milli >= 0);
