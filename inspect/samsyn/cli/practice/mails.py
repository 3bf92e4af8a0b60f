"""Mails as outside calendars write them when somebody answers otherwise than by a click."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from samsyn.cli.practice.clock import Clock

METHODS = {"counter": "COUNTER"}
PARTSTATS = {"declined": "DECLINED", "delegated": "DELEGATED", "counter": "TENTATIVE"}


def raw_reply(
    clock: Clock, said: dict[str, Any], sender: str, to: str, uid: str, sequence: int, moment: datetime
) -> bytes:
    """Return an answer to an invitation (RFC 5546): a no, a delegation, or another time."""
    method = METHODS.get(said["answer"], "REPLY")
    delegate = f';DELEGATED-TO="mailto:{said["to_address"]}"' if "to_address" in said else ""
    times = []
    if "proposed" in said:
        starts_at, ends_at = clock.span(said["proposed"]["day"], said["proposed"]["from"], said["proposed"]["to"])
        times = [f"DTSTART:{starts_at:%Y%m%dT%H%M%SZ}", f"DTEND:{ends_at:%Y%m%dT%H%M%SZ}"]
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Exempel//Kalender//SV", f"METHOD:{method}", "BEGIN:VEVENT",
        f"UID:{uid}", f"SEQUENCE:{sequence}", f"DTSTAMP:{moment:%Y%m%dT%H%M%SZ}", *times,
        f"ATTENDEE;PARTSTAT={PARTSTATS[said['answer']]}{delegate}:mailto:{sender}",
        f"ORGANIZER:mailto:{to}", f"COMMENT:{said['comment']}", "END:VEVENT", "END:VCALENDAR", "",
    ]  # fmt: skip
    head = [
        f"From: {sender}", f"To: {to}", "Subject: Svar", f"Message-ID: <{uuid4()}@{sender.split('@')[1]}>",
        f"Date: {moment:%a, %d %b %Y %H:%M:%S} +0000", "MIME-Version: 1.0",
        f"Content-Type: text/calendar; charset=utf-8; method={method}", "Content-Transfer-Encoding: 8bit", "",
    ]  # fmt: skip
    return "\r\n".join([*head, *lines]).encode()
