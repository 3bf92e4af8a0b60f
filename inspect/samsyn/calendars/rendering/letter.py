"""What one person is told about one operation at one version; everything a message is made of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from samsyn.calendars.rendering.addresses import check_address
from samsyn.calendars.rules import Method
from samsyn.core.errors import InvalidError
from samsyn.texts import LANGUAGES

LINK: Final = re.compile(r"https?://[!-~]{1,2000}")
MESSAGE_ID: Final = re.compile(r"<[A-Za-z0-9._+=-]{1,120}@[A-Za-z0-9.-]{1,120}>")
UID: Final = re.compile(r"[A-Za-z0-9._@+=-]{1,200}")


@dataclass(frozen=True, slots=True)
class Letter:
    """A frozen delivery with what is looked up when it is sent. The same letter always gives the same bytes.

    ``whole`` matters for a CANCEL only: True when the operation itself is cancelled (STATUS:CANCELLED), False when
    only this person was removed (no STATUS, RFC 5546 3.2.5). ``contact`` is a role and an authority, never a name (R7).
    ``recipient_name`` may be a service number (R18). ``answer_url`` is the personal link: it stands in the mail's text,
    never in the calendar event. ``bounce_address`` is the envelope's sender and stands in no header.

    Raises ``InvalidError`` for anything that could not be written as exactly one message to exactly one person.
    """

    uid: str
    method: Method
    sequence: int
    whole: bool
    code_word: str
    meeting_place: str
    starts_at: datetime
    ends_at: datetime
    asks: str
    role: str
    authorities: tuple[str, ...]
    contact: str
    recipient_address: str
    recipient_name: str
    language: str
    reply_address: str
    bounce_address: str
    answer_url: str
    operation_url: str
    written_at: datetime
    message_id: str
    calendar_name: str

    def __post_init__(self) -> None:
        for name in ("recipient_address", "reply_address", "bounce_address"):
            check_address(getattr(self, name), name)
        faults = {
            "uid": not UID.fullmatch(self.uid),
            "message_id": not MESSAGE_ID.fullmatch(self.message_id),
            "answer_url": not LINK.fullmatch(self.answer_url),
            "operation_url": not LINK.fullmatch(self.operation_url),
            "language": self.language not in LANGUAGES,
            "sequence": self.sequence < 0,
            "ends_at": not aware(self.starts_at, self.ends_at, self.written_at) or self.ends_at <= self.starts_at,
            "recipient_address": self.recipient_address.lower() == self.reply_address.lower(),
        }
        if wrong := {name: ("invalid",) for name, fault in faults.items() if fault}:
            raise InvalidError("not a letter", fields=wrong)


def aware(*times: datetime) -> bool:
    """Say whether every time is in UTC."""
    return all(time.utcoffset() == timedelta(0) for time in times)
