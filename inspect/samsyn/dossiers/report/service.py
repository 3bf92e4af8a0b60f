"""Decide the public version of an operation's report: given to everybody, once (R3, R10, R15)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select, text

from samsyn.audit.service import record
from samsyn.authorities.queries import authority_names, is_spanning
from samsyn.core.errors import ChangedMeanwhileError, ConflictError, GateClosedError, NotAllowedError, NotFoundError
from samsyn.core.outbox import left_of
from samsyn.core.rules import OutboxState
from samsyn.core.uow import UnitOfWork
from samsyn.disclosures.service.deciding import demand_decider
from samsyn.dossiers.models import Rendering
from samsyn.dossiers.renderings import store_public
from samsyn.dossiers.report.public import PublicContent, public_of
from samsyn.dossiers.report.queries import digest_of, read_report
from samsyn.dossiers.rules import COMPILE_BUSINESS, COMPILE_OPERATION, Basis
from samsyn.operations.queries import get_operation, is_recused, parts_of, targets_of
from samsyn.operations.rules import OperationState

PUBLISHED_FROM: Final = frozenset({OperationState.COMPILED, OperationState.CLOSED})
"""Once every authority's part is in: numbers that grow afterwards would tell by their difference what was hidden."""
ONE_AT_A_TIME: Final = text("SELECT pg_advisory_xact_lock(hashtextextended('public ' || CAST(:key AS text), 0))")


@dataclass(frozen=True, slots=True)
class PublicReport:
    """What everybody will read, before it is decided; ``digest`` is of all that it says."""

    operation_id: UUID
    content: PublicContent

    @property
    def digest(self) -> str:
        """Return what tells whether it still says what was looked at."""
        return digest_of(self.content)


def preview_public(uow: UnitOfWork, operation_id: UUID) -> PublicReport:
    """Return what the own authority may publish of an operation, as its decider; the report is read for it (logged).

    ``NotAllowedError`` for who does not decide, or declared jäv for one of its visits: that person's numbers would be
    other ones, and it is the person's to leave the matter alone (FL 16-18 §§). ``GateClosedError`` before the operation
    is compiled, while the own dossiers lack a visit, or while a worker has yet to compile one of them (``wait``) or
    gave it up: what came since would be missing in what is given for ever. What was given up is compiled on the
    report's page (``compile_now``).
    """
    demand_decider(uow)
    operation = get_operation(uow, operation_id)
    if is_recused(uow, operation_id):
        raise NotAllowedError("who declared a conflict of interest decides nothing here")
    if operation.state not in PUBLISHED_FROM:
        raise GateClosedError(f"not while the operation is {operation.state}", ("compiled",))
    businesses = {target.business_id for target in targets_of(uow, operation_id).values()}
    left = left_of(uow.session, (COMPILE_OPERATION, COMPILE_BUSINESS), {operation_id, *businesses})
    if left - {OutboxState.DEAD}:
        raise GateClosedError("a worker has yet to compile something", ("wait",))
    if left:
        raise GateClosedError("something could not be compiled", ("built",))
    report = read_report(uow, operation_id)
    if report.content["not_compiled"]:
        raise GateClosedError("visits are not compiled", ("built",))
    parts = [part for part in parts_of(uow, operation_id) if part.authority_id == uow.me and not part.withdrawn]
    mine = [part for part in parts if part.accepted is not False]  # who said no found nothing
    fields, by_field = {field for part in mine for field in part.fields}, all(part.field for part in mine)
    publisher = authority_names(uow, {uow.me}).get(uow.me, "")
    content = public_of(report.content, publisher, fields, by_field=by_field, keeps=is_spanning(uow))
    return PublicReport(operation_id, content)


def publish_report(
    uow: UnitOfWork, operation_id: UUID, seen: str, render: Callable[[PublicContent], Mapping[str, bytes]]
) -> PublicReport:
    """Decide that everybody may read the public version, and keep it in each form as it is given.

    Once, for ever: of two versions of the same numbers the difference would be a small number. ``ConflictError`` for a
    second one, ``ChangedMeanwhileError`` unless ``seen`` is the digest of what it says now, else as ``preview_public``.
    """
    uow.session.execute(ONE_AT_A_TIME, {"key": f"{operation_id} {uow.me}"})
    found = preview_public(uow, operation_id)
    if public_body(uow, operation_id, "json") is not None:
        raise ConflictError("the public version is decided", missing=("published",))
    if seen != found.digest:
        raise ChangedMeanwhileError("the numbers are other ones than those that were looked at")
    for form, body in render(found.content).items():
        store_public(uow, operation_id, form, body)
    record(uow, "report.publish", operation_id)
    return found


def form_in(form: str, language: str) -> str:
    """Return under which name a form is kept in a language; Swedish has the bare one, and JSON has no language."""
    return form if language == "sv" or form == "json" else f"{form}_{language}"


def read_public(uow: UnitOfWork, operation_id: UUID, form: str, language: str = "sv") -> bytes:
    """Return the public version that the own authority decided, as it was given (logged), or ``NotFoundError``.

    In the reader's language, where it was given in it: what was decided before there were two is in Swedish.
    """
    form_kept = form_in(form, language)
    body = public_body(uow, operation_id, form_kept)
    if body is None and form_kept != form:
        body = public_body(uow, operation_id, form)
    if body is None:
        raise NotFoundError("no public version")
    record(uow, "report.download", operation_id, reason=f"public_{form}")
    return body


def public_body(uow: UnitOfWork, operation_id: UUID, form: str) -> bytes | None:
    """Return the document of a form, or nothing."""
    r = Rendering
    mine = (r.operation_id == operation_id) & (r.reader_id == uow.me)
    return uow.session.scalar(select(r.body).where(mine, r.format == form, r.basis == Basis.PUBLIC.value).limit(1))
