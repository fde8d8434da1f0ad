-- A password that somebody else made and has seen: its owner chooses another one before anything else.
ALTER TABLE users ADD COLUMN password_once INTEGER NOT NULL DEFAULT 0;
