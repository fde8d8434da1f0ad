-- What is to be bought: asked for, ordered, received. A line asked for by the shortage of an order names it.
CREATE TABLE purchase_line (
    org_id INTEGER NOT NULL,
    number TEXT NOT NULL,
    line INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('requested', 'ordered', 'received', 'cancelled')),
    supplier TEXT,
    product TEXT NOT NULL,
    warehouse TEXT,
    qty_milli INTEGER NOT NULL CHECK (qty_milli > 0),
    received_milli INTEGER NOT NULL CHECK (received_milli >= 0),
    due_date TEXT,
    order_id BLOB,
    order_line INTEGER,
    updated_at_ms INTEGER NOT NULL,
    PRIMARY KEY (org_id, number, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX purchase_open ON purchase_line (org_id, product, due_date) WHERE state IN ('requested', 'ordered');
CREATE INDEX purchase_by_order ON purchase_line (org_id, order_id) WHERE order_id IS NOT NULL;
