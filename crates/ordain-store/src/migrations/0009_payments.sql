-- No two payments of a company have the same reference, whichever order they are for.
CREATE TABLE payment (
    org_id INTEGER NOT NULL,
    reference TEXT NOT NULL,
    order_id BLOB NOT NULL,
    number TEXT NOT NULL,
    customer TEXT NOT NULL,
    currency TEXT NOT NULL,
    minor INTEGER NOT NULL,
    paid_on TEXT NOT NULL,
    method TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (org_id, reference)
) STRICT, WITHOUT ROWID;

-- What is owed and not paid, by order and day. An order that owes nothing has no row.
CREATE TABLE receivable (
    org_id INTEGER NOT NULL,
    order_id BLOB NOT NULL,
    due_on TEXT NOT NULL,
    number TEXT NOT NULL,
    customer TEXT NOT NULL,
    currency TEXT NOT NULL,
    minor INTEGER NOT NULL,
    PRIMARY KEY (org_id, order_id, due_on)
) STRICT, WITHOUT ROWID;
CREATE INDEX receivable_by_day ON receivable (org_id, due_on, order_id);
CREATE INDEX receivable_by_customer ON receivable (org_id, customer, due_on);

-- Orders that are over their customer's credit wait for it like those that wait for an unknown customer.
CREATE TABLE waiting_for (
    org_id INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('customer', 'product', 'credit')),
    code TEXT NOT NULL,
    order_id BLOB NOT NULL,
    PRIMARY KEY (org_id, kind, code, order_id)
) STRICT, WITHOUT ROWID;
INSERT INTO waiting_for SELECT org_id, kind, code, order_id FROM unmatched;
DROP TABLE unmatched;
ALTER TABLE waiting_for RENAME TO unmatched;
CREATE INDEX unmatched_by_order ON unmatched (org_id, order_id);
