-- What each task counts for on the boards: a row kept beside the facts of its order. `person` is the login of whoever
-- decided it, or else of the one it lies with; `looked_ms` is how long they had it before them.
CREATE TABLE task_fact (
    org_id INTEGER NOT NULL,
    order_id BLOB NOT NULL,
    task_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    number TEXT NOT NULL,
    flow TEXT,
    node TEXT NOT NULL,
    department TEXT,
    person TEXT,
    opened_at_ms INTEGER NOT NULL,
    due_at_ms INTEGER,
    ended_at_ms INTEGER,
    decision TEXT,
    reason TEXT,
    urges INTEGER NOT NULL,
    looked_ms INTEGER,
    PRIMARY KEY (org_id, order_id, task_id)
) STRICT;
CREATE INDEX task_fact_by_due ON task_fact (org_id, due_at_ms, task_id) WHERE due_at_ms IS NOT NULL;
CREATE INDEX task_fact_by_opening ON task_fact (org_id, opened_at_ms, task_id);
CREATE INDEX task_fact_by_end ON task_fact (org_id, ended_at_ms, task_id) WHERE ended_at_ms IS NOT NULL;
CREATE INDEX task_fact_open ON task_fact (org_id, due_at_ms, task_id) WHERE ended_at_ms IS NULL AND due_at_ms IS NOT NULL;
-- What may happen to an order more than once: exceptions, changes, promised lines, notices, and faults that the checks caught.
CREATE TABLE happening_fact (
    org_id INTEGER NOT NULL,
    order_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    version INTEGER NOT NULL,
    number TEXT NOT NULL,
    about TEXT NOT NULL,
    state TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    minutes INTEGER,
    PRIMARY KEY (org_id, order_id, kind, subject)
) STRICT;
CREATE INDEX happening_fact_by_time ON happening_fact (org_id, kind, at_ms, order_id, subject);
-- Customers of which level the order is of, and who answers for its customer.
ALTER TABLE order_fact ADD COLUMN level TEXT;
ALTER TABLE order_fact ADD COLUMN owner TEXT;
