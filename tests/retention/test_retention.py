"""Retention (R19): nothing without a decision, nothing under a hold, by the own worker, with a protocol that stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import settings as seeds
from hypothesis import strategies as st
from sqlalchemy import text

from samsyn.core.errors import ConflictError, GateClosedError, NotAllowedError, NotFoundError
from samsyn.core.settings import Settings
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.operations.rules import OperationState
from samsyn.records.gathering import About
from samsyn.retention.queries import get_run, list_holds, preview
from samsyn.retention.rules import DataClass, Fault, Missing, NotTakenError, defaults
from samsyn.retention.service import Lift, Order, Place, SetRule, lift_hold, order_run, place_hold, set_rule, weed_chunk
from samsyn.retention.statement import remove_chunk
from samsyn_workers import retention as worker
from tests.audit.chain import chain_in
from tests.cluster import Cluster
from tests.core.owner import acting_in, as_owner
from tests.factories import START, Office, Town, make_town
from tests.records.desk import Desk, make_desk

LATER = START + timedelta(days=365 * 8)
"""The clock of who decides; the database's own stands in what the rows say."""
REF = "SN 2026 § 12"
Work = Callable[[Office], int]


def decider(office: Office) -> Viewer:
    return Viewer(office.id, office.planner, frozenset({"decider"}))


def registrar(office: Office) -> Viewer:
    return Viewer(office.id, office.planner, frozenset({"log_reviewer"}))


@pytest.fixture
def desk(town: Town, folder: Path, cluster: Cluster, database: str) -> Desk:
    return old(make_desk(town, folder), cluster, database)


def old(desk: Desk, cluster: Cluster, database: str) -> Desk:
    """Everything happened in 2015, and the operation is closed."""
    desk.add_picture(desk.town.tobacco)
    desk.add_picture(desk.town.environment)
    desk.scene.set_state(OperationState.CLOSED)
    with unit_of_work(desk.town.planner(desk.town.police)) as uow:
        when = "'2015-06-01 18:00+02'"
        uow.session.execute(
            text(
                f"UPDATE visit SET starts_at = '2015-06-01 17:00+02', ends_at = {when}, ended_at = {when} WHERE id = :v"
            ),
            {"v": desk.scene.visit},
        )
    with as_owner(cluster, database) as db:
        for table in ("finding", "evidence"):
            db.execute(text(f"UPDATE {table} SET written_at = {when} WHERE visit_id = :v"), {"v": desk.scene.visit})
        db.commit()
    return desk


def decide(office: Office, data_class: DataClass, years: int = 0) -> None:
    with unit_of_work(decider(office)) as uow:
        set_rule(uow, SetRule(data_class, preserve=False, years=years, decision_ref=REF, decided_on=None))


def ordered(office: Office, data_class: DataClass) -> UUID:
    with unit_of_work(decider(office), LATER) as uow:
        return order_run(uow, Order(uuid4(), data_class))


def count(office: Office, table: str) -> int:
    with unit_of_work(Viewer.task_of(office.id)) as uow:
        return uow.session.scalar(text(f"SELECT count(*) FROM {table}")) or 0


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Work:
    monkeypatch.setattr(worker, "load_settings", lambda: Settings(
        database_url="postgresql://x", redis_url="redis://x", smtp_url="smtp://x", data_dir=folder,
    ))  # fmt: skip
    return lambda office: int(worker.weed(acts_for=str(office.id)))


def test_what_every_authority_begins_with_removes_nothing(town: Town, desk: Desk) -> None:
    assert set(defaults()) == set(DataClass)
    assert not any(rule.removes for rule in defaults().values())
    with unit_of_work(registrar(town.tobacco), LATER) as uow:
        assert {card.due for card in preview(uow)} == {0}
    with pytest.raises(GateClosedError) as gate:
        ordered(town.tobacco, DataClass.FINDINGS)
    assert gate.value.missing == (Missing.NO_RULE,)


def test_a_rule_that_removes_needs_the_reference_of_a_decision_and_who_decides(town: Town) -> None:
    with unit_of_work(decider(town.tobacco)) as uow, pytest.raises(NotTakenError, match=Fault.REFERENCE_NEEDED):
        set_rule(uow, SetRule(DataClass.FINDINGS, preserve=False, years=5, decision_ref=" ", decided_on=None))
    with unit_of_work(registrar(town.tobacco)) as uow, pytest.raises(NotAllowedError):
        set_rule(uow, SetRule(DataClass.FINDINGS, preserve=False, years=5, decision_ref=REF, decided_on=None))


