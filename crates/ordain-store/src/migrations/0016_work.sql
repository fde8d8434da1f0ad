-- Where things are made, and for how many minutes of a working day.
CREATE TABLE work_centre (
    org_id INTEGER NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    daily_minutes INTEGER NOT NULL CHECK (daily_minutes > 0),
    updated_at_ms INTEGER NOT NULL,
    PRIMARY KEY (org_id, code)
) STRICT, WITHOUT ROWID;

-- What is to be made. `left_minutes` is the time that the rest of it takes its work centre. One that was asked for by the
-- shortage of an order names it.
CREATE TABLE work_order (
    org_id INTEGER NOT NULL,
    number TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('requested', 'planned', 'released', 'finished', 'cancelled')),
    product TEXT NOT NULL,
    warehouse TEXT,
    work_centre TEXT,
    left_minutes INTEGER NOT NULL CHECK (left_minutes >= 0),
    qty_milli INTEGER NOT NULL CHECK (qty_milli > 0),
    finished_milli INTEGER NOT NULL CHECK (finished_milli >= 0),
    scrapped_milli INTEGER NOT NULL DEFAULT 0 CHECK (scrapped_milli >= 0),
    promised_milli INTEGER NOT NULL DEFAULT 0 CHECK (promised_milli >= 0),
    due_date TEXT,
    order_id BLOB,
    order_line INTEGER,
    updated_at_ms INTEGER NOT NULL,
    PRIMARY KEY (org_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX work_open ON work_order (org_id, product, due_date) WHERE state = 'released';
CREATE INDEX work_load ON work_order (org_id, work_centre) WHERE state IN ('planned', 'released');
CREATE INDEX work_by_order ON work_order (org_id, order_id) WHERE order_id IS NOT NULL;

-- What all of it is made of, as the bill of material said when it was planned.
CREATE TABLE work_part (
    org_id INTEGER NOT NULL,
    number TEXT NOT NULL,
    product TEXT NOT NULL,
    qty_milli INTEGER NOT NULL CHECK (qty_milli > 0),
    PRIMARY KEY (org_id, number, product)
) STRICT, WITHOUT ROWID;
CREATE INDEX work_part_by_product ON work_part (org_id, product);

-- Where a product is made, and how long one of it takes there, in thousandths of a minute.
ALTER TABLE bom ADD COLUMN work_centre TEXT;
ALTER TABLE bom ADD COLUMN minutes_milli INTEGER NOT NULL DEFAULT 0 CHECK (minutes_milli >= 0);
