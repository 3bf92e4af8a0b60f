"""The own collaborations: who is a member, who is to become one, and which invite the own authority."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from flask import Response
from pydantic import StringConstraints

from samsyn.access.rules import Role
from samsyn.approvals.queries import get_approval
from samsyn.approvals.rules import LONGEST
from samsyn.approvals.service import ALL_AUTHORITIES, AskMember, invite_approved, let_back_in
from samsyn.authorities.queries import (
    AuthorityLine,
    CollaborationLine,
    authority_names,
    invited_me,
    invited_to,
    list_authorities,
    members_of,
    my_collaborations,
)
from samsyn.authorities.service import join_collaboration
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.lifecycle.two_people import ask_for_member
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.idempotency import once_then_go
from samsyn.web.identity import current_viewer, identified
from samsyn.web.pages.codes import keys
from samsyn.web.pages.settings import SECTIONS, Section
from samsyn.web.parsing import Body, Prose
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page

blueprint = page_blueprint("collaborations")


class ProposeForm(Body):
    """Which authority, and why."""

    member_id: UUID
    reason: Annotated[Prose, StringConstraints(max_length=LONGEST)]


@dataclass(frozen=True, slots=True)
class Row:
    """A collaboration with its members, who is invited, and who could be."""

    line: CollaborationLine
    members: Sequence[AuthorityLine]
    invited: Sequence[str]
    others: Sequence[tuple[str, str]]


def administers() -> bool:
    """Say whether the viewer administers the own authority."""
    who = identified()
    return who is not None and Role.UNIT_ADMIN in who.viewer.roles


SECTIONS.append(Section("collaborations/_section.html.j2", lambda _uow: {"admin": administers()}))


def row_of(uow: UnitOfWork, line: CollaborationLine, everybody: Sequence[AuthorityLine]) -> Row:
    """Read one collaboration."""
    members, invited = members_of(uow, line.id), invited_to(uow, line.id)
    taken = {one.id for one in members} | invited
    others = [(str(one.id), one.name) for one in everybody if one.id not in taken]
    return Row(line, members, sorted(authority_names(uow, invited).values()), others)


def show(form: Form[Any] | None = None, at: UUID | None = None) -> str:
    """Render the collaborations; ``form`` is what came back, at the collaboration ``at``."""
    with unit_of_work(current_viewer()) as uow:
        everybody = list_authorities(uow, ALL_AUTHORITIES)
        rows = [row_of(uow, line, everybody) for line in my_collaborations(uow)]
        asked = invited_me(uow)
    return page("collaborations/list.html.j2", rows=rows, asked=asked, form=form or new_form(), form_at=at)


@blueprint.get("/collaborations")
@guarded(Role.UNIT_ADMIN)
def get_collaborations() -> str:
    """The own collaborations and the form for a new member."""
    return show()


@blueprint.post("/collaborations/<uuid:collaboration_id>/members")
@guarded(Role.UNIT_ADMIN)
def post_member(collaboration_id: UUID) -> Response:
    """Propose a new member; another person of the own authority decides."""

    def make(uow: UnitOfWork, asked: ProposeForm) -> str:
        ask_for_member(uow, AskMember(collaboration_id, asked.member_id, asked.reason))
        return "/approvals#mine"

    return answer_form(ProposeForm, make, lambda form: show(form, collaboration_id))


@blueprint.post("/collaborations/<uuid:collaboration_id>/join")
@guarded(Role.UNIT_ADMIN)
def post_join(collaboration_id: UUID) -> Response:
    """Join a collaboration that invited the own authority."""

    def make(uow: UnitOfWork) -> str:
        join_collaboration(uow, collaboration_id)
        return "/collaborations"

    return once_then_go(make)


@blueprint.post("/approvals/<uuid:approval_id>/invite")
@guarded(Role.UNIT_ADMIN)
def post_invite(approval_id: UUID) -> Response:
    """Invite the new member, or the colleague who comes back, that another person said yes to."""

    def make(uow: UnitOfWork) -> str:
        if get_approval(uow, approval_id).person_id is not None:
            return f"/invitations#invitation-{let_back_in(uow, keys(), approval_id)}"
        invite_approved(uow, approval_id)
        return "/collaborations"

    return once_then_go(make)
