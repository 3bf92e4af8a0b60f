"""Technical rows go some time after their end, a bounded number at a time, of the own authority, and nothing else."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from samsyn.access.rules import Purpose, Way
from samsyn.access.service import new_token
from samsyn.access.service.sessions import open_session
from samsyn.access.service.tidying import TIDY, tidy
from samsyn.core.errors import NotAllowedError
from samsyn.core.outbox import emit
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn_workers import tidying
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.factories import Office, Town

LONG_AGO = datetime.now(UTC) - timedelta(days=60)


def fill(town: Town, cluster: Cluster, database: str) -> None:
    """Old and new rows of two authorities."""
    for office in (town.tobacco, town.police):
        for _ in range(2):
            with unit_of_work(town.inspector(office)) as uow:
                open_session(uow, Way.PASSWORD)
                new_token(uow, Purpose.API, uow.person)
                key = {"a": uow.me, "p": uow.person, "k": uuid4().hex}
                uow.session.execute(
                    text("INSERT INTO idempotency_key VALUES (:a, :p, :k, 'x', '{}', now())").bindparams(**key)
                )
    with as_owner(cluster, database) as db:
        ids = {"a": [town.tobacco.id, town.police.id], "then": LONG_AGO}
        db.execute(
            text(
                "UPDATE token SET expires_at = :then WHERE hash IN (SELECT DISTINCT ON (person_id) hash FROM token"
                " WHERE authority_id = ANY(:a) AND purpose = 'session')"
            ),
            ids,
        )
        db.execute(
            text(
                "UPDATE idempotency_key SET at = :then WHERE key IN (SELECT DISTINCT ON (person_id) key"
                " FROM idempotency_key WHERE authority_id = ANY(:a))"
            ),
            ids,
        )
        db.execute(
            text(
                "INSERT INTO outbox (id, task, acts_for_id, made_by_id, subject_id, state, attempts, next_at)"
                " SELECT gen_random_uuid(), 'x', a, a, a, s, 0, :then FROM unnest(CAST(:a AS uuid[])) a,"
                " unnest(ARRAY['done', 'dead']) s"
            ),
            ids,
        )
        db.execute(
            text(
                "INSERT INTO feed_mark (of_id, operation_id, at) SELECT a, gen_random_uuid(), t"
                " FROM unnest(CAST(:a AS uuid[])) a, unnest(ARRAY[:then, now()]) t"
            ),
            ids,
        )
        db.commit()


def left(cluster: Cluster, database: str, office: Office) -> tuple[int, int, int]:
    with as_owner(cluster, database) as db:
        a = {"a": office.id}
        return (
            db.scalar(text("SELECT count(*) FROM token WHERE authority_id = :a AND purpose = 'session'"), a) or 0,
            db.scalar(text("SELECT count(*) FROM idempotency_key WHERE authority_id = :a"), a) or 0,
            db.scalar(text("SELECT count(*) FROM outbox WHERE acts_for_id = :a AND task = 'x'"), a) or 0,
        )


def test_what_is_over_goes_and_what_is_of_use_or_another_authoritys_stays(
    town: Town, cluster: Cluster, database: str
) -> None:
    fill(town, cluster, database)
    assert left(cluster, database, town.tobacco) == (2, 2, 2)
    with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
        gone = tidy(uow)
    assert {name: n for name, n in gone.items() if name != "attempts"} == {
        **{"tokens": 1, "keys": 1, "queue": 1},
        **{"taken": 0, "invitations": 0, "deputies": 0, "bounces": 0, "late": 0, "marks": 1},
    }
    assert left(cluster, database, town.tobacco) == (1, 1, 1)
    assert left(cluster, database, town.police) == (2, 2, 2)
    with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
        assert not any(n for name, n in tidy(uow).items() if name != "attempts")


def test_a_run_is_bounded(town: Town, cluster: Cluster, database: str) -> None:
    fill(town, cluster, database)
    with as_owner(cluster, database) as db:
        db.execute(text("UPDATE idempotency_key SET at = :then WHERE authority_id = :a"), {
            "then": LONG_AGO, "a": town.tobacco.id,
        })  # fmt: skip
        db.commit()
    with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
        assert tidy(uow, 1)["keys"] == 1
        assert tidy(uow, 1)["keys"] == 1
        assert tidy(uow, 1)["keys"] == 0


def test_no_person_clears_anything_and_a_sign_in_asks_for_it_once(town: Town) -> None:
    with unit_of_work(town.planner(town.tobacco)) as uow, pytest.raises(NotAllowedError):
        tidy(uow)
    for _ in range(3):
        with unit_of_work(town.inspector(town.tobacco)) as uow:
            open_session(uow, Way.PASSWORD)
    with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
        asked = text("SELECT subject_id FROM outbox WHERE task = :t AND state = 'due'")
        assert list(uow.session.scalars(asked, {"t": TIDY})) == [UUID(str(town.tobacco.id))]


def test_invitations_and_deputies_go_ninety_days_after_they_are_over(
    town: Town, cluster: Cluster, database: str
) -> None:
    """Taken, taken back or left: all go; one day earlier none does, another authority's neither, and no person may."""
    mine = {"t": town.tobacco.id, "o": town.police.id}
    offered = text(
        "INSERT INTO invitation (id, hash, edition, authority_id, unit_id, address, roles, language, invited_by_id,"
        " invited_by, created_at, expires_at) SELECT gen_random_uuid(), gen_random_uuid()::text, 1, :a, :u,"
        " 'x@y.example', '[]', 'sv', :p, 'A', now(), now() - make_interval(days => d)"
        " FROM unnest(ARRAY[91, 91, 89]) d RETURNING id"
    )
    stood_in = text(
        "INSERT INTO deputy (id, authority_id, person_id, deputy_id, from_on, until_on, named_by_id, named_at,"
        " ended_at) SELECT gen_random_uuid(), :a, :p, :i, current_date - d, current_date - d + 3, :p, now(),"
        " CASE WHEN d = 94 THEN now() - interval '93 days' END FROM unnest(ARRAY[94, 95, 91]) d"
    )
    with as_owner(cluster, database) as db:
        for office in (town.tobacco, town.police):
            who = {"a": office.id, "p": office.planner, "i": office.inspectors[0]}
            first = db.scalars(offered, {**who, "u": office.unit}).all()[0]
            db.execute(text("INSERT INTO invitation_acceptance VALUES (:v, :a, :p, now())"), {**who, "v": first})
            db.execute(stood_in, who)
        db.commit()
    for table in ("invitation_acceptance", "invitation", "deputy"):
        with unit_of_work(town.planner(town.tobacco)) as uow:
            gone = uow.session.execute(text(f"DELETE FROM {table}"))
            assert getattr(gone, "rowcount", None) == 0
    with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
        cleared = tidy(uow)
        assert (cleared["taken"], cleared["invitations"], cleared["deputies"]) == (1, 2, 2)
    with as_owner(cluster, database) as db:
        for table, n in (("invitation_acceptance", 0), ("invitation", 1), ("deputy", 1)):
            count = text(f"SELECT count(*) FROM {table} WHERE authority_id = :t")
            assert db.scalar(count, mine) == n, table
        assert db.scalar(text("SELECT count(*) FROM deputy WHERE authority_id = :o"), mine) == 3


