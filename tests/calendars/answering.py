"""Three people who were invited by mail, one of whom answers; and the post that carries it both ways."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from uuid import UUID, uuid4

from sqlalchemy import text

from samsyn.calendars.queries import ReplyLine, replies_of, sendings
from samsyn.core.keys import Keys
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.embedded.postbox import Mailbox
from samsyn_workers.calendars import receive_mail, send_deliveries
from tests.calendars.box import Mail
from tests.factories import Office, Town
from tests.lifecycle.walk import Walk


@dataclass
class Post:
    """The mailbox: what went out by recipient, and a way in."""

    server: Mailbox
    keys: Keys

    def sent(self) -> list[Mail]:
        found = []
        for path in sorted((self.server.mail / "new").iterdir()):
            envelope, _, content = path.read_bytes().partition(b"\r\nFrom:")
            head = message_from_bytes(envelope)
            found.append(Mail(head["Return-Path"].strip("<>"), head["Delivered-To"], b"From:" + content))
        return found

    def invitation(self, person: UUID) -> Mail:
        return [mail for mail in self.sent() if mail.recipient.startswith(person.hex[:12])][-1]

    def put(self, raw: bytes, *, sender: str, to: str) -> int:
        """Send a mail to the service and let it be read; return how many mails were put away."""
        with smtplib.SMTP("127.0.0.1", self.server.port, timeout=5) as smtp:
            smtp.sendmail(sender, [to], raw)
        return int(receive_mail())


@dataclass
class Scene:
    """Three people who were invited, and the one of tobacco who answers."""

    town: Town
    walk: Walk
    post: Post
    person: UUID

    @property
    def invitation(self) -> Mail:
        return self.post.invitation(self.person)

    @property
    def address(self) -> str:
        return str(self.invitation.message["From"]).partition("<")[2].rstrip(">")

    def answer(self, partstat: str, **changes: str) -> int:
        said = {"FROM": self.invitation.recipient, "TO": self.address, **changes}
        return self.post.put(self.reply(partstat, **said), sender=said["FROM"], to=said["TO"])

    def reply(self, partstat: str, **changes: str) -> bytes:
        event = self.invitation.event
        said = {
            "FROM": self.invitation.recipient, "TO": self.address, "METHOD": "REPLY", "UID": str(event["UID"]),
            "SEQUENCE": str(event["SEQUENCE"]), "DTSTAMP": f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}",
            "ATTENDEE": self.invitation.recipient, "ID": f"<{uuid4()}@miljo.example>", "COMMENT": "", **changes,
        }  # fmt: skip
        lines = [
            "BEGIN:VCALENDAR", "VERSION:2.0", f"METHOD:{said['METHOD']}", "BEGIN:VEVENT", f"UID:{said['UID']}",
            f"SEQUENCE:{said['SEQUENCE']}", f"DTSTAMP:{said['DTSTAMP']}",
            f"ATTENDEE;PARTSTAT={partstat}:mailto:{said['ATTENDEE']}",
            *([f"COMMENT:{said['COMMENT']}"] if said["COMMENT"] else []), "END:VEVENT", "END:VCALENDAR", "",
        ]  # fmt: skip
        head = [
            f"From: {said['FROM']}", f"To: {said['TO']}", "Subject: Svar", f"Message-ID: {said['ID']}",
            f"Date: {datetime.now(UTC):%a, %d %b %Y %H:%M:%S} +0000", "MIME-Version: 1.0",
            f"Content-Type: text/calendar; charset=utf-8; method={said['METHOD']}",
            "Content-Transfer-Encoding: 8bit", "",
        ]  # fmt: skip
        return "\r\n".join([*head, *lines]).encode()

    def states(self) -> dict[UUID, tuple[str, str]]:
        """Each person's place and booking, as the lead sees them."""
        with unit_of_work(self.town.planner(self.town.police)) as uow:
            rows = uow.session.execute(
                text(
                    "SELECT a.person_id, a.state, b.state AS held FROM assignment a"
                    " JOIN booking b ON b.id = a.booking_id WHERE a.operation_id = :id"
                ),
                {"id": self.walk.operation},
            )
            return {row.person_id: (row.state, row.held) for row in rows}

    def replies(self, office: Office) -> list[ReplyLine]:
        with unit_of_work(self.town.planner(office)) as uow:
            return replies_of(uow, self.walk.operation)

    def everything(self) -> str:
        """All rows that an answer could touch or make, as the two authorities' workers see them."""
        said = []
        for office in (self.town.police, self.town.tobacco):
            with unit_of_work(Viewer.task_of(office.id)) as uow:
                for table in ("operation", "assignment", "booking", "delivery", "outbox", "delivery_attempt", "token"):
                    said += sorted(str(row) for row in uow.session.execute(text(f"SELECT {table}::text FROM {table}")))
        return "\n".join(said)


def scene_of(town: Town, post: Post, walk: Walk) -> Scene:
    send_all(town)
    return Scene(town, walk, post, town.tobacco.inspectors[0])


def send_all(town: Town) -> None:
    for office in (town.police, town.tobacco, town.environment):
        send_deliveries(acts_for=str(office.id))


def inbound(authority: UUID) -> list[tuple[str, str, bytes | None, str | None]]:
    """What was put away for an authority, newest last: decision, reason, sealed body, key."""
    with unit_of_work(Viewer.task_of(authority)) as uow:
        rows = uow.session.execute(text("SELECT decision, reason, body, key_name FROM inbound ORDER BY at"))
        return [(row.decision, row.reason, row.body, row.key_name) for row in rows]


def bounced(scene: Scene, about: Mail, action: str = "failed") -> bytes:
    """A delivery status notification (RFC 3464) as mail servers write it."""
    return (
        "From: MAILER-DAEMON@mx.example\r\nTo: x@y.example\r\nAuto-Submitted: auto-replied\r\n"
        f"Message-ID: <{uuid4()}@mx.example>\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n"
        "--x\r\nContent-Type: text/plain\r\n\r\nno such user\r\n"
        "--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {about.recipient}\r\nAction: {action}\r\nStatus: 5.1.1\r\n"
        f"--x\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {about.message['Message-ID']}\r\n--x--\r\n"
    ).encode()


def fares(scene: Scene, operation: UUID) -> dict[UUID, tuple[str | None, str | None]]:
    """How the newest message to each person fares, as the lead sees it."""
    with unit_of_work(scene.town.planner(scene.town.police)) as uow:
        return {s.person_id: (s.happened, s.reason) for s in sendings(uow, operation)}
