"""The letter that offers a place: who invites, to which unit, and the one-time link; nothing of any operation."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from samsyn.calendars.rendering.addresses import check_address
from samsyn.calendars.rendering.event import short
from samsyn.calendars.rendering.letter import LINK, MESSAGE_ID, aware
from samsyn.calendars.rendering.message import encoded, mailbox, multipart, part
from samsyn.calendars.rendering.page import page
from samsyn.calendars.rendering.text import Words, plain
from samsyn.calendars.rendering.when import clock, long_day
from samsyn.core.errors import InvalidError
from samsyn.core.home import HOME
from samsyn.texts import LANGUAGES, say


@dataclass(frozen=True, slots=True)
class OfferLetter:
    """All that the mail is made of; the same letter always gives the same bytes.

    Raises ``InvalidError`` for anything that could not be written as exactly one message to exactly one person.
    """

    authority: str
    unit: str
    invited_by: str
    recipient_address: str
    language: str
    sender_address: str
    sender_name: str
    url: str
    written_at: datetime
    expires_at: datetime
    message_id: str

    def __post_init__(self) -> None:
        for name in ("recipient_address", "sender_address"):
            check_address(getattr(self, name), name)
        faults = {
            "message_id": not MESSAGE_ID.fullmatch(self.message_id),
            "url": not LINK.fullmatch(self.url),
            "language": self.language not in LANGUAGES,
            "written_at": not aware(self.written_at, self.expires_at),
            "recipient_address": self.recipient_address.lower() == self.sender_address.lower(),
        }
        if wrong := {name: ("invalid",) for name, fault in faults.items() if fault}:
            raise InvalidError("not a letter", fields=wrong)


def build_offer(letter: OfferLetter) -> bytes:
    """Return the whole mail, CRLF throughout: the text as plain and as HTML."""
    said = words(letter)
    mark = hashlib.sha256(letter.message_id.encode()).hexdigest()[:24]
    parts = (
        part("text/plain; charset=utf-8", "", plain(said).encode()),
        part("text/html; charset=utf-8", "", page(said, letter.language).encode()),
    )
    head = headers(letter) + f'Content-Type: multipart/alternative; boundary="=_{mark}_a"\r\n\r\n'
    return head.encode("ascii") + multipart(list(parts), f"=_{mark}_a")


def words(letter: OfferLetter) -> Words:
    """Return what the mail says, in the language that the inviter chose."""
    language = letter.language
    end = letter.expires_at.astimezone(HOME)
    until = f"{long_day(end.date(), language)} {clock(end, language)}"
    facts = [("authority", short(letter.authority), ""), ("unit", short(letter.unit), "")]
    facts += [("invited_by", short(letter.invited_by), ""), ("until", until, "")]
    return Words(
        kind=say(language, "invitations.mail.kind"),
        heading=say(language, "invitations.mail.heading"),
        facts=tuple((say(language, f"invitations.mail.{name}"), first, second) for name, first, second in facts),
        question=say(language, "invitations.mail.question"),
        links=((say(language, "invitations.mail.open"), letter.url),),
        notes=tuple(say(language, f"invitations.mail.{name}") for name in ("once", "not_you")),
    )


def headers(letter: OfferLetter) -> str:
    """Return the header lines before Content-Type; the subject says what it is, not who or where."""
    us = (letter.sender_name, letter.sender_address)
    return (
        f"From: {mailbox('From', *us)}\r\n"
        f"To: {mailbox('To', '', letter.recipient_address)}\r\n"
        f"Reply-To: {mailbox('Reply-To', *us)}\r\n"
        f"Subject: {encoded(say(letter.language, 'invitations.mail.subject'), 'Subject')}\r\n"
        f"Date: {format_datetime(letter.written_at.replace(microsecond=0))}\r\n"
        f"Message-ID: {letter.message_id}\r\n"
        "Auto-Submitted: auto-generated\r\n"
        f"Content-Language: {letter.language}\r\n"
        "MIME-Version: 1.0\r\n"
    )
