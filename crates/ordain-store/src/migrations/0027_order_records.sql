-- Shipments, payments, invoices and complaints of all orders, for lists over the whole company: each as its order keeps it.
CREATE TABLE order_record (
    org_id INTEGER NOT NULL,
    order_id BLOB NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('shipment', 'invoice', 'payment', 'complaint')),
    n INTEGER NOT NULL,
    version INTEGER NOT NULL,
    number TEXT NOT NULL,
    reference TEXT,
    customer TEXT NOT NULL,
    customer_name TEXT,
    currency TEXT NOT NULL,
    minor INTEGER,
    left_minor INTEGER,
    state TEXT NOT NULL,
    about TEXT,
    said TEXT,
    day TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    actor TEXT NOT NULL,
    PRIMARY KEY (org_id, order_id, kind, n)
) STRICT;
CREATE INDEX order_record_by_day ON order_record (org_id, kind, day, at_ms, order_id, n);
CREATE INDEX order_record_by_customer ON order_record (org_id, kind, customer, day, at_ms, order_id, n);
CREATE INDEX order_record_by_state ON order_record (org_id, kind, state, day, at_ms, order_id, n);
