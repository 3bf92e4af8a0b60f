"""The authority's own file of a business or an operation: case numbers, and packages for its own diary (R17)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from flask import Response, request

from samsyn.access.rules import KEEPERS
from samsyn.businesses.queries import get_business
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.operations.queries import PartCard, get_operation, get_part, parts_of, targets_of, visits_of
from samsyn.records.queries import NumberLine, list_packages, numbers_of_operation
from samsyn.records.service import Number, Pack, make_package, write_number
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.identity import current_viewer
from samsyn.web.pages.disclosing_view import current_vault
from samsyn.web.pages.records import NumberForm
from samsyn.web.parsing import Body
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page

blueprint = page_blueprint("records_files")


@blueprint.get("/businesses/<uuid:business_id>/file")
@guarded(*KEEPERS)
def get_business_file(business_id: UUID) -> str:
    """The packages of a business."""
    return show_business(business_id)


@blueprint.post("/businesses/<uuid:business_id>/file")
@guarded(*KEEPERS)
def post_business_file(business_id: UUID) -> Response:
    """Make a package of all that the authority has on a business."""

    def make(uow: UnitOfWork, _: Body) -> str:
        made = make_package(uow, current_vault(), Pack(uuid4(), business_id=business_id))
        return f"/businesses/{business_id}/file#package-{made}"

    return answer_form(Body, make, lambda form: show_business(business_id, form))


@blueprint.get("/operations/<uuid:operation_id>/file")
@guarded(*KEEPERS)
def get_operation_file(operation_id: UUID) -> str:
    """The case numbers and packages of an operation."""
    return show_operation(operation_id)


@blueprint.post("/operations/<uuid:operation_id>/file")
@guarded(*KEEPERS)
def post_operation_file(operation_id: UUID) -> Response:
    """Make a package of all that the authority has on an operation."""

    def make(uow: UnitOfWork, _: Body) -> str:
        made = make_package(uow, current_vault(), Pack(uuid4(), operation_id=operation_id))
        return f"/operations/{operation_id}/file#package-{made}"

    return answer_form(Body, make, lambda form: show_operation(operation_id, form))


@blueprint.post("/operations/<uuid:operation_id>/number")
@guarded(*KEEPERS)
def post_operation_number(operation_id: UUID) -> Response:
    """Write the case number of an operation."""

    def make(uow: UnitOfWork, asked: NumberForm) -> str:
        write_number(uow, Number(asked.number, operation_id=operation_id))
        return f"/operations/{operation_id}/file?numbered"

    return answer_form(NumberForm, make, lambda form: show_operation(operation_id, form))


@blueprint.post("/parts/<uuid:part_id>/number")
@guarded(*KEEPERS)
def post_part_number(part_id: UUID) -> Response:
    """Write the case number of an own part."""

    def make(uow: UnitOfWork, asked: NumberForm) -> str:
        write_number(uow, Number(asked.number, part_id=part_id))
        return f"/operations/{operation_of(part_id)}/file?numbered"

    return answer_form(NumberForm, make, lambda form: show_operation(operation_of(part_id), form))


def operation_of(part_id: UUID) -> UUID:
    """Return the operation that a part is of."""
    with unit_of_work(current_viewer()) as uow:
        return get_part(uow, part_id).operation_id


def show_business(business_id: UUID, form: Form[Any] | None = None) -> str:
    """Render the file of a business."""
    with unit_of_work(current_viewer()) as uow:
        business = get_business(uow, business_id)
        packages = list_packages(uow, business_id=business_id)
    back = f"/businesses/{business_id}"
    return page(
        "records/file.html.j2",
        name=business.name,
        back=back,
        new=f"/records/new?business={business_id}",
        packages=packages,
        parts=[],
        number=None,
        numbers={},
        numbered=False,
        form=form or new_form(),
    )


def show_operation(operation_id: UUID, form: Form[Any] | None = None) -> str:
    """Render the file of an operation."""
    with unit_of_work(current_viewer()) as uow:
        operation = get_operation(uow, operation_id)
        packages = list_packages(uow, operation_id=operation_id)
        numbers = numbers_of_operation(uow, operation_id)
        parts = named(uow, operation_id)
    return page(
        "records/file.html.j2",
        name=operation.code_word,
        back=f"/operations/{operation_id}",
        new=f"/records/new?operation={operation_id}",
        packages=packages,
        parts=parts,
        number=own_number(numbers),
        numbers={line.part_id: line.number for line in numbers if line.part_id},
        numbered="numbered" in request.args,
        form=form or new_form(),
    )


def own_number(numbers: Sequence[NumberLine]) -> str:
    """Return the number of the operation itself."""
    return next((line.number for line in numbers if line.part_id is None), "")


def named(uow: UnitOfWork, operation_id: UUID) -> list[tuple[PartCard, int, str]]:
    """Return the own parts with the number of their visit and its place, as far as the viewer may know it."""
    order = {visit.id: n for n, visit in enumerate(visits_of(uow, operation_id), start=1)}
    targets = targets_of(uow, operation_id)
    mine = [part for part in parts_of(uow, operation_id) if part.authority_id == uow.me and not part.withdrawn]
    return [
        (part, order.get(part.visit_id, 0), targets[part.visit_id].name if part.visit_id in targets else "")
        for part in sorted(mine, key=lambda part: (order.get(part.visit_id, 0), str(part.id)))
    ]
