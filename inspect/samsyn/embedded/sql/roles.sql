-- The roles of the house (design page "Policies", Identity and roles). For a superuser; twice the same changes nothing.
-- Passwords are not set here: nobody signs in before somebody sets one.
DO $roles$
DECLARE
    wanted record;
BEGIN
    FOR wanted IN
        SELECT * FROM (VALUES
            ('samsyn_owner', false, false),    -- owns every table; nobody signs in as it
            ('samsyn_migrator', true, false),  -- takes the owner's role, for migrations alone
            ('samsyn_app', true, false),       -- web, command line and workers
            ('samsyn_relay', true, false),     -- says that there may be work
            ('samsyn_sealer', true, false),    -- chains the trail
            ('samsyn_backup', true, true)      -- reads everything, writes nothing
        ) AS t (name, login, bypass)
    LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted.name) THEN
            EXECUTE format('CREATE ROLE %I', wanted.name);
        END IF;
        IF EXISTS (
            SELECT FROM pg_roles r
            WHERE r.rolname = wanted.name
              AND (r.rolcanlogin <> wanted.login OR r.rolbypassrls <> wanted.bypass OR r.rolsuper
                   OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication)
        ) THEN
            EXECUTE format(
                'ALTER ROLE %I NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION %s %s',
                wanted.name,
                CASE WHEN wanted.login THEN 'LOGIN' ELSE 'NOLOGIN' END,
                CASE WHEN wanted.bypass THEN 'BYPASSRLS' ELSE 'NOBYPASSRLS' END
            );
        END IF;
    END LOOP;
END
$roles$;

-- The migrator may become the owner and is not the owner until it says so.
GRANT samsyn_owner TO samsyn_migrator WITH INHERIT FALSE, SET TRUE, ADMIN FALSE;
