"""What waits for a second person: what others ask of the viewer, and what the viewer asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from uuid import UUID

from flask import Response
from pydantic import StringConstraints

from samsyn.access.queries import get_place, staff_names
from samsyn.approvals.queries import ApprovalLine, my_questions, to_decide
from samsyn.approvals.rules import DECIDERS, LONGEST, ApprovalKind, State
from samsyn.approvals.service import Decide
from samsyn.authorities.queries import authority_names, collaboration_names
from samsyn.core.keys import fingerprint
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.lifecycle.two_people import answer
from samsyn.texts import has
from samsyn.web.exports.listing import WRITERS
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.identity import current_viewer
from samsyn.web.parsing import Body, Prose
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("approvals")


class DecideForm(Body):
    """Yes or no; a no says why."""

    decision: Literal["yes", "no"]
    reason: Annotated[Prose, StringConstraints(max_length=LONGEST)] | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A question in words; ``files`` are the addresses that a yes opens, ``note`` what to look at before a yes."""

    line: ApprovalLine
    state: State
    who: str
    decided_by: str
    what: str
    files: tuple[tuple[str, str], ...]
    note: str = ""


def words_of(
    line: ApprovalLine, members: Mapping[UUID, str], collaborations: Mapping[UUID, str], names: Mapping[UUID, str]
) -> str:
    """Say what is asked for."""
    if line.person_id is not None:
        return t("approvals.of_return", name=names.get(line.person_id, t("trail.unnamed")))
    if line.collaboration_id is not None and line.member_id is not None:
        member, collaboration = members.get(line.member_id, ""), collaborations.get(line.collaboration_id, "")
        return t("approvals.of_member", member=member, collaboration=collaboration)
    name = f"tables.list.{line.what}"
    return t("approvals.of_export", what=t(name) if has(name) else line.what, n=line.rows)


def note_of(line: ApprovalLine, addresses: Mapping[UUID, str]) -> str:
    """Say where a link back would go, and whether that was changed after the question."""
    if line.person_id is None:
        return ""
    address = addresses.get(line.person_id, "")
    changed = fingerprint(address) != line.digest
    return t("approvals.return_changed" if changed else "approvals.return_to", address=address)


def files_of(line: ApprovalLine) -> tuple[tuple[str, str], ...]:
    """Return the addresses of the list's files, each with its form."""
    path, _, asked = line.address.partition("?")
    return tuple((f"{path}.{ending}{'?' if asked else ''}{asked}", t(f"tables.as.{ending}")) for ending in WRITERS)


def rows_of(uow: UnitOfWork, lines: Sequence[ApprovalLine]) -> list[Row]:
    """Put names and words to questions: three statements, and two for each colleague who is to come back."""
    back = {line.person_id for line in lines if line.person_id}
    people = back | {line.asked_by_id for line in lines} | {line.decided_by_id for line in lines if line.decided_by_id}
    names = {p: name for (p, authority), name in staff_names(uow, people).items() if authority == uow.me}
    members = authority_names(uow, {line.member_id for line in lines if line.member_id})
    collaborations = collaboration_names(uow, {line.collaboration_id for line in lines if line.collaboration_id})
    addresses = {one: get_place(uow, one).address for one in back}
    return [
        Row(
            line,
            line.state(uow.now),
            names.get(line.asked_by_id, t("trail.unnamed")),
            names.get(line.decided_by_id, t("trail.unnamed")) if line.decided_by_id else "",
            words_of(line, members, collaborations, names),
            files_of(line) if line.kind is ApprovalKind.EXPORT and line.state(uow.now) is State.APPROVED else (),
            note_of(line, addresses),
        )
        for line in lines
    ]


def show(form: Form[Any] | None = None, at: UUID | None = None) -> str:
    """Render both lists; ``form`` is what came back, at the question ``at``."""
    with unit_of_work(current_viewer()) as uow:
        waiting, mine = rows_of(uow, to_decide(uow)), rows_of(uow, my_questions(uow))
    return page("approvals/list.html.j2", waiting=waiting, mine=mine, form=form or new_form(), form_at=at)


@blueprint.get("/approvals")
@guarded()
def get_approvals() -> str:
    """What waits for the viewer's yes or no, and the own questions."""
    return show()


@blueprint.post("/approvals/<uuid:approval_id>")
@guarded(*DECIDERS)
def post_decision(approval_id: UUID) -> Response:
    """Decide on what another asked for."""

    def make(uow: UnitOfWork, asked: DecideForm) -> str:
        answer(uow, Decide(approval_id, asked.decision == "yes", asked.reason or ""))
        return "/approvals#waiting"

    return answer_form(DecideForm, make, lambda form: show(form, approval_id))
