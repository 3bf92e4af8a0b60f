"""What somebody outside sees and does: a mail program, a calendar subscriber, a reader of PDFs."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import make_msgid
from typing import Any

import icalendar

from tests.browser.conftest import Running


def mails_to(service: Running, person: dict[str, Any]) -> list[EmailMessage]:
    """What left for a person, oldest first, as a mail program reads it."""
    files = sorted((service.mailbox / "new").glob("*"), key=lambda file: file.stat().st_mtime)
    read = [message_from_bytes(file.read_bytes(), policy=default) for file in files]
    return [mail for mail in read if person["email"] in str(mail["To"])]


def every_text(mail: EmailMessage) -> Iterator[str]:
    """Headers and every part, decoded."""
    yield str(mail.items())
    for part in mail.walk():
        if not part.is_multipart():
            payload = part.get_payload(decode=True)
            yield payload.decode("utf-8", "replace") if isinstance(payload, bytes) else str(payload)


def invitation(mail: EmailMessage) -> icalendar.Event:
    """The event of the mail's calendar part."""
    part = next(p for p in mail.walk() if p.get_content_type() == "text/calendar")
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    event = icalendar.Calendar.from_ical(payload).walk("VEVENT")[0]
    assert isinstance(event, icalendar.Event)
    return event


def reply(service: Running, person: dict[str, Any], said: str) -> None:
    """Answer the newest invitation as a mail program would: a REPLY to its organiser."""
    event = invitation(mails_to(service, person)[-1])
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Demo//Outside//EN", "METHOD:REPLY", "BEGIN:VEVENT",
        f"UID:{event['UID']}", f"SEQUENCE:{event['SEQUENCE']}", f"DTSTAMP:{datetime.now(UTC):%Y%m%dT%H%M%SZ}",
        f"ATTENDEE;PARTSTAT={said}:mailto:{person['email']}", "END:VEVENT", "END:VCALENDAR", "",
    ]  # fmt: skip
    mail = EmailMessage()
    mail["From"], mail["To"] = person["email"], str(event["ORGANIZER"]).removeprefix("mailto:")
    mail["Subject"], mail["Message-ID"] = "Accepterat: Samsyn", make_msgid(domain="vmmf.example")
    mail.set_content("Jag kommer.")
    mail.add_alternative("\r\n".join(lines), subtype="calendar", params={"method": "REPLY"})
    host, port = service.smtp.split(":")
    with smtplib.SMTP(host, int(port), timeout=10) as smtp:
        smtp.send_message(mail)
