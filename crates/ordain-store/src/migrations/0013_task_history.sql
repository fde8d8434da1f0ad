-- How many tasks a department was given and got done, day by day. Orders that pass by rule have no tasks.
CREATE INDEX task_by_opening ON task (org_id, opened_at_ms, department, state, decided_at_ms);
