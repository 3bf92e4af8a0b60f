"""Write outcomes as versions. Nothing is changed or deleted: a change stands beside the old, with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from psycopg import errors as pg
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from samsyn.audit.service import record
from samsyn.businesses.queries import businesses_by_id
from samsyn.core.errors import ChangedMeanwhileError, ConflictError, GateClosedError, NotFoundError
from samsyn.core.uow import UnitOfWork
from samsyn.findings.queries import FindingLine
from samsyn.operations.queries import PartCard, get_target
from samsyn.outcomes.commands import WriteOutcome, checked_outcome
from samsyn.outcomes.models import Outcome, OutcomeFinding
from samsyn.outcomes.queries.outcomes import newest_version
from samsyn.outcomes.rules import (
    MOST_TEXT,
    NEXT,
    Fault,
    NotTakenError,
    OutcomeState,
    checked,
)
from samsyn.outcomes.service.parts import grounds_of, keys_of, whose, writable_part
from samsyn.outcomes.tools import Tool, tools_of


@dataclass(frozen=True, slots=True)
class Written:
    """Which version an outcome became; ``written`` is false where the same stood already."""

    outcome_id: UUID
    version: int
    written: bool


def write_outcome(uow: UnitOfWork, command: WriteOutcome) -> Written:
    """Write a version of an outcome at a part of the viewer's authority; the same content twice writes nothing.

    Raises ``NotTakenError`` naming each field, ``ChangedMeanwhileError`` where the viewer did not see the newest,
    ``GateClosedError`` for a step that its state does not know, and as ``writable_part``.
    """
    part = writable_part(uow, command.part_id)
    tool = tool_of(part, command.tool)
    said = checked_outcome(command, tool, uow.today)
    grounds = grounds_of(uow, part, said.findings, "findings")
    stands = newest_version(uow, said.outcome_id)
    demand_step(stands, said.base_version, said.state)
    if stands is not None and stands.part_id != part.id:
        raise NotTakenError(("part_id", Fault.NO_FINDING))
    row = {
        **keys_of(part),
        **whose(uow, part, grounds),
        **{name: getattr(said, name) for name in KEPT},
        "outcome_id": said.outcome_id,
        "operator_id": stands.operator_id if stands is not None else operator_of(uow, part.visit_id),
        "reason": "",
        "written_by": uow.person,
        "written_at": uow.now,
    }
    if stands is not None and _same(uow, stands, row, grounds):
        return Written(said.outcome_id, stands.version, written=False)
    return _write(uow, row, grounds, said.base_version + 1, "outcome.decide" if _newly(said, stands) else WRITE)


def withdraw_outcome(uow: UnitOfWork, outcome_id: UUID, base_version: int, reason: str) -> Written:
    """Withdraw an outcome, or say that a decision was annulled, with the reason; it and its grounds stay readable."""
    stands = newest_version(uow, outcome_id)
    if stands is None:
        raise NotFoundError("no such outcome")
    part = writable_part(uow, stands.part_id)
    demand_step(stands, base_version, OutcomeState.WITHDRAWN)
    reason = checked("reason", reason, MOST_TEXT)
    if not reason:
        raise NotTakenError(("reason", Fault.REASON_NEEDED))
    kept = {name: getattr(stands, name) for name in (*KEPT, "unit_id", "unit_only", "operator_id")}
    row = {**keys_of(part), **kept, "outcome_id": outcome_id, "state": OutcomeState.WITHDRAWN, "reason": reason}
    row |= {"written_by": uow.person, "written_at": uow.now}
    links = uow.session.execute(
        select(OutcomeFinding.finding_id, OutcomeFinding.finding_version).where(
            OutcomeFinding.outcome_id == outcome_id, OutcomeFinding.version == stands.version
        )
    )
    return _write(uow, row, [(one.finding_id, one.finding_version) for one in links], stands.version + 1, WITHDRAW)


WRITE, WITHDRAW = "outcome.write", "outcome.withdraw"
KEPT = (
    *("tool", "state", "text", "amount", "heard_on", "until_on"),
    *("decided_by", "decider", "delegation", "decided_on", "case_number"),
)


def tool_of(part: PartCard, code: str) -> Tool:
    """Return a tool of the part's own fields; ``NotTakenError`` for any other."""
    found = next((tool for tool in tools_of(part.fields) if tool.code == code), None)
    if found is None:
        raise NotTakenError(("tool", Fault.NO_TOOL))
    return found


def demand_step(stands: Outcome | None, seen: int, to: OutcomeState) -> None:
    """Refuse a step from a version that is not the newest, or that its state does not know."""
    newest = 0 if stands is None else stands.version
    if seen != newest:
        raise ChangedMeanwhileError(f"you saw version {seen}, it is now {newest}")
    if stands is not None and to not in NEXT[stands.state]:
        raise GateClosedError(f"not from {stands.state} to {to}", ("state",))


def operator_of(uow: UnitOfWork, visit_id: UUID) -> UUID | None:
    """Return whom a visit's business belongs to, as far as the viewer may know where it went."""
    if (target := get_target(uow, visit_id)) is None:
        return None
    known = businesses_by_id(uow, {target.business_id}).get(target.business_id)  # a guest is no member of the register
    return None if known is None else known.operator_id


def _newly(said: WriteOutcome, stands: Outcome | None) -> bool:
    return said.state is OutcomeState.DECIDED and (stands is None or stands.state is not OutcomeState.DECIDED)


def _same(uow: UnitOfWork, stands: Outcome, row: dict[str, object], grounds: Sequence[FindingLine]) -> bool:
    links = select(OutcomeFinding.finding_id).where(
        OutcomeFinding.outcome_id == stands.outcome_id, OutcomeFinding.version == stands.version
    )
    stood = set(uow.session.scalars(links))
    return stood == {one.finding_id for one in grounds} and all(getattr(stands, name) == row[name] for name in KEPT)


def _write(
    uow: UnitOfWork,
    row: dict[str, object],
    grounds: Sequence[FindingLine | tuple[UUID, int]],
    version: int,
    action: str,
) -> Written:
    """Insert one version with its grounds; ``ChangedMeanwhileError`` where another device took the number first."""
    try:
        with uow.session.begin_nested():
            uow.session.execute(insert(Outcome).values(**row, version=version))
    except IntegrityError as error:
        if isinstance(error.orig, pg.UniqueViolation):
            raise ChangedMeanwhileError("somebody wrote at the same time") from error
        raise ConflictError("this key cannot be used") from error
    of = {name: row[name] for name in ("outcome_id", "part_id", "visit_id", "operation_id", "authority_id")}
    pairs = [one if isinstance(one, tuple) else (one.finding_id, one.version) for one in grounds]
    if pairs:
        links = [{**of, "version": version, "finding_id": key, "finding_version": n} for key, n in pairs]
        uow.session.execute(insert(OutcomeFinding), links)
    outcome_id = row["outcome_id"]
    assert isinstance(outcome_id, UUID)  # noqa: S101 - put there by the callers above
    record(uow, action, outcome_id)
    return Written(outcome_id, version, written=True)
