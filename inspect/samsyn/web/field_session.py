"""What a device in a field session may ask for, as data: the evening of its one operation; all else is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final
from uuid import UUID

from flask import request

from samsyn.assistance.queries import operation_of_help
from samsyn.core.errors import FieldSessionError, NotFoundError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.findings.queries import operation_of_evidence, operation_of_finding
from samsyn.operations.queries import get_part, get_visit
from samsyn.web.identity import current_viewer, in_field


class Of(StrEnum):
    """What in an address says which operation it is about."""

    ANYBODY = "anybody"  # opens nothing that a session opens: no credential is looked up for it
    DEVICE = "device"  # the operation is the field session's own
    OPERATION = "operation"
    VISIT = "visit"
    PART = "part"
    FINDING = "finding"
    EVIDENCE = "evidence"
    HELP = "help"


FIELD: Final[Mapping[tuple[str, str], Of]] = {
    ("GET", "/healthz"): Of.ANYBODY,
    ("GET", "/readyz"): Of.ANYBODY,
    ("GET", "/metrics"): Of.ANYBODY,
    ("GET", "/static/<seen>/<path:name>"): Of.ANYBODY,
    # the phone's own pages: shells without anything of anybody's
    ("GET", "/field"): Of.ANYBODY,
    ("GET", "/field-worker.js"): Of.ANYBODY,
    ("GET", "/field.webmanifest"): Of.ANYBODY,
    ("GET", "/help"): Of.ANYBODY,
    ("GET", "/accessibility"): Of.ANYBODY,
    ("GET", "/api/v1/openapi.json"): Of.ANYBODY,
    ("GET", "/api/v1/docs"): Of.ANYBODY,
    # what is left on the phone of a session that was ended
    ("GET", "/api/v1/quarantine"): Of.ANYBODY,
    ("POST", "/api/v1/quarantine"): Of.ANYBODY,
    # the way out of it: to sign in fully
    ("GET", "/sign-in"): Of.ANYBODY,
    ("POST", "/sign-in"): Of.ANYBODY,
    ("POST", "/sign-in/passkey"): Of.ANYBODY,
    ("POST", "/sign-in/passkey/options"): Of.ANYBODY,
    ("GET", "/sign-in/code"): Of.ANYBODY,
    ("POST", "/sign-in/code"): Of.ANYBODY,
    ("GET", "/sign-in/with/<name>"): Of.ANYBODY,
    ("GET", "/sign-in/with/<name>/callback"): Of.ANYBODY,
    ("GET", "/sign-in/with/<name>/leave"): Of.ANYBODY,
    ("POST", "/sign-out"): Of.DEVICE,
    # what a secret address opens, for whoever has it
    ("GET", "/cal/<token>.ics"): Of.ANYBODY,
    ("GET", "/fb/<token>.ifb"): Of.ANYBODY,
    ("GET", "/svar/<token>"): Of.ANYBODY,
    ("POST", "/svar/<token>"): Of.ANYBODY,
    # practice mode alone
    ("GET", "/walk"): Of.ANYBODY,
    ("POST", "/walk/as"): Of.ANYBODY,
    ("POST", "/walk/leave"): Of.ANYBODY,
    ("GET", "/walk/reset"): Of.ANYBODY,
    ("GET", "/mailbox"): Of.ANYBODY,
    ("GET", "/mailbox/<name>"): Of.ANYBODY,
    # the evening
    ("GET", "/tonight"): Of.DEVICE,
    ("GET", "/operations/<uuid:operation_id>/order"): Of.OPERATION,
    ("POST", "/operations/<uuid:operation_id>/contact"): Of.OPERATION,
    ("POST", "/operations/<uuid:operation_id>/contact/withdraw"): Of.OPERATION,
    ("GET", "/visits/<uuid:visit_id>/end"): Of.VISIT,
    ("POST", "/visits/<uuid:visit_id>/end"): Of.VISIT,
    ("GET", "/visits/<uuid:visit_id>/recusal"): Of.VISIT,
    ("POST", "/visits/<uuid:visit_id>/recusal"): Of.VISIT,
    ("GET", "/visits/<uuid:visit_id>/presence"): Of.VISIT,
    ("POST", "/visits/<uuid:visit_id>/presence"): Of.VISIT,
    ("GET", "/visits/<uuid:visit_id>/entry"): Of.VISIT,
    ("POST", "/visits/<uuid:visit_id>/entry"): Of.VISIT,
    ("GET", "/visits/<uuid:visit_id>/help"): Of.VISIT,
    ("POST", "/visits/<uuid:visit_id>/help"): Of.VISIT,
    # where the mail about a request leads: the list shows the evening's own alone
    ("GET", "/help-requests"): Of.DEVICE,
    ("GET", "/help-requests/<uuid:help_id>"): Of.HELP,
    ("POST", "/help-requests/<uuid:help_id>"): Of.HELP,
    ("GET", "/parts/<uuid:part_id>/checklist"): Of.PART,
    ("POST", "/parts/<uuid:part_id>/checklist"): Of.PART,
    ("GET", "/parts/<uuid:part_id>/hand-in"): Of.PART,
    ("POST", "/parts/<uuid:part_id>/hand-in"): Of.PART,
    ("POST", "/api/v1/visits/<uuid:visit_id>/end"): Of.VISIT,
    ("POST", "/api/v1/visits/<uuid:visit_id>/recusal"): Of.VISIT,
    ("GET", "/api/v1/field-session"): Of.DEVICE,
    ("GET", "/api/v1/operations/<uuid:operation_id>/evening"): Of.OPERATION,
    ("GET", "/api/v1/visits/<uuid:visit_id>/facts"): Of.VISIT,
    ("POST", "/api/v1/visits/<uuid:visit_id>/facts"): Of.VISIT,
    ("GET", "/api/v1/visits/<uuid:visit_id>/presence"): Of.VISIT,
    ("POST", "/api/v1/visits/<uuid:visit_id>/presence"): Of.VISIT,
    ("GET", "/api/v1/visits/<uuid:visit_id>/refusals"): Of.VISIT,
    ("POST", "/api/v1/visits/<uuid:visit_id>/refusals"): Of.VISIT,
    ("GET", "/api/v1/visits/<uuid:visit_id>/help-requests"): Of.VISIT,
    ("POST", "/api/v1/visits/<uuid:visit_id>/help-requests"): Of.VISIT,
    ("POST", "/api/v1/visits/<uuid:visit_id>/help-answers"): Of.VISIT,
    ("GET", "/api/v1/visits/<uuid:visit_id>/findings"): Of.VISIT,
    ("GET", "/api/v1/parts/<uuid:part_id>/checklist"): Of.PART,
    ("POST", "/api/v1/parts/<uuid:part_id>/findings"): Of.PART,
    ("POST", "/api/v1/parts/<uuid:part_id>/hand-in"): Of.PART,
    ("GET", "/api/v1/findings/<uuid:finding_id>"): Of.FINDING,
    ("POST", "/api/v1/findings/<uuid:finding_id>/evidence"): Of.FINDING,
    ("GET", "/api/v1/findings/<uuid:finding_id>/uploads/<uuid:upload_id>"): Of.FINDING,
    ("PATCH", "/api/v1/findings/<uuid:finding_id>/uploads/<uuid:upload_id>"): Of.FINDING,
    ("GET", "/api/v1/evidence/<uuid:evidence_id>"): Of.EVIDENCE,
}
"""Every route that a field session opens; a route that is not here is closed to it, also one that is open to all."""


def of_own_part(uow: UnitOfWork, part_id: UUID) -> UUID:
    """Return the operation of an own part; another authority's is as absent."""
    part = get_part(uow, part_id)
    if part.authority_id != uow.me:
        raise NotFoundError("no such part")
    return part.operation_id


