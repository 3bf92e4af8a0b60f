"""A request finds what came of visits too: own outcomes, follow-ups and letters in every version, and who was there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from samsyn.assistance.rules import Helped, HelpGround, HelpLaw
from samsyn.assistance.service import AnswerHelp, AskHelp, RefuseEntry, answer_help, ask_help, refuse_entry
from samsyn.authorities.rules import Field
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.letters.rules import AFTER, Words
from samsyn.letters.service import save_result
from samsyn.operations.rules import Present
from samsyn.operations.service import NotePresence, note_presence
from samsyn.outcomes.service import WriteFollowUp, write_follow_up, write_outcome
from samsyn.records.queries import ItemLine
from samsyn.records.rules import Choice, ItemKind
from tests.factories import START, Office, Town
from tests.findings.scene import HOUR, colleague_of_another_unit
from tests.outcomes.conftest import DECISION, TODAY, proposal
from tests.records.desk import Desk, make_desk
from tests.records.test_requests import all_text, unpacked

NEW = {ItemKind.OUTCOME, ItemKind.FOLLOW_UP, ItemKind.LETTER, ItemKind.PRESENCE}


@pytest.fixture
def desk(town: Town, folder: Path) -> Desk:
    return make_desk(town, folder)


def leave_traces(desk: Desk, office: Office) -> None:
    """An outcome in two versions, a follow-up of it, a letter and a note of presence, each with the office's name."""
    word, part = f"ord-{office.field.value}", desk.scene.part(office)
    who, finding = desk.town.inspector(office), desk.findings[office.id]
    proposed = replace(proposal(desk.scene, finding), part_id=part, tool="ADVICE", text=f"{word} åtgärd ett")
    with unit_of_work(who, START + HOUR) as uow:
        write_outcome(uow, proposed)
    with unit_of_work(who, START + HOUR * 2) as uow:
        decided = {**DECISION, "decider": f"{word} beslutar"}
        write_outcome(uow, replace(proposed, base_version=1, text=f"{word} åtgärd två", **decided))
        due = TODAY + timedelta(days=10)
        follow = WriteFollowUp(uuid4(), 0, part, office.inspectors[0], due, finding, text=f"{word} uppföljning")
        write_follow_up(uow, follow)
    with unit_of_work(who, START + HOUR * 3) as uow:
        save_result(uow, part, Words("sv", dict.fromkeys(AFTER, f"{word} brev")))
    with unit_of_work(who, START + HOUR * 4) as uow:
        note_presence(uow, NotePresence(uuid4(), desk.scene.visit, Present.CAME, START + HOUR))


def found(desk: Desk) -> dict[ItemKind, ItemLine]:
    return {one.kind: one for one in desk.card(desk.enter()).items if one.kind in NEW}


def test_the_own_is_found_in_every_version_and_others_never(town: Town, desk: Desk) -> None:
    for office in (town.tobacco, town.environment):
        leave_traces(desk, office)
    items = found(desk)
    assert items.keys() == NEW
    outcome = items[ItemKind.OUTCOME].content
    assert outcome["text"] == "ord-tobacco åtgärd två"
    assert "åtgärd ett" in outcome["earlier"]
    assert (outcome["decider"], outcome["case_number"]) == ("ord-tobacco beslutar", DECISION["case_number"])
    assert items[ItemKind.FOLLOW_UP].content["text"] == "ord-tobacco uppföljning"
    assert "ord-tobacco brev" in items[ItemKind.LETTER].content["text"]
    assert "ord-environment" not in repr(items)
    assert items[ItemKind.PRESENCE].content["lines"].count("Kom") == 2  # of each authority: they all read it


def test_it_is_given_out_as_it_was_decided(town: Town, desk: Desk) -> None:
    leave_traces(desk, town.tobacco)
    request = desk.enter()
    items = desk.card(request).items
    letters = {one.id for one in items if one.kind is ItemKind.LETTER}
    desk.decide(request, {one.id for one in items} - letters, Choice.GIVE)
    desk.decide(request, letters, Choice.REFUSE, section="30 kap. 20 § OSL", reason="Rör driften.")
    shown = all_text(unpacked(desk, desk.settle(request)))
    assert "ord-tobacco åtgärd två" in shown
    assert "ord-tobacco uppföljning" in shown
    assert "ord-tobacco brev" not in shown


