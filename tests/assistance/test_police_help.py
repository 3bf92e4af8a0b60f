"""Entry that was refused lies in the own silo; help of the police is asked for by a section, read by two, answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from samsyn.assistance.queries import get_help, help_at, list_help, refusals_at, unanswered
from samsyn.assistance.rules import LAWS, Helped, HelpGround, HelpLaw
from samsyn.assistance.service import AnswerHelp, AskHelp, RefuseEntry, answer_help, ask_help, refuse_entry
from samsyn.authorities.rules import Field
from samsyn.calendars.rules import NoticeKind
from samsyn.calendars.service import Wanted
from samsyn.core.errors import ConflictError, GateClosedError, InvalidError, NotAllowedError, NotFoundError
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.lifecycle.notices import tell_help
from samsyn.lifecycle.waiting.queries import waiting_for
from samsyn.lifecycle.waiting.rules import Urgency, Waits
from samsyn.operations.queries import presence_at
from samsyn.operations.rules import OperationState, PoliceRole
from tests.factories import START, Town
from tests.faults.storm import hold
from tests.findings.scene import HOUR, Scene, make_scene

MINUTE = timedelta(minutes=1)
SECRET = "stängde dörren i Kiosk på Nygatan"


@pytest.fixture
def scene(town: Town) -> Scene:
    return make_scene(town)


def refused(scene: Scene) -> RefuseEntry:
    return RefuseEntry(uuid4(), scene.visit, START + MINUTE, "Ägaren", f"Han {SECRET}")


def asking(scene: Scene, **said: object) -> AskHelp:
    base = AskHelp(uuid4(), scene.visit, HelpLaw.LTLP_7_19, f"De {SECRET}", START + MINUTE, HelpGround.POWERS)
    return replace(base, **said)  # type: ignore[arg-type]


def answering(scene: Scene, asked: AskHelp, what: Helped = Helped.COMING, **said: object) -> AnswerHelp:
    base = AnswerHelp(uuid4(), asked.request_id, scene.visit, what, START + 10 * MINUTE)
    return replace(base, **said)  # type: ignore[arg-type]


def goes(scene: Scene, who: Viewer) -> None:
    """The lead holds the time of somebody for the operation."""
    assert who.person_id is not None
    assert who.authority_id is not None
    times = {"starts_at": START, "ends_at": START + HOUR}
    about = {"person_id": who.person_id, "authority_id": who.authority_id, "role": "inspector", "uid": f"{uuid4()}@x"}
    wanted = Wanted(assignment_id=uuid4(), **about, **times)  # type: ignore[arg-type]
    with unit_of_work(scene.town.planner(scene.town.police), START) as uow:
        hold(uow, scene.operation, scene.town.police.id, wanted)


def refuse(who: Viewer, command: RefuseEntry) -> bool:
    with unit_of_work(who, START + HOUR) as uow:
        return refuse_entry(uow, command)


def ask(who: Viewer, command: AskHelp) -> bool:
    with unit_of_work(who, START + HOUR) as uow:
        return ask_help(uow, command)


def answer(who: Viewer, command: AnswerHelp) -> bool:
    with unit_of_work(who, START + HOUR) as uow:
        return answer_help(uow, command)


def reads(scene: Scene, who: Viewer) -> tuple[int, int]:
    with unit_of_work(who, START + HOUR) as uow:
        refusals, asked = refusals_at(uow, [scene.visit]), help_at(uow, [scene.visit])
        return len(refusals.get(scene.visit, [])), len(asked.get(scene.visit, []))


def test_a_refusal_is_read_by_its_authority_and_a_request_by_the_police_too(scene: Scene) -> None:
    town = scene.town
    mine, first = town.inspector(town.tobacco), refused(scene)
    assert refuse(mine, first)
    assert not refuse(mine, first)
    asked = asking(scene, refusal_id=first.refusal_id)
    assert ask(mine, asked)
    assert not ask(mine, asked)
    assert reads(scene, mine) == (1, 1)
    assert reads(scene, town.planner(town.tobacco)) == (1, 1)
    assert reads(scene, town.inspector(town.police)) == (0, 1)
    assert reads(scene, town.planner(town.police)) == (0, 1), "the lead as well reads it as the police alone"
    for other in (town.environment, town.health):
        assert reads(scene, town.planner(other)) == (0, 0)
        with unit_of_work(town.planner(other)) as uow, pytest.raises(NotFoundError):
            get_help(uow, asked.request_id)
    with pytest.raises(ConflictError):
        ask(mine, replace(asked, reason="Något annat"))
    with pytest.raises(ConflictError):
        refuse(mine, replace(first, said="Något annat"))


def test_who_has_declared_a_conflict_of_interest_reads_and_writes_nothing(scene: Scene) -> None:
    town = scene.town
    mine = town.inspector(town.tobacco)
    assert refuse(mine, refused(scene))
    asked = asking(scene)
    assert ask(mine, asked)
    scene.recuse(town.tobacco, mine.person_id or uuid4())
    assert reads(scene, mine) == (0, 0)
    with pytest.raises(NotFoundError):
        refuse(mine, refused(scene))
    officer = town.inspector(town.police)
    scene.recuse(town.police, officer.person_id or uuid4())
    with pytest.raises(NotFoundError):
        answer(officer, answering(scene, asked))
    with unit_of_work(officer) as uow:
        assert list_help(uow) == []
        assert unanswered(uow) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ground": None}, "ground"),
        ({"law": HelpLaw.MB_28_8}, "law"),
        ({"reason": "  "}, "reason"),
        ({"reason": "Hot av 19121212-1212"}, "reason"),
        ({"reason": "x" * 2001}, "reason"),
        ({"at": START + timedelta(days=2)}, "at"),
    ],
)
def test_a_request_says_by_which_section_and_on_which_ground(
    scene: Scene, change: dict[str, object], field: str
) -> None:
    """DOMAIN 0.7: tobacco, alcohol and food law ask for a ground."""
    with pytest.raises(InvalidError) as found:
        ask(scene.town.inspector(scene.town.tobacco), asking(scene, **change))
    assert list(found.value.fields) == [field]


def test_an_unconditional_section_has_no_ground(scene: Scene) -> None:
    mine = scene.town.inspector(scene.town.environment)
    with pytest.raises(InvalidError):
        ask(mine, asking(scene, law=HelpLaw.MB_28_8))
    assert ask(mine, asking(scene, law=HelpLaw.MB_28_8, ground=None))
    conditional = {law.law.value for law in LAWS if law.conditional}
    assert conditional == {"ltlp_7_19", "ltn_34", "alkl_9_9", "livsl_27"}
    assert {law.law for law in LAWS} == set(HelpLaw)
    assert all(Field.POLICE not in law.fields for law in LAWS)


def test_it_is_open_from_the_start_to_the_last_hand_in(scene: Scene) -> None:
    mine = scene.town.inspector(scene.town.tobacco)
    for state in (OperationState.CONFIRMED, OperationState.REPORTED):
        scene.set_state(state)
        with pytest.raises(GateClosedError):
            refuse(mine, refused(scene))
        with pytest.raises(GateClosedError):
            ask(mine, asking(scene))
    scene.set_state(OperationState.DONE)
    assert refuse(mine, refused(scene))
    with pytest.raises(NotAllowedError):
        refuse(replace(mine, roles=frozenset({"observer"})), refused(scene))


def test_the_police_answer_and_help_and_the_officer_goes_over_to_the_role_of_helping(scene: Scene) -> None:
    """DOMAIN 0.8: one role at a time, with the time of the change."""
    town = scene.town
    asked, officer = asking(scene), town.inspector(town.police)
    goes(scene, officer)
    assert ask(town.inspector(town.tobacco), asked)
    assert answer(officer, answering(scene, asked))
    with pytest.raises(InvalidError):
        answer(officer, answering(scene, asked, Helped.CANNOT))
    opened = {"at": START + 15 * MINUTE, "text": "Dörren öppnades", "presence_id": uuid4()}
    given = answering(scene, asked, Helped.GIVEN, **opened)
    assert answer(officer, given)
    assert not answer(officer, given)
    assert answer(officer, answering(scene, asked, Helped.GIVEN, at=START + 20 * MINUTE, presence_id=uuid4()))
    for who in (officer, town.planner(town.police), town.inspector(town.tobacco)):
        with unit_of_work(who) as uow:
            [line] = presence_at(uow, [scene.visit])[scene.visit]
        assert (line.id, line.police_role, line.at) == (given.presence_id, PoliceRole.ASSISTANCE, given.at)
    for other in (town.inspector(town.environment), town.planner(town.health)):
        with unit_of_work(other) as uow:  # the role itself says that somebody asked
            assert presence_at(uow, [scene.visit]) == {}
    with unit_of_work(town.inspector(town.tobacco)) as uow:
        found = get_help(uow, asked.request_id)
    assert [(one.what, one.presence_id) for one in found.answers] == [
        (Helped.COMING, None),
        (Helped.GIVEN, given.presence_id),
        (Helped.GIVEN, None),
    ]


def test_who_asked_does_not_answer_nor_does_anybody_else(scene: Scene) -> None:
    town = scene.town
    asked = asking(scene)
    assert ask(town.inspector(town.tobacco), asked)
    with pytest.raises(NotAllowedError):
        answer(town.inspector(town.tobacco), answering(scene, asked))
    with pytest.raises(NotFoundError):
        answer(town.inspector(town.environment), answering(scene, asked))
    with pytest.raises(NotFoundError):
        answer(town.inspector(town.police), answering(scene, asked, visit_id=uuid4()))


def test_without_police_it_is_asked_for_by_phone_and_who_asked_notes_the_answer(scene: Scene) -> None:
    town = scene.town
    mine, asked = town.inspector(town.tobacco), asking(scene)
    scene.set_answer(town.police, accepted=False)
    assert ask(mine, asked)
    assert reads(scene, town.planner(town.police)) == (0, 0)
    assert answer(mine, answering(scene, asked, Helped.GIVEN, text="En patrull kom", presence_id=uuid4()))
    with unit_of_work(mine) as uow:
        found = get_help(uow, asked.request_id)
        assert found.by_phone
        assert found.given
        assert presence_at(uow, [scene.visit]) == {}
        assert unanswered(uow) == []


def test_police_who_have_no_part_in_the_visit_help_and_no_role_is_noted(scene: Scene) -> None:
    town = scene.town
    asked = asking(scene)
    assert ask(town.inspector(town.tobacco), asked)
    scene.set_answer(town.police, accepted=False)
    assert answer(town.inspector(town.police), answering(scene, asked, Helped.GIVEN, presence_id=uuid4()))
    with unit_of_work(town.inspector(town.police)) as uow:
        assert presence_at(uow, [scene.visit]) == {}


def told(scene: Scene, who: Viewer) -> list[tuple[object, ...]]:
    columns = "notice_kind, operation_id, code_word"
    with unit_of_work(who) as uow:
        rows = uow.session.execute(text(f"SELECT {columns} FROM notice WHERE to_id = (SELECT me())"))
        return [tuple(row) for row in rows]


def test_the_police_are_told_at_once_of_no_operation_and_nobody_else_learns_it(scene: Scene) -> None:
    town = scene.town
    asked = asking(scene)
    assert ask(town.inspector(town.tobacco), asked)
    with unit_of_work(Viewer.task_of(town.police.id), START + HOUR) as uow:
        queued = uow.session.execute(
            text("SELECT task, subject_id FROM outbox WHERE acts_for_id = (SELECT me()) AND task LIKE '%tell_help%'")
        ).all()
        assert [tuple(row) for row in queued] == [("samsyn.lifecycle.tell_help_asked", scene.part(town.police))]
        tell_help(uow, scene.part(town.police), NoticeKind.HELP_ASKED)
    assert told(scene, town.planner(town.police)) == [("help_asked", None, "")]
    assert told(scene, town.planner(town.environment)) == []
    assert answer(town.inspector(town.police), answering(scene, asked))
    with unit_of_work(Viewer.task_of(town.tobacco.id), START + HOUR) as uow:
        tell_help(uow, scene.part(town.tobacco), NoticeKind.HELP_ANSWERED)
    assert told(scene, town.planner(town.tobacco)) == [("help_answered", None, "")]


def test_it_waits_for_the_police_until_they_have_answered(scene: Scene) -> None:
    town = scene.town
    officer, asked = town.inspector(town.police), asking(scene)

    def waits() -> list[tuple[UUID | None, Urgency]]:
        with unit_of_work(officer, START + HOUR) as uow:
            items = waiting_for(uow).items
            return [(one.subject, one.urgency(uow.now)) for one in items if one.waits is Waits.HELP]

    assert waits() == []
    assert ask(town.inspector(town.tobacco), asked)
    assert waits() == [(asked.request_id, Urgency.OVERDUE)]
    assert answer(officer, answering(scene, asked))
    assert waits() == []


def test_only_the_unit_that_is_asked_reads_it_in_an_authority_of_many_units(scene: Scene, town: Town) -> None:
    with unit_of_work(town.planner(town.police)) as uow:
        uow.session.execute(text("UPDATE authority SET spanning = true WHERE id = :a"), {"a": town.police.id})
        uow.session.execute(
            text("UPDATE visit_part SET unit_id = :u WHERE id = :p"),
            {"u": town.police.unit, "p": scene.part(town.police)},
        )
    assert ask(town.inspector(town.tobacco), asking(scene))
    assert reads(scene, town.inspector(town.police)) == (0, 1)
    stranger = Viewer(town.police.id, uuid4(), frozenset({"inspector", "planner"}))
    assert reads(scene, stranger) == (0, 0)


def test_a_row_is_never_changed(scene: Scene) -> None:
    with unit_of_work(scene.town.inspector(scene.town.tobacco)) as uow:
        for table in ("entry_refusal", "help_request", "help_answer"):
            may = text("SELECT has_table_privilege(current_user, :t, 'UPDATE') OR has_table_privilege(:t, 'DELETE')")
            assert not uow.session.scalar(may, {"t": table})
