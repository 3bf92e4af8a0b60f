"""The report of an operation for people: in numbers and visit by visit, and what was taken of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import Response, request

from samsyn.authorities.rules import Field
from samsyn.core.errors import GateClosedError
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.dossiers.rendering.measures import subject
from samsyn.dossiers.rendering.report import amounts, entry_lines
from samsyn.dossiers.renderings import renderings_of_report
from samsyn.dossiers.report.queries import DONE, read_report
from samsyn.dossiers.service import compile_now
from samsyn.operations.queries import get_operation, targets_of
from samsyn.operations.rules import AFTERWARDS
from samsyn.web.api.dossiers import READERS, reader_of
from samsyn.web.exports.dossier_sheets import basis_name
from samsyn.web.guards import guarded
from samsyn.web.idempotency import once_then_go
from samsyn.web.identity import current_language, current_viewer
from samsyn.web.localtime import show_moment
from samsyn.web.pages.dossiers import named
from samsyn.web.pages.squares import square_of_part
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page

blueprint = page_blueprint("reports")


@blueprint.get("/operations/<uuid:operation_id>/report")
@guarded(*READERS)
def get_report(operation_id: UUID) -> str:
    """The report as the own authority may read it (logged); before the operation is done, that it comes then."""
    with unit_of_work(current_viewer()) as uow:
        operation, reader = get_operation(uow, operation_id), reader_of(uow)
        report = read_report(uow, operation_id) if operation.state in AFTERWARDS else None
        documents = renderings_of_report(uow, operation_id)
        told = report.content["visits"] if report else []
        part_field = square_of_part(uow, [part for one in told for part in one["visit"]["parts"]])
    return page(
        "operations/report.html.j2",
        op=operation,
        report=report,
        content=report.content if report else None,
        amounts=amounts(report.content["numbers"]) if report else {},
        documents=documents,
        reader=reader,
        compiled="compiled" in request.args,
        when=datetime.fromisoformat,
        field=lambda name: Field(name) if name else None,
        part_field=part_field,
        entry=lambda one: entry_lines(one, current_language(), lambda at: show_moment(at, current_language())),
        subject=lambda line: subject(current_language(), line),
        basis=basis_name,
        named=named,
    )


@blueprint.post("/operations/<uuid:operation_id>/report/compile")
@guarded(*READERS)
def post_compile(operation_id: UUID) -> Response:
    """Compile the own dossiers of the operation's businesses now, as a worker does, and show the report.

    Before the key of the request is taken: it would be held, and its connection with it, while all is compiled.
    """
    with unit_of_work(current_viewer()) as uow:
        operation = get_operation(uow, operation_id)
        if operation.state not in AFTERWARDS:
            raise GateClosedError(f"not while the operation is {operation.state}", DONE)
        businesses = sorted({target.business_id for target in targets_of(uow, operation_id).values()})
        me = uow.me
    with unit_of_work(Viewer.task_of(me)) as work:
        compile_now(work, operation_id, businesses)
    return once_then_go(lambda _: f"/operations/{operation_id}/report?compiled")
