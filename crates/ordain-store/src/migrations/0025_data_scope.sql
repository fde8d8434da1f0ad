-- Whoever reaches some of the orders alone is asked of each whether they were told of it, and which warehouse gave it goods.
CREATE INDEX notice_by_order ON notice (org_id, order_id, user_id) WHERE order_id IS NOT NULL;
CREATE INDEX stock_movement_by_order ON stock_movement (org_id, order_id, warehouse) WHERE order_id IS NOT NULL;