def test_mail_that_told_of_a_bounce_goes_after_its_days_and_no_other_mail(
    town: Town, cluster: Cluster, database: str
) -> None:
    """R19: what a person answered, or has to look at, is a record; that a letter bounced stands at the letter."""
    row = text("""
        INSERT INTO inbound (id, authority_id, message_hash, size, decision, reason, at)
        VALUES (gen_random_uuid(), :a, gen_random_uuid()::text, 1, :decision, :reason,
                now() - make_interval(days => :d))""")
    kept = [("logged", "bounce", 89), ("logged", "duplicate", 400), ("queue", "bounce", 400), ("applied", "", 400)]
    with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
        for decision, reason, days in (*kept, ("logged", "bounce", 91), ("logged", "no_bounce", 91)):
            values = {"a": town.tobacco.id, "decision": decision, "reason": reason, "d": days}
            uow.session.execute(row, values)
    with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
        assert tidy(uow)["bounces"] == 2
        left_over = uow.session.execute(text("SELECT decision, reason FROM inbound")).all()
    assert sorted((one.decision, one.reason) for one in left_over) == sorted((d, r) for d, r, _ in kept)
    with unit_of_work(town.planner(town.tobacco)) as uow:  # by the worker alone
        gone = uow.session.execute(text("DELETE FROM inbound WHERE reason = 'bounce' RETURNING id")).all()
    assert gone == []


def test_a_photo_that_never_came_whole_goes_with_the_tidying(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where nobody begins another one."""
    monkeypatch.setattr(tidying, "load_settings", lambda: SimpleNamespace(data_dir=tmp_path))
    place = tmp_path / "uploads" / "person" / "photo"
    place.mkdir(parents=True)
    os.utime(place, (LONG_AGO.timestamp(), LONG_AGO.timestamp()))
    with unit_of_work(town.inspector(town.tobacco)) as uow:
        emit(uow, TIDY, uow.me, acts_for=uow.me)
    tidying.clear(acts_for=str(town.tobacco.id))
    assert not place.exists()
