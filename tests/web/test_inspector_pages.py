"""The inspector's pages as a browser without scripts uses them."""

from __future__ import annotations

import re
from email.message import EmailMessage
from html import unescape
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import event, insert
from sqlalchemy.dialects.postgresql import Range

from samsyn.access.service import set_password
from samsyn.core.database import SessionFactory
from samsyn.core.settings import Settings
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.findings.rules import Answer
from samsyn.operations.models import Assignment, Booking
from samsyn.operations.rules import AssignmentState, BookingState, OperationState
from tests.factories import START, Office, Town
from tests.findings.scene import HOUR, Scene, make_scene
from tests.secrecy.markers import a_word
from tests.web.conftest import PASSWORD, sign_in, use
from tests.web.test_findings_api import photo

INPUT = re.compile(r'<input type="(hidden|radio|checkbox)" name="([^"]+)" value="([^"]*)"( checked)?')
AREA = re.compile(r'<textarea[^>]* name="([^"]+)"[^>]*>\n?(.*?)</textarea>', re.S)


@pytest.fixture
def scene(town: Town) -> Scene:
    return make_scene(town)


def browser(app: APIFlask, viewer: Viewer) -> FlaskClient:
    """A browser in which that person has signed in."""
    address, client = f"{uuid4().hex}@demo.example", app.test_client()
    with unit_of_work(viewer) as uow:
        set_password(uow, uow.person, address, PASSWORD)
    assert sign_in(client, address).status_code == 303
    return client


def fields(text: str) -> dict[str, Any]:
    """What a browser would send of a page's form, untouched."""
    found: dict[str, Any] = {}
    for kind, name, value, checked in INPUT.findall(text):
        if kind == "hidden" or checked:
            found[name] = unescape(value)
    found.update({name: unescape(value) for name, value in AREA.findall(text)})
    return found


def asked(scene: Scene, office: Office, n: int = 0, state: AssignmentState = AssignmentState.ACCEPTED) -> None:
    """Give one inspector of the office a place in the operation."""
    booking, person = uuid4(), office.inspectors[n]
    with unit_of_work(scene.town.planner(office)) as uow:
        uow.session.execute(
            insert(Booking).values(
                id=booking, person_id=person, authority_id=office.id, during=Range(START, START + HOUR * 4),
                state=BookingState.ACCEPTED,
            )
        )  # fmt: skip
        uow.session.execute(
            insert(Assignment).values(
                id=uuid4(), operation_id=scene.operation, lead_id=scene.town.police.id, authority_id=office.id,
                person_id=person, booking_id=booking, role="inspector", state=state, starts_at=START,
                ends_at=START + HOUR * 4, uid=f"{uuid4().hex}@samsyn.example", changed_at=START, version=1,
            )
        )  # fmt: skip


def checklist(scene: Scene, office: Office) -> str:
    return f"/parts/{scene.part(office)}/checklist"


def test_an_inspector_answers_photographs_observes_and_hands_in(app: APIFlask, scene: Scene) -> None:
    tobacco = scene.town.tobacco
    client, path = browser(app, scene.town.inspector(tobacco)), checklist(scene, tobacco)
    form = fields(client.get(path).text)
    form.update(
        {
            "TOB-01.answer": "ok", "TOB-03.answer": "deficiency", "TOB-03.serious": "true",
            "TOB-03.text": "Pärmen saknas.\r\nIngen känner till den.", "TOB-03.photos": (photo(), "parm.png"),
            "free.text": "Lås på bakdörren.", "fact-who_was_met.answer": "Butikschefen", "save": "TOB-03",
        }
    )  # fmt: skip
    answer = client.post(path, data=form)
    assert (answer.status_code, answer.location) == (303, f"{path}?saved=4#c-TOB-03"), answer.text
    page = client.get(answer.location)
    for part in ("4 svar sparade.", "Pärmen saknas.", "Lås på bakdörren.", "Butikschefen", "Bild 1", "2 av "):
        assert part in page.text
    assert f"Syns för {tobacco.name}" in page.text
    evidence = re.search(r'href="(/api/v1/evidence/[0-9a-f-]+)"', page.text)
    assert evidence is not None
    assert client.get(evidence[1]).content_type == "image/jpeg"

    hand_in = f"/parts/{scene.part(tobacco)}/hand-in"
    asking = client.get(hand_in).text
    assert "punkter saknar svar" in asking
    assert f'href="{path}#c-TOB-02"' in asking
    assert f'href="{path}#c-TOB-01"' not in asking
    assert client.post(hand_in, data=fields(asking)).status_code == 303
    done = client.get(hand_in).text
    assert "Inlämnat." in done
    assert "De andra myndigheterna läser: brist." in done
    closed = client.get(path).text
    assert "Er del är redan inlämnad." in closed
    assert "disabled" in closed


