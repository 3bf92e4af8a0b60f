"""Invented letters and feed rows that the calendar tests vary."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from samsyn.calendars.rendering import Entry, Letter, Opened, Standing, render_feed
from samsyn.calendars.rules import FeedLevel, Method

TOKEN = "abcdefghijklm234"
WRITTEN = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
STARTS = datetime(2026, 11, 27, 16, 15, tzinfo=UTC)
ENDS = datetime(2026, 11, 27, 20, 15, tzinfo=UTC)
FEED_KEY = b"k" * 32
REPLY_ADDRESS = f"svar+{TOKEN}@samsyn.example"
OFFICE_ADDRESS = "samsyn@samsyn.example"

LETTER = Letter(
    uid="7f3d9e0c5f2a4c1b@samsyn.example",
    method=Method.REQUEST,
    sequence=0,
    whole=False,
    code_word="Gullviva",
    meeting_place="Räddningsgården, sal 2; infart från Ringleden",
    starts_at=STARTS,
    ends_at=ENDS,
    asks="Polisen Köping",
    role="Inspektör",
    authorities=("Polisen Köping", "Västra Mälardalens myndighetsförbund"),
    contact="insatsledaren, Polisen Köping",
    recipient_address="asa.oberg@miljo.example",
    recipient_name="Åsa Öberg",
    language="sv",
    reply_address=REPLY_ADDRESS,
    bounce_address=f"studs+{TOKEN}@samsyn.example",
    answer_url="https://samsyn.example/svar/3q2-hemlig",
    operation_url="https://samsyn.example/insatser/5d1c",
    written_at=WRITTEN,
    message_id="<7f3d9e0c5f2a4c1b.0@samsyn.example>",
    calendar_name="Samsyn Arboga",
)
ENTRY = Entry(
    uid=LETTER.uid,
    sequence=0,
    code_word="Gullviva",
    meeting_place="Räddningsgården, sal 2; infart från Ringleden",
    starts_at=STARTS,
    ends_at=ENDS,
    asks="Polisen Köping",
    role="Inspektör",
    own_authority="Västra Mälardalens myndighetsförbund",
    contact="insatsledaren, Polisen Köping",
    operation_url="https://samsyn.example/insatser/5d1c",
    standing=Standing.COMING,
    changed_at=WRITTEN,
)
OPENED = Opened("Café Solrosen", "Storgatan 4, Arboga", ("17:15 Café Solrosen", "18:30 Kiosken vid ån"))


def a_letter(**changes: Any) -> Letter:
    return replace(LETTER, **changes)


def an_entry(**changes: Any) -> Entry:
    return replace(ENTRY, **changes)


def a_feed(*entries: Entry, level: FeedLevel = FeedLevel.FULL, key: bytes = FEED_KEY, language: str = "sv") -> bytes:
    organizer = REPLY_ADDRESS if level is FeedLevel.FULL else OFFICE_ADDRESS
    return render_feed(
        entries, level=level, feed_key=key, calendar_name="Samsyn Arboga", organizer=organizer, language=language
    )


def swedish(number: int) -> str:
    """A code word such that the subject is of 40 to 120 characters."""
    chance = random.Random(number)
    words = ["Åsa", "Öberg", "ängsvädd", "blåsippa", "Gullviva", "kärr", "rödklöver", "smörblomma", "i", "på", "ål"]
    said = ""
    while len(said) < 25 + number % 80:
        said += " " + chance.choice(words)
    return said.strip()[:105].strip()
