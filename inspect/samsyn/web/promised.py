"""What a promise says, and what is said of it afterwards: the same fields typed on a page and sent as JSON."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, StringConstraints
from pydantic import Field as Limits

from samsyn.authorities.rules import Field
from samsyn.businesses.rules import PermitKind
from samsyn.pledges.rules import MOST_DAYS, MOST_TARGET, MOST_TEXT, ActivityKind, CommitmentForm
from samsyn.web.parsing import Body, printable

Words = Annotated[str, StringConstraints(min_length=1, max_length=MOST_TEXT), AfterValidator(printable)]
Note = Annotated[str, StringConstraints(max_length=MOST_TEXT), AfterValidator(printable)]


class PromiseTerms(Body):
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


class PromiseSaid(Body):
    """What is said of a promise afterwards: why it was not done, what carries it on, the day it was done."""

    not_done_reason: Note = ""
    carried_to_id: UUID | None = None
    done_on: date | None = None