def test_the_same_form_sent_twice_and_an_untouched_form_write_nothing(app: APIFlask, scene: Scene) -> None:
    client, path = browser(app, scene.town.inspector(scene.town.tobacco)), checklist(scene, scene.town.tobacco)
    form = {**fields(client.get(path).text), "TOB-01.answer": "ok", "free.text": "Rad ett\r\nrad två", "save": "all"}
    for _ in range(2):
        assert client.post(path, data=form).status_code == 303
    page = client.get(path).text
    assert page.count("Rad ett") == 1
    answer = client.post(path, data={**fields(page), "save": "all"})
    assert "saved=0" in answer.location
    assert "Inget nytt att spara." in client.get(answer.location).text


def test_one_faulty_card_costs_no_other_answer_and_nothing_typed_is_lost(app: APIFlask, scene: Scene) -> None:
    client, path = browser(app, scene.town.inspector(scene.town.tobacco)), checklist(scene, scene.town.tobacco)
    form = fields(client.get(path).text)
    form.update(
        {
            "TOB-01.answer": "ok", "TOB-02.answer": "deficiency", "TOB-02.text": "Han heter 19121212-1212 <b>",
            "TOB-04.text": "utan svar", "TOB-05.answer": "perhaps", "TOB-05.text": "y" * 10_001,
            "fact-identity_shown.answer": "nummer 19121212-1212", "free.text": "\x00bad",
        }
    )  # fmt: skip
    refused = client.post(path, data=form)
    assert refused.status_code == 422
    page = refused.text
    for part in (
        "1 svar sparade.", "Han heter 19121212-1212 &lt;b&gt;", "utan svar", "Välj ett svar.", "y" * 10_001,
        "nummer 19121212-1212", "ser ut att innehålla ett personnummer", "Ersätt personnumret med", "autofocus",
    ):  # fmt: skip
        assert part in page, part
    again = {**fields(page), "TOB-02.mask": "true", "TOB-04.answer": "not_applicable", "TOB-05.answer": "ok"}
    again |= {"TOB-05.text": "", "fact-identity_shown.answer": "ja", "free.text": "bra"}
    assert client.post(path, data=again).status_code == 303
    kept = client.get(path).text
    assert "19121212" not in kept
    assert "Han heter ********-****" in kept


def test_a_bad_picture_is_that_cards_fault_and_its_answer_is_kept(app: APIFlask, scene: Scene) -> None:
    client, path = browser(app, scene.town.inspector(scene.town.tobacco)), checklist(scene, scene.town.tobacco)
    bad = photo()
    bad.truncate(40)
    form = {**fields(client.get(path).text), "TOB-01.answer": "ok", "TOB-01.photos": (bad, "x.png")}
    answer = client.post(path, data=form)
    assert answer.status_code == 422
    assert 'id="e-TOB-01-photo"' in answer.text
    assert "1 svar sparade." in answer.text


