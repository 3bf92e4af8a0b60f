"""Writing a pledge: begun for a year, with areas and promises, signed; and what people say of a promise afterwards."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from flask import Response
from pydantic import AfterValidator, StringConstraints
from pydantic import Field as Limits

from samsyn.authorities.queries import my_collaborations, partners
from samsyn.authorities.rules import Field
from samsyn.businesses.rules import PermitKind
from samsyn.core.errors import InvalidError, NotAllowedError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.places.queries import list_hot_spots
from samsyn.pledges.queries import areas_of, commitments_of, get_area, get_commitment, get_pledge, list_pledges
from samsyn.pledges.rules import FIRST_YEAR, LAST_YEAR, MOST_DAYS, MOST_TARGET, MOST_TEXT, ActivityKind, CommitmentForm
from samsyn.pledges.service import (
    AddCommitment,
    AddFocusArea,
    ChangeCommitment,
    MakePledge,
    Signatory,
    SignPledge,
    add_commitment,
    add_focus_area,
    change_commitment,
    make_pledge,
    sign_pledge,
)
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.idempotency import seen_version
from samsyn.web.identity import current_viewer
from samsyn.web.localtime import day_of
from samsyn.web.parsing import Body, printable
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("pledge_writing")
MOST_SIGNS: Final = 8
Words = Annotated[str, StringConstraints(min_length=1, max_length=MOST_TEXT), AfterValidator(printable)]
Note = Annotated[str, StringConstraints(max_length=MOST_TEXT), AfterValidator(printable)]


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


class PromiseForm(Body):
    """A promise; which fields are wanted follows from its form."""

    form: CommitmentForm
    text: Words
    target: int | None = Limits(default=None, ge=1, le=MOST_TARGET)
    counts: ActivityKind = ActivityKind.OPERATION
    fields: list[Field] = Limits(default_factory=list, max_length=len(Field))
    least: int = Limits(default=1, ge=1, le=20)
    not_led_by: UUID | None = None
    permit_kind: PermitKind | None = None
    hot_spot_id: UUID | None = None
    whole: bool = False
    within_days: int | None = Limits(default=None, ge=1, le=MOST_DAYS)
    serious: bool = False
    by_on: date | None = None


class ChangeForm(Body):
    """What is said of a promise afterwards."""

    not_done_reason: Note = ""
    carried_to_id: UUID | None = None
    done_on: date | None = None


def show_new(form: Form[Any] | None = None) -> str:
    """Render the form of a new pledge."""
    with unit_of_work(current_viewer()) as uow:
        homes = [(one.id, one.name) for one in my_collaborations(uow)]
        members = [(one.id, one.name) for one in partners(uow)]
        year = day_of(uow.now).year
    first = {"year": year, "name": t("pledges.usual_name", year=year)}
    labels = {name: t(f"pledges.field.{name}") for name in ("collaboration_id", "year", "name", "parties")}
    return page("pledges/new.html.j2", form=form or new_form(first), labels=labels, homes=homes, members=members)


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
        parties = [one for one in partners(uow) if one.id in pledge.parties]
        today = day_of(uow.now)
    lines = "\n".join(f"{one.name}; ; " for one in parties)
    first = {"signed_on": today.isoformat(), "signatories": lines}
    names = ("area", "picture", "signed_on", "place", "signatories")
    return page(
        "pledges/edit.html.j2",
        pledge=pledge,
        areas=areas,
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
        parties = {one.name: one.id for one in partners(uow)}
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


def show_commitment(area_id: UUID, form: Form[Any] | None = None) -> str:
    """Render the form of a new promise."""
    with unit_of_work(current_viewer()) as uow:
        area = get_area(uow, area_id)
        pledge = get_pledge(uow, area.pledge_id)
        members = [(one.id, one.name) for one in partners(uow)]
        spots = [(one.id, one.name) for one in list_hot_spots(uow)]
    names: tuple[str, ...] = (
        "form",
        "text",
        "target",
        "counts",
        "fields",
        "least",
        "not_led_by",
        "permit_kind",
        "hot_spot_id",
    )
    names += ("whole", "within_days", "serious", "by_on")
    return page(
        "pledges/commitment.html.j2",
        pledge=pledge,
        area=area,
        form=form or new_form({"form": CommitmentForm.OCCASIONS, "counts": ActivityKind.OPERATION, "least": 1}),
        labels={name: t(f"pledges.field.{name}") for name in names},
        forms=[(one.value, t(f"pledges.forms.{one}")) for one in CommitmentForm],
        kinds=[(one.value, t(f"pledges.kinds.{one}")) for one in ActivityKind],
        of_work=[(one.value, t(f"operations.field.{one}")) for one in Field],
        permits=[(one.value, t(f"businesses.permit.{one}")) for one in PermitKind],
        members=members,
        spots=spots,
    )


@blueprint.get("/focus-areas/<uuid:area_id>/commitments")
@guarded("planner")
def get_new_commitment(area_id: UUID) -> str:
    """A new promise."""
    return show_commitment(area_id)


@blueprint.post("/focus-areas/<uuid:area_id>/commitments")
@guarded("planner")
def post_new_commitment(area_id: UUID) -> Response:
    """Promise something countable."""

    def make(uow: UnitOfWork, asked: PromiseForm) -> str:
        how = asked.model_dump(exclude={"form", "text", "fields"})
        add_commitment(uow, AddCommitment(area_id, asked.form, asked.text, fields=tuple(asked.fields), **how))
        return f"/pledges/{get_area(uow, area_id).pledge_id}/edit#content"

    return answer_form(PromiseForm, make, lambda form: show_commitment(area_id, form))


def show_change(commitment_id: UUID, form: Form[Any] | None = None) -> str:
    """Render what may be said of a promise afterwards."""
    with unit_of_work(current_viewer()) as uow:
        one = get_commitment(uow, commitment_id)
        pledges = [line for line in list_pledges(uow) if line.collaboration_id == one.collaboration_id]
        areas = {area.id: area for area in areas_of(uow, *(line.id for line in pledges))}
        year = {line.id: line.year for line in pledges}
        mine = year[areas[one.focus_area_id].pledge_id]
        later = [
            (other.id, f"{year[areas[other.focus_area_id].pledge_id]}: {other.text}")
            for other in commitments_of(uow, list(areas))
            if year[areas[other.focus_area_id].pledge_id] > mine
        ]
    first = {"not_done_reason": one.not_done_reason, "carried_to_id": one.carried_to_id, "done_on": one.done_on}
    return page(
        "pledges/change.html.j2",
        one=one,
        pledge_id=areas[one.focus_area_id].pledge_id,
        later=later,
        form=form or new_form(first),
        labels={name: t(f"pledges.field.{name}") for name in first},
    )


@blueprint.get("/commitments/<uuid:commitment_id>")
@guarded("planner")
def get_change(commitment_id: UUID) -> str:
    """What is said of a promise: why it was not kept, what carries it on."""
    return show_change(commitment_id)


@blueprint.post("/commitments/<uuid:commitment_id>")
@guarded("planner")
def post_change(commitment_id: UUID) -> Response:
    """Say it."""

    def make(uow: UnitOfWork, asked: ChangeForm) -> str:
        command = ChangeCommitment(
            commitment_id, seen_version() or 0, asked.not_done_reason or None, asked.carried_to_id, asked.done_on
        )
        change_commitment(uow, command)
        one = get_commitment(uow, commitment_id)
        return f"/pledges?pledge={get_area(uow, one.focus_area_id).pledge_id}#content"

    return answer_form(ChangeForm, make, lambda form: show_change(commitment_id, form))
