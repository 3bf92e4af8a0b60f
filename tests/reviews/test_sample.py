"""The month's sample: drawn once, by chance that can be repeated, out of the own lines; ticked off with a note."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from samsyn.audit.queries import AuditFilter, list_audit
from samsyn.audit.service import record
from samsyn.core.errors import NotFoundError
from samsyn.core.home import local_day
from samsyn.core.paging import Seek
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.lifecycle.waiting.queries import waiting_for
from samsyn.reviews.queries import MonthLine, get_month, months, sample_of, to_review
from samsyn.reviews.rules import SAMPLING, NotTakenError, Verdict, first_of, month_before
from samsyn.reviews.service import TickOff, draw_month, tick_off
from tests.factories import Town

TODAY = local_day(datetime.now(UTC))
LAST = month_before(first_of(TODAY))
MIDDLE = datetime(LAST.year, LAST.month, 15, 12, tzinfo=UTC)


def did(viewer: Viewer, n: int, at: datetime = MIDDLE, action: str = "finding.read") -> None:
    with unit_of_work(viewer, at) as uow:
        for _ in range(n):
            record(uow, action, uuid4())


def draw(town: Town) -> int:
    with unit_of_work(town.planner(town.tobacco)) as uow:
        return draw_month(uow, LAST)


def stands(town: Town) -> MonthLine:
    with unit_of_work(town.planner(town.tobacco)) as uow:
        return next(one for one in months(uow) if one.month == LAST)


def ids(town: Town) -> list[UUID]:
    with unit_of_work(town.planner(town.tobacco)) as uow:
        return [one.audit_id for one in sample_of(uow, LAST)]


def test_a_sample_is_of_own_lines_of_people_in_that_month_and_can_be_drawn_again_by_its_seed(town: Town) -> None:
    did(town.inspector(town.tobacco), 60)
    did(town.inspector(town.police), 60)
    did(Viewer.task_of(town.tobacco.id), 60)
    did(town.inspector(town.tobacco), 5, MIDDLE + timedelta(days=31))
    assert draw(town) == SAMPLING.least
    line = stands(town)
    assert (line.drawn, line.of_lines, line.ticked) == (SAMPLING.least, 60, 0)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        between = AuditFilter(since=MIDDLE - timedelta(days=1), until=MIDDLE + timedelta(days=1))
        lines = [one.id for one in list_audit(uow, Seek(200), between).items if one.actor_person_id]
    seed = bytes.fromhex(line.seed)
    again = sorted(lines, key=lambda one: hashlib.sha256(seed + one.bytes).digest())
    assert ids(town) == again[: SAMPLING.least]


def test_what_a_command_did_in_somebodys_name_is_drawn_as_well(town: Town) -> None:
    """It names no person, as what the workers do names none."""
    who = town.inspector(town.tobacco)
    did(replace(who, by_command=True), 3, action="token.create")
    did(Viewer.task_of(town.tobacco.id), 3)
    draw(town)
    assert (stands(town).drawn, stands(town).of_lines) == (3, 3)


def test_what_was_drawn_stands(town: Town) -> None:
    did(town.inspector(town.tobacco), 40)
    draw(town)
    before = ids(town), stands(town).seed
    assert draw(town) == SAMPLING.least
    assert (ids(town), stands(town).seed) == before


def test_a_month_that_is_not_over_is_not_drawn(town: Town) -> None:
    did(town.inspector(town.tobacco), 3)
    with unit_of_work(town.planner(town.tobacco)) as uow, pytest.raises(NotFoundError):
        draw_month(uow, first_of(TODAY))


def test_each_line_is_ticked_off_with_a_note_and_counted(town: Town) -> None:
    did(town.inspector(town.tobacco), 2)
    draw(town)
    first, second = ids(town)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        tick_off(uow, TickOff(first, Verdict.IN_ORDER))
        with pytest.raises(NotTakenError):
            tick_off(uow, TickOff(second, Verdict.LOOK_CLOSER))
        with pytest.raises(NotTakenError):
            tick_off(uow, TickOff(second, Verdict.LOOK_CLOSER, "19121212-1212"))
        tick_off(uow, TickOff(second, Verdict.LOOK_CLOSER, "varför på natten?"))
        assert [one.note for one in sample_of(uow, LAST)] == [None, "varför på natten?"]
        said = [one.reason for one in list_audit(uow, Seek(9), AuditFilter(action="sample.tick")).items]
        assert sorted(map(str, said)) == ["in_order", "look_closer"]
    line = stands(town)
    assert (line.ticked, line.closer, line.done) == (2, 1, True)


def test_nobody_else_sees_or_ticks_it(town: Town) -> None:
    did(town.inspector(town.tobacco), 2)
    draw(town)
    line = ids(town)[0]
    for viewer in (town.inspector(town.tobacco), town.planner(town.police), Viewer.task_of(town.tobacco.id)):
        with unit_of_work(viewer) as uow:
            assert sample_of(uow, LAST) == []
            for forbidden in (lambda: tick_off(uow, TickOff(line, Verdict.IN_ORDER)), lambda: get_month(uow, LAST)):
                with pytest.raises(NotFoundError):
                    forbidden()


def test_months_that_are_not_reviewed_wait_on_the_start_page(town: Town) -> None:
    did(town.inspector(town.tobacco), 1)
    viewer = town.planner(town.tobacco)
    with unit_of_work(viewer) as uow:
        assert [one.month for one in waiting_for(uow).review.months] == [LAST]
        assert waiting_for(uow).total == 1
    draw(town)
    with unit_of_work(viewer) as uow:
        tick_off(uow, TickOff(ids(town)[0], Verdict.IN_ORDER))
    with unit_of_work(viewer) as uow:
        assert to_review(uow).months == ()
    with unit_of_work(town.inspector(town.tobacco)) as uow:
        assert to_review(uow).total == 0


def test_a_month_without_lines_is_reviewed_by_drawing_it(town: Town) -> None:
    did(town.inspector(town.tobacco), 1, MIDDLE - timedelta(days=40))
    assert draw(town) == 0
    assert stands(town).done
