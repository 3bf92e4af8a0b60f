"""Writing what a checklist's form carried: each card in a savepoint of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID, uuid4

from samsyn.core.errors import GateClosedError, NotAllowedError, NotFoundError, SamsynError
from samsyn.core.uow import UnitOfWork
from samsyn.findings.commands import AnswerPoint, RecordFact
from samsyn.findings.evidence import AddEvidence, CleanPicture, add_evidence, clean_picture
from samsyn.findings.rules import Answer, Question
from samsyn.findings.service import answer_point, record_fact
from samsyn.texts import has
from samsyn.web.house import house
from samsyn.web.installation import current_keys
from samsyn.web.pages.checklist_cards import FACT, FREE, CardIn, FactCardIn, Sent
from samsyn.web.problems import in_words
from samsyn.web.shell import t

Faults = dict[str, dict[str, Sequence[str]]]
QUESTIONS: Final = frozenset(question.value for question in Question)


@dataclass(slots=True)
class Kept:
    """What became of a request: how many answers were written, and what was refused, by card and field."""

    written: int = 0
    faults: Faults = field(default_factory=dict)


def clean_photos(sent: Sent) -> tuple[dict[str, list[CleanPicture]], Faults]:
    """Clean what was chosen, each in a process of its own; a picture that cannot be read is a fault of its card."""
    pictures: dict[str, list[CleanPicture]] = {}
    faults: Faults = {name: dict(found) for name, found in sent.faults.items()}
    for name, files in sent.photos.items():
        for file in files:
            try:
                pictures.setdefault(name, []).append(clean_picture(file.read()))
            except SamsynError as error:
                faults.setdefault(name, {}).update(in_these_words(error))
    return pictures, faults


def keep(
    uow: UnitOfWork, part_id: UUID, sent: Sent, pictures: Mapping[str, Sequence[CleanPicture]], faults: Faults
) -> Kept:
    """Write what changed; ``GateClosedError`` refuses the whole, every other refusal its own card."""
    kept = Kept(faults=faults)
    for name, card in sent.cards.items():
        shots = pictures.get(name, ())
        if not card.touched and not shots:
            continue
        if card.answer is None:
            kept.faults.setdefault(name, {})["answer"] = [t("inspector.checklist.choose")]
            continue
        with attempt(uow, kept, name):
            write(uow, part_id, name, card)
            for shot in shots:
                add = AddEvidence(uuid4(), card.finding_id, shot)
                add_evidence(uow, current_keys(), house().settings.data_dir, add)
    for name, fact in sent.facts.items():
        if fact.answer and name.removeprefix(FACT) in QUESTIONS:
            with attempt(uow, kept, name):
                tell(uow, part_id, name, fact)
    return kept


@contextmanager
def attempt(uow: UnitOfWork, kept: Kept, name: str) -> Iterator[None]:
    """Count what is done in the block; what it refuses is that card's fault and undoes that card alone."""
    try:
        with uow.session.begin_nested():
            yield
        kept.written += 1
    except (GateClosedError, NotFoundError):
        raise
    except SamsynError as error:
        if isinstance(error, NotAllowedError) and not error.missing:
            raise
        kept.faults.setdefault(name, {}).update(in_these_words(error))


def write(uow: UnitOfWork, part_id: UUID, name: str, card: CardIn) -> None:
    """Write one answer, if it changed."""
    if not card.touched:
        return
    command = AnswerPoint(
        finding_id=card.finding_id,
        base_version=card.base_version,
        part_id=part_id,
        check_point=None if name == FREE or name.startswith(f"{FREE}-") else name,
        answer=card.answer or Answer.OBSERVATION,
        observed_at=uow.now,
        serious=card.graver,
        text=card.text,
        marking=card.marking,
        mask=card.mask,
    )
    answer_point(uow, command)


def tell(uow: UnitOfWork, part_id: UUID, name: str, fact: FactCardIn) -> None:
    """Answer a common question."""
    question = Question(name.removeprefix(FACT))
    record_fact(uow, RecordFact(fact.fact_id, part_id, question, fact.answer, mask=fact.mask))


def in_these_words(error: SamsynError) -> dict[str, Sequence[str]]:
    """Return a refusal by field, in the reader's language."""
    if error.missing:
        return {"answer": [t(f"findings.missing.{word}") for word in error.missing]}
    if not error.fields:
        return {"": [t(f"problem_{error.code}.happened")]}
    return {
        name: [t(f"findings.refusal.{word}") if has(f"findings.refusal.{word}") else in_words(word) for word in words]
        for name, words in error.fields.items()
    }
