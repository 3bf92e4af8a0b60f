"""A time poll as its people see it: asked from the times, answered by link or signed in, chosen, taken back."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from samsyn.access.rules import Purpose
from samsyn.access.service import Derived, ensure_tokens
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.lifecycle.service import let_go
from samsyn.operations.queries import get_operation, people_of
from samsyn.operations.rules import OperationState
from samsyn.planning.queries.polls import PollLine, asks_of, open_poll_of
from samsyn.planning.rules import PollState
from tests.factories import Office, Town
from tests.lifecycle.polling import NO, TIMES, YES, ask, close, held, now_of, pass_deadline, say
from tests.lifecycle.walk import walk_to
from tests.planning import scene
from tests.planning.scene import MONDAY, moment
from tests.web.reader import Browser, read
from tests.web.statements import counted
from tests.web.test_planner_pages import Sit, sit
from tests.web.test_week_page import words

__all__ = ["sit"]


@pytest.fixture
def operation(town: Town) -> UUID:
    """Thursday; an inspector of the tobacco board is named."""
    when = scene.span(MONDAY + timedelta(days=3), "10:00", "12:00")
    found = scene.propose(town, when, (town.police, town.tobacco))
    scene.send(town, found, town.tobacco, 0)
    return found


@pytest.fixture
def lead(sit: Sit, town: Town) -> Browser:
    return sit(town.planner(town.police))


def link(town: Town, poll: PollLine, office: Office) -> str:
    """The personal link that the mail to an office's person has."""
    secret = f"samsyn_poll_{uuid4().hex}{uuid4().hex}"
    with unit_of_work(Viewer.task_of(office.id)) as uow:
        one = next(one for one in asks_of(uow, poll.id) if one.authority_id == office.id)
        ensure_tokens(uow, [Derived(Purpose.POLL, one.person_id, secret, poll_ask_id=one.id)])
    return f"/svar/{secret}"


def starts(town: Town, operation: UUID) -> datetime:
    with unit_of_work(town.planner(town.police)) as uow:
        return get_operation(uow, operation).starts_at


def days(deadline: datetime) -> dict[str, str]:
    return {"deadline_at_date": deadline.date().isoformat(), "deadline_at_time": "12:00"}


def test_from_the_times_three_are_ticked_and_asked(lead: Browser, town: Town, operation: UUID) -> None:
    path = f"/operations/{operation}"
    html = lead.get(f"{path}/times?weeks=1")
    offered = [unescape(one) for one in re.findall(r'form="ask" name="options" value="([^"]+)"', html)]
    assert len(offered) >= 5
    too_few = lead.send(f"{path}/times?weeks=1", f"{path}/times/poll?weeks=1", options=offered[:2])
    assert too_few.status_code == 422
    assert "Kryssa för tre till fem tider." in words(too_few.text)
    assert too_few.text.count("checked") >= 2
    assert f'value="{offered[0]}" checked' in too_few.text
    late = days(datetime(2027, 6, 1, tzinfo=UTC))
    answer = lead.send(f"{path}/times?weeks=1", f"{path}/times/poll?weeks=1", options=offered[:3], **late)
    assert answer.status_code == 422
    assert "högst sextio dagar" in words(answer.text)
    assert f'value="{late["deadline_at_date"]}"' in answer.text
    junk = lead.send(f"{path}/times?weeks=1", f"{path}/times/poll?weeks=1", options=["x/y", "1", offered[0]])
    assert junk.status_code == 422
    where = lead.do(f"{path}/times?weeks=1", f"{path}/times/poll?weeks=1", options=offered[:3])
    assert where == f"{path}/poll?done=asked"
    said = words(lead.get(f"{path}/poll?done=asked"))
    assert "Frågan är skickad" in said
    assert "0 av 1 tillfrågade har svarat" in said
    assert "–: inte svarat" in said
    assert len(held(town.tobacco)) == 3
    again = lead.get(f"{path}/times?weeks=1")
    assert f'href="{path}/poll"' in again
    assert 'name="options"' not in again
    assert f'href="{path}/poll"' in lead.get(path)


