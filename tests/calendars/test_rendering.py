"""What goes out about an operation is the table under R7, property by property, whatever is known."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from samsyn.calendars.rendering import Letter, Opened, Standing, build_calendar
from samsyn.calendars.rendering.when import in_words
from samsyn.calendars.rules import FeedLevel, Method
from samsyn.core.errors import InvalidError
from samsyn.texts import catalogue
from tests.calendars.letters import a_feed, a_letter, an_entry

CANARIES = {
    "code_word": "canaryword",
    "meeting_place": "canaryplace",
    "asks": "canaryasks",
    "role": "canaryrole",
    "own_authority": "canaryown",
    "contact": "canarycontact",
    "operation_url": "https://samsyn.example/canaryurl",
    "opened": Opened("canarybusiness", "canaryaddress", ("canaryvisit",)),
}
SAID = {
    FeedLevel.BUSY: set(),
    FeedLevel.AUTHORITY: {"canaryword", "canaryown"},
    FeedLevel.FULL: {
        "canaryasks", "canaryrole", "canarycontact", "canaryurl", "canarybusiness", "canaryaddress", "canaryvisit",
        "canaryplace",
    },
}  # fmt: skip


def utc(year: int, month: int, day: int, hour: int, minute: int) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def canaries(data: bytes) -> set[str]:
    return set(re.findall("canary[a-z]+", data.replace(b"\r\n ", b"").decode()))


@pytest.mark.parametrize("level", list(FeedLevel))
def test_a_feed_says_what_its_level_allows_and_nothing_else(level: FeedLevel) -> None:
    assert canaries(a_feed(an_entry(**CANARIES), level=level)) == SAID[level]


def test_what_is_not_opened_shows_code_word_and_meeting_place_in_the_own_feed_alone() -> None:
    entry = an_entry(**{**CANARIES, "opened": None})
    expected = {"canaryword", "canaryplace", "canaryasks", "canaryrole", "canarycontact", "canaryurl"}
    assert canaries(a_feed(entry)) == expected


def test_the_personal_link_stands_in_no_calendar_event() -> None:
    for method in Method:
        assert b"hemlig" not in build_calendar(a_letter(method=method, whole=True))


def test_a_cancellation_says_when_and_which_and_no_place() -> None:
    letter = a_letter(method=Method.CANCEL, whole=True, **{k: v for k, v in CANARIES.items() if hasattr(Letter, k)})
    assert canaries(build_calendar(letter)) == {"canaryword"}


@pytest.mark.parametrize(("whole", "status"), [(True, b"STATUS:CANCELLED\r\n"), (False, None)])
def test_only_a_cancelled_operation_has_a_status_in_its_cancellation(whole: bool, status: bytes | None) -> None:
    data = build_calendar(a_letter(method=Method.CANCEL, sequence=1, whole=whole))
    assert (status in data) if status else (b"STATUS" not in data)
    assert b"VALARM" not in data


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "day", "hours"),
    [
        (utc(2026, 11, 27, 16, 15), utc(2026, 11, 27, 20, 15),
         "Fredag 27 november 2026, vecka 48", "kl. 17:15–21:15, svensk tid"),
        (utc(2026, 12, 31, 17, 0), utc(2027, 1, 1, 0, 30),
         "Torsdag 31 december 2026, vecka 53", "kl. 18:00–fredag 1 januari 2027 kl. 01:30, svensk tid"),
        (utc(2027, 1, 4, 8, 0), utc(2027, 1, 4, 9, 0),
         "Måndag 4 januari 2027, vecka 1", "kl. 09:00–10:00, svensk tid"),
        (utc(2027, 3, 28, 0, 30), utc(2027, 3, 28, 1, 30),
         "Söndag 28 mars 2027, vecka 12", "kl. 01:30–03:30, svensk tid"),
        (utc(2027, 10, 31, 0, 30), utc(2027, 10, 31, 1, 30),
         "Söndag 31 oktober 2027, vecka 43", "kl. 02:30 (sommartid)–02:30 (vintertid), svensk tid"),
    ],
)  # fmt: skip
def test_times_are_said_in_swedish_local_time_with_the_iso_week(
    starts_at: datetime, ends_at: datetime, day: str, hours: str
) -> None:
    when = in_words(starts_at, ends_at, "sv")
    assert (when.day, when.hours) == (day, hours)


def test_english_times_count_iso_weeks_too() -> None:
    when = in_words(datetime(2026, 12, 31, 17, tzinfo=UTC), datetime(2026, 12, 31, 18, tzinfo=UTC), "en")
    assert when.day == "Thursday 31 December 2026, week 53"


def test_both_languages_have_the_same_texts_with_the_same_fields() -> None:
    def fields(language: str) -> dict[str, set[str]]:
        own = {key: text for key, text in catalogue(language).items() if key.startswith("calendars.")}
        return {key: set(re.findall(r"{\w+}", text)) for key, text in own.items()}

    assert fields("sv") == fields("en")


@pytest.mark.parametrize(
    "changes",
    [
        {"recipient_address": "a@b.example, c@d.example"},
        {"recipient_address": "a@b.example\r\nBcc: c@d.example"},
        {"recipient_address": "Anna <a@b.example>"},
        {"recipient_address": "svar+abcdefghijklm234@samsyn.example"},
        {"uid": "a\r\nATTENDEE:mailto:x@y.example"},
        {"message_id": "<a@b>\r\nBcc: c@d.example"},
        {"operation_url": "javascript:alert(1)"},
        {"answer_url": "https://a.example/\r\nX: y"},
        {"language": "de"},
        {"sequence": -1},
        {"ends_at": datetime(2026, 11, 27, 16, 15, tzinfo=UTC)},
        {"starts_at": utc(2026, 11, 27, 16, 15).replace(tzinfo=None)},
    ],
    ids=str,
)
def test_what_could_not_be_one_message_to_one_person_is_refused_by_field(changes: dict[str, object]) -> None:
    with pytest.raises(InvalidError) as refusal:
        a_letter(**changes)
    assert set(refusal.value.fields) & {*changes, "ends_at"}


def test_an_unanswered_row_is_tentative_and_a_cancelled_one_blocks_nobody() -> None:
    asked, cancelled = an_entry(standing=Standing.ASKED), an_entry(standing=Standing.CANCELLED)
    assert b"STATUS:TENTATIVE\r\n" in a_feed(asked)
    called_off = a_feed(cancelled).decode()
    assert "SUMMARY:INSTÄLLD: Samsyn: Insats Gullviva\r\n" in called_off
    assert "STATUS:CANCELLED\r\n" in called_off
    assert "TRANSP:TRANSPARENT\r\n" in called_off
