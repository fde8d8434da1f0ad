-- Every change of what is on hand: a balance is the sum of its movements. `seq` is the log entry that booked it.
CREATE TABLE stock_movement (
    org_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    n INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    product TEXT NOT NULL,
    warehouse TEXT NOT NULL,
    qty_milli INTEGER NOT NULL CHECK (qty_milli <> 0),
    kind TEXT NOT NULL,
    reason TEXT,
    reference TEXT,
    order_id BLOB,
    actor TEXT NOT NULL,
    PRIMARY KEY (org_id, seq, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX stock_movement_by_product ON stock_movement (org_id, product, seq, n);

-- What was counted before there was a ledger.
INSERT INTO stock_movement
    SELECT org_id, 0, row_number() OVER (PARTITION BY org_id ORDER BY product, warehouse), as_of_ms, product,
        warehouse, on_hand_milli, 'count', NULL, NULL, NULL, '{"kind":"system","name":"feed"}'
    FROM stock WHERE on_hand_milli <> 0;

-- What orders hold that are not confirmed yet. Partial: an order that passes straight through never enters it.
CREATE INDEX reservation_soft ON reservation (org_id, product, warehouse, qty_milli) WHERE kind = 'soft';

-- People are told when what is available falls below this.
ALTER TABLE stock ADD COLUMN reorder_milli INTEGER NOT NULL DEFAULT 0;
