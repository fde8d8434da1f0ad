-- No two invoices of a company have the same number, whichever order they are for.
CREATE TABLE invoice (
    org_id INTEGER NOT NULL,
    number TEXT NOT NULL,
    order_id BLOB NOT NULL,
    order_number TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (org_id, number)
) STRICT, WITHOUT ROWID;

-- What of an unpaid order has been shipped and billed; the rest of it is ordered only. An order without either has no row.
CREATE TABLE order_stage (
    org_id INTEGER NOT NULL,
    order_id BLOB NOT NULL,
    customer TEXT NOT NULL,
    shipped_minor INTEGER NOT NULL,
    billed_minor INTEGER NOT NULL,
    PRIMARY KEY (org_id, order_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX order_stage_by_customer ON order_stage (org_id, customer);
