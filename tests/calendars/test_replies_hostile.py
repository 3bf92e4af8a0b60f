"""Forged answers change nothing and get no answer; no bytes at all make the postman stumble or stand still."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samsyn.calendars.replies import Facts, decide, read_reply
from samsyn.calendars.rules import Decision
from tests.calendars.mails import FACTS, ME, OURS, STRANGER, a_facts, a_mail, bare, echoed, judged

EVIL = "eva@evil.example"
VERDICT = "Authentication-Results: {server}; spf=pass; dmarc=pass header.from={domain}\r\n"
TRUE = VERDICT.format(server=OURS, domain="miljo.example")
GONE = a_facts(invited=False, holder=frozenset())
REMOVED = "the token of a removed person"

FORGED: dict[str, tuple[bytes, Facts]] = {
    "another From": (a_mail(bare("ACCEPTED"), sender=EVIL), FACTS),
    "two From addresses": (a_mail(bare("ACCEPTED"), sender=f"{ME}>, <{EVIL}"), FACTS),
    "another ATTENDEE": (a_mail(bare("ACCEPTED", WHO=f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{EVIL}")), FACTS),
    "two ATTENDEEs": (
        a_mail(bare("ACCEPTED", WHO=f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{ME}\r\nATTENDEE:mailto:{EVIL}")), FACTS,
    ),
    "no ATTENDEE": (a_mail(bare("ACCEPTED", WHO="X-A:b")), FACTS),
    "no token": (a_mail(bare("ACCEPTED"), to="planner@polis.example"), STRANGER),
    "no token, vouched for": (a_mail(bare("ACCEPTED"), to="planner@polis.example", headers=TRUE), STRANGER),
    "another person's token": (a_mail(bare("ACCEPTED")), a_facts(addresses=frozenset({EVIL}), invited=False)),
    "another UID": (a_mail(bare("ACCEPTED", UID="other@samsyn.example")), GONE),
    REMOVED: (a_mail(bare("ACCEPTED")), GONE),
    "two events": (a_mail(bare("ACCEPTED").replace("END:VEVENT", "END:VEVENT\r\nBEGIN:VEVENT\r\nEND:VEVENT")), FACTS),
    "two methods": (a_mail(bare("ACCEPTED").replace("VERSION", "METHOD:CANCEL\r\nVERSION")), FACTS),
    "an event in an event": (
        a_mail(bare("ACCEPTED").replace("BEGIN:VEVENT", "BEGIN:VTODO\r\nBEGIN:VEVENT", 1)), FACTS,
    ),
    "a refresh by another": (a_mail(bare("ACCEPTED", METHOD="REFRESH"), sender=EVIL, method=""), FACTS),
    "a sequence below zero": (a_mail(bare("ACCEPTED", SEQUENCE="-1")), FACTS),
}  # fmt: skip


@pytest.mark.parametrize("forgery", list(FORGED))
def test_a_forged_answer_is_set_aside_and_nothing_is_sent(forgery: str) -> None:
    raw, facts = FORGED[forgery]
    _, decided = judged(raw, facts)
    assert decided.decision in (Decision.QUEUE, Decision.QUARANTINE)
    assert decided.stamped_at is None


def test_only_a_vouched_for_answer_without_token_is_shown_to_the_planner() -> None:
    queued = {name for name, (raw, facts) in FORGED.items() if judged(raw, facts)[1].reason == "without_token"}
    assert queued == {"no token, vouched for"}


@pytest.mark.parametrize(
    "headers",
    [
        VERDICT.format(server="mx.evil.example", domain="miljo.example"),
        VERDICT.format(server=OURS, domain="evil.example"),
        TRUE.replace("dmarc=pass", "dmarc=fail"),
        TRUE.replace("dmarc=pass", "x=y (dmarc=pass) dmarc=fail"),
        TRUE + TRUE,
        TRUE.replace("spf=pass", "dmarc=fail header.from=miljo.example"),
        "Received: from a\r\nReceived: from b\r\n" + TRUE,
        "X-" + TRUE,
        "",
    ],
)
def test_only_our_own_servers_single_verdict_on_that_domain_is_believed(headers: str) -> None:
    mail, decided = judged(a_mail(bare("ACCEPTED"), to="planner@polis.example", headers=headers), STRANGER)
    assert not mail.dmarc_pass
    assert decided.decision is Decision.QUARANTINE
    assert read_reply(a_mail(bare("ACCEPTED"), headers=TRUE)).dmarc_pass is False


PIECES = st.sampled_from([
    b"From: ", b"To: svar+abcdefghijklm234@samsyn.example", b"\r\n", b"\n", b"\r", b" ", b"Content-Type: ",
    b"text/calendar",
    b"multipart/mixed; boundary=x", b"--x", b"--x--", b"; charset=", b"utf-16", b"*=utf-8''x", b"; method*0=REPLY",
    b"Content-Transfer-Encoding: ", b"base64", b"x-uuencode", b"begin 666 a", b"quoted-printable", b"=C3=",
    b"=?x?q?=ff?=",
    b"BEGIN:VCALENDAR", b"BEGIN:VEVENT", b"END:VEVENT", b"UID:x", b"SEQUENCE:", b"99999999999", b"ATTENDEE;PARTSTAT=",
    b"ATTENDEE;X=\"", b":mailto:%zz", b"DTSTAMP:20261399T999999Z", b"COMMENT:\\", b"METHOD:REPLY", b"Date: 99 99",
    b"Message-ID: ", b"\xff\xfe", b"\x00", b"(((((", b"Authentication-Results: ", b"message/rfc822",
])  # fmt: skip


@settings(max_examples=400, deadline=None, database=None)
@given(raw=st.one_of(st.binary(max_size=300), st.lists(PIECES, max_size=60).map(b"".join)))
def test_no_bytes_make_it_raise_or_apply(raw: bytes) -> None:
    decided = decide(read_reply(raw, envelope_to="", trusted_authserv=OURS), FACTS)
    assert decided.decision in (Decision.QUARANTINE, Decision.LOGGED)
    assert decided.reason


@settings(max_examples=200, deadline=None, database=None)
@given(at=st.integers(0, 3000), what=st.binary(min_size=1, max_size=8), cut=st.integers(0, 40))
def test_a_damaged_answer_is_read_or_set_aside_and_never_raises(at: int, what: bytes, cut: int) -> None:
    for calendar in (echoed("ACCEPTED"), bare("ACCEPTED")):
        raw = a_mail(calendar, encoding="8bit")
        assert judged(raw[:at] + what + raw[at + cut :])[1].reason


FULL = 250 * 1024
HEAD = b"From: a@b.example\r\nContent-Type: text/calendar; method=REPLY\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n"
EVENT = HEAD + b"BEGIN:VEVENT\r\nUID:x\r\n"
SLOW: dict[str, bytes] = {
    "deep": HEAD + b"BEGIN:VEVENT\r\n" * (FULL // 14),
    "many events": HEAD + b"BEGIN:VEVENT\r\nEND:VEVENT\r\n" * (FULL // 28),
    "many attendees": EVENT + b"ATTENDEE:mailto:a@b\r\n" * (FULL // 21),
    "long lists": EVENT + (b"ATTENDEE;CN=" + b"," * 1200 + b":mailto:a@b\r\n") * 199,
    "many parameters": EVENT + (b"ATTENDEE" + b";X=1" * 4700 + b":mailto:a@b\r\n") * 12,
    "many folds": EVENT + b"COMMENT:a" + b"\r\n a" * (FULL // 4),
    "deep parts": b"".join(b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\n" % (i, i) for i in range(4000)),
    "many parts": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\n" * (FULL // 8),
    "quoted parameters": b'Content-Type: text/calendar;a="' + b';\\"' * (FULL // 4) + b"\r\n\r\n",
    "the same, too large": b'Content-Type: multipart/mixed;a="' + b';\\"' * FULL + b"\r\n\r\n",
    "brackets": b"From: " + b"(" * FULL + b"\r\n\r\n",
    "carriage returns": EVENT + b"\r" * FULL,
}  # fmt: skip


@pytest.mark.parametrize("name", list(SLOW))
def test_a_hostile_mail_costs_less_than_two_seconds(name: str) -> None:
    start = process_time()
    mail = read_reply(SLOW[name], trusted_authserv=OURS)
    assert process_time() - start < 2
    assert decide(mail, FACTS).decision in (Decision.QUARANTINE, Decision.LOGGED)


def test_a_mail_over_the_limit_is_accounted_for_by_its_headers() -> None:
    raw = a_mail(bare("ACCEPTED")) + b"x" * (256 * 1024)
    mail, decided = judged(raw)
    assert (mail.fault, decided.decision) == ("too_large", Decision.QUARANTINE)
    assert mail.comes_from == (ME,)
    assert mail.token
    assert mail.message_hash == judged(a_mail(bare("ACCEPTED")))[0].message_hash
