-- How work went from hand to hand: a row for each hand that it came to, kept beside the facts of its order.
CREATE TABLE hand_over_fact (
    org_id INTEGER NOT NULL,
    order_id BLOB NOT NULL,
    task_id BLOB NOT NULL,
    n INTEGER NOT NULL,
    version INTEGER NOT NULL,
    number TEXT NOT NULL,
    node TEXT NOT NULL,
    department TEXT,
    holder TEXT NOT NULL,
    why TEXT,
    sent_at_ms INTEGER NOT NULL,
    received_at_ms INTEGER,
    taken_at_ms INTEGER,
    ended_at_ms INTEGER,
    PRIMARY KEY (org_id, order_id, task_id, n)
) STRICT;
CREATE INDEX hand_over_fact_by_time ON hand_over_fact (org_id, sent_at_ms, task_id, n);
-- Whether an order was thought lost: 'open' while it is, 'recovered' once somebody has brought it forward.
ALTER TABLE order_fact ADD COLUMN suspicion TEXT;
-- What figures sum up lies in these whole, so that no order is looked at for them.
CREATE INDEX order_fact_received ON order_fact (org_id, received_on, exceptions, lost_on, minor, suspicion);
CREATE INDEX order_fact_confirmed
    ON order_fact (org_id, confirmed_on, cycle_minutes, returns, exceptions, tasks, changes, complaints)
    WHERE confirmed_on IS NOT NULL;
CREATE INDEX order_fact_lost ON order_fact (org_id, received_on, lost_reason, flow, lost_node, minor)
    WHERE lost_on IS NOT NULL;
-- Every row is made anew.
DELETE FROM counter WHERE name = 'facts';
