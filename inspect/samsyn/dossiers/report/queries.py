"""Read the report of an operation as the reader's authority may: what its dossiers say of it, and nothing beside."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from samsyn.audit.service import record
from samsyn.authorities.queries import authority_names
from samsyn.core.errors import GateClosedError, NotAllowedError
from samsyn.core.uow import UnitOfWork
from samsyn.disclosures.queries import copies_of_visits
from samsyn.disclosures.rules import READERS
from samsyn.dossiers.measures import measures_of
from samsyn.dossiers.queries import Compiled, compiled_of, received
from samsyn.dossiers.report.entry import entry_of
from samsyn.dossiers.report.shape import OperationEntry, ReportContent, ReportVisit, authorities_of, numbers_of
from samsyn.dossiers.rules import VisitEntry
from samsyn.dossiers.status import operation_status
from samsyn.findings.queries import parts_of_findings
from samsyn.operations.queries import OperationCard, PartCard, get_operation, parts_of, targets_of, titles_of, visits_of
from samsyn.operations.rules import AFTERWARDS, VisitState

DONE: Final = ("operation_done",)


@dataclass(frozen=True, slots=True)
class ReportCard:
    """A report as this person may read it; ``digest`` is of all that it says. ``grounds``: of what was received.

    ``compiled_at`` is when the newest of its dossiers was compiled; none where none was.
    """

    operation_id: UUID
    compiled_at: datetime | None
    digest: str
    content: ReportContent
    grounds: tuple[str, ...]


def read_report(uow: UnitOfWork, operation_id: UUID) -> ReportCard:
    """Return the report of an operation that is done, and note each dossier that is read in it (R12).

    It is the sum of what the reader's dossiers say of the operation's visits: the common part, own findings, received
    copies, own outcomes and follow-ups, and of the own refused entries and requests for help. Who declared jäv reads it
    without the visit (R13). A constant number of
    statements. ``NotFoundError`` for an operation of others, ``NotAllowedError`` for a role that reads no findings,
    ``GateClosedError`` before it is done.
    """
    operation = get_operation(uow, operation_id)
    if not uow.viewer.roles & READERS:
        raise NotAllowedError("this role reads no findings")
    if operation.state not in AFTERWARDS:
        raise GateClosedError(f"not while the operation is {operation.state}", DONE)
    dossiers = compiled_of(uow, {target.business_id for target in targets_of(uow, operation_id).values()})
    for one in dossiers:
        record(uow, "dossier.read", one.id)
    key = str(operation_id)
    told = [(one, visit) for one in dossiers for visit in one.content["visits"] if visit["operation_id"] == key]
    visits, grounds = with_what_came(uow, told)
    ended = sum(visit.state is not VisitState.PLANNED for visit in visits_of(uow, operation_id))
    parts = parts_of(uow, operation_id)
    names = authority_names(uow, {operation.lead_id, *(part.authority_id for part in parts)})
    content: ReportContent = {
        "operation": about(uow, operation, names),
        "authorities": authorities_of(visits),
        "numbers": numbers_of(visits, only_fields(parts, names), finding_fields(uow, operation_id, parts)),
        "visits": visits,
        "not_compiled": ended - len(visits),
    }
    newest = max((one.compiled_at for one in dossiers), default=None)
    return ReportCard(operation_id, newest, digest_of(content), content, grounds)


def with_what_came(
    uow: UnitOfWork, told: Sequence[tuple[Compiled, VisitEntry]]
) -> tuple[list[ReportVisit], tuple[str, ...]]:
    """Return the visits by their start with what was received of each and what followed it, and the copies' grounds."""
    ids = {UUID(visit["visit_id"]) for _, visit in told}
    copies = copies_of_visits(uow, ids)
    outcomes, follow_ups = measures_of(uow, ids)
    refusals, asked = entry_of(uow, ids)
    visits: list[ReportVisit] = [
        {
            "business_id": str(dossier.business_id),
            "business": dossier.content["business"]["name"],
            "visit": visit,
            "received": [received(one) for one in copies if str(one.handed.visit_id) == visit["visit_id"]],
            "outcomes": [one for one in outcomes if one["visit_id"] == visit["visit_id"]],
            "follow_ups": [one for one in follow_ups if one["visit_id"] == visit["visit_id"]],
            "refusals": refusals.get(UUID(visit["visit_id"]), []),
            "help": asked.get(UUID(visit["visit_id"]), []),
        }
        for dossier, visit in sorted(told, key=lambda pair: (pair[1]["starts_at"], pair[1]["visit_id"]))
    ]
    return visits, tuple(sorted({one.handed.legal_basis for one in copies}))


def about(uow: UnitOfWork, operation: OperationCard, names: dict[UUID, str]) -> OperationEntry:
    """Return the plan in short."""
    return {
        "id": str(operation.id),
        "code_word": operation.code_word,
        "title": titles_of(uow, {operation.id}).get(operation.id, ""),
        "lead": names.get(operation.lead_id, ""),
        "starts_at": operation.starts_at.isoformat(),
        "ends_at": operation.ends_at.isoformat(),
        "ad_hoc": operation.ad_hoc,
        "state": operation.state.value,
        "common_text": operation_status(uow, operation.id).common_text,
    }


def only_fields(parts: Sequence[PartCard], names: dict[UUID, str]) -> dict[str, str | None]:
    """Return the field of each part that names no unit, by its authority's name; none where it has several."""
    whole = [part for part in parts if part.unit_id is None]
    return {names.get(part.authority_id, ""): part.field.value if part.field else None for part in whole}


def finding_fields(uow: UnitOfWork, operation_id: UUID, parts: Sequence[PartCard]) -> dict[str, str | None]:
    """Return the field of the part that each own finding was written at."""
    fields = {part.id: part.field.value if part.field else None for part in parts}
    return {str(finding): fields.get(part) for finding, part in parts_of_findings(uow, operation_id).items()}


def digest_of(content: Mapping[str, object]) -> str:
    """Return the SHA-256 of all that a report says, as canonical JSON."""
    said = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()