def test_the_worker_removes_what_is_due_of_its_own_and_the_protocol_stays(
    town: Town,
    desk: Desk,
    folder: Path,
    work: Work,
) -> None:
    decide(town.tobacco, DataClass.PICTURES)
    decide(town.tobacco, DataClass.FINDINGS)
    files = {path for path in (folder / "evidence").rglob("*") if path.is_file()}
    with unit_of_work(registrar(town.tobacco), LATER) as uow:
        due = {card.rule.data_class: card.due for card in preview(uow)}
    assert (due[DataClass.PICTURES], due[DataClass.FINDINGS]) == (1, 0), "the finding waits for its picture"
    run = ordered(town.tobacco, DataClass.PICTURES)
    assert work(town.tobacco) >= 1
    assert count(town.tobacco, "evidence") == 0
    assert count(town.environment, "evidence") == 1
    assert len({path for path in (folder / "evidence").rglob("*") if path.is_file()}) == len(files) - 1
    with unit_of_work(registrar(town.tobacco)) as uow:
        told = get_run(uow, run)
    assert (told.removed, len(told.objects), told.decision_ref) == (1, 1, REF)
    assert told.finished_at is not None
    ordered(town.tobacco, DataClass.FINDINGS)
    work(town.tobacco)
    assert count(town.tobacco, "finding") == 0
    assert all(count(office, "finding") == 1 for office in (town.police, town.environment, town.health))
    with unit_of_work(town.planner(town.tobacco)) as uow:
        lines = uow.session.scalars(
            text("SELECT action FROM audit WHERE action IN ('finding.write', 'retention.remove')")
        )
        assert sorted(set(lines)) == ["finding.write", "retention.remove"]
    with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
        changed = uow.session.execute(text("UPDATE retention_run SET removed = 0"))
        assert changed.rowcount == 0, "a finished protocol is closed"  # type: ignore[attr-defined]


def test_the_chain_of_the_log_holds_after_a_removal(cluster: Cluster, folder: Path, work: Work) -> None:
    name = cluster.create()
    cluster.migrate(name)
    with acting_in(cluster, name), chain_in(cluster, name, folder) as chain:
        town = make_town()
        old(make_desk(town, folder), cluster, name)
        before = chain.seal()
        decide(town.tobacco, DataClass.PICTURES)
        ordered(town.tobacco, DataClass.PICTURES)
        assert work(town.tobacco)
        assert count(town.tobacco, "evidence") == 0
        assert before > 0
        assert chain.seal() > 0
        assert chain.verify().good


def test_a_second_run_of_the_task_does_nothing_more(town: Town, desk: Desk, work: Work) -> None:
    decide(town.tobacco, DataClass.PICTURES)
    run = ordered(town.tobacco, DataClass.PICTURES)
    work(town.tobacco)
    with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
        assert weed_chunk(uow, run) == 0
    assert work(town.tobacco) == 0


@pytest.mark.parametrize("what", ["business", "operation", "everything"])
def test_a_hold_stops_it_until_it_is_lifted_with_a_reason(
    town: Town,
    desk: Desk,
    what: str,
    work: Work,
) -> None:
    of: dict[str, dict[str, UUID]] = {
        "business": {"business_id": town.businesses[0]},
        "operation": {"operation_id": desk.scene.operation},
    }
    decide(town.tobacco, DataClass.PICTURES)
    run = ordered(town.tobacco, DataClass.PICTURES)
    with unit_of_work(registrar(town.tobacco)) as uow:
        hold = place_hold(uow, Place("Överklagat", **of.get(what, {})))
    work(town.tobacco)
    assert count(town.tobacco, "evidence") == 1
    with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
        assert get_run(uow, run).removed == 0
        bare = uow.session.execute(text("DELETE FROM evidence"))  # whatever the code forgets
        assert bare.rowcount == 0  # type: ignore[attr-defined]
    with unit_of_work(registrar(town.tobacco)) as uow, pytest.raises(NotAllowedError):
        lift_hold(uow, Lift(hold, "Klart"))
    with unit_of_work(decider(town.tobacco)) as uow:
        lift_hold(uow, Lift(hold, "Domen har vunnit laga kraft"))
    with unit_of_work(decider(town.tobacco)) as uow, pytest.raises(ConflictError):
        lift_hold(uow, Lift(hold, "igen"))
    ordered(town.tobacco, DataClass.PICTURES)
    work(town.tobacco)
    assert count(town.tobacco, "evidence") == 0


