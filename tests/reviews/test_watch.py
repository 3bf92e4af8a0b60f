"""The look through the trail: ordered by reading, twice is once, told to the log reviewers, handled by one of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, text
from sqlalchemy.dialects.postgresql import Range

from samsyn.audit.rules import REFUSED, WATCH
from samsyn.audit.service import record
from samsyn.calendars.queries import list_notices
from samsyn.calendars.rules import NoticeKind
from samsyn.core.errors import ConflictError, NotAllowedError, NotFoundError
from samsyn.core.paging import Seek
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.dossiers.queries import get_dossier
from samsyn.dossiers.service import compile_dossiers
from samsyn.planning.models import Shift
from samsyn.reviews.facts import acts_between, facts_of
from samsyn.reviews.queries import AlarmLine, list_alarms, to_review
from samsyn.reviews.rules import LIMITS, Alarm, Handling, NotTakenError
from samsyn.reviews.service import HandleAlarm, handle_alarm
from samsyn_workers.reviews import watch
from tests.factories import Office, Town
from tests.findings.scene import colleague_of_another_unit, make_scene

NOW = datetime.now(UTC)
# A second look goes back to the hour before the one before: still this one, had the file been read an hour ago.
HOUR = NOW.replace(minute=0, second=0, microsecond=0)


def did(viewer: Viewer, n: int, action: str = REFUSED, at: datetime = HOUR, what: UUID | None = None) -> None:
    with unit_of_work(viewer, at) as uow:
        for _ in range(n):
            record(uow, action, what or uuid4(), reason="not_found GET /x" if action == REFUSED else None)


def look(office: Office) -> int:
    """Run the ordered look now instead of ten minutes later."""
    with unit_of_work(Viewer.task_of(office.id)) as uow:
        uow.session.execute(text("UPDATE outbox SET next_at = now() WHERE task = :t AND state = 'due'"), {"t": WATCH})
    return int(watch(acts_for=str(office.id)))


def waiting(office: Office) -> int:
    with unit_of_work(Viewer.task_of(office.id)) as uow:
        found = text("SELECT count(*) FROM outbox WHERE task = :t AND state = 'due'")
        return uow.session.scalar(found, {"t": WATCH}) or 0


def alarms(viewer: Viewer, *, handled: bool = False) -> list[AlarmLine]:
    with unit_of_work(viewer) as uow:
        return list(list_alarms(uow, Seek(50), handled=handled).items)


def found(town: Town, office: Office, kind: Alarm) -> list[tuple[UUID, int]]:
    return [(one.person_id, one.n) for one in alarms(town.planner(office)) if one.alarm is kind]


def test_reading_orders_one_look_however_much_is_read(town: Town) -> None:
    assert waiting(town.tobacco) == 0
    did(town.inspector(town.tobacco), 3, "finding.read")
    did(town.inspector(town.tobacco, 1), 3, "finding.read")
    did(town.planner(town.tobacco), 1, "visit.add")
    assert (waiting(town.tobacco), waiting(town.police)) == (1, 0)
    assert look(town.tobacco) == 1
    assert waiting(town.tobacco) == 0
    did(town.inspector(town.tobacco), 1, "finding.read", NOW)
    assert waiting(town.tobacco) == 1


def test_an_alarm_is_raised_once_and_grows_while_it_is_open(town: Town) -> None:
    who = town.inspector(town.tobacco)
    did(who, LIMITS.refused_least)
    look(town.tobacco)
    did(who, 2, at=HOUR + timedelta(minutes=3))
    look(town.tobacco)
    look(town.tobacco)
    assert found(town, town.tobacco, Alarm.REFUSED) == [(who.person_id, LIMITS.refused_least + 2)]
    with unit_of_work(town.planner(town.tobacco)) as uow:
        [one] = list_notices(uow, Seek.parse(50, None, 3)).items
        assert (one.kind, one.operation_id, one.code_word, one.href) == (
            NoticeKind.LOG_ALARM, None, "", "/audit/alarms",
        )  # fmt: skip
        assert to_review(uow).alarms == 1


def test_a_command_in_somebodys_name_is_told_to_the_log_reviewers_once(town: Town) -> None:
    """Though nobody reads anything meanwhile; a further one is told anew, and none of it is an alarm."""

    def told(viewer: Viewer) -> list[tuple[NoticeKind, str]]:
        with unit_of_work(viewer) as uow:
            return [(one.kind, one.href) for one in list_notices(uow, Seek.parse(50, None, 3)).items]

    keeper = replace(town.inspector(town.tobacco), by_command=True)
    for times in (1, 2):
        did(keeper, 2, "token.create", HOUR + timedelta(minutes=times))
        assert waiting(town.tobacco) == 1
        assert look(town.tobacco) == 1
        did(town.inspector(town.tobacco), 1, "finding.read")
        look(town.tobacco)
        said = [(NoticeKind.BY_COMMAND, "/audit?reason=command_line")] * times
        assert told(town.planner(town.tobacco)) == said
    assert alarms(town.planner(town.tobacco)) == []
    assert told(town.inspector(town.tobacco)) == told(town.planner(town.police)) == []


def test_only_the_own_log_reviewers_are_told_and_see_it(town: Town) -> None:
    did(town.inspector(town.tobacco), LIMITS.refused_least)
    look(town.tobacco)
    for viewer in (town.inspector(town.tobacco), town.planner(town.police), Viewer.task_of(town.tobacco.id)):
        assert alarms(viewer) == []
        if viewer.person_id is not None:
            with unit_of_work(viewer) as uow:
                assert list_notices(uow, Seek.parse(50, None, 3)).items == []
                assert uow.session.scalar(text("SELECT count(*) FROM notice WHERE operation_id IS NULL")) == 0


def test_another_authoritys_lines_raise_nothing_here(town: Town) -> None:
    did(town.inspector(town.police), LIMITS.refused_least)
    with unit_of_work(town.inspector(town.police), HOUR) as uow:
        for _ in range(LIMITS.refused_least):
            record(uow, REFUSED, uuid4(), owner=town.tobacco.id)
    did(town.inspector(town.tobacco), 1)
    look(town.tobacco)
    assert alarms(town.planner(town.tobacco)) == []


def test_what_is_usual_is_asked_of_the_days_before(town: Town) -> None:
    """Who reads so much every day raises nothing; in the same unit, somebody else who begins to do it neither."""
    who, n = town.inspector(town.tobacco), LIMITS.many_least
    for day in range(2, 12):
        did(who, n, "dossier.read", HOUR - timedelta(days=day))
    did(who, n, "dossier.read")
    did(town.inspector(town.tobacco, 1), n, "dossier.read")
    did(town.inspector(town.health), n, "dossier.read")
    look(town.tobacco)
    look(town.health)
    assert found(town, town.tobacco, Alarm.MANY) == []
    assert found(town, town.health, Alarm.MANY) == [(town.health.inspectors[0], n)]


def test_a_business_of_no_own_operation_is_one_that_neither_person_nor_unit_visited(town: Town) -> None:
    """Found for a colleague of another unit; not for the unit that was asked."""
    scene = make_scene(town)
    with unit_of_work(town.planner(town.police)) as uow:
        one_unit = text("UPDATE visit_part SET unit_id = :u WHERE id = :p")
        uow.session.execute(one_unit, {"u": town.tobacco.unit, "p": scene.part(town.tobacco)})
    with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
        compile_dossiers(uow, [town.businesses[0]])
    colleague = colleague_of_another_unit(town.tobacco, town.tobacco.field)
    for viewer in (town.inspector(town.tobacco), colleague):
        with unit_of_work(viewer, HOUR) as uow:
            get_dossier(uow, town.businesses[0])
    look(town.tobacco)
    assert found(town, town.tobacco, Alarm.NOT_OWN) == [(colleague.person_id, 1)]


def test_a_part_of_a_visit_with_jav_is_found_by_any_of_its_ids(town: Town) -> None:
    scene = make_scene(town)
    who = town.inspector(town.tobacco, 1)
    assert who.person_id is not None
    scene.recuse(town.tobacco, who.person_id)
    did(who, 1, what=scene.visit)
    did(who, 1, what=scene.part(town.tobacco))
    did(town.inspector(town.tobacco), 1, what=scene.visit)
    look(town.tobacco)
    assert found(town, town.tobacco, Alarm.RECUSED) == [(who.person_id, 2)]


def test_a_shift_makes_the_night_working_hours(town: Town) -> None:
    who = town.inspector(town.tobacco)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        during = Range(HOUR, HOUR + timedelta(hours=1))
        mine = {"person_id": who.person_id, "authority_id": town.tobacco.id}
        uow.session.execute(insert(Shift).values(id=uuid4(), during=during, **mine))
    did(who, 1, "finding.read")
    with unit_of_work(Viewer(town.tobacco.id, None, frozenset({"task", "log_reviewer"}))) as uow:
        facts = facts_of(uow, acts_between(uow, HOUR, NOW))
    assert facts.at_work[who.person_id] == [(during.lower, during.upper)]  # type: ignore[index]


def test_an_alarm_is_handled_once_with_a_note_and_not_explained_by_its_own_person(town: Town) -> None:
    did(town.inspector(town.tobacco), LIMITS.refused_least)
    did(town.planner(town.tobacco), LIMITS.refused_least)
    look(town.tobacco)
    reviewer = town.planner(town.tobacco)
    by_person = {one.person_id: one.id for one in alarms(reviewer)}
    mine, other = by_person[town.tobacco.planner], by_person[town.tobacco.inspectors[0]]
    with unit_of_work(reviewer) as uow:
        with pytest.raises(NotAllowedError):
            handle_alarm(uow, HandleAlarm(mine, Handling.EXPLAINED, "jag"))
        with pytest.raises(NotTakenError):
            handle_alarm(uow, HandleAlarm(other, Handling.EXPLAINED, " "))
        with pytest.raises(NotFoundError):
            handle_alarm(uow, HandleAlarm(uuid4(), Handling.EXPLAINED, "x"))
        handle_alarm(uow, HandleAlarm(mine, Handling.FORWARDED, "till chefen"))
        handle_alarm(uow, HandleAlarm(other, Handling.EXPLAINED, "fel länk i ett mejl"))
        with pytest.raises(ConflictError):
            handle_alarm(uow, HandleAlarm(other, Handling.FORWARDED, "igen"))
    assert alarms(reviewer) == []
    assert {one.note for one in alarms(reviewer, handled=True)} == {"till chefen", "fel länk i ett mejl"}
    did(town.inspector(town.tobacco), 2, at=HOUR + timedelta(minutes=3))
    look(town.tobacco)
    assert alarms(reviewer) == [], "what was handled does not come back"
