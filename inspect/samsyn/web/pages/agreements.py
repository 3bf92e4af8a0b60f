"""Cooperation agreements: listed, read with their documents, written, signed; a draft is corrected and removed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from flask import Response, request
from pydantic import AfterValidator, StringConstraints
from pydantic import Field as Limits

from samsyn.authorities.queries import authority_names, members_of, my_collaborations
from samsyn.core.errors import ConflictError, InvalidError, NotAllowedError
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.pledges.queries import AgreementLine, agreements_of, files_of, get_agreement, list_pledges
from samsyn.pledges.service import (
    MOST_BYTES,
    AddFile,
    MakeAgreement,
    Signatory,
    add_file,
    correct_agreement,
    make_agreement,
    put_back_agreement,
    read_file,
    remove_agreement,
)
from samsyn.web.forms import Form, answer_form, as_it_stands, new_form
from samsyn.web.guards import guarded
from samsyn.web.house import house
from samsyn.web.idempotency import seen_version
from samsyn.web.identity import current_viewer
from samsyn.web.installation import current_keys
from samsyn.web.pages.pledge_writing import home_of, read_signatories
from samsyn.web.parsing import Body, printable
from samsyn.web.promised import Words
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("agreements")
ONE: Final = "/agreements/<uuid:agreement_id>"
SHOWN: Final = ("collaboration_id", "name", "parties", "from_on", "until_on", "signed_on", "signatories")
ENDINGS: Final = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}
Lines = Annotated[str, StringConstraints(max_length=2_000), AfterValidator(printable)]


class AgreementForm(Body):
    """An agreement; a draft where no day of signing is said. Signatories: a line each, as of a pledge."""

    collaboration_id: UUID
    name: Words
    parties: list[UUID] = Limits(default_factory=list, max_length=50)
    from_on: date
    until_on: date
    signed_on: date | None = None
    signatories: Lines = ""

    def command(self, uow: UnitOfWork) -> MakeAgreement:
        """Return it as it is written; ``InvalidError`` says which line of the signatories is none."""
        names = {one.name: one.id for one in members_of(uow, self.collaboration_id)}
        signs: tuple[Signatory, ...] = read_signatories(self.signatories, names)
        if self.signed_on is not None and not signs:
            raise InvalidError("nobody signed", fields={"signatories": ["say who signed"]})
        parties, days = tuple(self.parties), (self.signed_on, self.until_on)
        return MakeAgreement(self.collaboration_id, self.name, *days, parties, signs, self.from_on)


class Nothing(Body):
    """A button."""


@dataclass(frozen=True, slots=True)
class Row:
    """An agreement among others, with its parties by name; ``state``: draft, in_force or ended."""

    one: AgreementLine
    parties: Sequence[str]
    state: str


def read_rows(uow: UnitOfWork) -> list[Row]:
    """Return the agreements of the own collaborations, the one that lasts longest first."""
    found, today = agreements_of(uow), uow.today
    names = authority_names(uow, {party for one in found for party in one.parties}) if found else {}
    return [Row(one, [names.get(party, "") for party in one.parties], state_of(one, today)) for one in found]


def state_of(one: AgreementLine, today: date) -> str:
    """Return how an agreement stands on a day."""
    if one.signed_on is None:
        return "draft"
    return "ended" if one.until_on < today else "in_force"


@blueprint.get("/agreements")
@guarded()
def get_agreements() -> str:
    """The agreements of the own collaborations."""
    with unit_of_work(current_viewer()) as uow:
        rows, plans = read_rows(uow), "planner" in uow.viewer.roles
    return page("pledges/agreements.html.j2", rows=rows, plans=plans)


@blueprint.get(ONE)
@guarded()
def get_one(agreement_id: UUID) -> str:
    """One agreement: its parties, who signed, its documents, and the pledges under it."""
    return show_one(agreement_id)


def show_one(agreement_id: UUID, form: Form[Any] | None = None) -> str:
    """Render an agreement."""
    with unit_of_work(current_viewer()) as uow:
        one = get_agreement(uow, agreement_id)
        files = files_of(uow, agreement_id)
        pledges = [line for line in list_pledges(uow) if line.agreement_id == agreement_id]
        names = authority_names(uow, {*one.parties, *(file.authority_id for file in files)})
        writes = "planner" in uow.viewer.roles and uow.me in one.parties
    signed = [(party, signs_of(one, party)) for party in sorted(one.parties, key=lambda key: names.get(key, ""))]
    return page(
        "pledges/agreement.html.j2",
        one=one,
        signed=signed,
        missing=[names.get(party, "") for party, signs in signed if not signs],
        files=files,
        pledges=pledges,
        names=names,
        writes=writes,
        most=MOST_BYTES // 1_000_000,
        form=form or new_form(),
    )


def signs_of(one: AgreementLine, party: UUID) -> list[Mapping[str, Any]]:
    """Return who signed for a party: nobody where it has not signed."""
    return [sign for sign in one.signatories if sign["authority_id"] == str(party)]


def show_form(agreement_id: UUID | None = None, form: Form[Any] | None = None) -> str:
    """Render the form: of a new agreement, or of a draft."""
    with unit_of_work(current_viewer()) as uow:
        one = None if agreement_id is None else get_agreement(uow, agreement_id)
        if one is not None and one.signed_on is not None:
            raise ConflictError("what is signed is not changed")
        homes = [(home.id, home.name) for home in my_collaborations(uow)]
        home = home_of(homes, form) if one is None else one.collaboration_id
        members = [(member.id, member.name) for member in members_of(uow, home)] if home else []
    first: dict[str, Any] = {}
    if one is not None:
        who = dict(members)
        lines = [f"{who.get(UUID(s['authority_id']), '')}; {s['title']}; {s['name']}" for s in one.signatories]
        first = {"name": one.name, "parties": list(one.parties), "signatories": "\n".join(lines)}
        first |= {"from_on": one.from_on.isoformat(), "until_on": one.until_on.isoformat()}
    return page(
        "pledges/agreement-form.html.j2",
        one=one,
        homes=homes,
        home=home,
        members=members,
        form=as_it_stands(form, first),
        labels={name: t(f"pledges.field.{name}") for name in SHOWN},
    )


@blueprint.get("/agreements/new")
@guarded("planner")
def get_new() -> str:
    """A new agreement."""
    return show_form()


@blueprint.post("/agreements/new")
@guarded("planner")
def post_new() -> Response:
    """Write it."""

    def make(uow: UnitOfWork, asked: AgreementForm) -> str:
        return f"/agreements/{make_agreement(uow, asked.command(uow))}#content"

    return answer_form(AgreementForm, make, lambda form: show_form(None, form))


@blueprint.get(f"{ONE}/correct")
@guarded("planner")
def get_correct(agreement_id: UUID) -> str:
    """A draft, to be corrected or signed."""
    return show_form(agreement_id)


@blueprint.post(f"{ONE}/correct")
@guarded("planner")
def post_correct(agreement_id: UUID) -> Response:
    """Correct it, or say that it is signed."""

    def make(uow: UnitOfWork, asked: AgreementForm) -> str:
        if uow.me not in get_agreement(uow, agreement_id).parties:  # before anything is said of what was typed
            raise NotAllowedError("only a party writes the agreement")
        correct_agreement(uow, agreement_id, asked.command(uow), seen_version())
        return f"/agreements/{agreement_id}#content"

    return answer_form(AgreementForm, make, lambda form: show_form(agreement_id, form))


@blueprint.post(f"{ONE}/remove")
@guarded("planner")
def post_remove(agreement_id: UUID) -> Response:
    """Take a draft away; the page that follows puts it back by one press."""

    def make(uow: UnitOfWork, _: Nothing) -> str:
        remove_agreement(uow, agreement_id, seen_version())
        return f"/agreements/{agreement_id}#content"

    return answer_form(Nothing, make, lambda form: show_one(agreement_id, form))


@blueprint.post(f"{ONE}/restore")
@guarded("planner")
def post_restore(agreement_id: UUID) -> Response:
    """Put a removed draft back."""

    def make(uow: UnitOfWork, _: Nothing) -> str:
        put_back_agreement(uow, agreement_id, seen_version())
        return f"/agreements/{agreement_id}#content"

    return answer_form(Nothing, make, lambda form: show_one(agreement_id, form))


@blueprint.post(f"{ONE}/files")
@guarded("planner")
def post_file(agreement_id: UUID) -> Response:
    """Keep a document."""

    def make(uow: UnitOfWork, _: Nothing) -> str:
        upload = request.files.get("file")
        data = upload.read(MOST_BYTES + 1) if upload is not None else b""
        if upload is not None:
            upload.stream.seek(0)
        name = (upload.filename or "") if upload is not None else ""
        add_file(uow, current_keys(), house().settings.data_dir, AddFile(agreement_id, name, data))
        return f"/agreements/{agreement_id}#files"

    return answer_form(Nothing, make, lambda form: show_one(agreement_id, form))


@blueprint.get(f"{ONE}/files/<uuid:file_id>")
@guarded()
def get_file(agreement_id: UUID, file_id: UUID) -> Response:
    """A document as a file (audited); never shown in the page, whatever its bytes are."""
    with unit_of_work(current_viewer()) as uow:
        data, media_type, _ = read_file(uow, current_keys(), house().settings.data_dir, agreement_id, file_id)
    response = Response(data, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="samsyn-avtal.{ENDINGS.get(media_type, "bin")}"'
    return response
