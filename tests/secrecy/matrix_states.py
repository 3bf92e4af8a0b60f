"""What the permission matrix says otherwise of two states: a conflict of interest, and an operation that is done."""

from __future__ import annotations

from typing import Final

CLOSED: Final = """
    GET /api/v1/disclosures/<uuid:disclosure_id>
    GET /api/v1/disclosures/pictures/<uuid:picture_id>
    GET /api/v1/evidence/<uuid:evidence_id>
    GET /api/v1/findings/<uuid:finding_id>
    GET /api/v1/findings/<uuid:finding_id>/uploads/<uuid:upload_id>
    GET /api/v1/information-requests/<uuid:request_id>
    GET /api/v1/parts/<uuid:part_id>
    GET /api/v1/parts/<uuid:part_id>/checklist
    GET /api/v1/records/items/<uuid:item_id>/picture
    GET /api/v1/records/packages/<uuid:package_id>
    GET /api/v1/visits/<uuid:visit_id>
    GET /api/v1/visits/<uuid:visit_id>/facts
    GET /api/v1/visits/<uuid:visit_id>/findings
    GET /api/v1/visits/<uuid:visit_id>/presence
    GET /api/v1/visits/<uuid:visit_id>/refusals
    GET /api/v1/visits/<uuid:visit_id>/help-requests
    GET /help-requests/<uuid:help_id>
    GET /visits/<uuid:visit_id>/entry
    GET /visits/<uuid:visit_id>/help
    GET /disclosures/<uuid:disclosure_id>
    GET /information-requests/<uuid:request_id>
    GET /parts/<uuid:part_id>/answer
    GET /parts/<uuid:part_id>/checklist
    GET /parts/<uuid:part_id>/hand-in
    GET /parts/<uuid:part_id>/letter
    GET /parts/<uuid:part_id>/purchases
    GET /parts/<uuid:part_id>/outcomes
    GET /outcomes/<uuid:outcome_id>
    GET /api/v1/parts/<uuid:part_id>/outcomes
    GET /api/v1/outcomes/<uuid:outcome_id>
    GET /follow-ups/<uuid:follow_up_id>
    GET /api/v1/parts/<uuid:part_id>/follow-ups
    GET /api/v1/follow-ups/<uuid:follow_up_id>
    GET /quarantine/<uuid:late_id>
    GET /quarantine/<uuid:late_id>/picture
    GET /records/items/<uuid:item_id>
    GET /visits/<uuid:visit_id>/disclose
    GET /visits/<uuid:visit_id>/presence
    GET /visits/<uuid:visit_id>/recusal
    POST /api/v1/disclosures/<uuid:disclosure_id>/withdraw
    POST /api/v1/findings/<uuid:finding_id>/evidence
    PATCH /api/v1/findings/<uuid:finding_id>/uploads/<uuid:upload_id>
    PUT /api/v1/parts/<uuid:part_id>/answer
    POST /api/v1/parts/<uuid:part_id>/findings
    POST /api/v1/parts/<uuid:part_id>/hand-in
    POST /api/v1/visits/<uuid:visit_id>/facts
    POST /api/v1/visits/<uuid:visit_id>/presence
    POST /api/v1/visits/<uuid:visit_id>/refusals
    POST /api/v1/visits/<uuid:visit_id>/help-requests
    POST /api/v1/visits/<uuid:visit_id>/help-answers
    POST /help-requests/<uuid:help_id>
    POST /visits/<uuid:visit_id>/entry
    POST /visits/<uuid:visit_id>/help
    POST /api/v1/visits/<uuid:visit_id>/recusal
    POST /businesses/<uuid:business_id>/file
    POST /disclosures/<uuid:disclosure_id>/withdraw
    POST /operations/<uuid:operation_id>/file
    POST /parts/<uuid:part_id>/answer
    POST /parts/<uuid:part_id>/checklist
    POST /parts/<uuid:part_id>/hand-in
    POST /parts/<uuid:part_id>/number
    POST /parts/<uuid:part_id>/letter
    POST /parts/<uuid:part_id>/purchases
    POST /purchases/<uuid:purchase_id>/told
    POST /parts/<uuid:part_id>/outcomes
    POST /outcomes/<uuid:outcome_id>
    POST /outcomes/<uuid:outcome_id>/withdraw
    POST /api/v1/parts/<uuid:part_id>/outcomes
    PUT /api/v1/outcomes/<uuid:outcome_id>
    POST /api/v1/outcomes/<uuid:outcome_id>/withdraw
    POST /parts/<uuid:part_id>/follow-ups
    POST /follow-ups/<uuid:follow_up_id>
    POST /api/v1/parts/<uuid:part_id>/follow-ups
    PUT /api/v1/follow-ups/<uuid:follow_up_id>
    POST /quarantine/<uuid:late_id>/discard
    POST /quarantine/<uuid:late_id>/take
    POST /records/items/<uuid:item_id>
    POST /visits/<uuid:visit_id>/disclose
    POST /visits/<uuid:visit_id>/presence
    POST /visits/<uuid:visit_id>/recusal
"""
"""For who has declared a conflict of interest for the visit there is no such thing (R13): the visit, its parts, all
that was written at it, handed over of it, asked about it or packed of it. All other routes let the same people in."""

SILENT: Final = """
    POST /operations/<uuid:operation_id>/messages
    POST /operations/<uuid:operation_id>/public-report
    POST /staffing/<uuid:operation_id>/tell
"""
"""The operation itself is no secret to that person, but what is said in it may name the place: refused (403)."""

DONE: Final = """
#       lead    own     partner member  outside

all     no      no      no      -       -       | nothing is left to stop
    GET /operations/<uuid:operation_id>/stop

PID     no      no      no      -       -       | what was answered stands
    GET /parts/<uuid:part_id>/answer

PID     -       no      -       -       -
    POST /parts/<uuid:part_id>/answer

PI      in      no      no      -       -       | the lead's people are told that it is over, whatever they may
    POST /api/v1/operations/<uuid:operation_id>/visits
    POST /api/v1/visits/<uuid:visit_id>/parts

all     in      no      no      -       -
    POST /visits/<uuid:visit_id>/order

P       in      in      in      -       -       | told that it is over: who goes is known to all who take part
    POST /api/v1/bookings/<uuid:booking_id>/withdraw
    POST /bookings/<uuid:assignment_id>/withdraw

P       -       -       -       -       -       | no answer is looked at any more
    POST /replies/<uuid:reply_id>/count
    POST /replies/<uuid:reply_id>/replace
    POST /replies/<uuid:reply_id>/settle
    POST /replies/<uuid:reply_id>/move

DL      in      in      in      -       -       | where it went is no secret any more (R9)
    POST /businesses/<uuid:business_id>/file
"""
"""Rows of routes that answer otherwise once the operation is done, read as ``matrix`` is."""


def routes(said: str) -> set[tuple[str, str]]:
    """Return the routes of a plain list."""
    return {(method, rule) for method, rule in (line.split() for line in said.splitlines() if line.strip())}
