"""Words of invitations, replies and feeds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from samsyn.core.home import HOME, local_day


class Method(StrEnum):
    """What a message asks of the calendar (RFC 5546)."""

    REQUEST = "request"
    CANCEL = "cancel"


class Said(StrEnum):
    """What a person answered (PARTSTAT, RFC 5545 3.2.12)."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    TENTATIVE = "tentative"
    OTHER = "other"


class Via(StrEnum):
    """How an answer came."""

    MAIL = "mail"
    LINK = "link"
    PAGE = "page"


BY_COLLEAGUE: Final = "colleague"
"""The reason of an answer on the page that a planner gave for a colleague of the own authority."""


COUNTER: Final = "counter"
"""The reason of an answer in the queue that asks for another time (RFC 5546 3.2.7)."""


DELEGATED: Final = "delegated"
"""The reason of an answer in the queue that names a colleague instead (RFC 5546 3.2.3, by mail; or by the link)."""


class Decision(StrEnum):
    """What became of something that came in."""

    APPLIED = "applied"
    QUEUE = "queue"
    QUARANTINE = "quarantine"
    LOGGED = "logged"
    RESEND = "resend"


class Happened(StrEnum):
    """A line of the ledger. ``unknown``: the link was cut after DATA, so it perhaps arrived."""

    BEGIN = "begin"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    OVERTAKEN = "overtaken"


class FeedLevel(StrEnum):
    """How much a feed tells (SECRECY, under R7)."""

    BUSY = "busy"
    AUTHORITY = "authority"
    FULL = "full"


class FeedScope(StrEnum):
    """Whose operations a feed tells of: the person's own, a unit's, those that were chosen, a collaboration's."""

    OWN = "own"
    UNIT = "unit"
    OPERATIONS = "operations"
    COLLABORATION = "collaboration"


LEVELS_OF: Final[Mapping[FeedScope, tuple[FeedLevel, ...]]] = {
    FeedScope.OWN: (FeedLevel.BUSY, FeedLevel.AUTHORITY, FeedLevel.FULL),
    FeedScope.UNIT: (FeedLevel.BUSY, FeedLevel.AUTHORITY),
    FeedScope.OPERATIONS: (FeedLevel.BUSY, FeedLevel.AUTHORITY),
    FeedScope.COLLABORATION: (FeedLevel.BUSY,),
}
"""What a feed of each scope may tell (CALENDARS 3): all of it only of what is the person's own."""


def usual_level(scope: FeedScope) -> FeedLevel:
    """Return what a feed tells where nobody said how much (CALENDARS, Decisions)."""
    return FeedLevel.BUSY if scope is FeedScope.COLLABORATION else FeedLevel.AUTHORITY


MOST_CHOSEN: Final = 100
"""How many operations one feed is made of, where they are chosen one by one."""


@dataclass(frozen=True, slots=True)
class FeedOf:
    """What a feed tells of; the keys that its scope does not ask for are left out."""

    scope: FeedScope = FeedScope.OWN
    unit_id: UUID | None = None
    collaboration_id: UUID | None = None
    operations: frozenset[UUID] = frozenset()


class NoticeKind(StrEnum):
    """What a person is told outside the calendar."""

    ANSWER_REMINDER = "answer_reminder"
    HAND_IN_REMINDER = "hand_in_reminder"
    PART_ASKED = "part_asked"
    PART_ANSWERED = "part_answered"
    PERSON_DECLINED = "person_declined"
    IN_DANGER = "in_danger"
    DELIVERY_REFUSED = "delivery_refused"
    HELD_REFUSED = "held_refused"
    MESSAGE = "message"
    COMPILED = "compiled"
    INFORMATION_ASKED = "information_asked"
    INFORMATION_REFUSED = "information_refused"
    COPY_RECEIVED = "copy_received"
    COPY_WITHDRAWN = "copy_withdrawn"
    LOG_ALARM = "log_alarm"
    LEAD_HANDED = "lead_handed"
    APPROVAL_ASKED = "approval_asked"
    APPROVAL_ANSWERED = "approval_answered"
    ROLES_OWN = "roles_own"
    BY_COMMAND = "by_command"
    ADDRESS_CHANGED = "address_changed"
    POLL_ASKED = "poll_asked"
    POLL_CHOSEN = "poll_chosen"
    POLL_NONE = "poll_none"
    CALENDAR_UNREAD = "calendar_unread"
    FOLLOW_UP_DUE = "follow_up_due"
    HELP_ASKED = "help_asked"
    HELP_ANSWERED = "help_answered"
    REMARK_ASKED = "remark_asked"
    REMARK_ANSWERED = "remark_answered"


@dataclass(frozen=True, slots=True)
class About:
    """The operation as every message says it (R7): code word, meeting place, who asks, which authorities."""

    operation_id: UUID
    code_word: str
    meeting_place: str
    asks: str
    authorities: tuple[str, ...]


