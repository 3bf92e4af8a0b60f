"""Invitations as mails: shape, headers, one recipient whatever the names are, the same bytes each time, fast enough."""

from __future__ import annotations

import re
import smtplib
import socket
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import getaddresses
from html.parser import HTMLParser
from time import process_time

import icalendar
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from hypothesis import given, settings
from hypothesis import strategies as st

from samsyn.calendars.rendering import Letter, build_message, envelope
from samsyn.calendars.rules import Method
from tests.calendars.letters import a_letter, swedish
from tests.interop.wire import calendar_of, mail, mail_faults, successor_faults, wire_faults

SUBJECT = "Samsyn: Insats Gullviva"
KINDS = [
    ("REQUEST", {}),
    ("REQUEST", {"sequence": 3}),
    ("CANCEL", {"method": Method.CANCEL, "sequence": 4, "whole": True}),
    ("REMOVED", {"method": Method.CANCEL, "sequence": 4, "whole": False}),
]


@pytest.mark.parametrize(("kind", "changes"), KINDS)
@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_message_keeps_the_rules_of_imip(kind: str, changes: dict[str, object], language: str) -> None:
    assert mail_faults(build_message(a_letter(language=language, **changes)), kind, SUBJECT) == []


def test_the_same_letter_gives_the_same_bytes() -> None:
    assert build_message(a_letter()) == build_message(a_letter())


def test_an_update_keeps_the_uid_and_raises_the_rest() -> None:
    letter = a_letter()
    later = a_letter(
        sequence=1, written_at=letter.written_at.replace(hour=9), message_id="<7f3d9e0c5f2a4c1b.1@samsyn.example>"
    )
    assert successor_faults(build_message(letter), build_message(later)) == []
    assert successor_faults(build_message(letter), build_message(letter)) != []


def test_from_and_reply_address_are_the_persons_own_and_the_bounce_address_is_in_no_header() -> None:
    letter = a_letter()
    message = mail(build_message(letter))
    assert message["From"].addresses[0].addr_spec == message["Reply-To"].addresses[0].addr_spec == letter.reply_address
    assert message["From"].addresses[0].display_name == "Samsyn Arboga"
    assert envelope(letter) == (letter.bounce_address, letter.recipient_address)
    assert b"studs+" not in build_message(letter)


def body(raw: bytes, kind: str) -> str:
    part = mail(raw).get_body((kind,))
    assert isinstance(part, EmailMessage)
    return str(part.get_content())


def test_text_and_page_say_what_the_calendar_says() -> None:
    raw = build_message(a_letter())
    for said in (body(raw, "plain"), body(raw, "html")):
        for wanted in ("Fredag 27 november 2026, vecka 48", "kl. 17:15–21:15", "Räddningsgården", "Inspektör",
                       "Polisen Köping", "insatsledaren", "https://samsyn.example/svar/3q2-hemlig?said=accepted",
                       "https://samsyn.example/insatser/5d1c"):  # fmt: skip
            assert wanted in said


def test_a_cancellation_has_no_links_to_answer_with() -> None:
    raw = build_message(a_letter(method=Method.CANCEL, whole=True))
    assert "Insatsen är inställd." in body(raw, "plain")
    assert "hemlig" not in body(raw, "plain") + body(raw, "html")


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.opened.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "background", "action")]


def test_the_page_fetches_nothing_and_its_words_are_escaped() -> None:
    raw = build_message(a_letter(meeting_place='<img src="https://spy.example/x.png">&'))
    page = body(raw, "html")
    tags = Tags()
    tags.feed(page)
    assert not {"img", "script", "link", "iframe", "form", "object"} & set(tags.opened)
    assert {link.split("?")[0] for link in tags.links} == {
        "https://samsyn.example/svar/3q2-hemlig", "https://samsyn.example/insatser/5d1c",
    }  # fmt: skip
    assert "&lt;img" in page
    assert not re.search(r"url\(|@import|spy\.example/x\.png[^&]*>", page)
    assert '<html lang="sv">' in page
    assert tags.opened.count("h1") == 1


HOSTILE = st.one_of(
    st.text(max_size=60),
    st.text(alphabet=list("\r\n,;:\"'\\<>@^%=?\u202e\u2066\u2028\x00\x85 aåÖ😀\u200d"), max_size=80),
    st.sampled_from([
        "a\r\nBcc: x@evil.example", "a\nATTENDEE:mailto:x@evil.example", "x@evil.example, y@evil.example",
        "=?utf-8?q?=0D=0ABcc:x?=", "Å" * 5_000, "a, b <x@evil.example>", "\r\n\r\n--=_", "END:VEVENT\r\nBEGIN:VEVENT",
        '"; CN=x', "\ud800",
    ]),
)  # fmt: skip


FIELDS = st.fixed_dictionaries(
    dict.fromkeys(("recipient_name", "meeting_place", "code_word", "role", "contact", "calendar_name"), HOSTILE)
)


