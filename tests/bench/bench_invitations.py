"""Building the invitations of one operation to 200 people (PERFORMANCE G9)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage

from samsyn.calendars.rendering import Letter, build_calendar, build_message
from samsyn.calendars.rendering.event import render_event
from samsyn.calendars.rendering.lines import written_line
from samsyn.calendars.rendering.message import word
from samsyn.calendars.rendering.page import page
from samsyn.calendars.rendering.text import plain, subject, words
from samsyn.calendars.rendering.when import in_words
from tests.bench.bench_dossiers import better
from tests.bench.measuring import Clock
from tests.bench.place import Place
from tests.bench.plain_icalendar import Facts, facts_of, render, same
from tests.bench.result import Result
from tests.calendars.letters import a_letter

PEOPLE = 200
PARTS = ("text/plain", "text/html", "text/calendar", "application/ics")


def letters(people: int = PEOPLE) -> list[Letter]:
    """One version of one operation, told to many: each with an address, tokens and a link of their own."""
    base = a_letter()
    return [
        replace(
            base,
            uid=f"{n:032x}@samsyn.example",
            message_id=f"<{n:032x}@samsyn.example>",
            recipient_address=f"person{n}@miljo.example",
            recipient_name=f"Åsa {n} Öberg",
            reply_address=f"svar+{n:016x}@samsyn.example",
            bounce_address=f"studs+{n:016x}@samsyn.example",
            answer_url=f"https://samsyn.example/svar/{n:052x}",
        )
        for n in range(people)
    ]


def usual_way(letter: Letter, calendar: Facts) -> bytes:
    """The same mail as most programs make it: icalendar for the event, ``EmailMessage`` for the rest."""
    event, said, mail = render(calendar), words(letter), EmailMessage(policy=policy.SMTP)
    mail["From"] = Address(letter.calendar_name, addr_spec=letter.reply_address)
    mail["To"] = Address(letter.recipient_name, addr_spec=letter.recipient_address)
    mail["Reply-To"] = Address(letter.calendar_name, addr_spec=letter.reply_address)
    mail["Subject"], mail["Date"] = subject(letter), letter.written_at
    mail["Message-ID"], mail["Auto-Submitted"] = letter.message_id, "auto-generated"
    mail["Content-Language"] = letter.language
    mail.set_content(plain(said), cte="base64")
    mail.add_alternative(page(said, letter.language), subtype="html", cte="base64")
    method = {"method": letter.method.upper()}
    mail.add_alternative(event.decode(), subtype="calendar", params=method, cte="base64")
    mail.add_attachment(event, maintype="application", subtype="ics", filename="invite.ics", cte="base64")
    return mail.as_bytes()


def content(raw: bytes) -> dict[str, str]:
    """What a mail program shows: decoded headers and parts, one kind of line end."""
    mail = message_from_bytes(raw, policy=policy.default)
    shown = {name: str(mail[name]) for name in ("From", "To", "Reply-To", "Subject", "Message-ID", "Date")}
    for part in mail.walk():
        if (kind := part.get_content_type()) in PARTS:
            body = part.get_payload(decode=True)
            assert isinstance(body, bytes)
            shown[kind] = body.decode().replace("\r\n", "\n").strip()
    return shown


def demand_same(mine: Iterable[bytes], usual: Iterable[bytes]) -> None:
    """Raise where the two ways say different things."""
    for one, other in zip(mine, usual, strict=True):
        a, b = content(one), content(other)
        for kind in ("text/calendar", "application/ics"):
            assert same(a.pop(kind).encode(), b.pop(kind).encode()), "the calendars differ"
        assert a == b, "the mails differ"


def fresh() -> None:
    """Forget the lines of earlier versions: every round is the first sending of a new one."""
    for remembered in (render_event, written_line, word, in_words):
        remembered.cache_clear()


def bench(_place: Place) -> list[Result]:
    """Build every mail both ways; below ten seconds."""
    people = letters()
    calendars = [facts_of(build_calendar(letter)) for letter in people]
    demand_same(
        map(build_message, people[:20]), (usual_way(*both) for both in zip(people[:20], calendars, strict=False))
    )

    def ours() -> None:
        fresh()
        for letter in people:
            build_message(letter)

    def usual() -> None:
        for letter, calendar in zip(people, calendars, strict=True):
            usual_way(letter, calendar)

    seen = Clock().interleaved({"ours": ours, "usual": usual})
    mine, theirs = (seen[name].here / PEOPLE * 1000 for name in ("ours", "usual"))
    return [better("build an invitation to 200 people, CPU ms each", mine, theirs, 5, "EmailMessage + icalendar")]
