"""Handing 200 mails over: one connection for all against one each (PERFORMANCE G10, without encryption)."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path

from samsyn.calendars.rendering import build_message, envelope
from samsyn.embedded.postbox import Mailbox
from samsyn_workers import mail
from tests.bench.bench_dossiers import better
from tests.bench.bench_invitations import letters
from tests.bench.measuring import Clock
from tests.bench.place import Place
from tests.bench.result import Result

GOAL = 1.5
"""Without encryption the design measured 1.9 in requests a second and 2.2 in the client's CPU; G10's 3 is STARTTLS."""
APART = "a connection each (plain)"
NOWHERE = {
    "SAMSYN_DATABASE_URL": "postgresql://nowhere",
    "SAMSYN_REDIS_URL": "redis://nowhere",
    "SAMSYN_SMTP_URL": "smtp://nowhere",
}
Post = list[tuple[tuple[str, str], bytes]]


def one_connection(url: str, post: Post) -> None:
    with mail.connection(url) as smtp:
        assert smtp is not None
        for (sender, recipient), raw in post:
            smtp.sendmail(sender, [recipient], raw)


def one_each(url: str, post: Post) -> None:
    for letter in post:
        one_connection(url, [letter])


def kept(box: Mailbox, send: Callable[[str, Post], None], post: Post) -> list[bytes]:
    """Send, then return what lies in the mailbox, without the envelope's lines, and empty it."""
    send(box.smtp_url, post)
    files = sorted((box.mail / "new").iterdir())
    bodies = sorted(strip(file) for file in files)
    for file in files:
        file.unlink()
    return bodies


def strip(file: Path) -> bytes:
    whole = message_from_bytes(file.read_bytes(), policy=policy.SMTP)
    for name in ("Return-Path", "Delivered-To"):
        del whole[name]
    return bytes(whole)


def bench(place: Place) -> list[Result]:
    """Send in turns; the mailbox keeps every mail on the disk before it answers."""
    os.environ |= NOWHERE  # asked for whether mail is signed here: it is not
    post = [(envelope(letter), build_message(letter)) for letter in letters()]
    box = Mailbox.start(place.folder / "mailbox", domain="samsyn.example")
    try:
        assert box.pid is not None
        together, apart = kept(box, one_connection, post), kept(box, one_each, post)
        assert len(together) == len(post), "mail was lost"
        assert together == apart, "the two ways left different mail"
        seen = Clock(box.pid).interleaved(
            {"one": lambda: one_connection(box.smtp_url, post), "each": lambda: one_each(box.smtp_url, post)},
            rounds=3,
        )
    finally:
        box.stop()
        shutil.rmtree(place.folder / "mailbox", ignore_errors=True)
    one, each = seen["one"], seen["each"]
    per = 1000 / len(post)
    return [
        better("hand over a mail, client CPU ms", one.here * per, each.here * per, GOAL, APART),
        better("hand over a mail, client + server CPU ms", one.cpu * per, each.cpu * per, 1, APART),
        better("hand over a mail, wall ms", one.wall * per, each.wall * per, 1, APART),
    ]
