"""A unit of work acts as its viewer alone, ends as nobody, and says refusals without saying what was written."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Barrier, Thread
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from samsyn.access.models import Staff, StaffAddress
from samsyn.authorities.models import Authority, Unit
from samsyn.authorities.rules import AuthorityKind, Field
from samsyn.authorities.service import AddUnit, add_unit
from samsyn.core.database import SessionFactory, bind, make_engine, refuse_strong_role
from samsyn.core.errors import ChangedMeanwhileError, ConflictError, NotFoundError, SamsynError
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.operations.models import Operation
from samsyn.operations.service import ProposeOperation, propose_operation
from tests.cluster import Cluster
from tests.core.owner import acting_in
from tests.factories import START, Town, hours
from tests.secrecy.surfaces import tables

WHO = text(
    "SELECT coalesce(nullif(current_setting('app.authority', true), ''), 'nobody'),"
    " coalesce(nullif(current_setting('app.roles', true), ''), 'none')"
)


def who(session: Session) -> tuple[str, str]:
    return tuple(session.execute(WHO).one())


def test_nobody_sees_nothing_but_the_installation_and_the_revision(town: Town) -> None:
    for viewer in (Viewer(), Viewer.presenting("0" * 64), Viewer(None, uuid4(), frozenset({"planner", "task"}))):
        seen = set()
        for table in tables(viewer):
            with unit_of_work(viewer) as uow:
                if uow.session.scalar(text(f"SELECT count(*) FROM {table}")):
                    seen.add(table)
        # What is over of these is a digest without a person, which whoever comes next tidies away.
        assert seen - {"attempt", "challenge"} == {"alembic_version", "installation"}
        with unit_of_work(viewer) as uow, pytest.raises(NotFoundError):
            _ = uow.me


def test_the_next_user_of_a_pooled_connection_is_nobody(town: Town, cluster: Cluster, database: str) -> None:
    with acting_in(cluster, database, connections=1):
        with unit_of_work(town.planner(town.police)) as uow:
            pid = uow.session.scalar(text("SELECT pg_backend_pid()"))
            assert who(uow.session)[0] == str(town.police.id)
        with pytest.raises(RuntimeError), unit_of_work(town.planner(town.police)) as uow:
            raise RuntimeError
        engine = SessionFactory.kw["bind"]
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT pg_backend_pid()")) == pid
            assert tuple(connection.execute(WHO).one()) == ("nobody", "none")
            assert connection.scalar(text("SELECT count(*) FROM unit")) == 0


def test_a_failed_block_leaves_nothing_behind(town: Town) -> None:
    admin = town.planner(town.police)
    with pytest.raises(RuntimeError):
        add_and_fail(admin)
    with unit_of_work(admin) as uow:
        assert uow.session.scalar(text("SELECT count(*) FROM unit WHERE name = 'Halvfärdig'")) == 0


def add_and_fail(admin: Viewer) -> None:
    with unit_of_work(admin) as uow:
        add_unit(uow, AddUnit("Halvfärdig", Field.OTHER))
        raise RuntimeError


def test_the_identity_outlives_a_savepoint_and_a_rollback(town: Town) -> None:
    me = (str(town.police.id), "decider,log_reviewer,planner,unit_admin")
    with unit_of_work(town.planner(town.police)) as uow:
        with uow.session.begin_nested():
            assert who(uow.session) == me
        assert who(uow.session) == me
        with pytest.raises(DBAPIError), uow.session.begin_nested():
            uow.session.execute(text("SELECT 1/0"))
        assert who(uow.session) == me
    with SessionFactory(info={"viewer": town.planner(town.police)}) as session:
        assert who(session) == me
        session.rollback()
        assert who(session) == me


def test_two_units_of_work_side_by_side_keep_apart(town: Town) -> None:
    with unit_of_work(town.planner(town.police)) as one, unit_of_work(town.planner(town.health)) as two:
        assert (who(one.session)[0], who(two.session)[0]) == (str(town.police.id), str(town.health.id))


def taken_name(uow: Session, town: Town, marker: str) -> None:
    for _ in range(2):
        uow.execute(insert(Unit).values(id=uuid4(), authority_id=town.police.id, field=Field.OTHER, name=marker))


def booked_twice(uow: Session, town: Town, marker: str) -> None:
    person, authority = town.police.inspectors[0], town.police.id
    for _ in range(2):
        uow.execute(
            text(
                "INSERT INTO booking (id, person_id, authority_id, during, state)"
                " VALUES (gen_random_uuid(), :p, :a, tstzrange('2031-01-01', '2031-01-02'), 'accepted')"
            ),
            {"p": person, "a": authority},
        )


def not_mine(uow: Session, town: Town, marker: str) -> None:
    uow.execute(insert(Unit).values(id=uuid4(), authority_id=town.health.id, field=Field.OTHER, name=marker))


def no_parent(uow: Session, town: Town, marker: str) -> None:
    uow.execute(
        insert(StaffAddress).values(
            staff_id=uuid4(), person_id=uuid4(), authority_id=town.police.id, address=marker, language="sv"
        )
    )


def never_granted(uow: Session, town: Town, marker: str) -> None:
    uow.execute(text("DELETE FROM unit"))


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (taken_name, ConflictError),
        (booked_twice, ConflictError),
        (not_mine, NotFoundError),
        (no_parent, NotFoundError),
        (never_granted, NotFoundError),
    ],
)
def test_the_databases_refusals_become_ours_and_carry_no_value(
    town: Town, fault: Callable[[Session, Town, str], None], error: type[SamsynError]
) -> None:
    marker = f"canary{uuid4().hex}"
    with pytest.raises(error) as refused, unit_of_work(town.planner(town.police)) as uow:
        fault(uow.session, town, marker)
    told = chain(refused.value)
    assert marker not in told
    assert str(town.police.inspectors[0]) not in told


def bad_check(uow: Session, town: Town, marker: str) -> None:
    uow.execute(
        text(
            "INSERT INTO tally (authority_id, collaboration_id, quarter, measure, dimension, n)"
            " VALUES (:a, :c, :m, :m, :m, -1)"
        ),
        {"a": town.police.id, "c": town.collaboration, "m": marker},
    )


def no_value(uow: Session, town: Town, marker: str) -> None:
    uow.execute(
        text("INSERT INTO unit (id, authority_id, field, name) VALUES (gen_random_uuid(), :a, NULL, :m)"),
        {"a": town.police.id, "m": marker},
    )


def too_long(uow: Session, town: Town, marker: str) -> None:
    uow.execute(
        text("INSERT INTO unit (id, authority_id, field, name) VALUES (gen_random_uuid(), :a, :m, :m)"),
        {"a": town.police.id, "m": marker * 3},
    )


def not_in_the_list(uow: Session, town: Town, marker: str) -> None:
    uow.execute(
        text("INSERT INTO unit (id, authority_id, field, name) VALUES (gen_random_uuid(), :a, 'x', :m)"),
        {"a": town.police.id, "m": marker},
    )


@pytest.mark.parametrize("fault", [bad_check, no_value, too_long, not_in_the_list])
def test_an_unexpected_error_of_the_database_carries_no_value_either(
    town: Town, fault: Callable[[Session, Town, str], None], caplog: pytest.LogCaptureFixture
) -> None:
    marker = f"canary{uuid4().hex}"
    caplog.set_level(logging.DEBUG)
    with pytest.raises(DBAPIError) as raised, unit_of_work(town.planner(town.police)) as uow:
        fault(uow.session, town, marker)
    assert marker not in chain(raised.value)
    assert marker not in caplog.text


def chain(error: BaseException | None) -> str:
    """All that a log could print of an error and its causes."""
    said = []
    while error is not None:
        said += [str(error), repr(error), repr(error.args)]
        error = error.__cause__ or error.__context__
    return " ".join(said)


def test_a_row_that_somebody_changed_meanwhile_is_not_overwritten(town: Town) -> None:
    planner = town.planner(town.police)
    with unit_of_work(planner) as uow:
        operation = propose_operation(uow, ProposeOperation(town.collaboration, START, START + hours(1)))
    with pytest.raises(ChangedMeanwhileError):
        change_late(planner, operation)
    with unit_of_work(planner) as uow:
        stands = uow.session.get_one(Operation, operation)
        assert (stands.meeting_place, stands.version) == ("snabbast", 2)


def change_late(planner: Viewer, operation: UUID) -> None:
    with unit_of_work(planner) as slow:
        row = slow.session.get_one(Operation, operation)
        with unit_of_work(planner) as fast:
            fast.session.get_one(Operation, operation).meeting_place = "snabbast"
        row.meeting_place = "för sent"


def test_a_deadlock_is_a_conflict_and_one_of_the_two_succeeds(town: Town) -> None:
    """What PostgreSQL may answer instead of 23P01 when two hold the same person at once."""
    admin = town.planner(town.police)
    with unit_of_work(admin) as uow:
        units = [add_unit(uow, AddUnit(f"Lås {n}", Field.OTHER)) for n in (1, 2)]
    ended: list[str] = []
    gate = Barrier(2)

    def both(first: UUID, second: UUID) -> None:
        def lock(session: Session, unit: UUID) -> None:
            session.execute(update(Unit).where(Unit.id == unit).values(field=Field.TAX))

        try:
            with unit_of_work(admin) as uow:
                lock(uow.session, first)
                gate.wait()
                lock(uow.session, second)
            ended.append("done")
        except ConflictError:
            ended.append("conflict")

    pair = [Thread(target=both, args=order) for order in (units, units[::-1])]
    for thread in pair:
        thread.start()
    for thread in pair:
        thread.join(20)
    assert sorted(ended) == ["conflict", "done"]


def test_hidden_and_absent_are_one_answer_for_a_write(town: Town) -> None:
    said = set()
    for unit in (town.health.unit, uuid4()):
        mine = Staff.person_id == town.police.planner, Staff.authority_id == town.police.id
        with pytest.raises(NotFoundError) as refused, unit_of_work(town.planner(town.police)) as uow:
            uow.session.execute(update(Staff).where(*mine).values(unit_id=unit))
        said.add(str(refused.value))
    assert len(said) == 1


def test_a_name_that_another_authority_has_is_a_conflict_without_saying_whose(town: Town) -> None:
    viewer = Viewer(uuid4(), None, frozenset({"unit_admin"}))
    with pytest.raises(ConflictError) as refused, unit_of_work(viewer) as uow:
        uow.session.execute(
            insert(Authority).values(
                id=uow.me, name=town.police.name, authority_kind=AuthorityKind.BOARD, spanning=False
            )
        )
    assert town.police.name not in chain(refused.value)


@pytest.mark.parametrize(
    ("role", "refused"),
    [("samsyn_app", False), ("samsyn_relay", False), ("samsyn_sealer", False), ("samsyn_backup", True)],
)
def test_the_application_refuses_to_start_with_a_role_that_sees_past_the_policies(
    cluster: Cluster, database: str, role: str, refused: bool
) -> None:
    engine = make_engine(cluster.url(role, database))
    try:
        if refused:
            with pytest.raises(RuntimeError, match="samsyn_app"):
                refuse_strong_role(engine)
        else:
            refuse_strong_role(engine)
    finally:
        engine.dispose()


def test_every_wait_on_the_database_ends(town: Town) -> None:
    shown = text("SELECT name, setting FROM pg_settings WHERE name LIKE '%timeout' AND setting <> '0'")
    with unit_of_work(town.planner(town.police)) as uow:
        limits = {row.name: int(row.setting) for row in uow.session.execute(shown)}
    assert limits["statement_timeout"] == 15_000
    assert limits["lock_timeout"] == 5_000
    assert limits["idle_in_transaction_session_timeout"] == 30_000


def test_binding_again_moves_this_process_to_another_engine(cluster: Cluster, database: str) -> None:
    before = SessionFactory.kw["bind"]
    other = make_engine(cluster.url("samsyn_app", database), pool_size=1)
    bind(other)
    try:
        with unit_of_work(Viewer()) as uow:
            assert uow.session.get_bind() is other
    finally:
        bind(before)
        other.dispose()