FOUND: Final[Mapping[Of, Callable[[UnitOfWork, UUID], UUID]]] = {
    Of.VISIT: lambda uow, visit_id: get_visit(uow, visit_id).operation_id,
    Of.PART: of_own_part,
    Of.FINDING: operation_of_finding,
    Of.EVIDENCE: operation_of_evidence,
    Of.HELP: operation_of_help,
}


def demand_field() -> None:
    """In a field session: ``FieldSessionError`` for what it does not open, ``NotFoundError`` for another operation's.

    Hidden, absent and another operation's are one answer. Who is in no field session passes.
    """
    rule = request.url_rule
    method = "GET" if request.method == "HEAD" else request.method
    what = FIELD.get((method, rule.rule if rule is not None else ""))
    if what is Of.ANYBODY or (operation_id := in_field()) is None:
        return
    if what is None:
        raise FieldSessionError("this device is in a field session")
    if what is not Of.DEVICE and asked_for(what) != operation_id:
        raise NotFoundError("no such thing")


def asked_for(what: Of) -> UUID:
    """Return the operation that an address is about; ``NotFoundError`` where it is hidden or absent."""
    thing_id: UUID = (request.view_args or {})[f"{what}_id"]
    if what is Of.OPERATION:
        return thing_id
    with unit_of_work(current_viewer()) as uow:
        return FOUND[what](uow, thing_id)
