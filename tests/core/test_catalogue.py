"""The database says of itself what the declarations say; each way of saying otherwise is seen red."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, text

from samsyn.core.migrate import migrations_folder
from samsyn.core.tables import kinds, load
from tests.cluster import Cluster
from tests.core.catalogue import Catalogue, faults
from tests.core.owner import as_owner, connected

USAGE = "GRANT USAGE ON SCHEMA public TO samsyn_app, samsyn_relay, samsyn_sealer, samsyn_backup"


def first_migration() -> object:
    spec = importlib.util.spec_from_file_location("first", migrations_folder() / "versions" / "0001_the_walls.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def declared(cluster: Cluster) -> Catalogue:
    """A scratch database made of today's models and kinds, by no migration."""
    name = cluster.create()
    with as_owner(cluster, name) as db:
        for statement in (*first_migration().BEFORE, USAGE):  # type: ignore[attr-defined]
            db.execute(text(statement))
        load().create_all(db)
        db.execute(text("ALTER TABLE audit ADD COLUMN xid bigint, ADD COLUMN digest bytea"))  # not mapped: the sealer's
        for table, kind in kinds().items():
            for statement in kind.statements(table):
                db.execute(text(statement.replace(":", r"\:")))
        db.commit()
        return Catalogue.read(db)


@pytest.fixture
def db(cluster: Cluster, database: str) -> Iterator[Connection]:
    """The migrated database as its owner; what a test plants is rolled back."""
    with as_owner(cluster, database) as connection:
        yield connection


def test_the_migrated_database_is_what_the_declarations_say(db: Connection, declared: Catalogue) -> None:
    assert faults(Catalogue.read(db), declared, kinds()) == []


@pytest.mark.parametrize(
    ("planted", "seen"),
    [
        ("CREATE TABLE diary (id uuid)", "diary: no declared kind"),
        ("CREATE TABLE diary (id uuid)", "diary: row security is not enabled and forced"),
        ("ALTER TABLE finding NO FORCE ROW LEVEL SECURITY", "finding: row security is not enabled and forced"),
        ("ALTER TABLE finding DISABLE ROW LEVEL SECURITY", "finding: row security is not enabled and forced"),
        ("ALTER POLICY may_select ON finding USING (true)", "finding.may_select: says"),
        ("ALTER POLICY may_select ON finding TO samsyn_app, samsyn_relay", "finding.may_select: says"),
        ("ALTER POLICY owner_all ON finding USING (false)", "finding.owner_all: says"),
        ("COMMENT ON POLICY may_select ON finding IS NULL", "finding.may_select: its comment is None"),
        ("CREATE POLICY more ON finding USING (true)", "finding.more: not declared"),
        ("DROP POLICY may_select_need ON visit_target", "visit_target.may_select_need: missing"),
        ("DROP POLICY owner_all ON tally", "tally.owner_all: missing"),
        ("CREATE VIEW all_findings AS SELECT * FROM finding", "all_findings: a view that is not security_invoker"),
        ("CREATE MATERIALIZED VIEW counts AS SELECT count(*) FROM finding", "counts: a relation of kind m"),
        ("CREATE SEQUENCE numbers", "numbers: a relation of kind S"),
        ("CREATE SCHEMA annex", "schema annex: not declared"),
        (
            "CREATE FUNCTION every() RETURNS int8 LANGUAGE sql SECURITY DEFINER RETURN (SELECT count(*) FROM finding)",
            "function every(): SECURITY DEFINER or LEAKPROOF",
        ),
        ("CREATE FUNCTION other() RETURNS int LANGUAGE sql RETURN 1", "function other(): not on the list"),
        (
            "CREATE OR REPLACE FUNCTION me() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER"
            " RETURN nullif(current_setting('app.authority', true), '')::uuid",
            "function me(): SECURITY DEFINER or LEAKPROOF",
        ),
        ("DROP TRIGGER mark_plan ON delivery", "trigger delivery.mark_plan: says None"),
        (
            "ALTER TABLE operation DISABLE TRIGGER mark_collaboration_id",
            "trigger operation.mark_collaboration_id: says",
        ),
        (
            "CREATE TRIGGER more BEFORE DELETE ON visit FOR EACH ROW EXECUTE FUNCTION mark_feeds('plan', 'all')",
            "trigger visit.more: says",
        ),
        ("GRANT DELETE ON visit TO samsyn_app", "('visit', '', 'samsyn_app', 'DELETE') is not declared"),
        ("GRANT SELECT ON finding TO PUBLIC", "('finding', '', 'public', 'SELECT') is not declared"),
        (
            "GRANT SELECT (subject_id) ON outbox TO samsyn_relay",
            "('outbox', 'subject_id', 'samsyn_relay', 'SELECT') is not declared",
        ),
        (
            "GRANT SELECT (object_id) ON audit TO samsyn_sealer",
            "('audit', 'object_id', 'samsyn_sealer', 'SELECT') is not declared",
        ),
        ("GRANT SELECT ON audit_2026 TO samsyn_app", "samsyn_app has SELECT on audit_2026, which has no kind"),
        (
            "GRANT SELECT ON tally TO samsyn_app WITH GRANT OPTION",
            "('tally', '', 'samsyn_app', 'SELECT') may be passed on",
        ),
        ("REVOKE SELECT ON finding FROM samsyn_backup", "('finding', '', 'samsyn_backup', 'SELECT') is missing"),
        ("REVOKE INSERT ON finding FROM samsyn_app", "('finding', '', 'samsyn_app', 'INSERT') is missing"),
    ],
)
def test_a_planted_fault_is_seen(db: Connection, declared: Catalogue, planted: str, seen: str) -> None:
    db.execute(text(planted))
    found = faults(Catalogue.read(db), declared, kinds())
    assert any(seen in fault for fault in found), found


