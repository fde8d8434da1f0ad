-- Whoever looks through the session at what its user sees; none: the user is in it.
ALTER TABLE session ADD COLUMN viewer_id BLOB;
