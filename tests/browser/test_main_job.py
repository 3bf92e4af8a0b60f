"""The main job in a real browser without JavaScript; mail, feed and PDF are read as outsiders would."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import icalendar
import pypdf
import pytest
import requests
from PIL import Image
from playwright.sync_api import Browser

from samsyn.core.home import HOME, local_day
from tests.browser.conftest import Running
from tests.browser.desk import Desk
from tests.browser.outsiders import every_text, invitation, mails_to, reply

pytestmark = pytest.mark.browser
T = TypeVar("T")
UNITS = ("police", "tobacco", "environment")
PLACE = "Kiosk Brevduvan"
NUMBER = "559999-0388"
CANARY = "Sju limpor utan svensk varningstext under disken"
LIST = (
    "Verksamhetens namn;Verksamhetsutövare;Org.nr;Besöksadress;Postnr;Ort;SNI\r\n"
    f"{PLACE};Brevduvans Påhittade Kiosk AB;{NUMBER};Övningsgränd 177;732 31;Arboga;47.621\r\n"
)
TODAY = local_day(datetime.now(UTC))
DAY = (TODAY + timedelta(days=13 - TODAY.weekday())).isoformat()  # a Sunday: nothing of the practice town is on one
BUSY = {"police": 1}  # whom to pass over: the first officer has invitations already
WITHIN = 30  # seconds until what goes through the queue must have arrived


def wait_for(what: Callable[[], T]) -> T:
    deadline = time.monotonic() + WITHIN
    while not (found := what()):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    return found


@pytest.fixture(scope="module")
def desks(browser: Browser, service: Running) -> Iterator[dict[str, Desk]]:
    """A planner and an inspector of each authority; nothing that they open asks another origin."""
    made = {
        f"{u} {role}": Desk(browser, service, service.person(u, role, BUSY.get(u, 0) if role == "inspector" else 0))
        for u in UNITS
        for role in ("planner", "inspector")
    }
    yield made
    for desk in made.values():
        desk.context.close()
        assert desk.outside == []


def test_the_main_job_from_a_list_to_the_dossier(desks: dict[str, Desk], service: Running, tmp_path: Path) -> None:
    lead = desks["police planner"]
    business = import_a_list(lead, tmp_path)
    operation = plan(desks, business)
    answer_the_parts(desks, operation)
    invite(desks, operation)
    take_the_answers(desks, service, operation)
    subscribe(desks, service)
    inspect_and_hand_in(desks, operation, tmp_path)
    compile_and_read(desks, operation, business)
    leave_no_words_behind(desks, service)


def import_a_list(lead: Desk, folder: Path) -> str:
    """1: a list as an office writes it; its columns, a look, then write. Returns the new business's page."""
    file = folder / "lista.csv"
    file.write_bytes(LIST.encode("cp1252"))
    lead.go("/import/businesses")
    lead.send("/import/businesses", file=str(file))
    draft = urlsplit(lead.page.url).path.removesuffix("/columns")
    lead.send(f"{draft}/columns")
    lead.send(f"{draft}/preview", button='[value="write"]')
    lead.go("/businesses?begins_with=kiosk+brev")
    assert NUMBER in lead.page.content()
    business = lead.page.get_by_role("link", name=PLACE).first.get_attribute("href")
    assert "1212-1212" not in lead.go("/businesses"), "a sole trader's number is never shown"
    assert business is not None
    return business


def plan(desks: dict[str, Desk], business: str) -> str:
    """2: an operation with a visit that three authorities are asked for. Returns its page."""
    lead = desks["police planner"]
    lead.go("/operations/new")
    lead.send(
        "/operations/new",
        starts_at_date=DAY, starts_at_time="18:00", ends_at_date=DAY, ends_at_time="21:00",
        meets_at_date=DAY, meets_at_time="17:30", meeting_place="Polishuset, plan 2",
    )  # fmt: skip
    operation = urlsplit(lead.page.url).path
    lead.go(f"{operation}/visits/new?begins_with=kiosk+brev")
    asked = {f"asked_{i}": "true" for i in authority_ids(desks)}
    lead.press(lead.form("/visits/new"), fields={"business_id": business.rsplit("/", 1)[1], **asked})
    lead.step(operation, "preparing")
    refused = lead.step(operation, "scheduled", wanted=409)
    assert "lagstöd" in refused
    return operation


