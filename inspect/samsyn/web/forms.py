"""Forms: read by the same models as the API, and kept as they were typed when something is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from types import UnionType
from typing import Annotated, Any, Generic, TypeVar, Union, get_args, get_origin

from flask import Response, make_response, request
from pydantic import BaseModel, ValidationError

from samsyn.core.errors import ChangedMeanwhileError, SamsynError
from samsyn.core.uow import UnitOfWork
from samsyn.texts import say
from samsyn.web.idempotency import HOUSE_FIELDS, once_then_go
from samsyn.web.identity import current_language
from samsyn.web.localtime import NoSuchTimeError, from_local, to_local
from samsyn.web.parsing import fault_texts
from samsyn.web.problems import STATUS, in_words

M = TypeVar("M", bound=BaseModel)
MANY = (list, set, frozenset, tuple)
SHOWN_IN_FORM = frozenset({409, 412, 422})


@dataclass(frozen=True, slots=True)
class Form(Generic[M]):
    """What was typed, by field; ``value`` is the model when all of it is good, else ``faults`` say what is not.

    ``outdated``: somebody wrote the thing meanwhile; ``standing`` is then how it stands now.
    """

    typed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    value: M | None = None
    faults: Mapping[str, Sequence[str]] = field(default_factory=dict)
    message: str = ""
    missing: Sequence[str] = ()
    outdated: bool = False
    standing: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return what was typed into a field, or nothing."""
        return next(iter(self.typed.get(name, ())), "")

    def has(self, name: str, value: str) -> bool:
        """Say whether a choice was made."""
        return value in self.typed.get(name, ())

    def fault(self, name: str) -> Sequence[str]:
        """Return the faults of a field, also of its list's members."""
        return [
            text for key, texts in self.faults.items() if key == name or key.startswith(f"{name}.") for text in texts
        ]

    def other(self, name: str) -> Sequence[str] | None:
        """Return what another wrote meanwhile into a field, or nothing where that is what was typed here too."""
        if not self.outdated or name not in self.standing.keys() | self.typed.keys():
            return None
        now, mine = (
            [one.replace("\r\n", "\n") for one in of.get(name, ()) if one.strip()] for of in (self.standing, self.typed)
        )
        return now if sorted(now) != sorted(mine) else None

    def refused(self, error: SamsynError) -> Form[M]:
        """Return the form with a service's refusal on it."""
        faults = {name: [in_words(text) for text in texts] for name, texts in error.fields.items()}
        message = say(current_language(), f"web.problem_{error.code}.happened")
        outdated = isinstance(error, ChangedMeanwhileError)
        return replace(self, value=None, faults=faults, message=message, missing=error.missing, outdated=outdated)


def new_form(initial: Mapping[str, object] | None = None) -> Form[BaseModel]:
    """Return a form to fill in; moments become the local date and time that people read."""
    typed: dict[str, Sequence[str]] = {}
    for name, value in (initial or {}).items():
        if isinstance(value, datetime):
            local = to_local(value)
            typed[f"{name}_date"], typed[f"{name}_time"] = [local.date().isoformat()], [local.strftime("%H:%M")]
        elif isinstance(value, (list, tuple, set, frozenset)):
            typed[name] = [str(one) for one in value]
        elif value is not None:
            typed[name] = [str(value)]
    return Form(typed=typed)


def as_it_stands(form: Form[Any] | None, now: Mapping[str, object]) -> Form[Any]:
    """Return a form of how a thing stands now, or the one that came back, which then tells what another wrote."""
    fresh = new_form(now)
    return fresh if form is None else replace(form, standing=fresh.typed)


def beside(form: Form[Any] | None, now: Mapping[str, object]) -> Form[Any]:
    """Return the form of how a thing stands, with what was said against another form or button of its page."""
    fresh = new_form(now)
    return fresh if form is None else replace(form, typed=fresh.typed, value=None, standing=fresh.typed)


def read_form(model: type[M]) -> Form[M]:
    """Read the request's form into a model; nothing typed is lost.

    An empty field is an absent one. A field of type ``Moment`` called ``starts_at`` comes as ``starts_at_date`` and
    ``starts_at_time`` on Sweden's clock; a time without a date is on the date of ``starts_at``. Unknown
    fields are refused; the house's own hidden ones are not.
    """
    typed = {name: values for name, values in request.form.lists() if name not in HOUSE_FIELDS}
    given: dict[str, Any] = {name: values[-1] for name, values in typed.items() if values[-1].strip()}
    faults: dict[str, list[str]] = {}
    for name, info in model.model_fields.items():
        if holds(info.annotation, MANY) and name in typed:
            given[name] = [value for value in typed[name] if value.strip()]
        elif holds(info.annotation, (datetime,)):
            take_moment(name, given, faults, typed.get("starts_at_date", [""])[-1])
    unknown = (
        typed.keys() - model.model_fields.keys() - {f"{n}_{p}" for n in model.model_fields for p in ("date", "time")}
    )
    given = {name: value for name, value in given.items() if name in model.model_fields or name in unknown}
    try:
        value = model.model_validate(given)
    except ValidationError as error:
        errors = fault_texts(error.errors(include_url=False, include_input=False), current_language())
        return Form(typed=typed, faults={**errors, **faults})
    return Form(typed=typed, value=None if faults else value, faults=faults)


def take_moment(name: str, given: dict[str, Any], faults: dict[str, list[str]], usual_day: str) -> None:
    """Put a moment together from its local date and time; say which of the two is wrong or missing."""
    language = current_language()
    day, clock = given.pop(f"{name}_date", None), given.pop(f"{name}_time", None)
    if day is None and clock is None:
        return
    try:
        given[name] = from_local(date.fromisoformat(day or usual_day), time.fromisoformat(clock or ""))
    except NoSuchTimeError:
        faults[name] = [say(language, "web.fault.no_such_time")]
    except ValueError:
        faults[name] = [say(language, "web.fault.local_moment")]
    if name in faults:
        given[name] = datetime(2000, 1, 1, tzinfo=UTC)  # so that the model names the other faults, and not this one


def holds(annotation: object, kinds: tuple[type, ...]) -> bool:
    """Say whether a field's type is one of the kinds, also behind ``Annotated`` and ``| None``."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return holds(get_args(annotation)[0], kinds)
    if origin in {Union, UnionType}:
        return any(holds(part, kinds) for part in get_args(annotation))
    bare = origin or annotation
    if getattr(bare, "__name__", "") == "AwareDatetime":
        return datetime in kinds
    return isinstance(bare, type) and issubclass(bare, kinds)


def answer_form(model: type[M], make: Callable[[UnitOfWork, M], str], show: Callable[[Form[M]], str]) -> Response:
    """Answer a page's POST: do it once and go to the path that ``make`` returns, or show the form with its faults.

    ``show`` renders the page. Conflicts, closed gates and outdated versions are shown in the form too; anything else
    that is refused (hidden, not allowed) is the error page.
    """
    form = read_form(model)
    if (value := form.value) is not None:
        try:
            return once_then_go(lambda uow: make(uow, value))
        except SamsynError as error:
            if STATUS[error.code] not in SHOWN_IN_FORM:
                raise
            return make_response(show(form.refused(error)), STATUS[error.code])
    return make_response(show(form), 422)
