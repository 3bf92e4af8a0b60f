"""Our own judge of calendar bytes and mails: it finds what no outside reader objects to (CALENDARS 1.5)."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage

ALWAYS = {"UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "CLASS", "TRANSP", "ORGANIZER"}
MAILED = {*ALWAYS, "DESCRIPTION", "STATUS", "ATTENDEE"}
ALLOWED = {
    "REQUEST": {*MAILED, "LOCATION", "URL"},
    "CANCEL": MAILED,
    "full": {*ALWAYS, "DESCRIPTION", "STATUS", "LOCATION", "URL"},
    "authority": {*ALWAYS, "DESCRIPTION", "STATUS"},
    "busy": {*ALWAYS, "STATUS"},
}
"""The table under R7, written a second time by hand."""
TIMES = ("DTSTAMP", "LAST-MODIFIED", "DTSTART", "DTEND")
HEAD = {"VERSION", "PRODID", "CALSCALE", "METHOD"}
FEED_HEAD = {*HEAD, "NAME", "X-WR-CALNAME", "X-WR-TIMEZONE", "REFRESH-INTERVAL", "X-PUBLISHED-TTL"}
BARE = re.compile(r'[A-Z]+(?:;[A-Z-]+=(?:"[^"]*"|[^";:,]*))*:mailto:[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+')


def wire_faults(data: bytes, kind: str) -> list[str]:
    """``kind``: REQUEST, CANCEL, REMOVED, or the level of a feed."""
    faults = []
    if not data.endswith(b"\r\n") or re.search(rb"(?<!\r)\n|\r(?!\n)", data):
        faults.append("a line does not end with CRLF")
    for line in data.split(b"\n"):
        if len(line.rstrip(b"\r")) > 75:
            faults.append("a line is longer than 75 octets")
        try:
            line.decode()
        except UnicodeDecodeError:
            faults.append("a fold lies inside a character")
    text = data.decode(errors="replace").replace("\r\n", "\n").replace("\n ", "")
    return faults + said_faults(text.rstrip("\n").split("\n"), kind)


def said_faults(lines: list[str], kind: str) -> list[str]:
    method = kind if kind in ("REQUEST", "CANCEL") else ("CANCEL" if kind == "REMOVED" else "PUBLISH")
    head, events = take_apart(lines)
    faults = [] if head.count(f"METHOD:{method}") == 1 else [f"the method is not {method}"]
    faults += [f"{name} in the head" for name in names(head) - (HEAD if method != "PUBLISH" else FEED_HEAD)]
    if method == "PUBLISH" and "REFRESH-INTERVAL;VALUE=DURATION:PT1H" not in head:
        faults.append("the refresh interval is no duration")
    if any(line.startswith("BEGIN:") and line not in ("BEGIN:VCALENDAR", "BEGIN:VEVENT") for line in lines):
        faults.append("a component that is no event")
    if method != "PUBLISH" and len(events) != 1:
        faults.append("not one event")
    uids = [line for event in events for line in event if line.startswith("UID:")]
    if len(set(uids)) != len(uids):
        faults.append("a UID comes twice")
    return faults + [fault for event in events for fault in event_faults(event, kind)]


def event_faults(event: list[str], kind: str) -> list[str]:
    allowed = ALLOWED["CANCEL" if kind == "REMOVED" else kind]
    faults = [f"{name} is not allowed here" for name in names(event) - allowed]
    wanted = {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "SEQUENCE", "ORGANIZER"}
    faults += [f"{name} comes {count(event, name)} times" for name in wanted if count(event, name) != 1]
    if count(event, "ATTENDEE") != (1 if kind in ("REQUEST", "CANCEL", "REMOVED") else 0):
        faults.append("wrong number of attendees")
    free = kind in ("full", "authority", "busy") and "TRANSP:TRANSPARENT" in event
    for line in event:
        name = re.split("[:;]", line)[0]
        if name == "SEQUENCE" and not re.fullmatch(r"SEQUENCE:\d+", line):
            faults.append("SEQUENCE is no number, or below zero")
        if name in ("DTSTART", "DTEND") and free and re.fullmatch(name + r";VALUE=DATE:\d{8}", line):
            continue  # a whole day, which blocks nobody's time (CALENDARS 3)
        if name in TIMES and not re.fullmatch(name + r":\d{8}T\d{6}Z", line):
            faults.append(f"{name} is not in UTC")
        if name in ("ORGANIZER", "ATTENDEE") and not BARE.fullmatch(line):
            faults.append(f"{name} is no bare address with a quoted name")
    said = [line.partition(":")[2] for line in event if line.startswith("STATUS")]
    expected = {"CANCEL": ["CANCELLED"], "REMOVED": [], "REQUEST": ["CONFIRMED"]}
    if said != expected.get(kind, said) or len(said) > 1:
        faults.append("wrong STATUS")
    return faults


def take_apart(lines: list[str]) -> tuple[list[str], list[list[str]]]:
    head: list[str] = []
    events: list[list[str]] = []
    inside = 0
    for line in lines:
        if line.startswith("BEGIN:"):
            inside += 1
            if line == "BEGIN:VEVENT":
                events.append([])
        elif line.startswith("END:"):
            inside -= 1
        elif inside == 1:
            head.append(line)
        elif events:
            events[-1].append(line)
    return head, events


def names(lines: list[str]) -> set[str]:
    return {re.split("[:;]", line)[0] for line in lines}


def count(lines: list[str], name: str) -> int:
    return sum(re.split("[:;]", line)[0] == name for line in lines)


def mail(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


def calendar_of(raw: bytes) -> bytes:
    for part in mail(raw).walk():
        if part.get_content_type() == "text/calendar":
            body = part.get_payload(decode=True)
            assert isinstance(body, bytes)
            return body
    raise AssertionError("no calendar part")


SHAPE = [
    "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar", "application/ics",
]  # fmt: skip


def mail_faults(raw: bytes, kind: str, subject: str) -> list[str]:
    """The MIME rules of CALENDARS 2.1, and the calendar inside."""
    message = mail(raw)
    shape = [part.get_content_type() for part in message.walk()]
    if shape != SHAPE:
        return [f"the shape is {shape}"]
    parts = list(message.walk())[2:]
    calendar = parts[2]
    sender, organizer = message["From"].addresses[0].addr_spec, re.findall(rb"ORGANIZER.*", unfolded(raw))
    rules = {
        "a line of the mail does not end with CRLF": not re.search(rb"(?<!\r)\n|\r(?!\n)", raw),
        "a line of the mail is longer than 78 octets": max(map(len, raw.split(b"\r\n"))) <= 78,
        "no charset beside the calendar": calendar.get_param("charset") == "UTF-8",
        "the method of the header is another one": calendar.get_param("method") == kind.replace("REMOVED", "CANCEL"),
        "the calendar has a disposition": calendar["Content-Disposition"] is None,
        "a part is not base64": all(part["Content-Transfer-Encoding"] == "base64" for part in parts),
        "the file is another calendar": len({str(part.get_payload()) for part in parts[2:]}) == 1,
        "not one sender and one recipient": len(message["To"].addresses) == len(message["From"].addresses) == 1,
        "not marked as written by a machine": message["Auto-Submitted"] == "auto-generated",
        "marked as bulk": message["Precedence"] is None,
        f"the subject reads {message['Subject']!r}": message["Subject"] == subject,
        "From is not the organiser": [line.strip().rpartition(b":")[2] for line in organizer] == [sender.encode()],
    }
    return [fault for fault, kept in rules.items() if not kept] + wire_faults(calendar_of(raw), kind)


def unfolded(raw: bytes) -> bytes:
    return calendar_of(raw).replace(b"\r\n ", b"")


def successor_faults(before: bytes, after: bytes) -> list[str]:
    """What must hold between two versions for one person (CALENDARS 2.2)."""

    def one(data: bytes, name: str) -> str:
        return str(re.findall(rf"^{name}:(.*?)\r?$", unfolded(data).decode(), re.MULTILINE)[0])

    faults = [] if one(before, "UID") == one(after, "UID") else ["another UID"]
    if int(one(after, "SEQUENCE")) <= int(one(before, "SEQUENCE")):
        faults.append("SEQUENCE was not raised")
    if one(after, "DTSTAMP") <= one(before, "DTSTAMP"):
        faults.append("DTSTAMP is not later")
    if mail(before)["Message-ID"] == mail(after)["Message-ID"]:
        faults.append("the same Message-ID")
    return faults
