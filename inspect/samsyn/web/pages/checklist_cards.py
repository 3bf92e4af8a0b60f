"""The checklist as one form of many cards: each is read, kept and refused on its own, so one fault costs no answer.

A card's fields are called ``<card>.<field>``; a card is a point's code, ``free`` (a new observation), ``free-<id>``
(one that stands) or ``fact-<question>``. A card that still says what it said when the page was made is not written, so
a page that was open for long does not write over what a colleague has answered meanwhile.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Final
from uuid import UUID, uuid4

from flask import request
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, ValidationError
from werkzeug.datastructures import FileStorage

from samsyn.findings.queries import ChecklistCard, EvidenceLine, FindingLine, PointLine, rivals_of
from samsyn.findings.rules import MAX_FACT, MAX_MARKING, MAX_TEXT, Answer, Question
from samsyn.web.identity import current_language
from samsyn.web.parsing import Body, fault_texts, one_line, printable

FREE: Final = "free"
FACT: Final = "fact-"
PHOTOS: Final = "photos"

Text = Annotated[str, BeforeValidator(lambda text: str(text).replace("\r\n", "\n")), AfterValidator(printable)]


class CardIn(Body):
    """One card as it was sent; ``was`` is the digest of what it said before."""

    finding_id: UUID
    base_version: int = Field(ge=0, le=1_000_000)
    was: Annotated[str, StringConstraints(max_length=64)]
    answer: Answer | None = None
    serious: bool = False
    text: Annotated[Text, StringConstraints(max_length=MAX_TEXT)] = ""
    marking: Annotated[str, StringConstraints(max_length=MAX_MARKING), AfterValidator(one_line)] | None = None
    mask: bool = False

    @property
    def graver(self) -> bool:
        """Whether it is a serious deficiency; the switch counts for nothing where the answer is another."""
        return self.serious and self.answer is Answer.DEFICIENCY

    @property
    def touched(self) -> bool:
        """Whether the card says something else than when the page was made."""
        return self.was != fingerprint(self.answer, self.text, serious=self.graver)


class FactCardIn(Body):
    """A common question; an empty answer is none."""

    fact_id: UUID
    answer: Annotated[Text, StringConstraints(max_length=MAX_FACT)] = ""
    mask: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """A card as the page shows it: what stands, what was typed, what is wrong with it."""

    name: str
    point: PointLine | None
    line: FindingLine | None
    finding_id: UUID
    base_version: int
    was: str
    answer: str
    serious: bool
    text: str
    marking: str = ""
    mask: bool = False
    pictures: Sequence[EvidenceLine] = ()
    rivals: Sequence[FindingLine] = ()
    faults: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FactCard:
    """A common question to answer."""

    question: Question
    fact_id: UUID
    answer: str = ""
    mask: bool = False
    faults: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return what its fields begin with."""
        return f"{FACT}{self.question}"


@dataclass(frozen=True, slots=True)
class Sent:
    """All that a request carried: good cards, faults by card and field, and everything as it was typed."""

    cards: Mapping[str, CardIn]
    facts: Mapping[str, FactCardIn]
    photos: Mapping[str, Sequence[FileStorage]]
    typed: Mapping[str, Mapping[str, str]]
    faults: Mapping[str, Mapping[str, Sequence[str]]]


def fingerprint(answer: str | None, text: str, *, serious: bool) -> str:
    """Digest what a card says."""
    said = f"{answer or ''}\n{int(serious)}\n{text}"
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def read_cards() -> Sent:
    """Read the request's form; nothing typed is lost, and what is no card's is passed over."""
    typed: dict[str, dict[str, str]] = {}
    for name, value in request.form.items():
        card, dot, name_in_card = name.rpartition(".")
        if dot:
            typed.setdefault(card, {})[name_in_card] = value
    cards: dict[str, CardIn] = {}
    facts: dict[str, FactCardIn] = {}
    faults: dict[str, dict[str, list[str]]] = {}
    for name, fields in typed.items():
        given = {key: value for key, value in fields.items() if value.strip()}
        try:
            if name.startswith(FACT):
                facts[name] = FactCardIn.model_validate(given)
            else:
                cards[name] = CardIn.model_validate(given)
        except ValidationError as error:
            faults[name] = fault_texts(error.errors(include_url=False, include_input=False), current_language())
    return Sent(cards, facts, read_photos(), typed, faults)