def test_two_phones_at_once_show_both_texts(app: APIFlask, scene: Scene) -> None:
    tobacco = scene.town.tobacco
    one, two = (browser(app, scene.town.inspector(tobacco, n)) for n in (0, 1))
    path = checklist(scene, tobacco)
    first = fields(one.get(path).text) | {"TOB-01.answer": "ok", "TOB-01.text": "grundtexten"}
    one.post(path, data=first)
    forms = [fields(client.get(path).text) for client in (one, two)]
    one.post(path, data=forms[0] | {"TOB-01.text": "första telefonens text"})
    two.post(path, data=forms[1] | {"TOB-01.text": "andra telefonens text", "TOB-02.answer": "ok"})
    page = one.get(path).text
    for part in ("första telefonens text", "andra telefonens text", "Två svar kom samtidigt."):
        assert part in page
    settled = fields(page) | {"TOB-01.text": "båda läste"}
    assert one.post(path, data=settled).status_code == 303
    assert "Två svar kom samtidigt." not in one.get(path).text


def test_two_phones_that_answer_an_empty_card_show_both_texts(app: APIFlask, scene: Scene) -> None:
    tobacco = scene.town.tobacco
    clients = [browser(app, scene.town.inspector(tobacco, n)) for n in (0, 1)]
    path = checklist(scene, tobacco)
    forms = [fields(client.get(path).text) for client in clients]
    for client, form, said in zip(clients, forms, ("första telefonen", "andra telefonen"), strict=True):
        assert client.post(path, data=form | {"TOB-01.answer": "ok", "TOB-01.text": said}).status_code == 303
    page = clients[0].get(path).text
    for part in ("första telefonen", "andra telefonen", "Två svar kom samtidigt."):
        assert part in page


def test_a_page_left_open_does_not_write_over_what_a_colleague_answered(app: APIFlask, scene: Scene) -> None:
    tobacco = scene.town.tobacco
    one, two = (browser(app, scene.town.inspector(tobacco, n)) for n in (0, 1))
    path = checklist(scene, tobacco)
    one.post(path, data=fields(one.get(path).text) | {"TOB-01.answer": "ok", "TOB-01.text": "gammalt"})
    stale = fields(one.get(path).text)
    two.post(path, data=fields(two.get(path).text) | {"TOB-01.text": "nytt"})
    one.post(path, data=stale | {"TOB-02.answer": "ok"})
    page = one.get(path).text
    assert "nytt" in page
    assert "gammalt" not in page
    assert "Två svar kom samtidigt." not in page


def test_a_closed_part_keeps_what_was_typed_and_says_why(app: APIFlask, scene: Scene) -> None:
    client, path = browser(app, scene.town.inspector(scene.town.tobacco)), checklist(scene, scene.town.tobacco)
    form = {**fields(client.get(path).text), "TOB-01.answer": "ok", "TOB-01.text": "kvar i kortet", "free.text": "x"}
    form["fact-who_was_met.answer"] = "kvar i frågan"
    scene.set_answer(scene.town.tobacco, legal_basis=None)
    answer = client.post(path, data=form)
    assert answer.status_code == 409
    for part in (
        "kvar i kortet",
        "kvar i frågan",
        "Lagstödet måste anges",
        f"/parts/{scene.part(scene.town.tobacco)}/answer",
    ):
        assert part in answer.text


def test_nothing_to_report_is_said_with_one_word(app: APIFlask, scene: Scene) -> None:
    health = scene.town.health
    client, path = browser(app, scene.town.inspector(health)), f"/parts/{scene.part(health)}/hand-in"
    silent = client.post(path, data=fields(client.get(path).text))
    assert silent.status_code == 422, "not answering is not the same as finding nothing"
    assert "Svara på något, eller kryssa" in silent.text
    form = {**fields(client.get(path).text), "nothing_to_report": "true"}
    assert client.post(path, data=form).status_code == 303
    assert "inget att rapportera" in client.get(path).text
    again = client.post(path, data={**form, "idempotency_key": uuid4().hex})
    assert again.status_code == 409