def test_it_is_decided_anew_where_a_version_came_after(town: Town, desk: Desk) -> None:
    leave_traces(desk, town.tobacco)
    before = found(desk)[ItemKind.OUTCOME]
    with unit_of_work(town.inspector(town.tobacco), START + HOUR * 5) as uow:
        again = replace(proposal(desk.scene), outcome_id=before.subject_id, base_version=2, tool="ADVICE", **DECISION)
        write_outcome(uow, replace(again, part_id=desk.scene.part(town.tobacco), text="rättat"))
    after = found(desk)[ItemKind.OUTCOME]
    assert after.content["text"] == "rättat"
    assert "åtgärd två" in after.content["earlier"]
    assert after.content["state"] == "Beslutad"


def test_refused_entry_and_help_are_found_of_the_own_side_and_given_out_as_it_was_decided(
    town: Town, desk: Desk
) -> None:
    at, visit, asked = START + HOUR, desk.scene.visit, uuid4()
    with unit_of_work(town.inspector(town.tobacco), START + HOUR * 2) as uow:
        refuse_entry(uow, RefuseEntry(uuid4(), visit, at, "Ägaren", "ordet om dörren"))
        ask_help(uow, AskHelp(asked, visit, HelpLaw.LTLP_7_19, "ordet om hotet", at, HelpGround.POWERS))
    with unit_of_work(town.inspector(town.police), START + HOUR * 3) as uow:
        answer_help(uow, AnswerHelp(uuid4(), asked, visit, Helped.CANNOT, at, "ordet om patrullen"))
    kinds = (ItemKind.REFUSAL, ItemKind.POLICE_HELP)
    request = desk.enter()
    items = desk.card(request).items
    mine = {one.kind: one for one in items if one.kind in kinds}
    assert set(mine) == set(kinds)
    assert mine[ItemKind.REFUSAL].content["said"] == "ordet om dörren"
    assert "ordet om patrullen" in mine[ItemKind.POLICE_HELP].content["answers"]
    desk.decide(request, {one.id for one in items} - {mine[ItemKind.POLICE_HELP].id}, Choice.GIVE)
    desk.decide(
        request, {mine[ItemKind.POLICE_HELP].id}, Choice.REFUSE, section="18 kap. 1 § OSL", reason="Rör polisen."
    )
    shown = all_text(unpacked(desk, desk.settle(request)))
    assert "ordet om dörren" in shown
    assert "ordet om hotet" not in shown
    for office, seen in ((town.police, {ItemKind.POLICE_HELP}), (town.environment, set())):
        keeper = Viewer(office.id, office.planner, frozenset({"log_reviewer"}))
        desk.enter(who=keeper)
        with unit_of_work(keeper) as uow:
            words = text("SELECT item_kind FROM records_item WHERE item_kind IN ('refusal', 'police_help')")
            assert set(uow.session.scalars(words)) == {one.value for one in seen}, office.name


def test_a_request_for_help_stays_with_the_unit_that_asked_and_the_one_that_is_asked(town: Town, desk: Desk) -> None:
    """R1: in an authority of many units the others see nothing of it in a request to read records either."""
    at, visit = START + HOUR, desk.scene.visit
    with unit_of_work(town.planner(town.police)) as uow:
        uow.session.execute(
            text("UPDATE visit_part SET unit_id = :u WHERE id = :p"),
            {"u": town.police.unit, "p": desk.scene.part(town.police)},
        )
    with unit_of_work(town.inspector(town.tobacco), START + HOUR * 2) as uow:
        ask_help(uow, AskHelp(uuid4(), visit, HelpLaw.LTLP_7_19, "Dörren stängdes", at, HelpGround.POWERS))
    for office in (town.tobacco, town.police):
        with unit_of_work(town.planner(office)) as uow:
            uow.session.execute(text("UPDATE authority SET spanning = true WHERE id = :a"), {"a": office.id})
        desk.enter(who=Viewer(office.id, office.planner, frozenset({"log_reviewer"})))
        stranger = colleague_of_another_unit(office, Field.FOOD)
        for who, seen in ((office.planner, [office.unit]), (stranger.person_id, [])):
            with unit_of_work(Viewer(office.id, who, frozenset({"log_reviewer"}))) as uow:
                found = uow.session.scalars(text("SELECT unit_id FROM records_item WHERE item_kind = 'police_help'"))
                assert found.all() == seen
