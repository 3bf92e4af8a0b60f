"""Answers by mail: the matrix of CALENDARS 4.11, repeats and old ones (13), methods that change nothing (14)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from samsyn.calendars.replies import Facts
from samsyn.calendars.rules import Decision, Said
from tests.calendars.mails import (
    ANSWERED,
    FACTS,
    LETTER,
    ME,
    STRANGER,
    TOKEN,
    WRITTEN,
    a_facts,
    a_mail,
    bare,
    echoed,
    judged,
)

COMMENT = "Kommer 10 min sent\\, tar bilen\\; möts på gården"
READ = "Kommer 10 min sent, tar bilen; möts på gården"
SAID = {"ACCEPTED": Said.ACCEPTED, "DECLINED": Said.DECLINED, "TENTATIVE": Said.TENTATIVE}


def shapes(partstat: str) -> dict[str, bytes]:
    return {
        "our event echoed": a_mail(echoed(partstat, COMMENT)),
        "no organizer": a_mail(bare(partstat, COMMENT)),
        "LF line ends": a_mail(bare(partstat, COMMENT).replace("\r\n", "\n"), encoding="8bit"),
        "lower-case method": a_mail(bare(partstat, COMMENT, METHOD="reply"), method="reply"),
        "application/ics": a_mail(echoed(partstat, COMMENT), kind="application/ics", method=""),
        "quoted-printable": a_mail(echoed(partstat, COMMENT), encoding="quoted-printable"),
        "iso-8859-1": a_mail(bare(partstat, COMMENT), encoding="quoted-printable", charset="iso-8859-1"),
    }


@pytest.mark.parametrize("partstat", list(SAID))
@pytest.mark.parametrize("shape", list(shapes("ACCEPTED")))
def test_every_program_s_answer_is_applied_with_its_comment(partstat: str, shape: str) -> None:
    mail, decided = judged(shapes(partstat)[shape])
    assert (decided.decision, decided.said, decided.reason) == (Decision.APPLIED, SAID[partstat], "reply")
    assert decided.stamped_at == ANSWERED
    assert mail.calendar is not None
    assert mail.calendar.comment == READ
    assert mail.token == TOKEN


@pytest.mark.parametrize(
    ("to", "envelope_to", "headers", "calendar"),
    [
        ("planner@polis.example", f"svar+{TOKEN}@samsyn.example", "", bare("ACCEPTED")),
        (f"SVAR+{TOKEN.upper()}@Samsyn.example", "", "", bare("ACCEPTED")),
        ("planner@polis.example", "", f"Delivered-To: svar+{TOKEN}@samsyn.example\r\n", bare("ACCEPTED")),
        ("planner@polis.example", "", "", echoed("ACCEPTED")),
    ],
    ids=["envelope", "to", "delivered-to", "organizer"],
)
def test_the_token_is_found_wherever_the_mail_s_way_left_it(
    to: str, envelope_to: str, headers: str, calendar: str
) -> None:
    mail, decided = judged(a_mail(calendar, to=to, headers=headers), envelope_to=envelope_to)
    assert mail.token == TOKEN
    assert decided.decision is Decision.APPLIED


def test_the_envelope_is_believed_before_what_the_sender_wrote() -> None:
    mail, _ = judged(a_mail(echoed("ACCEPTED")), envelope_to="svar+zzzzzzzzzzzzzzzz@samsyn.example")
    assert mail.token == "z" * 16


def test_an_assistant_of_the_same_house_may_answer_and_a_stranger_named_so_may_not() -> None:
    def who(address: str) -> str:
        return bare("ACCEPTED", WHO=f'ATTENDEE;PARTSTAT=ACCEPTED;SENT-BY="mailto:{address}":mailto:{ME}')

    assert judged(a_mail(who("bo@miljo.example"), sender="bo@miljo.example"))[1].decision is Decision.APPLIED
    assert judged(a_mail(who("bo@evil.example"), sender="bo@evil.example"))[1].decision is Decision.QUEUE


@pytest.mark.parametrize(
    ("calendar", "facts", "decision", "reason"),
    [
        (bare("ACCEPTED"), a_facts(time_sequence=1, last_sequence=1), Decision.LOGGED, "old_sequence"),
        (bare("ACCEPTED"), a_facts(time_sequence=0, last_sequence=1), Decision.APPLIED, "reply"),
        (bare("ACCEPTED", SEQUENCE="7"), FACTS, Decision.QUEUE, "sequence_never_sent"),
        (bare("ACCEPTED", SEQUENCE=""), FACTS, Decision.APPLIED, "reply"),
        (bare("ACCEPTED"), a_facts(last_stamp=ANSWERED + timedelta(seconds=1)), Decision.LOGGED, "old_stamp"),
        (bare("ACCEPTED"), a_facts(seen=True), Decision.LOGGED, "seen_before"),
        (bare("NEEDS-ACTION"), FACTS, Decision.LOGGED, "no_answer"),
        (bare("X-PERHAPS"), FACTS, Decision.LOGGED, "no_answer"),
        (bare("DELEGATED"), FACTS, Decision.QUEUE, "delegated"),
        (bare("ACCEPTED", METHOD="REFRESH"), FACTS, Decision.RESEND, "refresh"),
        (bare("TENTATIVE", METHOD="COUNTER"), FACTS, Decision.QUEUE, "counter"),
        (bare("ACCEPTED", METHOD="COUNTER"), STRANGER, Decision.QUARANTINE, "unknown_token"),
        (bare("ACCEPTED", METHOD="REFRESH"), STRANGER, Decision.QUARANTINE, "unknown_token"),
        *((bare("ACCEPTED", METHOD=it), FACTS, Decision.QUARANTINE, f"method_{it.lower()}")
          for it in ("REQUEST", "CANCEL", "ADD", "PUBLISH", "DECLINECOUNTER", "X-OTHER")),
        (bare("ACCEPTED", UID=""), FACTS, Decision.QUARANTINE, "not_one_event"),
        (bare("ACCEPTED").replace("UID:", "RECURRENCE-ID:20261127T161500Z\r\nUID:"), FACTS, Decision.QUARANTINE,
         "not_one_event"),
    ],
)  # fmt: skip
def test_what_is_no_fresh_answer_changes_nothing(calendar: str, facts: Facts, decision: Decision, reason: str) -> None:
    _, decided = judged(a_mail(calendar, method=""), facts)
    assert (decided.decision, decided.reason) == (decision, reason)
    assert (decided.stamped_at is not None) == (decision is Decision.APPLIED)


def test_header_and_body_that_name_two_methods_are_not_believed() -> None:
    assert judged(a_mail(bare("ACCEPTED"), method="REQUEST"))[1].reason == "method_differs"


@pytest.mark.parametrize("apart", [timedelta(0), timedelta(seconds=5)])
def test_two_answers_end_in_the_same_state_in_either_order(apart: timedelta) -> None:
    first = a_mail(bare("ACCEPTED"), message_id="<a@miljo.example>")
    second = a_mail(bare("DECLINED", DTSTAMP=f"{ANSWERED + apart:%Y%m%dT%H%M%SZ}"), message_id="<b@miljo.example>")

    def end(*raws: bytes) -> Said | None:
        facts, said = FACTS, None
        for raw in raws:
            mail, decided = judged(raw, facts)
            if decided.decision is Decision.APPLIED:
                said = decided.said
                facts = a_facts(last_stamp=decided.stamped_at, last_hash=mail.message_hash)
        return said

    assert end(first, second) == end(second, first)


def test_a_stamp_copied_from_our_own_event_gives_way_to_the_date_of_the_mail() -> None:
    copied = bare("DECLINED", DTSTAMP=f"{WRITTEN:%Y%m%dT%H%M%SZ}")
    assert judged(a_mail(copied))[1].stamped_at == ANSWERED


def test_an_answer_from_the_future_counts_as_given_when_it_came_in() -> None:
    raw = a_mail(bare("ACCEPTED", DTSTAMP="20990101T000000Z"))
    assert judged(raw)[1].stamped_at == FACTS.received_at


def test_an_out_of_office_note_is_only_logged_and_an_automatic_answer_with_a_calendar_counts() -> None:
    asleep = a_mail(None, headers="Auto-Submitted: auto-replied\r\n")
    assert judged(asleep)[1].decision is Decision.LOGGED
    assert judged(a_mail(None))[1].decision is Decision.QUARANTINE
    answering = a_mail(bare("ACCEPTED"), headers="Auto-Submitted: auto-generated\r\n")
    assert judged(answering)[1].decision is Decision.APPLIED


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<script>alert(1)</script>\\nrad två", "<script>alert(1)</script>\nrad två"),
        ("Kunden 811218-9876 och 19121212-1212 ringde", "Kunden ******-**** och ******-**** ringde"),
        ("samordningsnummer 701063-2391, 8112189876", "samordningsnummer ******-****, ******-****"),
        ("org 559999-1234, tel 070-174 06 05", "org 559999-1234, tel 070-174 06 05"),
        ("\u202eomvänt\x07", "omvänt"),
        ("å" * 1500, "å" * 1000),
    ],
)
def test_a_comment_is_short_plain_text_without_identity_numbers(written: str, read: str) -> None:
    mail, _ = judged(a_mail(bare("ACCEPTED", written)))
    assert mail.calendar is not None
    assert mail.calendar.comment == read


def test_googles_comment_beside_the_attendee_is_read() -> None:
    who = f'ATTENDEE;PARTSTAT=DECLINED;X-RESPONSE-COMMENT="Är på kurs":mailto:{ME}'
    mail, _ = judged(a_mail(bare("DECLINED", WHO=who)))
    assert mail.calendar is not None
    assert mail.calendar.comment == "Är på kurs"


def test_the_uid_is_ours_again() -> None:
    mail, _ = judged(a_mail(echoed("ACCEPTED")))
    assert mail.calendar is not None
    assert mail.calendar.uid == LETTER.uid
    assert mail.calendar.sequence == LETTER.sequence


def test_capitals_in_a_stored_address_make_no_difference() -> None:
    facts = a_facts(addresses=frozenset({"Asa.Oberg@Miljo.example"}))
    assert judged(a_mail(bare("ACCEPTED"), sender="ASA.Oberg@miljo.example"), facts)[1].decision is Decision.APPLIED
