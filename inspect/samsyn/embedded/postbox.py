"""The mailbox: an SMTP server on 127.0.0.1 that takes every mail and delivers none.

(Not called ``mailbox``: the standard library has a module of that name.) What the service sends lands in one Maildir;
what is addressed to the service (a reply, a bounce) in another, from which the service reads. Run as
``python -m samsyn.embedded.postbox --port N --maildir DIR --inbound DIR --domain D``.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from samsyn.embedded.child import Child
from samsyn.embedded.files import make_folder
from samsyn.embedded.maildir import make_maildir, put
from samsyn.embedded.ports import LOOPBACK, answers
from samsyn.embedded.process import Supervisor
from samsyn.embedded.start import on_a_port, owned

log = logging.getLogger(__name__)

NAME = "mailbox"
LARGEST_MAIL = 25 * 1024 * 1024  # bytes
TO_THE_SERVICE = ("svar+", "studs+")  # replies and bounces; the rest of the local part is a secret token


class Envelope(Protocol):
    """What SMTP said around a mail (RFC 5321 section 3.3)."""

    mail_from: str
    rcpt_tos: list[str]
    original_content: bytes


@dataclass(frozen=True)
class Taker:
    """Keeps what comes in; 250 is answered only for what would survive a power cut."""

    sent: Path
    inbound: Path
    domain: str

    def is_to_the_service(self, recipient: str) -> bool:
        """Say whether it is a reply address of ours (neither case nor a trailing dot of the domain matters)."""
        local, _, domain = recipient.rpartition("@")
        return domain.lower().rstrip(".") == self.domain.lower() and local.lower().startswith(TO_THE_SERVICE)

    def keep(self, envelope: Envelope) -> None:
        """Write the mail, byte for byte under its envelope: once for all outside, once for each reply address."""
        replies = [recipient for recipient in envelope.rcpt_tos if self.is_to_the_service(recipient)]
        outside = [recipient for recipient in envelope.rcpt_tos if recipient not in replies]
        for folder, group in ((self.sent, outside), *((self.inbound, [reply]) for reply in replies)):
            if group:
                lines = [f"Return-Path: <{envelope.mail_from}>", *(f"Delivered-To: {to}" for to in group), ""]
                head = "\r\n".join(lines).encode("utf-8", "surrogateescape")
                put(folder, head + envelope.original_content)

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:  # noqa: N802 aiosmtpd
        """Answer for one mail; it may come twice when the link is cut between the rename and the answer."""
        try:
            await asyncio.to_thread(self.keep, envelope)
        except OSError:
            log.exception("a mail was not kept")
            return "451 4.3.0 not kept, try again later"
        return "250 2.0.0 kept"


async def serve(taker: Taker, port: int) -> None:
    """Take mail until SIGTERM or SIGINT. Raises ``OSError`` when the port is taken."""
    from aiosmtpd.smtp import SMTP

    loop = asyncio.get_running_loop()
    over = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, over.set)

    def session() -> asyncio.BaseProtocol:
        protocol: asyncio.BaseProtocol = SMTP(
            taker,
            data_size_limit=LARGEST_MAIL,
            enable_SMTPUTF8=True,
            hostname="localhost",  # else the name is looked up, which may take seconds
            ident="Samsyn mailbox",
            loop=loop,
        )
        return protocol

    server = await loop.create_server(session, LOOPBACK, port)
    await over.wait()
    server.close()


def main(arguments: list[str] | None = None) -> str | None:
    """Run the server; return why it could not, for ``sys.exit``."""
    parser = argparse.ArgumentParser(prog="samsyn.embedded.postbox", description="takes every mail, delivers none")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--maildir", type=Path, required=True, help="what the service sent")
    parser.add_argument("--inbound", type=Path, required=True, help="what was sent to the service")
    parser.add_argument("--domain", required=True, help="the domain of reply addresses")
    options = parser.parse_args(arguments)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s")
    taker = Taker(make_maildir(options.maildir), make_maildir(options.inbound), options.domain)
    try:
        asyncio.run(serve(taker, options.port))
    except OSError as error:
        return f"port {options.port}: {error.strerror}"
    return None


@dataclass(frozen=True)
class Mailbox:
    """A running mailbox. ``stop`` ends it; the port stays the same when it is restarted after a crash."""

    port: int
    folder: Path
    supervisor: Supervisor
    owns_supervisor: bool

    @classmethod
    def start(
        cls, folder: Path, *, domain: str, supervisor: Supervisor | None = None, port: int | None = None
    ) -> Mailbox:
        """Start it with its Maildirs ``mail`` and ``inbound`` in ``folder`` and return when it takes mail.

        Without ``supervisor`` it gets one of its own, which holds ``folder``. Raises ``EmbeddedError``.
        """
        with owned(folder, supervisor) as keeper:
            home = make_folder(folder)
            # -P: no module of the folder that we happen to stand in is taken for one of Python's.
            command = (sys.executable, "-P", "-m", "samsyn.embedded.postbox")

            def child(number: int) -> Child:
                folders = ("--maildir", str(home / "mail"), "--inbound", str(home / "inbound"))
                return Child(
                    NAME,
                    (*command, "--port", str(number), *folders, "--domain", domain),
                    cwd=home,
                    ready=lambda _pid: answers(number, b"", b"220 "),
                )

            return cls(on_a_port(keeper, child, port), home, keeper, supervisor is None)

    @property
    def address(self) -> str:
        """``127.0.0.1:PORT``, as the ready file says it."""
        return f"{LOOPBACK}:{self.port}"

    @property
    def smtp_url(self) -> str:
        """Where the service sends."""
        return f"smtp://{self.address}"

    @property
    def mail(self) -> Path:
        """The Maildir of what the service sent."""
        return self.folder / "mail"

    @property
    def inbound_url(self) -> str:
        """``maildir:///...`` of what was sent to the service."""
        return f"maildir://{self.folder / 'inbound'}"

    @property
    def pid(self) -> int | None:
        """The server's process, None while it is down."""
        return self.supervisor.pid(NAME)

    def stop(self) -> None:
        """End the server; every mail that was answered with 250 is kept."""
        self.supervisor.close() if self.owns_supervisor else self.supervisor.stop(NAME)


if __name__ == "__main__":
    sys.exit(main())
