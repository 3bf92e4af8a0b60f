"""A real SMTP server on loopback that keeps what it gets and, where told, refuses or cuts the line."""

from __future__ import annotations

import socket
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any, Final

import pytest
from aiosmtpd.controller import Controller
from icalendar import Calendar

from samsyn.core.keys import make_key_file
from samsyn.core.settings import load_settings
from samsyn.embedded.ports import LOOPBACK, pick
from samsyn_workers.mail import BREAKER

CUT: Final = "cut"
"""The whole mail is taken and the line goes dead before the answer."""


@dataclass(frozen=True)
class Mail:
    """One mail as the server got it."""

    sender: str
    recipient: str
    content: bytes

    @property
    def message(self) -> Message:
        return message_from_bytes(self.content)

    @property
    def event(self) -> Any:
        """The VEVENT of the first calendar part, with its calendar's METHOD."""
        part = next(p for p in self.message.walk() if p.get_content_type() == "text/calendar")
        payload = part.get_payload(decode=True)
        assert isinstance(payload, bytes)
        calendar = Calendar.from_ical(payload)
        (event,) = calendar.walk("VEVENT")
        event["METHOD"] = calendar["METHOD"]
        return event

    @property
    def identity(self) -> tuple[str, str, int]:
        """Message-ID, UID, SEQUENCE: what copies of one delivery share."""
        return str(self.message["Message-ID"]), str(self.event["UID"]), int(self.event["SEQUENCE"])

    @property
    def links(self) -> list[str]:
        """The personal links in the text, the part that opens a door."""
        part = next(p for p in self.message.walk() if p.get_content_type() == "text/plain")
        payload = part.get_payload(decode=True)
        assert isinstance(payload, bytes)
        words = payload.decode().split()
        return [w.partition("/svar/")[2].partition("?")[0] for w in words if "/svar/" in w]


@dataclass
class Box:
    """``answers``: what is said to a recipient's next mails, before "250" again; by address, or "" for anybody."""

    port: int
    got: list[Mail] = field(default_factory=list)
    answers: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    connections: int = 0

    def to(self, person: Any) -> list[Mail]:
        """What a person of ``factories`` got, in order."""
        return [mail for mail in self.got if mail.recipient.startswith(person.hex[:12])]

    def next_answer(self, recipient: str) -> str | None:
        for who in (recipient, ""):
            if self.answers[who]:
                return self.answers[who].pop(0)
        return None

    async def handle_EHLO(self, _server: Any, session: Any, _envelope: Any, hostname: str, responses: Any) -> Any:  # noqa: N802 aiosmtpd
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802 aiosmtpd
        envelope.mail_from = address
        return self.answers["MAIL"].pop(0) if self.answers["MAIL"] else "250 ok"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 aiosmtpd
        (recipient,) = envelope.rcpt_tos
        said = self.next_answer(recipient)
        if said is None or said == CUT:
            self.got.append(Mail(envelope.mail_from, recipient, envelope.original_content))
        if said == CUT:
            server.transport.abort()
        return said or "250 kept"


@contextmanager
def open_box() -> Iterator[Box]:
    box = Box(pick())
    server = Controller(box, hostname=LOOPBACK, port=box.port, server_hostname="localhost")
    server.start()
    try:
        yield box
    finally:
        server.stop()


@contextmanager
def open_dead_server() -> Iterator[tuple[int, list[int]]]:
    """A server that hangs up on everybody, and counts: its port, an entry per call."""
    calls: list[int] = []
    with socket.create_server((LOOPBACK, 0)) as listening:

        def hang_up() -> None:
            while True:
                try:
                    line, _ = listening.accept()
                except OSError:
                    return
                calls.append(1)
                line.close()

        answering = threading.Thread(target=hang_up, daemon=True)
        answering.start()
        yield listening.getsockname()[1], calls
        listening.shutdown(socket.SHUT_RDWR)
        answering.join()


@contextmanager
def settings(patch: pytest.MonkeyPatch, folder: Path, smtp_url: str, **more: str) -> Iterator[None]:
    """Settings for tasks that run in this process; the database is the one that the test run is bound to."""
    make_key_file(folder / "keys.json")
    said = {
        "DATABASE_URL": "postgresql://unused", "REDIS_URL": "redis://unused", "SMTP_URL": smtp_url,
        "DATA_DIR": str(folder), **more,
    }  # fmt: skip
    for name, value in said.items():
        patch.setenv(f"SAMSYN_{name}", value)
    load_settings.cache_clear()
    BREAKER.worked()
    yield
    load_settings.cache_clear()
    BREAKER.worked()
