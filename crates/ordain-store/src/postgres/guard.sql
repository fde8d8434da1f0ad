DO $guard$
DECLARE
    unguarded TEXT;
BEGIN
    FOR unguarded IN
        SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'org_id'
        WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND NOT c.relrowsecurity
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', unguarded);
        EXECUTE format(
            'CREATE POLICY one_company ON %I USING (org_id = nullif(current_setting(''ordain.org'', true), '''')::bigint)',
            unguarded);
    END LOOP;
    -- A view would look with its owner's eyes.
    IF current_setting('server_version_num')::bigint >= 150000 THEN
        FOR unguarded IN
            SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'v'
        LOOP
            EXECUTE format('ALTER VIEW %I SET (security_invoker = true)', unguarded);
        END LOOP;
    END IF;
END
$guard$