def authority_ids(desks: dict[str, Desk]) -> list[str]:
    """The three authorities, as the form names them."""
    return [desks[f"{unit} planner"].person["authority_id"].replace("-", "") for unit in UNITS]


def answer_the_parts(desks: dict[str, Desk], operation: str) -> None:
    """2: each authority answers for itself."""
    for unit in UNITS:
        desk = desks[f"{unit} planner"]
        desk.go(operation)
        desk.page.locator('a[href^="/parts/"][href$="/answer"]').first.click()
        path = urlsplit(desk.page.url).path
        fields = {"accepted": "true", "legal_basis": "LTLP 7 kap. 18 §", "announced": "false"}
        fields["no_notice_reason"] = "Det vanliga läget syns inte annars"
        if unit == "police":
            fields["police_role"] = "own_supervision"
        desk.press(desk.blank(path), fields=fields)


def invite(desks: dict[str, Desk], operation: str) -> None:
    """2-3: people are asked, the meeting is set, the gates opened one by one."""
    lead = desks["police planner"]
    lead.step(operation, "scheduled")
    for unit in UNITS:
        person = desks[f"{unit} inspector"].person
        lead.go(f"{operation}/people/new?authority={person['authority_id']}")
        lead.send("/people/new", person_id=person["person_id"])
    assert "ledare" in lead.step(operation, "invited", wanted=409).lower()
    lead.go(f"{operation}/meeting")
    lead.send("/meeting", lead_person_id=desks["police inspector"].person["person_id"])
    lead.step(operation, "invited")


def take_the_answers(desks: dict[str, Desk], service: Running, operation: str) -> None:
    """3: one answers by the personal link, one by mail, one on the page; the planner sees all three."""
    tage, mans, poul = (desks[f"{unit} inspector"] for unit in ("tobacco", "environment", "police"))
    for desk in (tage, mans, poul):
        mail = wait_for(lambda desk=desk: mails_to(service, desk.person))[-1]  # type: ignore[misc]
        assert not any(secret in text for text in every_text(mail) for secret in (PLACE, NUMBER, "Övningsgränd"))
        assert str(mail["Subject"]) == str(invitation(mail)["SUMMARY"])
        starts = invitation(mail).decoded("DTSTART")
        assert isinstance(starts, datetime)
        assert starts.astimezone(HOME).strftime("%H:%M") == "17:30"
    text = "".join(every_text(mails_to(service, tage.person)[-1]))
    link = re.search(r"/svar/[\w-]+", text)
    assert link is not None
    stranger = requests.get(service.url + link[0], timeout=10)
    assert stranger.status_code == 200
    assert PLACE not in stranger.text
    answered = requests.post(service.url + link[0], data={"said": "accepted", "comment": "Kommer direkt"}, timeout=10)
    assert answered.status_code == 200
    reply(service, mans.person, "ACCEPTED")
    poul.go(operation)
    poul.press(poul.form("/answer", said="accepted"))
    lead = desks["police planner"]
    wait_for(lambda: "Kommer direkt" in lead.go(operation) and "svar i mejl" in lead.text() and lead.text())
    lead.step(operation, "confirmed")