def test_a_records_request_holds_what_it_is_about_by_itself(town: Town, desk: Desk, work: Work) -> None:
    decide(town.tobacco, DataClass.PICTURES)
    request = desk.enter(About(town.businesses[0]))
    with unit_of_work(registrar(town.tobacco)) as uow:
        assert [hold.request_id for hold in list_holds(uow)] == [request]
    with pytest.raises(GateClosedError) as gate:
        ordered(town.tobacco, DataClass.PICTURES)
    assert gate.value.missing == (Missing.NOTHING_DUE,)


def test_a_hold_of_another_authority_holds_nothing_here(town: Town, desk: Desk, work: Work) -> None:
    with unit_of_work(registrar(town.environment)) as uow:
        place_hold(uow, Place("Allt"))
    decide(town.tobacco, DataClass.PICTURES)
    ordered(town.tobacco, DataClass.PICTURES)
    work(town.tobacco)
    assert (count(town.tobacco, "evidence"), count(town.environment, "evidence")) == (0, 1)


def test_nothing_goes_while_the_operation_is_open_or_the_years_have_not_passed(town: Town, desk: Desk) -> None:
    decide(town.tobacco, DataClass.PICTURES, years=100)
    with pytest.raises(GateClosedError):
        ordered(town.tobacco, DataClass.PICTURES)
    decide(town.tobacco, DataClass.PICTURES)
    desk.scene.set_state(OperationState.REPORTED)
    with pytest.raises(GateClosedError) as gate:
        ordered(town.tobacco, DataClass.PICTURES)
    assert gate.value.missing == (Missing.NOTHING_DUE,)


def test_the_database_lets_no_person_and_no_code_without_a_rule_remove_anything(town: Town, desk: Desk) -> None:
    for viewer in (decider(town.tobacco), town.inspector(town.tobacco), Viewer.task_of(town.tobacco.id)):
        for table in ("finding", "evidence", "test_purchase", "rendering", "outcome", "result_letter"):
            with unit_of_work(viewer) as uow:
                assert uow.session.execute(text(f"DELETE FROM {table}")).rowcount == 0  # type: ignore[attr-defined]
    for table in ("audit", "disclosure", "records_request", "retention_run", "records_hold"):
        with pytest.raises(NotFoundError), unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
            uow.session.execute(text(f"DELETE FROM {table}"))


def test_a_rule_that_was_changed_after_the_order_stops_it(town: Town, desk: Desk) -> None:
    decide(town.tobacco, DataClass.PICTURES)
    run = ordered(town.tobacco, DataClass.PICTURES)
    decide(town.tobacco, DataClass.PICTURES, years=50)
    with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
        assert weed_chunk(uow, run) == 0


@seeds(max_examples=8, deadline=None)
@given(st.lists(st.sampled_from(["business", "other", "operation", "everything", "lift", "weed", "bare"]), max_size=8))
def test_a_hold_is_never_lost(
    cluster: Cluster, database: str, tmp_path_factory: pytest.TempPathFactory, acts: list[str]
) -> None:
    """Whatever is placed, lifted and tried in whatever order: under a hold that names it nothing goes."""
    town = make_town()
    desk = old(make_desk(town, tmp_path_factory.mktemp("holds")), cluster, database)
    office, holding = town.tobacco, dict[UUID, str]()
    decide(office, DataClass.PICTURES)
    of: dict[str, dict[str, UUID]] = {
        "business": {"business_id": town.businesses[0]},
        "other": {"business_id": town.businesses[1]},
        "operation": {"operation_id": desk.scene.operation},
        "everything": {},
    }
    for act in acts:
        there = count(office, "evidence")
        held = any(what != "other" for what in holding.values())
        if act in of:
            with unit_of_work(registrar(office)) as uow:
                holding[place_hold(uow, Place("Ärende", **of[act]))] = act
        elif act == "lift" and holding:
            hold = next(iter(holding))
            with unit_of_work(decider(office)) as uow:
                lift_hold(uow, Lift(hold, "Klart"))
            del holding[hold]
        else:
            with unit_of_work(Viewer.task_of(office.id)) as uow:
                statement = remove_chunk(DataClass.PICTURES) if act == "weed" else text("DELETE FROM evidence")
                uow.session.execute(statement, {"last": 2020, "most": 10} if act == "weed" else {})
            assert count(office, "evidence") == (there if held else 0)
