"""Notices by mail, against a real SMTP server: who wants them, once, and nothing in them that R7 does not let out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from email.header import decode_header, make_header
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from samsyn.access.rules import Language, Role
from samsyn.access.service import KeepSettings, NameDeputy, end_deputy, keep_settings, name_deputy
from samsyn.calendars.letters import Links
from samsyn.calendars.queries import sendings
from samsyn.calendars.rules import OF_NO_OPERATION, Happened, NoticeKind, digest_at
from samsyn.calendars.service import SEND_NOTICES, Tell, mark_all_read, notify, take_mail
from samsyn.core.home import HOME
from samsyn.core.keys import load_keys
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.lifecycle.notices import remind_person
from samsyn.operations.queries import get_operation
from samsyn.operations.rules import OperationState
from samsyn_workers import calendars_notices
from samsyn_workers.calendars_notices import send_notices
from tests.calendars.box import CUT, Box, Mail, open_box, settings
from tests.calendars.sending import end_leases, end_pauses, send
from tests.factories import Office, Town, make_person
from tests.lifecycle.telling import kinds, notices, work
from tests.lifecycle.walk import Walk, walk_to


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[Box]:
    with open_box() as box, settings(monkeypatch, folder, f"smtp://127.0.0.1:{box.port}"):
        yield box


@pytest.fixture
def walk(town: Town) -> Walk:
    return walk_to(town, OperationState.INVITED)


def mail_all(office: Office) -> int:
    return int(send_notices(acts_for=str(office.id)))


def tell(town: Town, walk: Walk, kind: NoticeKind, office: Office) -> None:
    with unit_of_work(town.planner(town.police)) as uow:
        word = get_operation(uow, walk.operation).code_word
        notify(uow, Tell(kind, walk.operation, word, uuid4()), [(office.planner, office.id)])


def every_text(mail: Mail) -> str:
    parts = [part for part in mail.message.walk() if not part.is_multipart()]
    bodies = [payload.decode() for part in parts if isinstance(payload := part.get_payload(decode=True), bytes)]
    heads = [str(make_header(decode_header(str(value)))) for value in mail.message.values()]
    return "\n".join([*bodies, *heads])


def test_a_notice_says_its_kind_the_code_word_and_a_link_and_has_no_calendar(town: Town, walk: Walk, box: Box) -> None:
    tell(town, walk, NoticeKind.IN_DANGER, town.tobacco)
    work(town)
    assert mail_all(town.tobacco) > 0
    assert mail_all(town.tobacco) == 0
    mails = {m.message["Message-ID"]: m for m in box.to(town.tobacco.planner)}
    mail = next(m for m in mails.values() if "förlorat" in every_text(m))
    with unit_of_work(town.planner(town.police)) as uow:
        word = get_operation(uow, walk.operation).code_word
    said = every_text(mail)
    assert str(make_header(decode_header(str(mail.message["Subject"])))) == f"Samsyn: Insats {word}"
    assert f"/operations/{walk.operation}" in said
    assert mail.message["Auto-Submitted"] == "auto-generated"
    assert {part.get_content_type() for part in mail.message.walk()} == {
        "multipart/alternative", "text/plain", "text/html",
    }  # fmt: skip
    assert "samsyn_answer" not in said
    assert mail.sender.startswith("studs+")


@pytest.mark.parametrize("how", ["mail", "daily"])
def test_no_notice_of_any_kind_names_a_business_an_address_a_person_or_a_title(
    town: Town, walk: Walk, box: Box, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mail canary: what the operation goes to, whom it takes and what was said, looked for in every mail."""
    with unit_of_work(town.planner(town.police)) as uow:
        words = set(uow.session.scalars(text("SELECT name FROM visit_target UNION SELECT address FROM visit_target")))
        words |= {place for place in uow.session.scalars(text("SELECT meeting_place FROM operation")) if place}
        words |= set(uow.session.scalars(text("SELECT legal_basis FROM part_answer")))
    words |= {"Inspektör 1", "Kiosk", "Bolag", "Nygatan", "559999", "annars syns inget"}
    for kind in NoticeKind:
        tell(town, walk, kind, town.tobacco)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        keep_settings(uow, KeepSettings({f"notice.{kind.value}": how for kind in NoticeKind}))
    work(town)
    mail_all(town.tobacco)
    a_day_passes(town, monkeypatch)
    mail_all(town.tobacco)
    got = box.to(town.tobacco.planner)
    assert sum(every_text(mail).count("/operations/") for mail in got) >= len(NoticeKind) - len(OF_NO_OPERATION)
    assert [(word, mail.message["Subject"]) for mail in got for word in words if word in every_text(mail)] == []