def subscribe(desks: dict[str, Desk], service: Running) -> None:
    """4: the secret feed, read by another program; unchanged is 304 without a body."""
    url = desks["tobacco inspector"].person["feed_url"]
    got = requests.get(url, timeout=10)
    assert got.headers["Content-Type"] == "text/calendar; charset=utf-8"
    events = icalendar.Calendar.from_ical(got.content).walk("VEVENT")
    own = invitation(mails_to(service, desks["tobacco inspector"].person)[-1])
    assert own["UID"] in [event["UID"] for event in events]
    assert PLACE not in got.text
    assert "ATTENDEE" not in got.text
    again = requests.get(url, headers={"If-None-Match": got.headers["ETag"]}, timeout=10)
    assert (again.status_code, again.content) == (304, b"")
    assert requests.get(url.replace(".ics", "x.ics"), timeout=10).status_code == 404


def inspect_and_hand_in(desks: dict[str, Desk], operation: str, folder: Path) -> None:
    """5: checklist, photo, free observation; each authority hands in its own part."""
    lead, tage = desks["police planner"], desks["tobacco inspector"]
    lead.step(operation, "ongoing")
    photo = folder / "disk.jpg"
    Image.new("RGB", (640, 480), "brown").save(photo)
    tonight = f"/tonight?operation={operation.rsplit('/', 1)[1]}"
    tage.go(tonight)
    tage.page.locator('a[href$="/checklist"]').first.click()
    path = urlsplit(tage.page.url).path
    form = tage.form(path)
    first = (form.locator('input[name$=".answer"][value="deficiency"]').first.get_attribute("name") or "").split(".")[0]
    fields = {f"{first}.answer": "deficiency", f"{first}.text": CANARY, f"{first}.photos": str(photo)}
    saved = tage.press(form, '[value="all"]', fields=fields)
    assert CANARY in tage.page.content()
    assert saved
    for unit in UNITS:
        desk = desks[f"{unit} inspector"]
        desk.go(tonight)
        desk.page.locator('a[href$="/checklist"]').first.click()
        desk.go(urlsplit(desk.page.url).path.replace("/checklist", "/hand-in"))
        nothing = {} if unit == "tobacco" else {"nothing_to_report": "true"}
        desk.press(desk.form("/hand-in"), fields=nothing)
    lead.go(operation)
    lead.page.locator('a[href^="/visits/"][href$="/end"]').first.click()
    lead.send("/end", state="done")
    lead.step(operation, "done")


def compile_and_read(desks: dict[str, Desk], operation: str, business: str) -> None:
    """6: each authority's dossier holds its own findings and the common part, as page, JSON and PDF."""
    lead = desks["police planner"]
    lead.step(operation, "reported")
    lead.go(f"{operation}/common")
    lead.send("/common", text="Gemensamt besök utan ordningsstörningar.")
    wait_for(lambda: "sammanställningen är inte klar" not in lead.go(operation) and operation)
    lead.step(operation, "compiled")
    for unit in UNITS:
        desk, own = desks[f"{unit} planner"], unit == "tobacco"
        assert (CANARY in desk.go(business)) is own
        assert "ordningsstörningar" in desk.text()
        api = f"/api/v1/dossiers/{business.rsplit('/', 1)[1]}"
        told = desk.context.request.get(api)
        assert told.status == 200
        assert (CANARY in told.text()) is own
        pdf = desk.context.request.get(f"{api}.pdf")
        assert pdf.headers["content-type"] == "application/pdf"
        text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf.body())).pages)
        assert (CANARY.split()[1] in text) is own
        assert PLACE in " ".join(text.split())


def leave_no_words_behind(desks: dict[str, Desk], service: Running) -> None:
    """Logs and Valkey's file hold ids only: no place, finding, number, address or secret of anybody."""
    people = [desk.person for desk in desks.values()]
    secrets = [person[key] for person in people for key in ("token", "feed_secret", "email", "password")]
    words = [word.encode() for word in (PLACE, CANARY, NUMBER, "Övningsgränd", "Polishuset", *secrets)]
    files = [f for part in ("logs", "valkey") for f in (service.folder / part).rglob("*") if f.is_file()]
    assert len(files) > len(UNITS)
    for file in files:
        if file.name != "password":
            found = [word.decode() for word in words if word in file.read_bytes()]
            assert found == [], file.name
