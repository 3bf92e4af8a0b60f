"""Writing a pledge: begun for a year, with areas and promises, signed; and what people say of a promise afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from flask import Response, request
from pydantic import AfterValidator, StringConstraints
from pydantic import Field as Limits

from samsyn.authorities.queries import members_of, my_collaborations
from samsyn.core.errors import InvalidError, NotAllowedError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.pledges.counting import numbers_of, read_year
from samsyn.pledges.queries import (
    CommitmentLine,
    PledgeLine,
    areas_of,
    commitments_of,
    get_pledge,
    list_pledges,
    removed_of,
)
from samsyn.pledges.rules import (
    FIRST_YEAR,
    LAST_YEAR,
    Pace,
    PledgeState,
)
from samsyn.pledges.service import (
    AddFocusArea,
    MakePledge,
    Signatory,
    SignPledge,
    add_focus_area,
    make_pledge,
    sign_pledge,
)
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.idempotency import seen_version
from samsyn.web.identity import current_viewer
from samsyn.web.parsing import Body, printable
from samsyn.web.promised import Note, Words
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("pledge_writing")
MOST_SIGNS: Final = 100


class PledgeForm(Body):
    """A year's pledge and its parties."""

    collaboration_id: UUID
    year: int = Limits(ge=FIRST_YEAR, le=LAST_YEAR)
    name: Words
    parties: list[UUID] = Limits(default_factory=list, max_length=50)


class AreaForm(Body):
    """A focus area."""

    area: Words
    picture: Note = ""


class SignForm(Body):
    """Where and when, and a line for each who signed: the party's name, title, name; parted by semicolons."""

    signed_on: date
    place: Words
    signatories: Annotated[str, StringConstraints(min_length=1, max_length=2_000), AfterValidator(printable)]


def home_of(homes: Sequence[tuple[UUID, str]], form: Form[Any] | None) -> UUID | None:
    """Return the collaboration that a form is about: the only one, or the one that it or the address names."""
    if len(homes) == 1:
        return homes[0][0]
    said = form.text("collaboration_id") if form is not None else request.args.get("collaboration", "")
    return next((key for key, _ in homes if str(key) == said), None)


def show_new(form: Form[Any] | None = None) -> str:
    """Render the form of a new pledge; where there are several collaborations, which one is asked first."""
    with unit_of_work(current_viewer()) as uow:
        homes = [(one.id, one.name) for one in my_collaborations(uow)]
        home = home_of(homes, form)
        members = [(one.id, one.name) for one in members_of(uow, home)] if home else []
        year = uow.today.year
    first = {"year": year, "name": t("pledges.usual_name", year=year)}
    labels = {name: t(f"pledges.field.{name}") for name in ("collaboration_id", "year", "name", "parties")}
    return page(
        "pledges/new.html.j2", form=form or new_form(first), labels=labels, homes=homes, home=home, members=members
    )


@blueprint.get("/pledges/new")
@guarded("planner")
def get_new() -> str:
    """A new pledge."""
    return show_new()


@blueprint.post("/pledges/new")
@guarded("planner")
def post_new() -> Response:
    """Begin the pledge of a year."""

    def make(uow: UnitOfWork, asked: PledgeForm) -> str:
        key = make_pledge(uow, MakePledge(asked.collaboration_id, asked.year, asked.name, tuple(asked.parties)))
        return f"/pledges/{key}/edit"

    return answer_form(PledgeForm, make, show_new)


def show_edit(pledge_id: UUID, form: Form[Any] | None = None) -> str:
    """Render a pledge as it is written: its areas with their promises, and the signing."""
    with unit_of_work(current_viewer()) as uow:
        pledge = get_pledge(uow, pledge_id)
        areas = areas_of(uow, pledge_id)
        promises = commitments_of(uow, [area.id for area in areas])
        parties = [one for one in members_of(uow, pledge.collaboration_id) if one.id in pledge.parties]
        today = uow.today
        gone = removed_of(uow, pledge_id)
        earlier = not_kept(uow, pledge) if pledge.state is PledgeState.DRAFT else []
    mine = current_viewer().authority_id in pledge.parties
    lines = "\n".join(f"{one.name}; ; " for one in parties)
    first = {"signed_on": today.isoformat(), "signatories": lines}
    names = ("area", "picture", "signed_on", "place", "signatories")
    return page(
        "pledges/edit.html.j2",
        pledge=pledge,
        areas=areas,
        gone=gone,
        earlier=earlier,
        mine=mine,
        promises={area.id: [one for one in promises if one.focus_area_id == area.id] for area in areas},
        form=form or new_form(first),
        labels={name: t(f"pledges.field.{name}") for name in names},
    )


@blueprint.get("/pledges/<uuid:pledge_id>/edit")
@guarded("planner")
def get_edit(pledge_id: UUID) -> str:
    """A pledge as it is written."""
    return show_edit(pledge_id)


@blueprint.post("/pledges/<uuid:pledge_id>/areas")
@guarded("planner")
def post_area(pledge_id: UUID) -> Response:
    """Add a focus area."""

    def make(uow: UnitOfWork, asked: AreaForm) -> str:
        add_focus_area(uow, AddFocusArea(pledge_id, asked.area, asked.picture))
        return f"/pledges/{pledge_id}/edit#content"

    return answer_form(AreaForm, make, lambda form: show_edit(pledge_id, form))


@blueprint.post("/pledges/<uuid:pledge_id>/sign")
@guarded("planner")
def post_sign(pledge_id: UUID) -> Response:
    """Say that it is signed."""

    def make(uow: UnitOfWork, asked: SignForm) -> str:
        if uow.me not in get_pledge(uow, pledge_id).parties:  # before anything is said of what was typed
            raise NotAllowedError("only a party signs the pledge")
        parties = {one.name: one.id for one in members_of(uow, get_pledge(uow, pledge_id).collaboration_id)}
        signs = read_signatories(asked.signatories, parties)
        sign_pledge(uow, SignPledge(pledge_id, asked.signed_on, asked.place, signs, seen_version() or 0))
        return f"/pledges?pledge={pledge_id}#content"

    return answer_form(SignForm, make, lambda form: show_edit(pledge_id, form))


def read_signatories(typed: str, parties: dict[str, UUID]) -> tuple[Signatory, ...]:
    """Return who signed, of lines "party; title; name"; ``InvalidError`` says which line is not one."""
    found = []
    lines = [line for line in typed.splitlines() if line.strip()]
    for n, line in enumerate(lines[: MOST_SIGNS + 1], 1):
        cells = [cell.strip() for cell in line.split(";")]
        if n > MOST_SIGNS or len(cells) != 3 or not all(cells) or cells[0] not in parties:  # noqa: PLR2004
            raise InvalidError("not a line of it", fields={"signatories": [t("pledges.fault.signatory", n=n)]})
        found.append(Signatory(parties[cells[0]], cells[1], cells[2]))
    return tuple(found)


def not_kept(uow: UnitOfWork, pledge: PledgeLine) -> list[CommitmentLine]:
    """Return what the pledge of the year before promised and did not keep, and what nothing carries on yet."""
    before = next(
        (
            one
            for one in list_pledges(uow)
            if one.year == pledge.year - 1 and one.collaboration_id == pledge.collaboration_id
        ),
        None,
    )
    if before is None or uow.me not in before.parties:
        return []
    promised = commitments_of(uow, [area.id for area in areas_of(uow, before.id)])
    year = read_year(uow, before, promised, uow.today)
    return [one for one in promised if one.carried_to_id is None and numbers_of(year, one).pace is not Pace.KEPT]