def read_photos() -> dict[str, list[FileStorage]]:
    """Return the files that were chosen, by card; an empty file field is none."""
    found: dict[str, list[FileStorage]] = {}
    for name, files in request.files.lists():
        card, dot, name_in_card = name.rpartition(".")
        chosen = [file for file in files if file.filename]
        if dot and name_in_card == PHOTOS and chosen:
            found[card] = chosen
    return found


def cards_of(
    checklist: ChecklistCard,
    pictures: Mapping[UUID, Sequence[EvidenceLine]],
    versions: Mapping[UUID, Sequence[FindingLine]],
    first: Mapping[str, UUID],
) -> list[Card]:
    """Return the cards as they stand: the points in their order, the free observations, an empty one.

    ``first``: the key that a point's first answer has on every device, so that two that come at once meet.
    """
    cards = []
    for point in checklist.points:
        rivals = rivals_of(point.answer, point.others, versions)
        shots = [shot for line in (point.answer, *point.others) if line for shot in pictures.get(line.finding_id, ())]
        cards.append(card_of(point.code, point, point.answer, shots, rivals, first[point.code]))
    for line in checklist.free:
        shots = list(pictures.get(line.finding_id, ()))
        cards.append(card_of(f"{FREE}-{line.finding_id}", None, line, shots, rivals_of(line, (), versions)))
    return [*cards, card_of(FREE, None, None, ())]


def card_of(
    name: str,
    point: PointLine | None,
    line: FindingLine | None,
    pictures: Sequence[EvidenceLine],
    rivals: Sequence[FindingLine] = (),
    first: UUID | None = None,
) -> Card:
    """Return one card as it stands; a new observation gets a random key, which its finding will have."""
    answer = line.answer.value if line else "" if point else Answer.OBSERVATION.value
    serious, text = (line.serious, line.text.replace("\r\n", "\n")) if line else (False, "")
    return Card(
        name=name,
        point=point,
        line=line,
        finding_id=line.finding_id if line else first or uuid4(),
        base_version=line.version if line else 0,
        was=fingerprint(answer, text, serious=serious),
        answer=answer,
        serious=serious,
        text=text,
        marking=(line.marking or "") if line else "",
        pictures=pictures,
        rivals=rivals,
    )


def as_typed(card: Card, typed: Mapping[str, str], faults: Mapping[str, Sequence[str]]) -> Card:
    """Return a refused card as its writer left it, with its faults; its keys too, so that sending it again fits."""
    try:
        finding_id, base = UUID(typed.get("finding_id", "")), int(typed.get("base_version", ""))
    except ValueError:
        finding_id, base = card.finding_id, card.base_version
    return replace(
        card,
        finding_id=finding_id,
        base_version=base,
        was=typed.get("was", card.was),
        answer=typed.get("answer", ""),
        serious="serious" in typed,
        text=typed.get("text", ""),
        mask="mask" in typed,
        faults=faults,
    )


def facts_to_ask(sent: Sent | None) -> list[FactCard]:
    """Return the common questions, with what was typed into those that were refused."""
    cards = []
    for question in Question:
        card = FactCard(question, uuid4())
        faults = sent.faults.get(card.name) if sent else None
        if sent is not None and faults is not None:
            typed = sent.typed.get(card.name, {})
            card = replace(card, answer=typed.get("answer", ""), mask="mask" in typed, faults=faults)
        cards.append(card)
    return cards
