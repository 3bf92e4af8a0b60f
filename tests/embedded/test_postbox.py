from __future__ import annotations

import os
import signal
import smtplib
import stat
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from samsyn.embedded.postbox import LARGEST_MAIL, Mailbox
from tests.embedded.waiting import wait_until

REPLY, BOUNCE = "svar+hemlig@samsyn.example", "Studs+hemlig@Samsyn.Example"
SENDER = "från@samsyn.example"
MAIL = "From: a@b.example\r\nSubject: {}\r\n\r\nHej\r\n.en punkt\r\nÅ\r\n"


@pytest.fixture
def mailbox(folder: Path) -> Iterator[Mailbox]:
    server = Mailbox.start(folder, domain="samsyn.example")
    yield server
    server.stop()


def send(server: Mailbox, subject: str, *recipients: str) -> None:
    with smtplib.SMTP("127.0.0.1", server.port, timeout=5) as client:
        refused = client.sendmail(SENDER, recipients, MAIL.format(subject).encode(), ["SMTPUTF8"])
        assert refused == {}


def mails(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted((folder / "new").iterdir())]


def test_what_is_sent_to_people_is_kept_byte_for_byte_under_its_envelope(mailbox: Mailbox) -> None:
    send(mailbox, "Insats", "anna@miljo.example", "bo@polis.example")
    head = f"Return-Path: <{SENDER}>\r\nDelivered-To: anna@miljo.example\r\nDelivered-To: bo@polis.example\r\n"
    assert mails(mailbox.mail) == [(head + MAIL.format("Insats")).encode()]
    assert mails(mailbox.folder / "inbound") == []
    (path,) = (mailbox.mail / "new").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_is_sent_to_a_reply_address_is_mail_to_the_service(mailbox: Mailbox) -> None:
    send(mailbox, "Svar", REPLY)
    send(mailbox, "Studs", BOUNCE, "anna@miljo.example")
    inbound = mails(mailbox.folder / "inbound")
    assert len(inbound) == 2
    assert all(f"Delivered-To: {to}\r\n".encode() in mail for to, mail in zip((REPLY, BOUNCE), inbound, strict=True))
    (sent,) = mails(mailbox.mail)
    assert b"anna@" in sent
    assert b"hemlig" not in sent


@pytest.mark.parametrize("address", ["svar@samsyn.example", "svar+x@other.example", "ansvar+x@samsyn.example"])
def test_an_address_that_only_looks_like_a_reply_is_not_one(mailbox: Mailbox, address: str) -> None:
    send(mailbox, "Nej", address)
    assert len(mails(mailbox.mail)) == 1
    assert mails(mailbox.folder / "inbound") == []


def test_a_mail_above_the_cap_is_refused(mailbox: Mailbox) -> None:
    with smtplib.SMTP("127.0.0.1", mailbox.port, timeout=5) as client:
        client.ehlo()
        assert client.docmd(f"MAIL FROM:<a@b.example> SIZE={LARGEST_MAIL + 1}")[0] == 552
        assert client.docmd(f"MAIL FROM:<a@b.example> SIZE={LARGEST_MAIL}")[0] == 250


def test_fifty_mails_go_over_one_connection(mailbox: Mailbox) -> None:
    with smtplib.SMTP("127.0.0.1", mailbox.port, timeout=5) as client:
        for number in range(50):
            client.sendmail("a@b.example", "anna@miljo.example", MAIL.format(number).encode())
    assert len(mails(mailbox.mail)) == 50


def test_what_was_answered_with_250_survives_kill_9_and_the_port_stays(mailbox: Mailbox) -> None:
    promised: list[str] = []
    for number in range(30):
        subject = f"nr-{number}-"
        if number in {10, 20}:
            pid = mailbox.pid
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + 10
        while subject not in promised and time.monotonic() < deadline:
            with suppress(OSError):
                send(mailbox, subject, "anna@miljo.example")
                promised.append(subject)
    kept = b"".join(mails(mailbox.mail))
    assert len(promised) == 30
    assert [subject for subject in promised if subject.encode() not in kept] == []


def test_a_restart_keeps_mails_and_clears_what_was_not_finished(folder: Path) -> None:
    server = Mailbox.start(folder, domain="samsyn.example")
    send(server, "Insats", "anna@miljo.example")
    server.stop()
    (server.mail / "tmp" / "unfinished").write_bytes(b"half")
    again = Mailbox.start(folder, domain="samsyn.example")
    wait_until(lambda: not list((again.mail / "tmp").iterdir()))
    assert len(mails(again.mail)) == 1
    again.stop()
