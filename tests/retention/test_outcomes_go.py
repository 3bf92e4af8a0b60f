"""Outcomes and letters go by the authority's own decision (R19): each with its versions, and with what is of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from samsyn.core.errors import GateClosedError
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.retention.queries import preview
from samsyn.retention.rules import DataClass, Missing
from samsyn.retention.service import Lift, Place, lift_hold, place_hold
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.factories import Town
from tests.records.desk import Desk, make_desk
from tests.records.test_aftermath import leave_traces
from tests.retention import test_retention
from tests.retention.test_retention import LATER, Work, count, decide, decider, old, ordered, registrar

work = test_retention.work
THEN = "'2016-02-01 12:00+01'"
"""The last word came the year after the visit."""


@pytest.fixture
def desk(town: Town, folder: Path, cluster: Cluster, database: str) -> Desk:
    made = make_desk(town, folder)
    for office in (town.tobacco, town.environment):
        leave_traces(made, office)
    old(made, cluster, database)
    with as_owner(cluster, database) as db:
        for table in ("outcome", "result_letter", "follow_up"):
            db.execute(text(f"UPDATE {table} SET written_at = {THEN} WHERE visit_id = :v"), {"v": made.scene.visit})
        of_outcome = (
            "UPDATE follow_up f SET finding_id = NULL, finding_version = NULL, outcome_id = o.outcome_id,"
            " outcome_version = o.version FROM outcome o WHERE o.part_id = f.part_id AND o.version = 2"
            " AND f.visit_id = :v"
        )
        db.execute(text(of_outcome), {"v": made.scene.visit})
        db.commit()
    return made


def finish(cluster: Cluster, database: str, desk: Desk) -> None:
    with as_owner(cluster, database) as db:
        db.execute(text("UPDATE follow_up SET state = 'done' WHERE visit_id = :v"), {"v": desk.scene.visit})
        db.commit()


def test_an_outcome_goes_with_all_its_versions_and_what_is_of_it_once_nobody_sees_to_it_any_more(
    town: Town, desk: Desk, work: Work, cluster: Cluster, database: str
) -> None:
    decide(town.tobacco, DataClass.OUTCOMES)
    with unit_of_work(registrar(town.tobacco), LATER) as uow:
        [card] = [one for one in preview(uow) if one.rule.data_class is DataClass.OUTCOMES]
    assert [(one.year, one.n) for one in card.years] == [(2016, 2)], "counted from the last word on it"
    ordered(town.tobacco, DataClass.OUTCOMES)
    assert work(town.tobacco) >= 1
    assert count(town.tobacco, "outcome") == 2, "its follow-up is open"
    finish(cluster, database, desk)
    ordered(town.tobacco, DataClass.OUTCOMES)
    work(town.tobacco)
    for table in ("outcome", "outcome_finding", "follow_up"):
        assert count(town.tobacco, table) == 0, table
        assert count(town.environment, table) > 0, table
    assert count(town.tobacco, "finding") == 1, "what it rested on stands"
    assert count(town.tobacco, "result_letter") == 1


def test_a_letter_goes_by_a_rule_of_its_own_and_under_no_hold(town: Town, desk: Desk, work: Work) -> None:
    decide(town.tobacco, DataClass.LETTERS)
    with unit_of_work(registrar(town.tobacco)) as uow:
        hold = place_hold(uow, Place("Överklagat", operation_id=desk.scene.operation))
    with pytest.raises(GateClosedError) as gate:
        ordered(town.tobacco, DataClass.LETTERS)
    assert gate.value.missing == (Missing.NOTHING_DUE,)
    with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
        for table in ("outcome", "result_letter"):
            assert uow.session.execute(text(f"DELETE FROM {table}")).rowcount == 0  # type: ignore[attr-defined]
    with unit_of_work(decider(town.tobacco)) as uow:
        lift_hold(uow, Lift(hold, "Domen har vunnit laga kraft"))
    ordered(town.tobacco, DataClass.LETTERS)
    work(town.tobacco)
    assert (count(town.tobacco, "result_letter"), count(town.environment, "result_letter")) == (0, 1)
    assert count(town.tobacco, "outcome") == 2


def test_what_everybody_may_read_is_kept_by_the_database_too(
    town: Town, desk: Desk, cluster: Cluster, database: str
) -> None:
    """Whatever the code forgets: gone, it could be decided again with other numbers (R15)."""
    decide(town.tobacco, DataClass.DOCUMENTS)
    made = {"op": desk.scene.operation, "reader": town.tobacco.id, "person": town.tobacco.planner}
    with as_owner(cluster, database) as db:
        for basis in ("PUBLIC", "OWN"):
            row = made | {"id": uuid4(), "basis": basis}
            db.execute(
                text(
                    "INSERT INTO rendering (id, reader_id, operation_id, person_id, format, digest, recipient, basis,"
                    " body, at) VALUES (:id, :reader, :op, :person, 'pdf', 'x', '*', :basis, '', now() - interval '9y')"
                ),
                row,
            )
        db.commit()
    with unit_of_work(Viewer.task_of(town.tobacco.id), LATER + timedelta(days=1)) as uow:
        uow.session.execute(text("DELETE FROM rendering"))
    with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
        assert list(uow.session.scalars(text("SELECT basis FROM rendering"))) == ["PUBLIC"]
