"""The own authority's signals: a new one, those that a person wrote, and lists by week that were taken in."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from flask import Response, request
from pydantic import AfterValidator, Field, StringConstraints

from samsyn.businesses.queries import get_business
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.places.queries import get_hot_spot, list_hot_spots
from samsyn.places.queries.signals import MOST, list_imports, list_signals
from samsyn.places.rules import LEAST_WEIGHT, LIVES, MOST_TEXT, MOST_WEIGHT, SignalSource
from samsyn.places.service.signals import AddSignal, add_signal, undo_import, withdraw_signal
from samsyn.web.forms import Form, answer_form, new_form
from samsyn.web.guards import guarded
from samsyn.web.idempotency import once_then_go
from samsyn.web.identity import current_viewer
from samsyn.web.parsing import Body, printable
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page, t

blueprint = page_blueprint("signals")
SHOWN: Final = ("on_date", "source", "weight", "hot_spot_id", "text", "expires_on")
Note = Annotated[str, StringConstraints(max_length=MOST_TEXT), AfterValidator(printable)]
Weight = Annotated[int, Field(ge=LEAST_WEIGHT, le=MOST_WEIGHT)]


class SignalForm(Body):
    """A new signal about a business or a hot spot."""

    on_date: date
    source: SignalSource
    weight: Weight = 1
    business_id: UUID | None = None
    hot_spot_id: UUID | None = None
    text: Note = ""
    expires_on: date | None = None


def source_words() -> list[tuple[str, str]]:
    """Return the classes of source with their words."""
    return [(one.value, t(f"signals.sources.{one}")) for one in SignalSource]


@blueprint.get("/signals")
@guarded("planner", "inspector")
def get_signals() -> str:
    """The own authority's signals, and the lists that were taken in."""
    with unit_of_work(current_viewer()) as uow:
        lines = list_signals(uow, typed=True)
        imports = list_imports(uow)
        today, plans = uow.today, "planner" in uow.viewer.roles
    return page("signals/list.html.j2", lines=lines, imports=imports, today=today, plans=plans, most=MOST)


def asked_place(name: str) -> UUID | None:
    """Return a key of the address or of the form; nothing for what is none."""
    try:
        return UUID(request.values.get(name, ""))
    except ValueError:
        return None


def show_new(form: Form[Any] | None = None) -> str:
    """Render the form of a new signal; the address names its place, or a hot spot is chosen."""
    business_id, hot_spot_id = asked_place("business_id"), asked_place("hot_spot_id")
    with unit_of_work(current_viewer()) as uow:
        business = get_business(uow, business_id) if business_id else None
        spot = get_hot_spot(uow, hot_spot_id) if hot_spot_id and not business and form is None else None
        spots = [(one.id, one.name) for one in list_hot_spots(uow)]
        today = uow.today
    first = {"on_date": today.isoformat(), "expires_on": (today + LIVES).isoformat(), "weight": "1", "source": "own"}
    return page(
        "signals/new.html.j2",
        business=business,
        spots=spots,
        sources=source_words(),
        weights=[(n, t(f"signals.weights.{n}")) for n in range(LEAST_WEIGHT, MOST_WEIGHT + 1)],
        form=form or new_form({**first, "hot_spot_id": spot.id if spot else None}),
        labels={name: t(f"signals.field.{name}") for name in SHOWN},
    )


@blueprint.get("/signals/new")
@guarded("planner", "inspector")
def get_new() -> str:
    """A new signal."""
    return show_new()


@blueprint.post("/signals/new")
@guarded("planner", "inspector")
def post_new() -> Response:
    """Write it down."""

    def make(uow: UnitOfWork, asked: SignalForm) -> str:
        add_signal(uow, AddSignal(**asked.model_dump()))
        if asked.business_id:
            return f"/businesses/{asked.business_id}#signals"
        return f"/hot-spots/{asked.hot_spot_id}#signals"

    return answer_form(SignalForm, make, show_new)


@blueprint.post("/signals/<uuid:signal_id>/withdraw")
@guarded("planner", "inspector")
def post_withdraw(signal_id: UUID) -> Response:
    """Take an own signal back."""

    def make(uow: UnitOfWork) -> str:
        withdraw_signal(uow, signal_id)
        return "/signals#content"

    return once_then_go(make)


@blueprint.post("/signals/lists/<uuid:taken_id>/undo")
@guarded("planner")
def post_undo(taken_id: UUID) -> Response:
    """Let a list that was taken in count no more."""

    def make(uow: UnitOfWork) -> str:
        undo_import(uow, taken_id)
        return "/signals#lists"

    return once_then_go(make)
