-- Whom a confirmed order waited for, in working minutes: a row for each part of its cycle time.
CREATE TABLE cycle_part_fact (
    org_id INTEGER NOT NULL,
    order_id BLOB NOT NULL,
    part TEXT NOT NULL,
    version INTEGER NOT NULL,
    confirmed_on TEXT NOT NULL,
    minutes INTEGER NOT NULL,
    PRIMARY KEY (org_id, order_id, part)
) STRICT;
CREATE INDEX cycle_part_fact_by_day ON cycle_part_fact (org_id, confirmed_on, part, minutes);
-- How far an order has come: 0 received, 1 checked, 2 reviewed, 3 confirmed.
ALTER TABLE order_fact ADD COLUMN reached INTEGER NOT NULL DEFAULT 0;
-- Who put right why an order was lost.
ALTER TABLE order_fact ADD COLUMN lost_by TEXT;
CREATE INDEX order_fact_reached ON order_fact (org_id, received_on, reached);
-- Every row is made anew.
DELETE FROM counter WHERE name = 'facts';
