"""What comes in: the models of bodies and queries, their types, and the faults as sentences.

The same models read JSON and forms. JSON is read strictly: ``"1"`` is no number and a number is no moment.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Final

from apiflask.schema_adapters import registry
from apiflask.schema_adapters.pydantic import PydanticAdapter
from flask import Request
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationInfo,
    field_validator,
)
from pydantic import ValidationError as PydanticError
from pydantic_core import ErrorDetails, PydanticCustomError
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from samsyn.calendars.rendering.addresses import check_address
from samsyn.core.errors import InvalidError
from samsyn.core.personal_numbers import has_personal_number
from samsyn.texts import has, say
from samsyn.web.identity import current_language

CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100
"""No operation lies outside; the ends of Python's own calendar cannot be turned into UTC."""
BARE_NUMBERS: Final = frozenset({"number", "phone", "password", "current", "again", "code", "was", "digest", "next"})
"""Fields of numbers, secrets or our own paths by their nature; who saves a sole trader's number encrypts it (R11)."""
MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")


class Body(BaseModel):
    """A body that comes in, as JSON or as a form: no unknown field, text without spaces around it, never changed.

    A personal identity number in any of its texts is refused (R5), unless the model has a field ``mask``: its service
    then asks whether to mask it. ``saved``: False for what is only looked for.
    """

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)
    saved: ClassVar[bool] = True

    @field_validator("*")
    @classmethod
    def refuse_personal_numbers(cls, value: Any, info: ValidationInfo) -> Any:
        """Refuse a text, or a list of texts, that holds a personal number."""
        asks = cls.saved and "mask" not in cls.model_fields and info.field_name not in BARE_NUMBERS
        if asks and holds_number(value):
            raise PydanticCustomError("personal_number", "a personal identity number cannot be kept here")
        return value


class Shown(BaseModel):
    """What goes out: made from the frozen types of the queries by attribute."""

    model_config = ConfigDict(from_attributes=True)


def holds_number(value: object) -> bool:
    """Say whether a text, or a text in a list, holds a personal number."""
    if isinstance(value, (list, tuple, set, frozenset)):
        return any(map(holds_number, value))
    return isinstance(value, str) and has_personal_number(value)


def printable(text: str) -> str:
    """Refuse control characters and half characters, which no text column takes; line breaks and tabs are text."""
    if CONTROL.search(text):
        raise PydanticCustomError("control_character", "control characters cannot be kept")
    return text


def one_line(text: str) -> str:
    """Refuse line breaks as well: a name with one becomes a header of a mail."""
    if printable(text).splitlines()[1:]:
        raise PydanticCustomError("one_line", "one line only")
    return text


def plain_address(text: str) -> str:
    """Refuse what is not exactly one plain address: a letter goes to one person."""
    try:
        return check_address(text, "address")
    except InvalidError:
        raise PydanticCustomError("address", "no mail address") from None


def written_moment(value: object) -> object:
    """Read the text ourselves: strict models take no text behind a validator, and numbers would pass as seconds."""
    if isinstance(value, str) and MOMENT.match(value):
        with suppress(ValueError):
            value = datetime.fromisoformat(value)
    if isinstance(value, datetime):
        if not FIRST_YEAR <= value.year <= LAST_YEAR:
            raise PydanticCustomError("moment_range", "a year from 2000 to 2100")
        return value
    raise PydanticCustomError("moment_form", "a date and a time with its zone, as in 2027-03-04T18:00:00+01:00")


Line = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(one_line)]
"""One line of 1 to 200 characters."""
Address = Annotated[Line, AfterValidator(plain_address)]
"""One mail address, as the letters take it."""
Prose = Annotated[str, StringConstraints(min_length=1, max_length=10_000), AfterValidator(printable)]
"""Text of 1 to 10,000 characters."""
Moment = Annotated[
    AwareDatetime, BeforeValidator(written_moment), AfterValidator(lambda moment: moment.astimezone(UTC))
]
"""A moment with its zone, kept in UTC; a form gives local date and time (``forms.read_form``)."""


def fault_texts(errors: list[ErrorDetails], language: str) -> dict[str, list[str]]:
    """Return faults by field in the reader's language; the field is a dotted path, ``""`` for the whole."""
    found: dict[str, list[str]] = {}
    for error in errors:
        key = f"web.fault.{error['type']}"
        context: dict[str, Any] = error.get("ctx") or {}
        text = say(language, key if has(key) else "web.fault.other", **{k: str(v) for k, v in context.items()})
        found.setdefault(".".join(str(part) for part in error["loc"]), []).append(text)
    return found


def invalid(error: PydanticError) -> InvalidError:
    """Turn a model's refusal into ours; what was sent is not repeated."""
    errors = error.errors(include_url=False, include_input=False)
    return InvalidError("what was sent cannot be taken", fields=fault_texts(errors, current_language()))


class StrictJson(PydanticAdapter):
    """Read bodies as strict JSON and queries as text, with our own faults."""

    def validate_input(self, request: Request, location: str, **_kwargs: Any) -> BaseModel:
        """Return the model; 400 for what is no JSON, 415 for another type, ``InvalidError`` with a fault per field."""
        model: type[BaseModel] = self.model_class
        try:
            if location == "query":
                return model.model_validate({name: values[-1] for name, values in request.args.lists()})
            if location != "json":
                return super().validate_input(request, location)  # uploads
            if not request.is_json:
                raise UnsupportedMediaType
            return model.model_validate_json(request.get_data(), strict=True)
        except PydanticError as error:
            if error.errors(include_url=False, include_input=False)[0]["type"] == "json_invalid":
                raise BadRequest("not JSON") from None
            raise invalid(error) from None


def register_adapter() -> None:
    """Make APIFlask read every Pydantic model our way, in this process; harmless when repeated."""
    registry.register("pydantic", StrictJson)
