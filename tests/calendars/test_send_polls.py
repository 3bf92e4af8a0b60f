"""A time poll by mail: its times, until when and a link, in both languages, and nothing of where it goes (R7)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from email.header import decode_header, make_header
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from samsyn.access.queries import identify
from samsyn.access.rules import Language, Purpose
from samsyn.access.service import KeepSettings, keep_settings
from samsyn.calendars.rules import NoticeKind
from samsyn.core.errors import NotKnownError
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.lifecycle.polls.service import answer_poll, open_poll, withdraw_poll
from samsyn.planning.queries.polls import PollLine, get_ask
from samsyn.planning.rules import PollAnswer
from samsyn.planning.service.polls import OpenPoll
from tests.calendars.box import Box, Mail, open_box, settings
from tests.calendars.test_send_notices import every_text, mail_all
from tests.factories import Town
from tests.lifecycle.polling import ask, pass_deadline
from tests.lifecycle.telling import kinds
from tests.planning import scene
from tests.planning.scene import MONDAY, moment, span

DEADLINE = moment(MONDAY - timedelta(days=4), "12:00")
TIMES = [
    span(MONDAY, "10:00", "12:00"),
    (moment(MONDAY + timedelta(days=1), "22:00"), moment(MONDAY + timedelta(days=2), "01:00")),
    span(MONDAY + timedelta(days=26), "18:00", "20:00"),
    span(MONDAY + timedelta(days=27), "10:00", "12:00"),
    span(MONDAY + timedelta(days=28), "10:00", "12:00"),
]


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[Box]:
    with open_box() as box, settings(monkeypatch, folder, f"smtp://127.0.0.1:{box.port}"):
        yield box


@pytest.fixture
def operation(town: Town) -> UUID:
    found = scene.propose(town, span(MONDAY + timedelta(days=3), "10:00", "12:00"), (town.police, town.tobacco))
    scene.send(town, found, town.tobacco, 0)
    return found


def ask_long(town: Town, operation: UUID) -> PollLine:
    """Five times, one over midnight, two on both sides of the night in which summer time begins."""
    with unit_of_work(town.planner(town.police), DEADLINE - timedelta(days=3)) as uow:
        return open_poll(uow, OpenPoll(operation, TIMES, DEADLINE))


def parts(mail: Mail) -> dict[str, str]:
    found = {}
    for one in mail.message.walk():
        if isinstance(payload := one.get_payload(decode=True), bytes):
            found[one.get_content_type()] = payload.decode()
    return found


def test_a_poll_is_asked_by_one_mail_whose_link_answers_without_an_account(
    box: Box, town: Town, operation: UUID
) -> None:
    poll = ask(town, operation)
    assert mail_all(town.tobacco) == 1
    mail = box.got[-1]
    said = every_text(mail)
    assert "Vilka av tiderna kan du?" in said
    for secret in ("Kiosk", "Nygatan", str(operation), "Inspektör 2", town.businesses[0].hex):
        assert secret not in said
    link = re.search(r"/svar/(samsyn_poll_[a-z2-7]{52})", said)
    assert link is not None
    viewer, credential = identify(link[1], frozenset({Purpose.POLL}))
    with unit_of_work(Viewer(viewer.authority_id, viewer.person_id)) as uow:
        one = get_ask(uow, credential.poll_ask_id or uuid4())
        assert (one.poll_id, one.person_id, one.for_authority) == (poll.id, town.tobacco.inspectors[0], False)
        answer_poll(uow, poll.id, {poll.options[0].id: PollAnswer.YES}, whole=False, ask=one)
    with pytest.raises(NotKnownError):
        identify(link[1], frozenset({Purpose.ANSWER}))
    assert mail_all(town.tobacco) == 0


@pytest.mark.parametrize(
    ("language", "asks", "first", "night", "until"),
    [
        (
            Language.SV,
            "Frågas av",
            "Förslag 1: Måndag 1 mars 2027, vecka 9 kl. 10:00–12:00, svensk tid",
            "kl. 22:00–onsdag 3 mars 2027 kl. 01:00, svensk tid",
            "Svar senast: Torsdag 25 februari 2027, vecka 8 kl. 12:00, svensk tid",
        ),
        (
            Language.EN,
            "Asked by",
            "Proposal 1: Monday 1 March 2027, week 9 10:00–12:00, Swedish time",
            "22:00–Wednesday 3 March 2027 01:00, Swedish time",
            "Thursday 25 February 2027, week 8 12:00, Swedish time",
        ),
    ],
)
def test_the_mail_lists_the_times_and_until_when(
    box: Box, town: Town, operation: UUID, language: Language, asks: str, first: str, night: str, until: str
) -> None:
    with unit_of_work(town.inspector(town.tobacco)) as uow:
        keep_settings(uow, KeepSettings({}, language))
    ask_long(town, operation)
    make_due(town)
    assert mail_all(town.tobacco) == 1
    said = parts(box.got[-1])
    plain, html = " ".join(said["text/plain"].split()), said["text/html"]
    assert first in plain
    assert night in plain
    assert until in plain
    assert f"{asks}: {town.police.name}" in plain
    for line in re.findall(r"\d\d:\d\d–\d\d:\d\d|\w+ \d+ \w+ 2027, (?:vecka|week) \d+", plain):
        assert line in html
    assert len(re.findall(r'<th scope="row"', html)) == len(TIMES) + 2
    assert str(make_header(decode_header(box.got[-1].message["Subject"]))).startswith("Samsyn: ")
    for secret in ("Kiosk", "Nygatan", str(operation), "Inspektör 2", town.businesses[0].hex):
        assert secret not in every_text(box.got[-1])


def make_due(town: Town) -> None:
    """The poll was asked at another time than now: its mail is due all the same."""
    with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
        uow.session.execute(text("UPDATE outbox SET next_at = now() - interval '1 second'"))


def test_a_question_that_is_over_before_its_mail_went_is_not_mailed(box: Box, town: Town, operation: UUID) -> None:
    ask(town, operation)
    with unit_of_work(town.planner(town.police)) as uow:
        withdraw_poll(uow, operation)
    assert mail_all(town.tobacco) == 0
    pass_deadline(town, ask(town, operation))
    assert mail_all(town.tobacco) == 0
    assert kinds(town.inspector(town.tobacco)) == [NoticeKind.POLL_ASKED, NoticeKind.POLL_ASKED]
