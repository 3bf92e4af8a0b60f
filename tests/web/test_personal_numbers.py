"""Personal identity numbers in free text: every text field of every form and body refuses them, or asks (R5)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, get_args
from uuid import uuid4

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from pydantic import ValidationError

from samsyn.core.errors import SamsynError
from samsyn.disclosures.rules import NotTakenError
from samsyn.disclosures.rules import checked_words as disclosed
from samsyn.findings.commands import AnswerPoint, RecordFact, checked_answer, checked_fact
from samsyn.findings.rules import Answer, Question, RefusedError
from samsyn.web.forms import holds
from samsyn.web.parsing import BARE_NUMBERS, Body
from tests.web.test_forms import post

NUMBER = "ringde 811218-9876 igår"
MASKED = "ringde ******-**** igår"
ASKS = {
    "AnswerForm",
    "HelpForm",
    "HelpAnswerIn",
    "HelpIn",
    "RefusalForm",
    "RefusalIn",
    *("FindingIn", "FactIn", "CardIn", "FactCardIn"),  # findings.commands
    *("Checked", "DisclosureIn", "RefusalIn", "WithdrawalIn", "RequestIn"),  # disclosures.rules.checked_words
    *("DiscloseForm", "WithdrawForm", "AskForm"),
}
"""Models whose service asks whether to mask the number: each has a field ``mask``."""


def models(base: type[Body] = Body) -> Iterator[type[Body]]:
    """Every form and body of the application."""
    for model in base.__subclasses__():
        if model.__module__.startswith("samsyn."):
            yield model
        yield from models(model)


def is_text(annotation: object) -> bool:
    """Say whether a field takes text, or a list of texts."""
    return annotation is str or any(is_text(part) for part in get_args(annotation) if part is not annotation)


def text_fields(model: type[Body]) -> Iterator[str]:
    for name, info in model.model_fields.items():
        if name not in BARE_NUMBERS and is_text(info.annotation):
            yield name


def refused(model: type[Body], name: str) -> bool:
    """Say whether the model refuses the number in that field, whatever else it lacks."""
    many = holds(model.model_fields[name].annotation, (list, tuple, set, frozenset))
    with pytest.raises(ValidationError) as caught:
        model.model_validate({name: [NUMBER] if many else NUMBER, "unknown": 1})
    return any(error["loc"][0] == name for error in caught.value.errors())


def test_every_text_that_is_saved_is_looked_at(app: APIFlask) -> None:
    saved = {model for model in models() if model.saved}
    assert {model.__name__ for model in saved if "mask" in model.model_fields} == ASKS
    looked_at = [(m, name) for m in saved if "mask" not in m.model_fields for name in text_fields(m)]
    assert len(looked_at) > 40
    assert [f"{m.__name__}.{name}" for m, name in looked_at if not refused(m, name)] == []


def test_it_is_said_beside_the_field_and_what_was_typed_stays(signed_in: FlaskClient) -> None:
    status, page = post(signed_in, name="x", text=NUMBER)
    assert status == 422
    assert "Innehåller ett personnummer eller samordningsnummer" in page
    assert f"{NUMBER}</textarea>" in page
    assert post(signed_in, name="x", text="ringde 070-174 06 05, org.nr 559999-0016")[0] == 303


def test_the_interface_for_machines_refuses_it_too(client: FlaskClient, bearer: dict[str, str]) -> None:
    sent = {"name": "x", "competences": ["a", NUMBER]}
    answer: Any = client.post("/api/v1/trial", json=sent, headers={**bearer, "Idempotency-Key": "n"})
    assert answer.status_code == 422
    assert "811218" not in answer.text


def point(text: str, *, mask: bool) -> str:
    said = AnswerPoint(uuid4(), 0, uuid4(), None, Answer.OBSERVATION, datetime.now(UTC), text=text, mask=mask)
    return checked_answer(said).text


def marking(text: str, *, mask: bool) -> str:
    at = datetime.now(UTC)
    said = AnswerPoint(uuid4(), 0, uuid4(), None, Answer.OBSERVATION, at, text="x", marking=text, mask=mask)
    return checked_answer(said).marking or ""


def fact(text: str, *, mask: bool) -> str:
    return checked_fact(RecordFact(uuid4(), uuid4(), next(iter(Question)), text, mask)).answer


def words(text: str, *, mask: bool) -> str:
    return disclosed("reason", text, mask=mask)


@pytest.mark.parametrize("keep", [point, marking, fact, words])
def test_those_that_ask_refuse_it_until_it_is_masked(keep: Callable[..., str]) -> None:
    refusal: tuple[type[SamsynError], ...] = (RefusedError, NotTakenError)
    with pytest.raises(refusal):
        keep(NUMBER, mask=False)
    assert keep(NUMBER, mask=True) == MASKED


def test_a_number_that_is_confirmed_to_be_none_is_kept_as_it_is() -> None:
    assert disclosed("reason", NUMBER, mask=False, confirmed=True) == NUMBER
