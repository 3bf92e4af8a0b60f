"""Migrations: one chain, no drift, up and down and up again with rows in every table, one runner at a time."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from samsyn.core.migrate import alembic_config
from samsyn.core.tables import load
from samsyn.findings.checklists import publish_house_checklists
from tests.audit.chain import seal_all
from tests.cluster import Cluster
from tests.core.owner import acting_in, as_owner
from tests.factories import make_town
from tests.secrecy.planting import plant

LOCK = 7_268_779
UPGRADE = "import os; from samsyn.core.migrate import upgrade; upgrade(os.environ['TO'])"
LEFT = """
    SELECT count(*) FROM (
      SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname NOT LIKE '%alembic_version%'
      UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
      UNION ALL SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typname NOT LIKE '%alembic%'
    ) AS left_over"""


def counts(db: Connection) -> dict[str, int]:
    return {name: db.scalar(text(f"SELECT count(*) FROM {name}")) or 0 for name in load().tables}


def test_the_chain_has_one_head_and_its_files_are_numbered_in_order() -> None:
    script = ScriptDirectory.from_config(alembic_config("postgresql://nowhere"))
    chain = [revision.revision for revision in script.walk_revisions()][::-1]
    assert len(script.get_heads()) == 1
    assert chain == [f"{n:04}" for n in range(1, len(chain) + 1)]


def unsign(cluster: Cluster, name: str) -> None:
    """Make one of two planted pledges a draft that was removed, and its agreement one; the other was signed late."""
    with as_owner(cluster, name) as db:
        first = db.execute(text("SELECT id, agreement_id FROM pledge ORDER BY id LIMIT 1")).one()
        db.execute(text("UPDATE pledge SET state = 'draft', removed_at = now() WHERE id = :id"), {"id": first.id})
        gone = text("UPDATE agreement SET signed_on = NULL, removed_at = now() WHERE id = :id")
        db.execute(gone, {"id": first.agreement_id})
        late = text("UPDATE agreement SET signed_on = until_on WHERE id <> :id")
        db.execute(late, {"id": first.agreement_id})
        db.commit()


def test_up_down_and_up_again_with_rows_in_every_table(cluster: Cluster) -> None:
    name = cluster.create()
    config = alembic_config(cluster.url("samsyn_migrator", name))
    cluster.migrate(name)
    command.check(config)  # raises when models and migrations differ
    publish_house_checklists(cluster.url("samsyn_migrator", name))
    with acting_in(cluster, name):
        plant(make_town())
    seal_all(cluster, name)
    with as_owner(cluster, name) as db:
        assert [table for table, n in counts(db).items() if n == 0] == []
    newest = ScriptDirectory.from_config(config).get_current_head()
    assert newest is not None
    command.downgrade(config, f"{newest}-1")  # the newest step alone, with rows in every table
    cluster.migrate(name)
    command.check(config)
    with as_owner(cluster, name) as db:
        assert db.scalar(text("SELECT count(*) FROM presence WHERE after_help AND police_role = 'own_supervision'"))
    unsign(cluster, name)
    command.downgrade(config, "0056")
    with as_owner(cluster, name) as db:
        assert db.scalar(text("SELECT count(*) FROM agreement")) == 1, "a draft is no agreement of before"
        assert db.scalar(text("SELECT count(*) FROM pledge")) == 1
        assert db.scalar(text("SELECT count(*) FROM commitment")) == 1
    command.downgrade(config, "base")
    with as_owner(cluster, name) as db:
        assert db.scalar(text(LEFT)) == 0


def test_a_drifted_model_is_seen(cluster: Cluster, database: str) -> None:
    config = alembic_config(cluster.url("samsyn_migrator", database))
    command.check(config)
    table = load().tables["tally"]
    column = table.c.frozen_at
    column.nullable = False
    try:
        with pytest.raises(Exception, match="New upgrade operations detected"):
            command.check(config)
    finally:
        column.nullable = True


def test_the_owners_policy_is_what_lets_a_migration_fill_a_column(cluster: Cluster, database: str) -> None:
    with as_owner(cluster, database) as db:
        db.execute(text("ALTER TABLE authority ADD COLUMN motto text"))
        assert db.execute(text("UPDATE authority SET motto = ''")).rowcount > 0
        db.execute(text("ALTER TABLE authority ALTER COLUMN motto SET NOT NULL"))
        db.rollback()
        db.execute(text("SET ROLE samsyn_owner"))
        db.execute(text("DROP POLICY owner_all ON authority"))
        db.execute(text("ALTER TABLE authority ADD COLUMN motto text"))
        assert db.execute(text("UPDATE authority SET motto = ''")).rowcount == 0
        with pytest.raises(IntegrityError, match="contains null values"):
            db.execute(text("ALTER TABLE authority ALTER COLUMN motto SET NOT NULL"))
        db.rollback()


def test_two_runners_at_once_wait_for_each_other_and_both_succeed(cluster: Cluster) -> None:
    name = cluster.create()
    environment = {**os.environ, "TO": cluster.url("samsyn_migrator", name)}
    with as_owner(cluster, name) as db:
        db.execute(text("SELECT pg_advisory_lock(:n)"), {"n": LOCK})
        runners = [
            subprocess.Popen([sys.executable, "-c", UPGRADE], env=environment, stderr=subprocess.PIPE) for _ in "ab"
        ]
        waiting = text(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        ends = time.monotonic() + 30
        while db.scalar(waiting) != len(runners) and time.monotonic() < ends:
            time.sleep(0.05)
        assert db.scalar(waiting) == len(runners)
        assert db.scalar(text("SELECT to_regclass('authority')")) is None
        db.execute(text("SELECT pg_advisory_unlock(:n)"), {"n": LOCK})
        db.commit()
        said = [runner.communicate(timeout=60)[1].decode() for runner in runners]
        assert [runner.returncode for runner in runners] == [0, 0], said
        assert db.scalar(text("SELECT count(*) FROM alembic_version")) == 1
        assert db.scalar(text("SELECT count(*) FROM authority")) == 1
