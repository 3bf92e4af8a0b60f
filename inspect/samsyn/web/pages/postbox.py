"""The practice mailbox: what left for people, as they would read it. In practice mode alone; nothing in it is run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Final

from flask import request

from samsyn.core.errors import NotFoundError
from samsyn.web.guards import open_to_all
from samsyn.web.house import house
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page

blueprint = page_blueprint("mailbox")
AT_ONCE: Final = 50
LONGEST: Final = 200_000
"""Characters of a part that are shown."""
SHOWN: Final = ("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Delivered-To", "Return-Path")


@dataclass(frozen=True, slots=True)
class MailLine:
    """A mail in the list; ``name`` is its file's."""

    name: str
    to: str
    subject: str
    kept_at: datetime


@dataclass(frozen=True, slots=True)
class MailPart:
    """A part of a mail as text; html is shown as its source."""

    kind: str
    name: str
    text: str
    size: int


@blueprint.get("/mailbox")
@open_to_all
def get_mailbox() -> str:
    """The mails that left, newest first; 404 outside practice mode."""
    files = mails()
    said = request.args.get("from", "0")
    start = int(said) if said.isascii() and said.isdigit() and len(said) < len(str(LONGEST)) else 0
    lines = [line_of(file) for file in files[start : start + AT_ONCE]]
    older = start + AT_ONCE if len(files) > start + AT_ONCE else None
    return page("mailbox.html.j2", lines=lines, older=older, total=len(files))


@blueprint.get("/mailbox/<name>")
@open_to_all
def get_mail(name: str) -> str:
    """One mail, taken apart; a name that is not in the mailbox is 404."""
    file = next((file for file in mails() if file.name == name), None)
    if file is None:
        raise NotFoundError("no such mail")
    mail = parsed(file.read_bytes())
    heads = [(head, str(value)) for head in SHOWN for value in mail.get_all(head, [])]
    return page("mail.html.j2", heads=heads, subject=str(mail.get("Subject", "")), parts=list(parts_of(mail)))


def mails() -> list[Path]:
    """Return the mailbox's files, newest first (Maildir), or raise ``NotFoundError`` where there is none."""
    settings = house().settings
    if not settings.demo or settings.mailbox_dir is None:
        raise NotFoundError("no mailbox")
    files = [file for part in ("new", "cur") for file in (settings.mailbox_dir / part).glob("*") if file.is_file()]
    return sorted(files, key=lambda file: (file.stat().st_mtime, file.name), reverse=True)


def parsed(raw: bytes) -> EmailMessage:
    """Parse a mail."""
    return BytesParser(EmailMessage, policy=policy.default).parsebytes(raw)


def line_of(file: Path) -> MailLine:
    """Read a mail's head."""
    mail = BytesParser(EmailMessage, policy=policy.default).parsebytes(file.read_bytes(), headersonly=True)
    kept_at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    to = str(mail.get("To") or mail.get("Delivered-To") or "")
    return MailLine(file.name, to, str(mail.get("Subject", "")), kept_at)


def parts_of(mail: EmailMessage) -> Iterator[MailPart]:
    """Yield the parts that are no containers, text decoded; of other kinds only the size."""
    for part in mail.walk():
        if part.is_multipart():
            continue
        raw = part.get_payload(decode=True)
        body = raw if isinstance(raw, bytes) else b""
        text = ""
        if part.get_content_maintype() == "text":
            try:
                text = body.decode(part.get_content_charset("utf-8"), "replace")
            except LookupError:  # a charset that nobody knows
                text = body.decode("utf-8", "replace")
        yield MailPart(part.get_content_type(), part.get_filename() or "", text[:LONGEST], len(body))
