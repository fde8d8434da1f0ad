-- What each order counts for in the figures. The rows follow the log and can be made anew from the orders at any time.
CREATE TABLE order_fact (
    org_id INTEGER NOT NULL,
    order_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    number TEXT NOT NULL,
    customer TEXT,
    customer_name TEXT,
    channel TEXT NOT NULL,
    flow TEXT,
    status TEXT NOT NULL,
    received_at_ms INTEGER NOT NULL,
    received_on TEXT NOT NULL,
    confirmed_at_ms INTEGER,
    confirmed_on TEXT,
    cycle_minutes INTEGER,
    lost_on TEXT,
    lost_reason TEXT,
    lost_node TEXT,
    minor INTEGER,
    tasks INTEGER NOT NULL,
    returns INTEGER NOT NULL,
    exceptions INTEGER NOT NULL,
    changes INTEGER NOT NULL,
    complaints INTEGER NOT NULL,
    PRIMARY KEY (org_id, order_id)
) STRICT;
CREATE INDEX order_fact_by_receipt ON order_fact (org_id, received_on, order_id);
CREATE INDEX order_fact_by_confirmation ON order_fact (org_id, confirmed_on, order_id) WHERE confirmed_on IS NOT NULL;
-- Tasks by the time of their decision, for the speed of departments.
CREATE INDEX task_by_decision ON task (org_id, decided_at_ms) WHERE decided_at_ms IS NOT NULL;
