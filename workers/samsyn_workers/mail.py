"""Handing mail to the mail server: one connection for a batch, one SMTP transaction for each recipient, a breaker."""

from __future__ import annotations

import fcntl
import os
import smtplib
import ssl
import struct
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

import structlog
from celery.exceptions import SoftTimeLimitExceeded

from samsyn.calendars.rendering import Letter, build_message, envelope
from samsyn.calendars.rules import Happened
from samsyn.calendars.signing import SigningError, signer_of
from samsyn.core.settings import load_settings

TIMEOUT: Final = 10  # seconds, for each answer of the server
PROBE_AFTER: Final = 10.0  # seconds between two tries of a server that is down
PERMANENT: Final = 500
STAMP: Final = struct.Struct("d")
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one letter, the server's code or the kind of fault, and whether another try may end better."""

    happened: Happened
    reason: str | None = None
    again: bool = False


class Breaker:
    """Lets one try through every ``PROBE_AFTER`` seconds while a transport is down.

    Shared with the processes that are forked from this one: a worker's children are one client to the mail server. A
    child that is killed holds nothing up (the kernel ends its lock).
    """

    def __init__(self) -> None:
        self._file, path = tempfile.mkstemp()
        os.unlink(path)
        self._set(0.0)

    def may_try(self) -> bool:
        """Say whether a connection may be tried now; while the transport is down the next one waits its turn again."""
        fcntl.lockf(self._file, fcntl.LOCK_EX)
        try:
            (failed_at,) = STAMP.unpack(os.pread(self._file, STAMP.size, 0))
            # The monotonic clock is the machine's: the same in every process.
            if failed_at and time.monotonic() - failed_at < PROBE_AFTER:
                return False
            if failed_at:
                self._set(time.monotonic())
            return True
        finally:
            fcntl.lockf(self._file, fcntl.LOCK_UN)

    def failed(self) -> None:
        """Note that the transport is down."""
        self._set(time.monotonic())

    def worked(self) -> None:
        """Note that the transport is up."""
        self._set(0.0)

    def _set(self, failed_at: float) -> None:
        os.pwrite(self._file, STAMP.pack(failed_at), 0)


BREAKER: Final = Breaker()


def connect(url: str) -> smtplib.SMTP:
    """Open ``smtp://``, ``smtps://`` or ``smtp+starttls://`` with name and password from the address."""
    parts = urlsplit(url)
    host, port = parts.hostname or "localhost", parts.port
    smtp: smtplib.SMTP
    if parts.scheme == "smtps":
        smtp = smtplib.SMTP_SSL(host, port or 465, timeout=TIMEOUT, context=ssl.create_default_context())
    else:
        smtp = smtplib.SMTP(host, port or 25, timeout=TIMEOUT)
        if parts.scheme == "smtp+starttls":
            smtp.starttls(context=ssl.create_default_context())
    if parts.username:
        smtp.login(unquote(parts.username), unquote(parts.password or ""))
    return smtp


@contextmanager
def connection(url: str, breaker: Breaker = BREAKER) -> Iterator[smtplib.SMTP | None]:
    """Yield a connection, or None while the server is down; who gets None takes no rows and tries later.

    None as well where mail is to be signed and the key cannot be used: nothing leaves unsigned that was to be signed.
    """
    try:
        signer_of(load_settings())
    except SigningError as error:
        _log.error("mail.unsigned", reason=str(error))
        yield None
        return
    if not breaker.may_try():
        yield None
        return
    try:
        smtp = connect(url)
    except (OSError, smtplib.SMTPException):
        breaker.failed()
        yield None
        return
    breaker.worked()
    try:
        yield smtp
    finally:
        try:
            smtp.quit()
        except (OSError, smtplib.SMTPException):
            smtp.close()


def hand_over(smtp: smtplib.SMTP, letter: Letter) -> Outcome:
    """Send one letter. Refused is certain; unknown is perhaps, and then the connection is closed."""
    return pass_on(smtp, *envelope(letter), build_message(letter))


def pass_on(smtp: smtplib.SMTP, sender: str, recipient: str, content: bytes) -> Outcome:
    """Send one mail to one recipient, as ``hand_over`` says; signed where a key is configured."""
    signer = signer_of(load_settings())
    content = content if signer is None else signer.sign(content)
    try:
        smtp.sendmail(sender, [recipient], content)
    except smtplib.SMTPRecipientsRefused as error:
        return refused(next(iter(error.recipients.values()))[0])
    except smtplib.SMTPDataError as error:
        return refused(error.smtp_code)
    except smtplib.SMTPResponseException as error:
        # HELO, AUTH or MAIL FROM: it is we who are not liked, and that can be mended while the invitations wait.
        return Outcome(Happened.REFUSED, str(error.smtp_code), again=True)
    except (OSError, smtplib.SMTPException, SoftTimeLimitExceeded) as error:
        # Cut after DATA, or a timeout: the server may have taken it. It is sent again, the same bytes.
        smtp.close()
        return Outcome(Happened.UNKNOWN, type(error).__name__, again=True)
    return Outcome(Happened.ACCEPTED)


def refused(code: int) -> Outcome:
    """Return what the server's answer to one recipient means: 5yz will not change by waiting (RFC 5321 4.2.1)."""
    return Outcome(Happened.REFUSED, str(code), again=code < PERMANENT)


def is_open(smtp: smtplib.SMTP) -> bool:
    """Say whether the connection still stands as far as we know (after 421 or a cut it does not)."""
    return smtp.sock is not None