def test_each_person_gets_by_mail_what_that_person_chose_and_the_page_the_rest(
    town: Town, walk: Walk, box: Box
) -> None:
    work(town)
    mail_all(town.tobacco)
    box.got.clear()
    with unit_of_work(town.planner(town.tobacco)) as uow:
        keep_settings(
            uow, KeepSettings({"notice.in_danger": "page", "notice.message": "mail", "notice.compiled": "off"})
        )
    for kind in (NoticeKind.IN_DANGER, NoticeKind.MESSAGE, NoticeKind.COMPILED):
        tell(town, walk, kind, town.tobacco)
    assert mail_all(town.tobacco) == 1
    assert "skrivit om planen" in every_text(box.got[0])
    assert {NoticeKind.IN_DANGER, NoticeKind.MESSAGE} <= set(kinds(town.planner(town.tobacco)))
    assert NoticeKind.COMPILED not in kinds(town.planner(town.tobacco))


DAILY = (NoticeKind.IN_DANGER, NoticeKind.MESSAGE, NoticeKind.COMPILED)


def a_day_passes(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was told has had its morning, and what was put off to it is due."""
    monkeypatch.setattr(calendars_notices, "digest_at", lambda at, _: at)
    end_pauses(town.tobacco)


def test_what_is_wanted_once_a_day_comes_next_morning_in_one_mail_that_says_no_more_than_each(
    town: Town, walk: Walk, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    work(town)
    mail_all(town.tobacco)
    box.got.clear()
    with unit_of_work(town.planner(town.tobacco)) as uow:
        keep_settings(uow, KeepSettings({f"notice.{kind.value}": "daily" for kind in DAILY}))
        word = get_operation(uow, walk.operation).code_word
    for kind in (*DAILY, NoticeKind.MESSAGE):
        tell(town, walk, kind, town.tobacco)
    assert mail_all(town.tobacco) == 0, "they wait for the morning"
    assert mail_all(town.tobacco) == 0
    a_day_passes(town, monkeypatch)
    assert mail_all(town.tobacco) == 1
    assert mail_all(town.tobacco) == 0
    (mail,) = box.got
    said = every_text(mail)
    assert str(make_header(decode_header(str(mail.message["Subject"])))) == "Samsyn: 3 aviseringar"
    assert said.count("skrivit om planen") == 2, "once in the text and once in the page, however often it was told"
    assert said.count(f"Insats {word}") == 6
    assert 'class="lk" href="http' in said
    assert "samsyn_answer" not in said


def test_of_the_day_s_notices_only_what_was_not_seen_is_mailed_and_a_single_one_as_ever(
    town: Town, walk: Walk, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    work(town)
    mail_all(town.tobacco)
    box.got.clear()
    with unit_of_work(town.planner(town.tobacco)) as uow:
        keep_settings(uow, KeepSettings({f"notice.{kind.value}": "daily" for kind in DAILY}))
    tell(town, walk, NoticeKind.COMPILED, town.tobacco)
    mail_all(town.tobacco)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        mark_all_read(uow)
    tell(town, walk, NoticeKind.IN_DANGER, town.tobacco)
    mail_all(town.tobacco)
    a_day_passes(town, monkeypatch)
    assert mail_all(town.tobacco) == 1
    assert "förlorat" in every_text(box.got[0])
    assert "aviseringar" not in str(make_header(decode_header(str(box.got[0].message["Subject"]))))


@given(st.integers(0, 2 * 366 * 1440), st.uuids())
def test_the_morning_is_after_the_notice_within_a_day_and_by_the_town_s_clock(minute: int, person: UUID) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    due = digest_at(at, person)
    assert at < due <= at + timedelta(hours=25)
    assert time(7) <= due.astimezone(HOME).time() < time(7, 15)
    assert digest_at(at, person) == due


def test_what_was_seen_on_the_page_meanwhile_is_not_mailed(town: Town, walk: Walk, box: Box) -> None:
    tell(town, walk, NoticeKind.IN_DANGER, town.tobacco)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        mark_all_read(uow)
    assert mail_all(town.tobacco) == 0
    assert box.got == []


def test_the_mail_is_in_the_readers_language(town: Town, walk: Walk, box: Box) -> None:
    with unit_of_work(town.planner(town.tobacco)) as uow:
        uow.session.execute(
            text("UPDATE staff_address SET language = :l WHERE person_id = :p"),
            {"l": Language.EN.value, "p": town.tobacco.planner},
        )
    tell(town, walk, NoticeKind.IN_DANGER, town.tobacco)
    mail_all(town.tobacco)
    assert "lost what it needs" in every_text(box.got[-1])


def test_a_worker_that_died_after_sending_costs_the_same_mail_once_more(
    town: Town, walk: Walk, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(town, walk, NoticeKind.IN_DANGER, town.tobacco)

    def die(*_: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(calendars_notices, "finish", die)
        with pytest.raises(KeyboardInterrupt):
            mail_all(town.tobacco)
    end_leases(town.tobacco)
    mail_all(town.tobacco)
    contents = {mail.content for mail in box.to(town.tobacco.planner)}
    assert (len(box.to(town.tobacco.planner)), len(contents)) == (2, 1)


def test_a_cut_line_is_tried_again_and_a_refusal_for_good_is_not(town: Town, walk: Walk, box: Box) -> None:
    tell(town, walk, NoticeKind.IN_DANGER, town.tobacco)
    box.answers[""] = [CUT]
    mail_all(town.tobacco)
    end_pauses(town.tobacco)
    box.answers[""] = ["550 unknown"]
    mail_all(town.tobacco)
    end_pauses(town.tobacco)
    assert mail_all(town.tobacco) == 0
    with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
        left = uow.session.scalar(
            text("SELECT count(*) FROM outbox WHERE task = :t AND state <> 'done'"), {"t": SEND_NOTICES}
        )
    assert left == 0
    assert NoticeKind.IN_DANGER in kinds(town.planner(town.tobacco))


def test_an_invitation_that_is_refused_is_told_to_both_planners_without_the_reason_in_the_mail(
    town: Town, walk: Walk, box: Box
) -> None:
    box.answers[""] = ["550 no such user"]
    send(town.tobacco)
    for planner in (town.planner(town.police), town.planner(town.tobacco)):
        assert kinds(planner).count(NoticeKind.DELIVERY_REFUSED) == 1
    assert NoticeKind.DELIVERY_REFUSED not in kinds(town.planner(town.environment))
    mail_all(town.police)
    said = [every_text(mail) for mail in box.to(town.police.planner) if "kom inte fram" in every_text(mail)]
    assert len(said) == 1
    # As a word: a boundary, an id or an address may hold the three digits by chance.
    assert re.search(r"(?<!\w)550(?!\w)|no such user", said[0]) is None
    assert "Inspektör" not in said[0]


def test_a_reminder_carries_no_personal_link(town: Town, walk: Walk, box: Box) -> None:
    with unit_of_work(town.planner(town.police)) as uow:
        remind_person(uow, walk.operation, walk.places[town.tobacco.id])
    mail_all(town.tobacco)
    (mail,) = box.to(town.tobacco.inspectors[0])
    assert "/svar/" not in every_text(mail)
    assert "väntar på ditt svar" in every_text(mail)


def test_a_notice_that_bounces_blames_no_invitation(town: Town, walk: Walk, box: Box, folder: Path) -> None:
    send(town.tobacco)
    person = town.tobacco.inspectors[0]
    with unit_of_work(town.planner(town.police)) as uow:
        remind_person(uow, walk.operation, walk.places[town.tobacco.id])
    mail_all(town.tobacco)
    notice = notices(town.inspector(town.tobacco))[0]
    links = Links(load_keys(folder / "keys.json"), "https://s.example", "samsyn.example", "Samsyn")
    bounce = (
        b"From: mailer-daemon@mx.example\r\nContent-Type: multipart/report; report-type=delivery-status\r\n\r\n"
        b"Content-Type: message/delivery-status\r\n\r\nAction: failed\r\n\r\n"
        + f"Message-ID: <{notice.id}@samsyn.example>\r\n".encode()
    )
    to = f"studs+{links.bounce_token(person, town.tobacco.id)}@samsyn.example"
    assert take_mail(bounce, links, envelope_to=to).reason == "bounce_of_notice"
    with unit_of_work(town.planner(town.police)) as uow:
        last = next(s for s in sendings(uow, walk.operation) if s.person_id == person)
    assert last.happened is Happened.ACCEPTED


def test_a_deputy_hears_what_the_planner_hears_once_and_nothing_of_the_persons_own(
    town: Town, walk: Walk, box: Box
) -> None:
    second = make_person(town.tobacco.id, town.tobacco.unit, "Andra planeraren", {Role.PLANNER})
    deputy = Viewer(town.tobacco.id, second, frozenset({"planner"}))
    mail_all(town.tobacco)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        days = (uow.today, uow.today + timedelta(days=3))
        row = name_deputy(uow, NameDeputy(uow.person, second, *days))
        name_deputy(uow, NameDeputy(second, uow.person, *days))  # and back: nobody hears it twice
    for kind in (NoticeKind.IN_DANGER, NoticeKind.ANSWER_REMINDER):
        tell(town, walk, kind, town.tobacco)
    mail_all(town.tobacco)
    assert kinds(deputy) == [NoticeKind.IN_DANGER]
    assert kinds(town.planner(town.tobacco)).count(NoticeKind.IN_DANGER) == 1
    subject = make_header(decode_header(box.to(second)[0].message["Subject"]))
    assert str(subject).startswith("Samsyn: Insats")
    with unit_of_work(town.planner(town.tobacco)) as uow:
        end_deputy(uow, uow.person, row)
    tell(town, walk, NoticeKind.IN_DANGER, town.tobacco)
    mail_all(town.tobacco)
    assert kinds(deputy) == [NoticeKind.IN_DANGER]
