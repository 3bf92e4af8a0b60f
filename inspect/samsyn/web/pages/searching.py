"""Search over the words of findings, within what the reader may read."""

from __future__ import annotations

from typing import Annotated

from flask import Response, make_response
from pydantic import StringConstraints

from samsyn.core.errors import InvalidError
from samsyn.core.paging import Page
from samsyn.core.uow import unit_of_work
from samsyn.findings.words import Hit, search_findings
from samsyn.operations.queries import targets_of_visits
from samsyn.web.api.dossiers import READERS
from samsyn.web.forms import new_form
from samsyn.web.guards import guarded
from samsyn.web.identity import current_language, current_viewer
from samsyn.web.listing import PageQuery
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page

blueprint = page_blueprint("searching")


class WordQuery(PageQuery):
    """What is looked for; nothing shows the empty form."""

    q: Annotated[str, StringConstraints(max_length=200)] = ""


@blueprint.get("/search")
@guarded(*READERS)
@blueprint.input(WordQuery, location="query", arg_name="query")
def get_search(query: WordQuery) -> Response:
    """The form, and what was found, latest observed first (each visit's reading is logged, the words are not)."""
    form = new_form({"q": query.q})
    found: Page[Hit] = Page([], None)
    with unit_of_work(current_viewer()) as uow:
        if query.q.strip():
            try:
                found = search_findings(uow, query.q, query.seek(), current_language())
            except InvalidError as error:
                if "q" not in error.fields:
                    raise
                form = form.refused(error)
        places = targets_of_visits(uow, {hit.line.visit_id for hit in found.items})
    asked = bool(query.q.strip())
    shown = page(
        "search.html.j2", form=form, asked=asked, hits=found.items, cursor=found.next_cursor, places=places, q=query.q
    )
    return make_response(shown, 422 if form.faults else 200)