def test_tonight_shows_meeting_order_and_the_place_only_when_it_is_opened(app: APIFlask, scene: Scene) -> None:
    town = scene.town
    asked(scene, town.tobacco)
    going = browser(app, town.inspector(town.tobacco))
    page = going.get("/tonight").text  # the visits are months away: the place is not opened yet
    assert f"/parts/{scene.part(town.tobacco)}/checklist" in page
    assert f"/parts/{scene.part(town.police)}/checklist" not in page
    assert "Adressen är inte öppnad" in page
    assert "Nygatan" not in page
    assert "Du har inte svarat" not in page
    assert going.get(f"/tonight?operation={scene.operation}").status_code == 200
    assert going.get(f"/tonight?operation={uuid4()}", follow_redirects=True).status_code == 404
    assert going.get("/tonight?operation=//example.org").status_code == 404
    assert "Nygatan" not in going.get(checklist(scene, town.tobacco)).text
    not_going = browser(app, town.inspector(town.tobacco, 1))
    assert "Ingen insats väntar på dig" in not_going.get("/tonight").text
    elsewhere = not_going.get(f"/tonight?operation={scene.operation}")
    assert elsewhere.location == f"/operations/{scene.operation}", "who does not go is led to what they may read of it"


def test_another_authority_gets_404_and_no_marker(app: APIFlask, scene: Scene) -> None:
    town, marker = scene.town, a_word()
    scene.answer(town.inspector(town.tobacco), "TOB-01", Answer.DEFICIENCY, marker)
    asked(scene, town.police)
    paths = [checklist(scene, town.tobacco), f"/parts/{scene.part(town.tobacco)}/hand-in"]
    shared = ["/tonight", checklist(scene, town.police), "/dossiers", f"/businesses/{town.businesses[0]}"]
    for viewer in (town.inspector(town.police), town.planner(town.police), town.planner(town.outsider)):
        client = browser(app, viewer)
        answers = [client.get(path) for path in paths]
        assert [answer.status_code for answer in answers] == [404, 404]
        answers += [client.get(path) for path in shared]
        form = fields(client.get("/subscribe").text)
        answers += [client.post(path, data={"csrf_token": form["csrf_token"]}) for path in paths]
        assert [answer.status_code for answer in answers[-2:]] == [404, 404]
        assert marker not in "".join(answer.text for answer in answers)


def test_a_feed_is_made_shown_once_and_ended(app: APIFlask, town: Town) -> None:
    client = browser(app, town.inspector(town.health))
    form = {**fields(client.get("/subscribe").text), "level": "busy"}
    made = client.post("/subscribe", data=form)
    address = re.search(r"<output[^>]*>(http[^<]+\.ics)</output>", made.text)
    assert made.status_code == 200
    assert address is not None
    assert made.headers["Cache-Control"] == "no-store"
    token = address[1].rpartition("/")[2]
    assert client.get(f"/cal/{token}").status_code == 200
    twice = client.post("/subscribe", data=form).text
    assert "visades då" in twice
    listed = client.get("/subscribe").text
    assert token not in listed
    ends = re.findall(r'action="(/subscribe/[0-9a-f-]+/end)"', listed)
    assert len(ends) == 1
    other = browser(app, town.inspector(town.police))
    assert other.post(ends[0], data=fields(other.get("/subscribe").text)).status_code == 404
    assert client.post(ends[0], data=fields(listed)).status_code == 303
    assert client.get(f"/cal/{token}").status_code == 404
    assert client.post("/subscribe", data={**form, "level": "everything", "idempotency_key": "n"}).status_code == 422


def mail(folder: Path, n: int) -> None:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "samsyn@samsyn.example", "anna@demo.example", f"Kallelse {n} åäö"
    letter.set_content("Samling kl. 18 å")
    letter.add_alternative("<script>alert(1)</script><b>hej</b>", subtype="html")
    letter.add_attachment(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "text", "calendar", filename="invite.ics")
    (folder / f"{n}.mail").write_bytes(letter.as_bytes())