# Who gets which message of an invitation's life (RFC 5546 3.2.2 and 3.2.5; CALENDARS.md 2.2), as one table.
# A person's UID is for life. The sequence is the person's own: 0 in the first message, one more in each later one (also
# for a change of words, where the RFC would leave it: receivers have ignored updates that kept it). Whom a change does
# not touch gets nothing. A message sent once more (a retry, a REFRESH) is the same bytes, no change, and has no line.
class Change(StrEnum):
    """What a person's own message is about."""

    ASKED = "asked"
    TIME = "time"
    WORDS = "words"
    REMOVED = "removed"
    CALLED_OFF = "called_off"


@dataclass(frozen=True, slots=True)
class MessageLine:
    """One line: the method, whether answers stand, whether the event itself is off.

    STATUS follows from the last: CANCELLED where the event is off, absent for a person who is let go alone, and
    CONFIRMED in a REQUEST (``rendering.event.status``).
    """

    method: Method
    answers_stand: bool
    whole: bool = False


MESSAGES: Final[Mapping[Change, MessageLine]] = {
    # Whoever is asked, with everybody or later, also who was let go or said no and is asked again. Nobody else hears.
    Change.ASKED: MessageLine(Method.REQUEST, answers_stand=False),
    # Everybody whose own time moved.
    Change.TIME: MessageLine(Method.REQUEST, answers_stand=False),
    # Place, role, code word, who asks: everybody whose invitation says otherwise.
    Change.WORDS: MessageLine(Method.REQUEST, answers_stand=True),
    # The one who is let go.
    Change.REMOVED: MessageLine(Method.CANCEL, answers_stand=True),
    # Everybody with an invitation that stands, also who said no.
    Change.CALLED_OFF: MessageLine(Method.CANCEL, answers_stand=True, whole=True),
}


class Choice(StrEnum):
    """How a person wants one kind of notice."""

    MAIL = "mail"
    DAILY = "daily"
    PAGE = "page"
    OFF = "off"


PAGE_OF: Final[Mapping[NoticeKind, str]] = {
    NoticeKind.LOG_ALARM: "/audit/alarms",
    NoticeKind.APPROVAL_ASKED: "/approvals",
    NoticeKind.APPROVAL_ANSWERED: "/approvals",
    NoticeKind.ROLES_OWN: "/audit?action=person.roles_own",
    NoticeKind.BY_COMMAND: "/audit?reason=command_line",
    NoticeKind.ADDRESS_CHANGED: "/settings",
    NoticeKind.CALENDAR_UNREAD: "/settings/calendar",
    NoticeKind.FOLLOW_UP_DUE: "/follow-ups",
    NoticeKind.HELP_ASKED: "/help-requests",
    NoticeKind.HELP_ANSWERED: "/help-requests",
    NoticeKind.REMARK_ASKED: "/remarks",
    NoticeKind.REMARK_ANSWERED: "/remarks",
}
"""Where the kinds lead that are about no operation."""
OF_NO_OPERATION: Final = frozenset(PAGE_OF)
THE_PERSONS_OWN: Final = (
    frozenset({NoticeKind.ANSWER_REMINDER, NoticeKind.HELD_REFUSED, NoticeKind.POLL_ASKED}) | OF_NO_OPERATION
)
"""Kinds that no deputy hears: about the person's own booking or act, or for another role."""
AT_ONCE: Final = frozenset({NoticeKind.POLL_ASKED, NoticeKind.HELP_ASKED, NoticeKind.HELP_ANSWERED})
"""Never gathered with others, never kept till the morning: the mail holds a personal link, or help is waited for."""
ON_PAGE: Final = frozenset(
    {NoticeKind.PART_ANSWERED, NoticeKind.MESSAGE, NoticeKind.COMPILED, NoticeKind.ADDRESS_CHANGED}
)
"""Not by mail, unless the person says so; of a changed address the mail would go to whoever reads the new one."""
USUAL: Final[Mapping[NoticeKind, Choice]] = {
    kind: Choice.PAGE if kind in ON_PAGE else Choice.MAIL for kind in NoticeKind
}
"""What a person gets who has chosen nothing: by mail (and page) what waits for that very person."""
SETTING_OF: Final = "notice."
"""Before the kind: the name of a person's choice among the own settings."""


DIGEST_AT: Final = time(7)
"""When the notices that a person wants once a day are mailed, together: before the working day, by the town's clock."""
SPREAD: Final = 900
"""Seconds over which people's mails are spread then, each person always at the same one."""


def digest_at(written_at: datetime, person_id: UUID) -> datetime:
    """Return the moment after a notice was written at which the person's notices are mailed together."""
    second = timedelta(seconds=person_id.int % SPREAD)
    day = local_day(written_at)
    at = datetime.combine(day, DIGEST_AT, HOME) + second
    return at if at > written_at else datetime.combine(day + timedelta(days=1), DIGEST_AT, HOME) + second


def chosen(settings: Mapping[str, str]) -> dict[NoticeKind, Choice]:
    """Return how a person wants each kind; a value that is no choice of ours counts as none."""
    said = {kind: settings.get(f"{SETTING_OF}{kind.value}", "") for kind in NoticeKind}
    return {kind: Choice(word) if word in set(Choice) else USUAL[kind] for kind, word in said.items()}
