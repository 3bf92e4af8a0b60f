"""Decide on what falls under a records request: many things at once, or one with what is masked in it."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal
from uuid import UUID

from flask import Response
from pydantic import AfterValidator, StringConstraints

from samsyn.access.rules import KEEPERS
from samsyn.audit.service import record
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.records.queries import ItemLine, get_item, get_request
from samsyn.records.rules import DECISIONS, Choice, masked
from samsyn.records.service import Decide, decide_items
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.identity import current_viewer
from samsyn.web.pages.records import show as show_request
from samsyn.web.pages.records_view import flags_of, sections_in
from samsyn.web.parsing import Body, one_line, printable
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page

blueprint = page_blueprint("records_items")
MANY: Final = tuple(choice for choice in DECISIONS if choice is not Choice.MASK)
"""What is masked is chosen thing by thing."""
Section = Annotated[str, StringConstraints(max_length=80), AfterValidator(one_line)]
Reason = Annotated[str, StringConstraints(max_length=2_000), AfterValidator(printable)]


class ManyForm(Body):
    """One choice for the marked things."""

    items: tuple[UUID, ...] = ()
    choice: Literal["give", "refuse", "outside", "undecided"]
    section: Section = ""
    reason: Reason = ""


class OneForm(Body):
    """A choice for one thing; ``hide`` names fields, ``words`` one word or phrase a line."""

    choice: Choice
    section: Section = ""
    reason: Reason = ""
    hide: tuple[str, ...] = ()
    words: Reason = ""

    @property
    def phrases(self) -> tuple[str, ...]:
        """Return the words that are hidden."""
        return tuple(dict.fromkeys(filter(None, map(str.strip, self.words.splitlines()))))


@blueprint.post("/records/<uuid:record_id>/decide")
@guarded(*KEEPERS)
def post_many(record_id: UUID) -> Response:
    """Decide for the marked things."""

    def make(uow: UnitOfWork, asked: ManyForm) -> str:
        decide_items(uow, Decide(record_id, frozenset(asked.items), Choice(asked.choice), asked.section, asked.reason))
        return f"/records/{record_id}#items"

    return answer_form(ManyForm, make, lambda form: show_request(record_id, form))


@blueprint.get("/records/items/<uuid:item_id>")
@guarded(*KEEPERS)
def get_one(item_id: UUID) -> str:
    """One thing, and how it would be given out (logged)."""
    return show(item_id)


@blueprint.post("/records/items/<uuid:item_id>")
@guarded(*KEEPERS)
def post_one(item_id: UUID) -> Response:
    """Decide for it."""

    def make(uow: UnitOfWork, asked: OneForm) -> str:
        line = get_item(uow, item_id)
        said = (asked.section, asked.reason, frozenset(asked.hide), asked.phrases)
        decide_items(uow, Decide(line.request_id, frozenset({item_id}), asked.choice, *said))
        return f"/records/items/{item_id}#preview"

    return answer_form(OneForm, make, lambda form: show(item_id, form))


def show(item_id: UUID, form: Form[Any] | None = None) -> str:
    """Render one thing with its neighbours in the request."""
    with unit_of_work(current_viewer()) as uow:
        line = get_item(uow, item_id)
        card = get_request(uow, line.request_id)
        record(uow, "records.read", line.request_id)
        flags = flags_of(uow, [line])[item_id]
    after = [one.id for one in card.items]
    at = after.index(item_id)
    return page(
        "records/item.html.j2",
        line=line,
        asked=card.line,
        flags=flags,
        shown=shown_of(line, form),
        next_id=after[at + 1] if at + 1 < len(after) else None,
        n=at + 1,
        total=len(after),
        choices=[choice.value for choice in (*DECISIONS, Choice.UNDECIDED)],
        sections=sections_in(),
        form=form or begun(line),
    )


def begun(line: ItemLine) -> Form[Any]:
    """Return the form as it was decided before."""
    return new_form(
        {
            "choice": line.choice.value,
            "section": line.section,
            "reason": line.reason,
            "hide": line.masked_fields,
            "words": "\n".join(line.masked_words),
        }
    )


def shown_of(line: ItemLine, form: Form[Any] | None) -> dict[str, str] | None:
    """Return what would leave the house; nothing for what is not given."""
    asked = form.value if form and isinstance(form.value, OneForm) else None
    choice = asked.choice if asked else line.choice
    if choice is Choice.MASK:
        words = (asked.hide, asked.phrases) if asked else (line.masked_fields, line.masked_words)
        return masked(line.content, *words)
    return dict(line.content) if choice is Choice.GIVE else None
