"""A notice as a mail: a kind, the code word, a link without secrets; no calendar part, nothing of what it is about.

A time poll's also says which authority asks, its times and until when answers are taken (R7), nothing else.
"""

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
from samsyn.calendars.rendering.when import in_words, moment_in_words
from samsyn.calendars.rules import OF_NO_OPERATION, NoticeKind
from samsyn.core.errors import InvalidError
from samsyn.texts import LANGUAGES, say


@dataclass(frozen=True, slots=True)
class NoticeLetter:
    """All that a notice's mail is made of; the same letter always gives the same bytes.

    ``lines``: in a mail that tells several at once, each as heading, what, and where it leads; then the kind and the
    code word are not used, and the subject is only how many there are. ``proposals``: the times of a time poll, with
    ``deadline_at`` for the answers and the authority that ``asks``.

    Raises ``InvalidError`` for anything that could not be written as exactly one message to exactly one person.
    """

    kind: NoticeKind
    code_word: str
    recipient_address: str
    recipient_name: str
    language: str
    reply_address: str
    bounce_address: str
    operation_url: str
    settings_url: str
    written_at: datetime
    message_id: str
    sender_name: str
    lines: tuple[tuple[str, str, str], ...] = ()
    proposals: tuple[tuple[datetime, datetime], ...] = ()
    deadline_at: datetime | None = None
    asks: str = ""

    def __post_init__(self) -> None:
        for name in ("recipient_address", "reply_address", "bounce_address"):
            check_address(getattr(self, name), name)
        faults = {
            "message_id": not MESSAGE_ID.fullmatch(self.message_id),
            "operation_url": not LINK.fullmatch(self.operation_url),
            "lines": not all(LINK.fullmatch(url) for _, _, url in self.lines),
            "settings_url": not LINK.fullmatch(self.settings_url),
            "language": self.language not in LANGUAGES,
            "written_at": not aware(self.written_at),
            "proposals": not all(aware(start) and aware(end) and start < end for start, end in self.proposals),
            "deadline_at": self.deadline_at is not None and not aware(self.deadline_at),
            "recipient_address": self.recipient_address.lower() == self.reply_address.lower(),
        }
        if wrong := {name: ("invalid",) for name, fault in faults.items() if fault}:
            raise InvalidError("not a letter", fields=wrong)


def build_notice(letter: NoticeLetter) -> bytes:
    """Return the whole mail, CRLF throughout: the text as plain and as HTML."""
    said = words(letter)
    mark = hashlib.sha256(letter.message_id.encode()).hexdigest()[:24]
    parts = (
        part("text/plain; charset=utf-8", "", plain(said).encode()),
        part("text/html; charset=utf-8", "", page(said, letter.language).encode()),
    )
    head = headers(letter) + f'Content-Type: multipart/alternative; boundary="=_{mark}_a"\r\n\r\n'
    return head.encode("ascii") + multipart(list(parts), f"=_{mark}_a")


def words(letter: NoticeLetter) -> Words:
    """Return what the mail says, in the recipient's language."""
    language = letter.language
    choose = say(language, "notices.mail.choose", url=letter.settings_url)
    if letter.lines:
        return Words(
            kind=say(language, "notices.mail.kind"),
            heading=heading(letter),
            facts=letter.lines,
            question=say(language, "notices.mail.sign_in"),
            links=(),
            notes=(choose,),
        )
    return Words(
        kind=say(language, "notices.mail.kind"),
        heading=heading(letter),
        facts=asked(letter),
        question=say(language, f"notices.kind.{letter.kind.value}"),
        links=(),
        notes=(
            say(language, opens(letter), url=letter.operation_url),
            choose,
        ),
    )


def asked(letter: NoticeLetter) -> tuple[tuple[str, str, str], ...]:
    """Return who asks in a time poll, its times under their numbers, and until when answers are taken."""
    language = letter.language
    facts = [(say(language, "polls.ask.by"), short(letter.asks), "")] if letter.asks else []
    for n, span in enumerate(letter.proposals, 1):
        when = in_words(*span, language)
        facts.append((say(language, "polls.proposal", n=n), when.day, when.hours))
    if letter.deadline_at is not None:
        until = moment_in_words(letter.deadline_at, language)
        facts.append((say(language, "polls.ask.deadline"), until.day, until.hours))
    return tuple(facts)


def heading(letter: NoticeLetter) -> str:
    """Return the mail's heading: the operation's name, or what it is about where it is about none."""
    if letter.lines:
        return say(letter.language, "notices.mail.several", n=len(letter.lines))
    if letter.kind in OF_NO_OPERATION:
        return say(letter.language, f"notices.heading.{letter.kind.value}")
    return say(letter.language, "calendars.invitation.heading", code_word=short(letter.code_word))


def opens(letter: NoticeLetter) -> str:
    """Return the key of the words before the link."""
    if letter.kind is NoticeKind.POLL_ASKED:
        return "notices.mail.open_poll"
    return "notices.mail.open_page" if letter.kind in OF_NO_OPERATION else "notices.mail.open"


def title(letter: NoticeLetter) -> str:
    """Return the subject."""
    if letter.lines:
        return say(letter.language, "notices.mail.several_subject", n=len(letter.lines))
    if letter.kind in OF_NO_OPERATION:
        return say(letter.language, f"notices.subject.{letter.kind.value}")
    return say(letter.language, "calendars.event.summary", code_word=short(letter.code_word))


def headers(letter: NoticeLetter) -> str:
    """Return the header lines before Content-Type; the subject is the code word or a kind of page, no more (R7)."""
    subject = title(letter)
    return (
        f"From: {mailbox('From', letter.sender_name, letter.reply_address)}\r\n"
        f"To: {mailbox('To', letter.recipient_name, letter.recipient_address)}\r\n"
        f"Reply-To: {mailbox('Reply-To', letter.sender_name, letter.reply_address)}\r\n"
        f"Subject: {encoded(subject, 'Subject')}\r\n"
        f"Date: {format_datetime(letter.written_at.replace(microsecond=0))}\r\n"
        f"Message-ID: {letter.message_id}\r\n"
        "Auto-Submitted: auto-generated\r\n"
        f"Content-Language: {letter.language}\r\n"
        "MIME-Version: 1.0\r\n"
    )