def test_by_link_one_answers_without_an_account_and_opening_answers_nothing(
    client: FlaskClient, town: Town, operation: UUID
) -> None:
    poll = ask(town, operation)
    path = link(town, poll, town.tobacco)
    html = client.get(path).text
    said = words(html)
    assert "Vilka tider kan du?" in said
    assert "Måndag 1 mars 2027 10:00–12:00, v. 9" in said
    assert town.police.name in said
    for secret in ("Kiosk", "Nygatan", str(town.businesses[0]), str(operation), "Inspektör", "Planerare"):
        assert secret not in html
    assert held(town.tobacco) == TIMES
    empty = client.post(path, data={})
    assert (empty.status_code, "Svara för minst en av tiderna." in words(empty.text)) == (422, True)
    answer = client.post(path, data={"answer_1": "no", "answer_2": "yes"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{path}?done=answered")
    html = client.get(answer.headers["Location"]).text
    assert "Svaret är sparat." in words(html)
    assert re.search(r'name="answer_1" value="no" checked', html)
    assert held(town.tobacco) == TIMES[1:]
    client.post(path, data={"answer_1": "if_needed"})
    assert held(town.tobacco) == TIMES
    assert client.post(path, data={"answer_1": "maybe"}).status_code == 422
    assert "Which times can you?" in client.get(f"{path}?lang=en").text


def test_who_was_let_go_is_told_by_the_link_and_is_not_waited_for(
    client: FlaskClient, sit: Sit, town: Town, operation: UUID
) -> None:
    poll = ask(town, operation)
    path, mine = link(town, poll, town.tobacco), sit(town.inspector(town.tobacco))
    assert f'href="/operations/{operation}/poll"' in mine.get("/")
    with unit_of_work(town.planner(town.police)) as uow:
        let_go(uow, people_of(uow, operation)[0].assignment_id)
    html = client.get(path).text
    assert "Du är inte längre med på insatsen" in words(html)
    assert "<form" not in html
    assert client.post(path, data={"answer_1": "yes"}).status_code == 409
    assert held(town.tobacco) == []
    assert f'href="/operations/{operation}/poll"' not in mine.get("/")


def test_a_late_answer_is_told_so_and_changes_nothing(client: FlaskClient, town: Town, operation: UUID) -> None:
    poll = ask(town, operation)
    path = link(town, poll, town.tobacco)
    pass_deadline(town, poll)
    late = client.post(path, data={"answer_1": "yes"})
    assert late.status_code == 409
    assert "Svarstiden gick ut" in words(late.text)
    assert "<form" not in client.get(path).text
    close(town.police)
    assert "avslutad utan vald tid" in words(client.get(path).text)
    other = ask(town, operation)
    assert "avslutad utan vald tid" in words(client.get(path).text)  # the link is one poll's
    say(other, town.inspector(town.tobacco), YES)
    pass_deadline(town, other)
    close(town.police)
    html = client.get(link(town, other, town.tobacco)).text
    assert "Vald tid: måndag 1 mars 2027 10:00–12:00" in words(html)


def test_a_link_opens_one_question_and_nothing_else(client: FlaskClient, town: Town, operation: UUID) -> None:
    poll = ask(town, operation)
    path = link(town, poll, town.tobacco)
    assert client.get("/operations", headers={"Authorization": f"Bearer {path[6:]}"}).status_code in {302, 303, 401}
    assert client.get(f"/svar/samsyn_poll_{uuid4().hex}").status_code == 404
    assert client.post(f"/svar/samsyn_poll_{uuid4().hex}", data={"answer_1": "yes"}).status_code == 404
    assert client.get(path.replace("poll", "answer")).status_code == 404
    assert client.get(path.upper().replace("/SVAR/", "/svar/")).status_code == 404


def test_a_planner_answers_for_the_authority_signed_in(sit: Sit, lead: Browser, town: Town, operation: UUID) -> None:
    ask(town, operation)
    path = f"/operations/{operation}/poll"
    own = sit(town.planner(town.tobacco))
    said = words(own.get(path))
    assert "Er myndighets svar" in said
    assert "Svar för din myndighet" in said
    assert town.police.name not in re.sub("Frågan kommer från.*?\\.", "", said)  # others' answers are not told
    where = own.do(path, answer_1="no", answer_2="yes", answer_3="if_needed")
    assert where == f"{path}?done=answered&whole=1"
    assert 'name="answer_3" value="if_needed" checked' in own.get(where)
    mine = sit(town.inspector(town.tobacco))
    assert "Ditt svar" in words(mine.get(path))
    assert mine.do(path, answer_1="yes") == f"{path}?done=answered"
    said = words(lead.get(path))
    assert all(one in said for one in ("N: kan inte", "K: kan", "V: vid behov", "Bäst just nu"))
    assert "Inspektör" not in said
    assert sit(town.planner(town.health)).client.get(path).status_code == 404
    assert own.client.post(f"{path}/withdraw", data={}).status_code in {400, 403}


def test_the_lead_chooses_by_hand_or_takes_it_back(lead: Browser, town: Town, operation: UUID) -> None:
    poll = ask(town, operation)
    say(poll, town.inspector(town.tobacco), NO, YES)
    path = f"/operations/{operation}"
    assert lead.do(f"{path}/poll", f"{path}/poll/choose", str(poll.options[0].id)) == path
    assert starts(town, operation) == TIMES[0][0]
    assert "Vald tid: måndag 1 mars" in words(lead.get(f"{path}/poll"))
    again = ask(town, operation)
    lead.do(f"{path}/poll", f"{path}/poll/withdraw")
    assert now_of(town, again).state is PollState.WITHDRAWN
    html = lead.get(f"{path}/poll")
    assert "tillbakatagen" in words(html)
    assert "/poll/choose" not in html


def test_who_is_invited_hears_of_the_choice_after_ten_seconds_and_it_can_be_undone(lead: Browser, town: Town) -> None:
    walk = walk_to(town, OperationState.INVITED)
    evenings = [
        (moment(MONDAY + timedelta(days=n), "18:00"), moment(MONDAY + timedelta(days=n), "21:00")) for n in (0, 1, 8)
    ]
    poll = ask(town, walk.operation, evenings)
    path = f"/operations/{walk.operation}"
    lead.do(f"{path}/poll", f"{path}/poll/choose", str(poll.options[1].id))
    undo = [one for one in read(lead.get(path)).found if one.action.startswith("/held/")]
    if undo:  # the installation holds what tells people
        assert now_of(town, poll).state is PollState.OPEN
        lead.client.post(undo[0].action, data=undo[0].fields)
        assert now_of(town, poll).state is PollState.OPEN
    else:
        assert now_of(town, poll).chosen == poll.options[1]


def test_a_taken_time_is_refused_and_the_poll_stays_open(lead: Browser, town: Town, operation: UUID) -> None:
    scene.book(town, town.tobacco, TIMES[0], 0)
    poll = ask(town, operation)
    path = f"/operations/{operation}"
    answer = lead.send(f"{path}/poll", f"{path}/poll/choose", str(poll.options[0].id))
    assert answer.status_code == 409
    assert 'id="faults"' in answer.text
    assert now_of(town, poll).state is PollState.OPEN
    assert held(town.tobacco) == TIMES[1:]


def test_it_waits_on_the_start_page_until_it_is_answered(sit: Sit, town: Town, operation: UUID) -> None:
    poll = ask(town, operation)
    mine = sit(town.inspector(town.tobacco))
    html = mine.get("/")
    assert "En tidsfråga väntar på svar" in words(html)
    assert f'href="/operations/{operation}/poll"' in html
    assert "En tidsfråga" not in words(sit(town.inspector(town.tobacco, 1)).get("/"))
    say(poll, town.inspector(town.tobacco), YES)
    assert "En tidsfråga" not in words(mine.get("/"))


def test_no_poll_is_no_page(lead: Browser, operation: UUID) -> None:
    lead.get(f"/operations/{operation}/poll", 404)


def test_a_constant_number_of_statements(lead: Browser, town: Town, operation: UUID) -> None:
    big = scene.propose(town, scene.span(MONDAY, "14:00", "16:00"), town.offices, people=2)
    for office in town.offices[1:]:
        scene.send(town, big, office, 1)
    ask(town, operation)
    ask(town, big, [(a + timedelta(days=7), b + timedelta(days=7)) for a, b in TIMES])
    with counted() as few:
        lead.get(f"/operations/{operation}/poll")
    with counted() as many:
        lead.get(f"/operations/{big}/poll")
    assert len(few) == len(many) <= 26, len(many)


def test_the_api_asks_answers_chooses_and_takes_back(client: FlaskClient, town: Town, operation: UUID) -> None:
    path = f"/api/v1/operations/{operation}/poll"

    def bearer(viewer: Viewer, **more: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {town.token(viewer)}", **more}

    lead, own = bearer(town.planner(town.police)), bearer(town.inspector(town.tobacco))
    assert client.get(path, headers=lead).status_code == 404
    times = [{"starts_at": a.isoformat(), "ends_at": b.isoformat()} for a, b in TIMES]
    until = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    asked = client.post(path, json={"options": times, "deadline_at": until}, headers=lead)
    assert asked.status_code == 201, asked.text
    poll = asked.json
    assert poll is not None
    assert (poll["state"], len(poll["options"]), poll["asked"], poll["answered"]) == ("open", 3, 1, 0)
    assert client.post(path, json={"options": times, "deadline_at": until}, headers=lead).status_code == 409
    few = client.post(path, json={"options": times[:1], "deadline_at": until}, headers=lead)
    assert few.status_code == 422
    keys = [one["id"] for one in poll["options"]]
    given = {"answers": [{"option_id": keys[0], "answer": "no"}, {"option_id": keys[1], "answer": "yes"}]}
    mine = client.post(f"{path}/answers", json=given, headers=own).json
    assert mine is not None
    assert {(one["option_id"], one["answer"], one["whole"]) for one in mine["own"]} == {
        (keys[0], "no", False),
        (keys[1], "yes", False),
    }
    assert {one["authority_id"] for one in mine["stands"]} == {str(town.tobacco.id)}
    stands = client.get(path, headers=lead).json
    assert stands is not None
    assert (stands["best_option_id"], stands["answered"]) == (keys[1], 1)
    with unit_of_work(town.planner(town.police)) as uow:
        seen = get_operation(uow, operation).version
    choice = {"option_id": keys[1]}
    assert client.post(f"{path}/choice", json=choice, headers=lead).status_code == 428
    done = client.post(f"{path}/choice", json=choice, headers={**lead, "If-Match": f'"{seen}"'}).json
    assert done is not None
    assert (done["state"], done["chosen_option_id"]) == ("chosen", keys[1])
    assert starts(town, operation) == TIMES[1][0]
    assert client.post(f"{path}/withdraw", headers=lead).status_code == 409
    assert client.get(path, headers=bearer(town.planner(town.health))).status_code == 404


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_pages_are_whole_in_both_languages(
    lead: Browser, client: FlaskClient, town: Town, operation: UUID, language: str
) -> None:
    poll = ask(town, operation)
    for html in (
        lead.get(f"/operations/{operation}/poll?lang={language}"),
        lead.get(f"/operations/{operation}/times?lang={language}"),
        client.get(f"{link(town, poll, town.tobacco)}?lang={language}").text,
    ):
        assert f'<html lang="{language}"' in html
        assert not re.search(r"polls\.[a-z_]+\.?|Undefined|\{[a-z_]+\}", words(html))
        ids = read(html).ids
        assert len(ids) == len(set(ids))
    with unit_of_work(town.planner(town.police)) as uow:
        assert open_poll_of(uow, operation) is not None


def test_the_week_says_that_time_is_held_to_the_own_and_to_others_that_it_is_taken(
    sit: Sit, town: Town, operation: UUID
) -> None:
    ask(town, operation)
    assert "Hålls för en tidsfråga" in words(sit(town.planner(town.tobacco)).get("/week?week=2027-W09"))
    other = words(sit(town.planner(town.health)).get("/week?week=2027-W09"))
    assert "Hålls för en tidsfråga" not in other
    assert "Upptagen" in other
