"""Where mail comes in: a Maildir, or a mailbox over IMAP. A mail is put away only after its transaction."""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Callable
from email import message_from_bytes
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

import structlog
from celery.exceptions import SoftTimeLimitExceeded

BATCH: Final = 50
TIMEOUT: Final = 10
Take = Callable[[bytes, str], object]
log = structlog.get_logger()


def read_mailbox(url: str, take: Take) -> int:
    """Hand waiting mails to ``take`` (raw bytes, envelope recipient) until 50 were put away; return how many were.

    A mail whose ``take`` raises stays where it is and comes again, and holds none of the others up; ``take`` must
    stand being called twice, also side by side.
    """
    if url.startswith("maildir://"):
        return read_maildir(Path(unquote(urlsplit(url).path)), take)
    return read_imap(url, take)


def envelope_to(raw: bytes) -> str:
    """Return the recipient that our own mail server wrote above the message, or ""."""
    head = message_from_bytes(raw[:65536])
    return str(head.get("Delivered-To") or head.get("X-Original-To") or "")


def taken(take: Take, read: Callable[[], bytes], name: str) -> bool:
    """Read and take one mail; a fault is logged by the mail's name in the mailbox, never by its content."""
    try:
        raw = read()
        take(raw, envelope_to(raw))
    except (FileNotFoundError, SoftTimeLimitExceeded):
        raise
    except Exception as error:  # one mail's fault must not stop the post
        log.warning("mail.not_taken", mail=name, error=type(error).__name__)
        return False
    return True


def read_maildir(folder: Path, take: Take) -> int:
    """Read ``new``, move to ``cur``."""
    done = 0
    for file in sorted((folder / "new").glob("*")):
        try:
            if taken(take, file.read_bytes, file.name):
                file.rename(folder / "cur" / f"{file.name}:2,S")
                done += 1
        except FileNotFoundError:
            continue  # another worker was faster
        if done == BATCH:
            break
    return done


def read_imap(url: str, take: Take) -> int:
    """Read what is unseen in INBOX, then mark it seen."""
    parts = urlsplit(url)
    server: imaplib.IMAP4
    if parts.scheme == "imaps":
        context = ssl.create_default_context()
        server = imaplib.IMAP4_SSL(parts.hostname or "", parts.port or 993, ssl_context=context, timeout=TIMEOUT)
    else:
        server = imaplib.IMAP4(parts.hostname or "", parts.port or 143, timeout=TIMEOUT)
    done = 0
    with server:
        server.login(unquote(parts.username or ""), unquote(parts.password or ""))
        server.select("INBOX")
        _, found = server.uid("SEARCH", "UNSEEN")
        for uid in (found[0] or b"").split():
            _, data = server.uid("FETCH", uid.decode(), "(BODY.PEEK[])")
            part = next((item for item in data if isinstance(item, tuple)), None)
            if part is None:
                continue
            if taken(take, partial(bytes, part[1]), uid.decode()):
                server.uid("STORE", uid.decode(), "+FLAGS", r"(\Seen)")
                done += 1
            if done == BATCH:
                break
    return done
