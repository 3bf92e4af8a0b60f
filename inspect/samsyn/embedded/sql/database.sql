-- One database of the house, connected to it as a superuser, after roles.sql; twice the same changes nothing.
-- Nobody comes in who is not named, and nobody but the owner makes tables, temporary ones included.
DO $database$
BEGIN
    EXECUTE format('ALTER DATABASE %I OWNER TO samsyn_owner', current_database());
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format(
        'GRANT CONNECT ON DATABASE %I TO samsyn_migrator, samsyn_app, samsyn_relay, samsyn_sealer, samsyn_backup',
        current_database()
    );
END
$database$;

ALTER SCHEMA public OWNER TO samsyn_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
