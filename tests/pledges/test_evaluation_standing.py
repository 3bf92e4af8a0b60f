"""Which compilation stands: none that never came or that a newer corrects; its words, its approvals, its names."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from samsyn.core.errors import ConflictError
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.pledges.evaluation.preview import preview_public, stands_of
from samsyn.pledges.evaluation.queries import ApprovalLine, get_evaluation
from samsyn.pledges.evaluation.rules import digest_of
from samsyn.pledges.evaluation.service import WriteText, approve, ask_evaluation, publish, write_text
from samsyn.pledges.evaluation.telling import Teller, public_sections
from samsyn.pledges.queries import get_pledge
from samsyn.pledges.rules import PledgeState
from samsyn.pledges.service import ChangeCommitment, change_commitment
from tests.factories import Town
from tests.pledges.histories import leave
from tests.pledges.test_evaluation import AFTER, card, compiled, signed


def decider(town: Town) -> Viewer:
    return Viewer(town.police.id, town.planner(town.police).person_id, frozenset({"decider"}))


def test_one_that_was_never_compiled_holds_up_nobody(town: Town) -> None:
    """Its worker gave up: another may ask an hour later, and the version before is written beside meanwhile."""
    promised = signed(town)
    first = compiled(town, promised, "2027")
    with unit_of_work(town.planner(town.police), now=AFTER) as uow:
        ask_evaluation(uow, promised.pledge, "2027")
    with unit_of_work(town.planner(town.tobacco), now=AFTER) as uow:
        write_text(uow, WriteText(first, promised.joint, "Står kvar.", 0))
        with pytest.raises(ConflictError):
            ask_evaluation(uow, promised.pledge, "2027")
    with unit_of_work(town.planner(town.tobacco), now=AFTER + timedelta(minutes=61)) as uow:
        ask_evaluation(uow, promised.pledge, "2027")


def test_an_approval_is_of_the_day_in_sweden_and_names_the_parties_as_they_were(town: Town) -> None:
    promised = signed(town)
    key = compiled(town, promised, "2027")
    with unit_of_work(town.planner(town.police), now=datetime(2028, 2, 29, 23, 30, tzinfo=UTC)) as uow:
        approve(uow, key, get_evaluation(uow, key).looked_at)
    told = dict(Teller(card(town, key), "sv").approvals({town.police.id: "Nytt namn"}))
    assert told[town.police.name] == "2028-03-01"
    assert "Nytt namn" not in told


def test_a_party_that_left_is_waited_for_by_nobody(town: Town) -> None:
    promised = signed(town)
    key = compiled(town, promised, "2027")
    looked = card(town, key)
    left = replace(looked, awaited=looked.awaited - {town.health.id})
    at = [ApprovalLine(one, AFTER, looked.looked_at) for one in left.awaited]
    assert looked.awaited == set(looked.pledge.parties)
    assert not replace(looked, approvals=at).approved
    assert replace(left, approvals=at).approved
    assert not replace(left, awaited=frozenset()).approved
    without = replace(left, approvals=at)
    assert "godkänd av de parter som är kvar" in Teller(without, "sv").standing()
    assert [town.health.name, "left"] in stands_of(without, {})
    assert [town.police.name, "approved"] in stands_of(without, {})
    everybody = replace(looked, approvals=[*at, ApprovalLine(town.health.id, AFTER, looked.looked_at)])
    assert "godkänd av alla parter" in Teller(everybody, "sv").standing()
    assert dict(Teller(left, "sv").approvals({}))[town.health.name] == "har lämnat samverkan"


@pytest.mark.parametrize("by", ["publish", "approve"])
def test_a_year_is_evaluated_though_the_last_one_that_was_waited_for_left(town: Town, by: str) -> None:
    """Three approved and the fourth left: who publishes as a planner settles it, and so does who approves again."""
    promised = signed(town)
    key = compiled(town, promised, "2027")
    looked = card(town, key).looked_at
    for office in (town.police, town.tobacco, town.environment):
        with unit_of_work(town.planner(office)) as uow:
            approve(uow, key, looked)
    leave(town, town.health)
    assert card(town, key, town.police).approved
    both = Viewer(town.police.id, town.planner(town.police).person_id, frozenset({"decider", "planner"}))
    with unit_of_work(both) as uow:
        assert get_pledge(uow, promised.pledge).state is PledgeState.IN_FORCE
        if by == "publish":
            publish(uow, key, digest_of(preview_public(uow, get_evaluation(uow, key))))
        else:
            approve(uow, key, looked)
    with unit_of_work(both) as uow:
        assert get_pledge(uow, promised.pledge).state is PledgeState.EVALUATED


def test_a_newer_compilation_is_published_and_not_the_one_before(town: Town) -> None:
    promised = signed(town)
    key = compiled(town, promised, "2027")
    looked = card(town, key).looked_at
    for office in (town.police, town.tobacco, town.environment, town.health):
        with unit_of_work(town.planner(office)) as uow:
            approve(uow, key, looked)
    compiled(town, promised, "2027")
    with unit_of_work(decider(town)) as uow, pytest.raises(ConflictError):
        publish(uow, key, digest_of(preview_public(uow, get_evaluation(uow, key))))


def test_both_what_is_said_of_a_promise_and_why_it_was_not_kept_are_published(town: Town) -> None:
    promised = signed(town)
    for one in (promised.joint, promised.day):
        with unit_of_work(town.planner(town.tobacco)) as uow:
            change_commitment(uow, ChangeCommitment(one, 1, f"Hann inte {one}.", None))
    key = compiled(town, promised, "2027")
    with unit_of_work(town.planner(town.police)) as uow:
        write_text(uow, WriteText(key, promised.day, "Mörka kvällar gav mest.", 0))
    with unit_of_work(decider(town)) as uow:
        content = preview_public(uow, get_evaluation(uow, key))
    words = [words for one in public_sections(content, "sv", content.get("said", ())) for _, words in one.said]
    assert "Mörka kvällar gav mest." in words
    kept = {one["id"]: one["kept"] for one in content["commitments"]}
    assert (kept[str(promised.day)], kept[str(promised.joint)]) == (False, None)
    assert any(f"Hann inte {promised.day}." in one for one in words)
    assert not any(f"Hann inte {promised.joint}." in one for one in words), "it would tell what is hidden: not kept"