def test_a_table_that_loses_its_declaration_is_seen(db: Connection, declared: Catalogue) -> None:
    fewer = {name: kind for name, kind in kinds().items() if name != "evidence"}
    assert "evidence: no declared kind" in faults(Catalogue.read(db), declared, fewer)


def test_every_policy_of_the_application_wraps_the_viewer_in_a_sub_select() -> None:
    """A bare ``me()`` is called for every row: a list of 50 rows then costs what a whole table costs."""
    for table, kind in kinds().items():
        for name, sql, _ in kind.policies(table):
            for call in ("me()", "me_person()", "presented()"):
                bare = sql.replace(f"(SELECT {call})", "").replace(f"SELECT {call}", "")
                assert call not in bare, (table, name)


@pytest.mark.parametrize("role", ["samsyn_relay", "samsyn_sealer"])
def test_the_small_roles_read_their_columns_and_no_other_table(cluster: Cluster, database: str, role: str) -> None:
    allowed = {
        "samsyn_relay": {"outbox": {"id", "task", "acts_for_id", "state", "next_at", "hinted_at", "lease_until"}},
        "samsyn_sealer": {
            "audit": {"id", "at", "xid", "digest"},
            "sealed": {"audit_id", "audit_at", "n", "horizon", "digest", "hash"},
            "seal_head": {"n", "at", "hash", "key_name", "signature"},
            "seal_state": {column.name for column in load().tables["seal_state"].columns},
        },
    }[role]
    with connected(cluster, role, database) as db:
        rows = db.execute(
            text(
                "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
                " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v') AND a.attnum > 0"
                " AND NOT a.attisdropped AND has_column_privilege(c.oid, a.attnum, 'SELECT')"
            )
        )
        found: dict[str, set[str]] = {}
        for table, column in rows:
            found.setdefault(table, set()).add(column)
        assert found == allowed
        writes = (
            "SELECT count(*) FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        )
        own = " AND c.relname NOT IN ('sealed', 'seal_head', 'seal_state')"
        strong = "UPDATE, DELETE, TRUNCATE"
        assert db.scalar(text(f"{writes}{own} AND has_table_privilege(c.oid, 'INSERT, {strong}')")) == 0
        assert db.scalar(text(f"{writes} AND relname <> 'seal_state' AND has_table_privilege(c.oid, '{strong}')")) == 0
