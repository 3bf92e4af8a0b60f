"""A list of many rows leaves the house after two people said yes (RELIABILITY 8.22)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from flask import Response, request
from pydantic import BaseModel, StringConstraints

from samsyn.approvals.rules import LONGEST
from samsyn.approvals.service import AskExport, use_export
from samsyn.core.errors import ConflictError, SecondPersonError
from samsyn.core.uow import UnitOfWork
from samsyn.lifecycle.two_people import ask_for_export
from samsyn.web.forms import Form, answer_form
from samsyn.web.parsing import Body, Prose
from samsyn.web.shell import page, t

ALONE: Final = 100
"""Rows that one person may take as a file; more need a second one."""
PAGING: Final = frozenset({"limit", "cursor", "lang"})
"""What of an address says how a list is shown, not which one it is."""
ASK: Final = ".ask"


class ReasonForm(Body):
    """Why the list is needed."""

    reason: Annotated[Prose, StringConstraints(max_length=LONGEST)]


def filters_of(query: BaseModel) -> dict[str, Any]:
    """Return what narrows a list, as its address carries it."""
    said = query.model_dump(mode="json", exclude_defaults=True)
    return {name: value for name, value in sorted(said.items()) if name not in PAGING and value is not None}


def digest_of(name: str, query: BaseModel, keys: Mapping[str, Any]) -> str:
    """Freeze which list it is, of what, with which filters; in which form it is written is no matter."""
    said = json.dumps([name, {key: str(value) for key, value in sorted(keys.items())}, filters_of(query)])
    return hashlib.sha256(said.encode()).hexdigest()


def demand_second_person(uow: UnitOfWork, name: str, query: BaseModel, keys: Mapping[str, Any], rows: int) -> None:
    """Use up the yes that a long list needs; ``SecondPersonError`` without one, or where only the head is asked for."""
    if rows > ALONE:
        if request.method != "GET":
            raise SecondPersonError("a list of so many rows needs a second person")
        use_export(uow, digest_of(name, query, keys))


def show_needed(name: str, query: BaseModel, form: Form[Any]) -> str:
    """Render the page that says so, with a reason to give."""
    plain = request.path.rpartition(".")[0]
    asked = urlencode(filters_of(query), doseq=True)
    return page(
        "approvals/needed.html.j2",
        list_name=t(f"tables.list.{name}"),
        alone=ALONE,
        back=f"{plain}?{asked}" if asked else plain,
        action=f"{plain}{ASK}?{asked}" if asked else f"{plain}{ASK}",
        form=form,
    )


def answer_ask(name: str, query: BaseModel, keys: Mapping[str, Any], count: Callable[[UnitOfWork], int]) -> Response:
    """Take the reason and ask; ``ConflictError`` for a list that needs nobody."""
    asked = urlencode(filters_of(query), doseq=True)
    plain = request.path.removesuffix(ASK)

    def make(uow: UnitOfWork, form: ReasonForm) -> str:
        if (rows := count(uow)) <= ALONE:
            raise ConflictError("short enough for one person", fields={"reason": ["short_list"]})
        address = f"{plain}?{asked}" if asked else plain
        ask_for_export(uow, AskExport(name, address, digest_of(name, query, keys), rows, form.reason))
        return "/approvals#mine"

    return answer_form(ReasonForm, make, lambda form: show_needed(name, query, form))
