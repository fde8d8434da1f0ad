-- A request of goods is a task: somebody owns it, and it is to be answered until an instant.
ALTER TABLE purchase_line ADD COLUMN owner BLOB;
ALTER TABLE purchase_line ADD COLUMN answer_by_ms INTEGER;
CREATE INDEX purchase_requested ON purchase_line (org_id, answer_by_ms, number, line) WHERE state = 'requested';

ALTER TABLE work_order ADD COLUMN owner BLOB;
ALTER TABLE work_order ADD COLUMN answer_by_ms INTEGER;
CREATE INDEX work_requested ON work_order (org_id, answer_by_ms, number) WHERE state = 'requested';
