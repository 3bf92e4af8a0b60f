"""Remarks on the environment: who asks, who alone answers, what the mail never says; the picture in versions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from samsyn.authorities.rules import Field
from samsyn.authorities.service import AddUnit, add_unit
from samsyn.core.errors import ChangedMeanwhileError, ConflictError, InvalidError, NotAllowedError, NotFoundError
from samsyn.core.home import local_day
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.lifecycle.notices import tell_remark_answered, tell_remark_asked
from samsyn.places.queries.pictures import list_entries, versions_of
from samsyn.places.queries.remarks import RemarkFilter, get_remark, list_remarks
from samsyn.places.rules import RemarkKind, RemarkState, SignalSource
from samsyn.places.service import AddHotSpot, add_hot_spot
from samsyn.places.service.pictures import WriteEntry, add_entry, change_entry, withdraw_entry
from samsyn.places.service.remarks import AddRemark, AnswerRemark, add_remark, answer_remark, withdraw_remark
from samsyn.pledges.rules import ActivityKind
from samsyn.pledges.service import AddActivity, add_activity
from tests.factories import ADMIN, Town

TODAY = local_day(datetime.now(UTC))


def remark(town: Town, **said: object) -> AddRemark:
    plain = AddRemark(
        town.collaboration, town.environment.unit, RemarkKind.LIGHTING, "Bron", "Två lyktor är släckta.", TODAY
    )
    return replace(plain, **said)  # type: ignore[arg-type]


@pytest.fixture
def asked(town: Town) -> UUID:
    with unit_of_work(town.inspector(town.police)) as uow:
        return add_remark(uow, remark(town))


def answer(asked: UUID, state: RemarkState = RemarkState.PLANNED, version: int = 0, **said: object) -> AnswerRemark:
    return replace(AnswerRemark(asked, state, "Vi lagar dem.", None, version), **said)  # type: ignore[arg-type]


def test_the_asked_authority_alone_answers_and_every_member_reads(town: Town, asked: UUID) -> None:
    for office in (town.police, town.tobacco, town.environment):
        with unit_of_work(town.inspector(office)) as uow:
            one = get_remark(uow, asked)
            assert (one.state, one.unit_id, one.version) == (RemarkState.WAITING, town.environment.unit, 0)
    with pytest.raises(NotFoundError), unit_of_work(town.planner(town.outsider)) as uow:
        get_remark(uow, asked)
    for office in (town.police, town.tobacco, town.outsider):
        with pytest.raises(NotFoundError), unit_of_work(town.planner(office)) as uow:
            answer_remark(uow, answer(asked))
    with unit_of_work(town.inspector(town.environment)) as uow:
        answer_remark(uow, answer(asked))
    with pytest.raises(ChangedMeanwhileError), unit_of_work(town.planner(town.environment)) as uow:
        answer_remark(uow, answer(asked))
    done = answer(asked, RemarkState.DONE, 1, done_on=TODAY, text="")
    with unit_of_work(town.planner(town.environment)) as uow:
        answer_remark(uow, done)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        one = get_remark(uow, asked)
        assert (one.state, one.done_on, one.version, one.answer) == (RemarkState.DONE, TODAY, 2, "")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"state": RemarkState.WAITING}, "state"),
        ({"state": RemarkState.DONE}, "done_on"),
        ({"done_on": TODAY}, "done_on"),
        ({"state": RemarkState.DONE, "done_on": TODAY + timedelta(days=2)}, "done_on"),
        ({"state": RemarkState.DONE, "done_on": TODAY - timedelta(days=2)}, "done_on"),
        ({"state": RemarkState.DECLINED, "text": " "}, "text"),
        ({"text": "Ring 19121212-1212"}, "text"),
    ],
)
def test_what_is_no_answer_is_refused_by_field(town: Town, asked: UUID, said: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidError) as refused, unit_of_work(town.planner(town.environment)) as uow:
        answer_remark(uow, answer(asked, **said))  # type: ignore[arg-type]
    assert list(refused.value.fields) == [field]


def test_what_is_no_remark_is_refused(town: Town) -> None:
    with unit_of_work(town.planner(town.outsider)) as uow, pytest.raises(NotFoundError):
        add_remark(uow, remark(town))
    for said, field in (
        ({"text": ""}, "text"),
        ({"place": "hos 19121212-1212"}, "place"),
        ({"unit_id": town.outsider.unit}, "unit_id"),
        ({"unit_id": uuid4()}, "unit_id"),
        ({"due_on": TODAY - timedelta(days=1)}, "due_on"),
        ({"noticed_on": TODAY + timedelta(days=2), "due_on": TODAY + timedelta(days=9)}, "noticed_on"),
    ):
        with pytest.raises(InvalidError) as refused, unit_of_work(town.planner(town.police)) as uow:
            add_remark(uow, remark(town, **said))
        assert list(refused.value.fields) == [field]
    with pytest.raises(NotFoundError), unit_of_work(town.planner(town.police)) as uow:
        add_remark(uow, remark(town, activity_id=uuid4()))


def test_a_remark_of_a_walk_is_found_by_it_and_taken_back_before_an_answer(town: Town, asked: UUID) -> None:
    with unit_of_work(town.planner(town.police)) as uow:
        walk = add_activity(
            uow, AddActivity(town.collaboration, ActivityKind.SAFETY_WALK, TODAY, "Vandring", done=True)
        )
        mine = add_remark(uow, remark(town, activity_id=walk, kind=RemarkKind.GREENERY))
        assert [one.id for one in list_remarks(uow, RemarkFilter(activity_id=walk))] == [mine]
    with pytest.raises(NotFoundError), unit_of_work(town.planner(town.environment)) as uow:
        withdraw_remark(uow, mine)
    with unit_of_work(town.planner(town.police)) as uow:
        withdraw_remark(uow, mine)
        assert list_remarks(uow, RemarkFilter(activity_id=walk)) == []
    with unit_of_work(town.planner(town.environment)) as uow:
        answer_remark(uow, answer(asked))
    with pytest.raises(ConflictError), unit_of_work(town.planner(town.police)) as uow:
        withdraw_remark(uow, asked)


def test_what_is_to_be_done_comes_first_and_is_late_after_its_day(town: Town) -> None:
    planner = town.planner(town.police)
    with unit_of_work(planner) as uow:
        days = (40, 10, 50)
        keys = [
            add_remark(
                uow, remark(town, noticed_on=TODAY - timedelta(days=ago), due_on=TODAY - timedelta(days=ago - 30))
            )
            for ago in days
        ]
    with unit_of_work(town.planner(town.environment)) as uow:
        answer_remark(uow, answer(keys[2], RemarkState.DECLINED))
    with unit_of_work(planner) as uow:
        mine = [one for one in list_remarks(uow, RemarkFilter(from_id=town.police.id)) if one.id in keys]
        assert [one.id for one in mine] == [keys[0], keys[1], keys[2]]
        assert [one.overdue(TODAY) for one in mine] == [True, False, False]
        assert [one.age(TODAY) for one in mine] == [40, 10, 50]
        waiting = list_remarks(uow, RemarkFilter(to_id=town.environment.id, states=(RemarkState.DECLINED,)))
        assert [one.id for one in waiting] == [keys[2]]


def test_the_notices_say_that_something_waits_and_nothing_of_it(town: Town, asked: UUID) -> None:
    with unit_of_work(Viewer.task_of(town.environment.id)) as uow:
        tell_remark_asked(uow, asked)
        tell_remark_asked(uow, asked)
        tell_remark_answered(uow, asked)  # not theirs to hear
    with unit_of_work(town.planner(town.environment)) as uow:
        answer_remark(uow, answer(asked))
    with unit_of_work(Viewer.task_of(town.police.id)) as uow:
        tell_remark_answered(uow, asked)
        tell_remark_asked(uow, asked)
    said = text("SELECT notice_kind, code_word, operation_id, from_id FROM notice WHERE subject_id = :s")
    for office, kind in ((town.environment, "remark_asked"), (town.police, "remark_answered")):
        with unit_of_work(town.planner(office)) as uow:
            assert [tuple(row) for row in uow.session.execute(said, {"s": asked})] == [(kind, "", None, office.id)]


def test_who_mends_in_the_asked_unit_is_told_and_no_planner_of_another_unit(town: Town) -> None:
    office = town.environment
    with unit_of_work(Viewer(office.id, office.planner, ADMIN)) as uow:
        unit = add_unit(uow, AddUnit("Gata och park", Field.OTHER))
        seat = text("UPDATE staff SET unit_id = :u WHERE person_id = :p AND authority_id = me()")
        uow.session.execute(seat, {"u": unit, "p": office.inspectors[0]})
    with unit_of_work(town.planner(town.police)) as uow:
        asked = add_remark(uow, remark(town, unit_id=unit))
    said = text("SELECT person_id FROM notice WHERE subject_id = :s")
    with unit_of_work(Viewer.task_of(office.id)) as uow:
        tell_remark_asked(uow, asked)
        assert list(uow.session.scalars(said, {"s": asked})) == [office.inspectors[0]]


def test_of_a_remark_that_was_taken_back_nobody_is_told(town: Town, asked: UUID) -> None:
    """The worker comes a moment later: the row is done, not failed."""
    with unit_of_work(town.planner(town.police)) as uow:
        withdraw_remark(uow, asked)
    with unit_of_work(Viewer.task_of(town.environment.id)) as uow:
        tell_remark_asked(uow, asked)
    with unit_of_work(Viewer.task_of(town.police.id)) as uow:
        tell_remark_answered(uow, asked)
    for office in (town.environment, town.police):
        with unit_of_work(town.planner(office)) as uow:
            assert uow.session.scalar(text("SELECT count(*) FROM notice WHERE subject_id = :s"), {"s": asked}) == 0


def test_an_entry_stands_in_its_newest_version_and_every_version_stays(town: Town) -> None:
    with unit_of_work(town.planner(town.police)) as uow:
        spot = add_hot_spot(uow, AddHotSpot(town.collaboration, "Parken", ((59.3, 15.8),), TODAY, "Klagomål."))
        first = WriteEntry(TODAY, SignalSource.PUBLIC, "Oro efter mörkrets inbrott", hot_spot_id=spot)
        entry = add_entry(uow, first)
        older = add_entry(uow, replace(first, on_date=TODAY - timedelta(days=3), text="Skadegörelse"))
        assert [one.entry_id for one in list_entries(uow, hot_spot_id=spot)] == [entry, older]
    with unit_of_work(town.planner(town.tobacco)) as uow:
        change_entry(uow, entry, replace(first, text="Lugnare i veckan", hot_spot_id=None), 1)
        assert [one.text for one in versions_of(uow, entry)] == ["Lugnare i veckan", "Oro efter mörkrets inbrott"]
        assert [one.authority_id for one in versions_of(uow, entry)] == [town.tobacco.id, town.police.id]
    with pytest.raises(ChangedMeanwhileError), unit_of_work(town.planner(town.police)) as uow:
        withdraw_entry(uow, entry, 1)
    with unit_of_work(town.planner(town.police)) as uow:
        withdraw_entry(uow, entry, 2)
        assert [one.entry_id for one in list_entries(uow, hot_spot_id=spot)] == [older]
        assert len(versions_of(uow, entry)) == 3
    with unit_of_work(town.planner(town.outsider)) as uow:
        assert list_entries(uow) == []
        with pytest.raises(NotFoundError):
            versions_of(uow, entry)
    with pytest.raises(NotAllowedError), unit_of_work(town.inspector(town.police)) as uow:
        add_entry(uow, first)
    for said in ({"text": "Hos 19121212-1212"}, {"text": ""}, {"hot_spot_id": None}):
        with pytest.raises(InvalidError), unit_of_work(town.planner(town.police)) as uow:
            add_entry(uow, replace(first, **said))
    with pytest.raises(NotFoundError), unit_of_work(town.planner(town.outsider)) as uow:
        add_entry(uow, first)