def one_message_to_one_person(fields: dict[str, str]) -> None:
    names = (fields["role"], fields["recipient_name"])
    letter = a_letter(**fields, asks=fields["role"], authorities=names)
    raw = build_message(letter)
    usual, message = mail(build_message(a_letter())), mail(raw)
    assert message.keys() == usual.keys()
    assert not message.defects
    assert [address for _, address in getaddresses(message.get_all("To", []))] == [letter.recipient_address]
    assert [it.addr_spec for it in message["To"].addresses] == [letter.recipient_address]
    data = calendar_of(raw)
    assert wire_faults(data, "REQUEST") == []
    event = icalendar.Calendar.from_ical(data).walk("VEVENT")[0]
    assert str(event["SUMMARY"]) == str(message["Subject"])
    assert str(event["ATTENDEE"]) == "mailto:asa.oberg@miljo.example"
    assert max(map(len, raw.split(b"\r\n"))) <= 998


@settings(max_examples=300, deadline=None, database=None)
@given(fields=FIELDS)
def test_no_name_or_title_adds_a_recipient_a_header_or_a_line(fields: dict[str, str]) -> None:
    one_message_to_one_person(fields)


@pytest.mark.long
@settings(max_examples=10_000, deadline=None, database=None)
@given(fields=FIELDS)
def test_none_of_ten_thousand_names_and_titles_does(fields: dict[str, str]) -> None:
    one_message_to_one_person(fields)


class Kept:
    """A real SMTP server that keeps what comes."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        assert len(envelope.rcpt_tos) == 1
        self.mails.append(envelope.content)
        return "250 OK"


def test_300_swedish_subjects_decode_exactly_after_a_real_server() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = Kept()
    server = Controller(kept, hostname="127.0.0.1", port=port)
    server.start()
    letters = [a_letter(code_word=swedish(n)) for n in range(300)]
    try:
        with smtplib.SMTP("127.0.0.1", port) as client:
            for letter in letters:
                sender, recipient = envelope(letter)
                client.sendmail(sender, [recipient], build_message(letter))
    finally:
        server.stop()
    subjects = [str(mail(raw)["Subject"]) for raw in kept.mails]
    assert subjects == [f"Samsyn: Insats {letter.code_word}" for letter in letters]
    assert [raw.rstrip() for raw in kept.mails] == [build_message(letter).rstrip() for letter in letters]


def naive(letter: Letter) -> bytes:
    """The way of the standard library, for each person anew: the baseline of G9."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Samsyn//Samsyn//SV")
    calendar.add("version", "2.0")
    calendar.add("method", "REQUEST")
    event = icalendar.Event()
    for name, value in (
        ("uid", letter.uid), ("dtstamp", letter.written_at), ("last-modified", letter.written_at), ("sequence", 0),
        ("dtstart", letter.starts_at), ("dtend", letter.ends_at), ("summary", SUBJECT), ("location", "Räddningsgården"),
        ("description", "Polisen Köping ber dig vara med. " * 12), ("url", letter.operation_url),
        ("status", "CONFIRMED"), ("class", "CONFIDENTIAL"), ("transp", "OPAQUE"),
    ):  # fmt: skip
        event.add(name, value)
    event.add("organizer", icalendar.vCalAddress(f"mailto:{letter.reply_address}"))
    event.add("attendee", icalendar.vCalAddress(f"mailto:{letter.recipient_address}"))
    calendar.add_component(event)
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = f"Samsyn <{letter.reply_address}>", f"{letter.recipient_name} <a@b.example>"
    message["Subject"], message["Message-ID"] = SUBJECT, letter.message_id
    message.set_content(body_text := "Räddningsgården, sal 2, fredag 27 november 2026\n" * 12)
    message.add_alternative(f"<p>{body_text}</p>" * 3, subtype="html")
    data = calendar.to_ical()
    message.add_alternative(data, "text", "calendar", params={"method": "REQUEST", "charset": "UTF-8"})
    message.add_attachment(data, "application", "ics", filename="invite.ics")
    return message.as_bytes()


def people(count: int, version: int) -> list[Letter]:
    return [
        a_letter(
            uid=f"{version}x{n}@samsyn.example", recipient_address=f"p{n}v{version}@miljo.example",
            recipient_name=f"Åsa Öberg {n}", reply_address=f"svar+{n:09}abcdefg@samsyn.example",
            meeting_place=f"Räddningsgården, sal {version}", message_id=f"<{version}.{n}@samsyn.example>",
        )
        for n in range(count)
    ]  # fmt: skip


def test_a_versions_invitations_are_built_five_times_faster_than_one_by_one_with_the_standard_library() -> None:
    def cost(build: object, version: int) -> float:
        letters = people(150, version)
        start = process_time()
        for letter in letters:
            build(letter)  # type: ignore[operator]
        return process_time() - start

    ratios = sorted(cost(naive, round_) / cost(build_message, round_ + 100) for round_ in range(5))
    assert ratios[2] >= 5, ratios