def test_the_mailbox_is_for_practice_alone_and_runs_nothing(
    settings: Settings, app: APIFlask, practice_app: APIFlask, tmp_path: Path
) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "secret").write_text("canary-file")
    mail(tmp_path / "new", 1)
    (tmp_path / "new" / "2.mail").write_bytes(
        b"Subject: \xff\xfe\r\nContent-Type: text/plain; charset=nowhere\r\n\r\n\xe5x"
    )
    assert app.test_client().get("/mailbox").status_code == 404
    assert app.test_client().get("/mailbox/1.mail").status_code == 404
    client = use(practice_app, settings, demo=True, mailbox_dir=tmp_path)
    listed = client.get("/mailbox")
    assert listed.status_code == 200
    assert "Kallelse 1 åäö" in listed.text
    page = client.get("/mailbox/1.mail").text
    for part in ("anna@demo.example", "Samling kl. 18 å", "BEGIN:VCALENDAR", "&lt;script&gt;alert(1)"):
        assert part in page
    assert "<script" not in page
    assert client.get("/mailbox/2.mail").status_code == 200
    for name in ("..%2Fsecret", "../secret", "%2e%2e/secret", "secret", "x"):
        answer = client.get(f"/mailbox/{name}")
        assert (answer.status_code, "canary-file" in answer.text) == (404, False)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_page_is_whole_in_both_languages(app: APIFlask, scene: Scene, language: str) -> None:
    town = scene.town
    asked(scene, town.tobacco)
    scene.answer(town.inspector(town.tobacco), "TOB-01", Answer.DEFICIENCY, "text", serious=True)
    scene.answer(town.inspector(town.tobacco), None, Answer.OBSERVATION, "fri")
    paths = [
        "/", "/tonight", checklist(scene, town.tobacco), f"/parts/{scene.part(town.tobacco)}/hand-in", "/dossiers",
        f"/businesses/{town.businesses[0]}", "/subscribe",
    ]  # fmt: skip
    client = browser(app, town.inspector(town.tobacco))
    for path in paths:
        answer = client.get(path, query_string={"lang": language})
        assert answer.status_code == 200, (path, answer.text)
        assert f'<html lang="{language}"' in answer.text
        assert not re.search(r"\b(inspector|findings|dossiers)\.[a-z_]+\.[a-z_]+", answer.text), path
        assert not re.search(r"<script(?! )", answer.text), path


def statements(app: APIFlask, client: FlaskClient, path: str) -> int:
    """How many statements a page issues."""
    seen: list[str] = []
    engine = SessionFactory.kw["bind"]
    listen = lambda _c, _cur, statement, *_: seen.append(statement)  # noqa: E731
    event.listen(engine, "before_cursor_execute", listen)
    try:
        assert client.get(path).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", listen)
    return len(seen)


def test_the_number_of_statements_does_not_grow_with_what_is_shown(app: APIFlask, scene: Scene) -> None:
    tobacco = scene.town.tobacco
    asked(scene, tobacco)
    who = scene.town.inspector(tobacco)
    client = browser(app, who)
    paths = [checklist(scene, tobacco), f"/parts/{scene.part(tobacco)}/hand-in", "/tonight"]
    scene.answer(who, "TOB-01", Answer.OK, "a")
    before = [statements(app, client, path) for path in paths]
    for point in ("TOB-02", "TOB-03", "TOB-04", None, None):
        scene.answer(who, point, Answer.DEFICIENCY, "b")
    assert [statements(app, client, path) for path in paths] == before


def test_an_operation_that_is_over_is_not_tonight(app: APIFlask, scene: Scene) -> None:
    asked(scene, scene.town.tobacco)
    scene.set_state(OperationState.REPORTED)
    client = browser(app, scene.town.inspector(scene.town.tobacco))
    assert "Ingen insats väntar på dig" in client.get("/tonight").text


def test_going_on_to_hand_in_keeps_what_was_typed(app: APIFlask, scene: Scene) -> None:
    client, path = browser(app, scene.town.inspector(scene.town.tobacco)), checklist(scene, scene.town.tobacco)
    form = fields(client.get(path).text)
    code = next(name.partition(".")[0] for name in form if name.endswith(".finding_id"))
    sent = client.post(path, data=form | {f"{code}.answer": "ok", "save": "hand-in"})
    assert sent.status_code == 303
    assert sent.headers["Location"].endswith(f"/parts/{scene.part(scene.town.tobacco)}/hand-in#content")
    assert 'value="1"' in client.get(sent.headers["Location"]).text
