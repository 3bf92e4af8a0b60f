"""What was written at and around visits: findings, pictures, facts, purchases, copies, questions, talk, invitations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from samsyn.access.queries import staff_names
from samsyn.authorities.queries import authority_names
from samsyn.calendars.queries import every_sending
from samsyn.core.errors import TooMuchError
from samsyn.core.uow import UnitOfWork
from samsyn.disclosures.grounds import find_basis
from samsyn.disclosures.queries import RequestLine, asked_for_records, handed_for_records
from samsyn.disclosures.queries.copies import ReadCopy
from samsyn.findings.queries import (
    FindingLine,
    facts_for_records,
    findings_for_records,
    pictures_for_records,
)
from samsyn.operations.queries import is_recused, messages_of
from samsyn.purchases.queries import purchases_for_records
from samsyn.records.aftermath import came_of_it
from samsyn.records.gathering import (
    LANGUAGE,
    About,
    Found,
    Ground,
    filled,
    ground_of,
    moment,
    people_of,
    plan_of,
    yes_no,
)
from samsyn.records.rules import MOST_ITEMS, ORDER, Content, ItemKind
from samsyn.texts import say

MOST_MESSAGES: Final = 2_000
WAITS: Final = "waiting"


def gather(uow: UnitOfWork, about: About) -> list[Found]:
    """Return all that the viewer may read of it in the own silo, in the order of time and kind.

    ``TooMuchError`` for more than 500 visits or ``MOST_ITEMS`` things: it is to be narrowed.
    """
    ground = ground_of(uow, about)
    closed = {one for one in ground.operations if is_recused(uow, one)}  # jäv: nothing of the whole either
    mine = (one for one in everything(uow, ground) if one.visit_id is not None or one.operation_id not in closed)
    found = sorted(mine, key=lambda one: (one.at, ORDER[one.kind], str(one.subject_id)))
    if len(found) > MOST_ITEMS:
        raise TooMuchError("more than can be examined at once: narrow it")
    return found


def everything(uow: UnitOfWork, ground: Ground) -> Iterator[Found]:
    """Yield every thing of the own silo that belongs to the ground."""
    yield from plan_of(uow, ground)
    yield from findings_of(uow, ground)
    yield from facts_of(uow, ground)
    yield from purchases_of(uow, ground)
    yield from came_of_it(uow, ground)
    yield from copies_of(uow, ground)
    yield from questions_of(uow, ground)
    for operation_id in sorted(ground.operations, key=str):
        yield from talk_of(uow, ground, operation_id)
        yield from mails_of(uow, ground, operation_id)


def findings_of(uow: UnitOfWork, ground: Ground) -> Iterator[Found]:
    """Yield each own finding with its earlier versions, and its pictures."""
    findings = findings_for_records(uow, ground.visits)
    pictures = pictures_for_records(uow, ground.visits)
    names = people_of(uow, {one.written_by for some in findings.values() for one in some})
    for versions in findings.values():
        yield finding(ground, versions, names)
    for picture in pictures:
        if (versions := findings.get(picture.finding_id, [])) == []:
            continue
        line = versions[-1]
        words: Content = {
            "point": line.check_point or say(LANGUAGE, "dossiers.finding.free"),
            "size": str(picture.size),
            "written": moment(picture.written_at),
            "by": names.get(picture.written_by, ""),
        }
        heading = say(LANGUAGE, "records.thing.picture", where=ground.where(line.visit_id))
        yield Found(
            ItemKind.PICTURE,
            picture.id,
            ground.visits[line.visit_id].operation_id,
            line.visit_id,
            picture.written_at,
            heading,
            filled(words),
            line.unit_id,
            line.unit_only,
        )


def finding(ground: Ground, versions: list[FindingLine], names: dict[UUID, str]) -> Found:
    """Return a finding: the newest version, and the earlier ones as lines."""
    line = versions[-1]
    words: Content = {
        "point": line.check_point or say(LANGUAGE, "dossiers.finding.free"),
        "question": line.question,
        "law": line.law,
        "answer": answer(line),
        "text": line.text,
        "observed": moment(line.observed_at),
        "written": moment(line.written_at),
        "by": names.get(line.written_by, ""),
        "marking": line.marking or "",
        "version": str(line.version),
        "earlier": "\n".join(
            f"{one.version}. {moment(one.written_at)} {answer(one)} {one.text}" for one in versions[:-1]
        ),
    }
    heading = say(LANGUAGE, "records.thing.finding", where=ground.where(line.visit_id))
    return Found(
        ItemKind.FINDING,
        line.finding_id,
        ground.visits[line.visit_id].operation_id,
        line.visit_id,
        line.written_at,
        heading,
        filled(words),
        line.unit_id,
        line.unit_only,
    )


def answer(line: FindingLine) -> str:
    """Return an answer in words."""
    return say(LANGUAGE, f"dossiers.answer.{'serious' if line.serious else line.answer}")


def facts_of(uow: UnitOfWork, ground: Ground) -> Iterator[Found]:
    """Yield the common facts of each visit, one answer a line."""
    for visit_id, lines in facts_for_records(uow, ground.visits).items():
        said = [
            f"{moment(one.at)} {ground.name(one.authority_id)}: "
            f"{say(LANGUAGE, f'dossiers.question.{one.question}')}: {one.answer}"
            for one in lines
        ]
        heading = say(LANGUAGE, "records.thing.facts", where=ground.where(visit_id))
        operation_id = ground.visits[visit_id].operation_id
        yield Found(ItemKind.FACTS, visit_id, operation_id, visit_id, lines[-1].at, heading, {"lines": "\n".join(said)})


def purchases_of(uow: UnitOfWork, ground: Ground) -> Iterator[Found]:
    """Yield the own test purchases."""
    lines = purchases_for_records(uow, ground.visits)
    names = people_of(uow, {one.written_by for one in lines})
    for one in lines:
        words: Content = {
            "on_date": one.on_date.isoformat(),
            "asked_for": one.asked_for,
            "age_asked": yes_no(one.age_asked),
            "told_trader": one.told_trader_on.isoformat() if one.told_trader_on else "",
            "written": moment(one.written_at),
            "by": names.get(one.written_by, ""),
        }
        heading = say(LANGUAGE, "records.thing.purchase", where=ground.where(one.visit_id))
        operation_id = ground.visits[one.visit_id].operation_id
        yield Found(
            ItemKind.PURCHASE,
            one.id,
            operation_id,
            one.visit_id,
            one.written_at,
            heading,
            filled(words),
            one.unit_id,
        )


def copies_of(uow: UnitOfWork, ground: Ground) -> Iterator[Found]:
    """Yield what the authority handed over, refused and received. A received copy keeps the giver's marking."""
    found = handed_for_records(uow, ground.visits)
    ids = {i for read, _, _ in found for i in (read.handed.from_id, read.handed.to_id) if i}
    names = authority_names(uow, ids)
    for read, unit_id, unit_only in found:
        handed = read.handed
        mine = handed.from_id == uow.me
        kind = ItemKind.GIVEN if mine else ItemKind.RECEIVED
        heading = say(LANGUAGE, f"records.thing.{kind}", where=ground.where(handed.visit_id))
        yield Found(
            kind,
            handed.id,
            ground.visits[handed.visit_id].operation_id,
            handed.visit_id,
            handed.at,
            heading,
            filled(copy_words(read, names)),
            unit_id if mine else None,
            unit_only and mine,
        )


def copy_words(read: ReadCopy, names: dict[UUID, str]) -> Content:
    """Return a decision and its frozen copies as fields."""
    handed = read.handed
    basis = find_basis(handed.legal_basis)
    lines = [
        " ".join(
            filter(
                None,
                (
                    one.copy["point"],
                    one.copy["point_sv"],
                    say(LANGUAGE, f"dossiers.answer.{'serious' if one.copy['serious'] else one.copy['answer']}") + ".",
                    one.copy["text"],
                ),
            )
        )
        for one in read.items
    ]
    return {
        "giver": names.get(handed.from_id, ""),
        "receiver": names.get(handed.to_id, "") if handed.to_id else say(LANGUAGE, "disclosure.everybody"),
        "decided": f"{moment(handed.at)} {say(LANGUAGE, f'disclosure.decision.{handed.decision}')}",
        "decider": handed.decider,
        "basis": basis.words(LANGUAGE).name if basis else handed.legal_basis,
        "marking": ", ".join(sorted({one.copy["marking"] for one in read.items if one.copy["marking"]})),
        "reason": handed.reason,
        "withdrawn": moment(handed.withdrawn_at),
        "items": "\n".join(lines),
    }


def questions_of(uow: UnitOfWork, ground: Ground) -> Iterator[Found]:
    """Yield what was asked for, by or of the authority."""
    lines = asked_for_records(uow, ground.visits)
    names = authority_names(uow, {i for one in lines for i in (one.from_id, one.to_id)})
    for one in lines:
        heading = say(LANGUAGE, "records.thing.asked", where=ground.where(one.visit_id))
        operation_id = ground.visits[one.visit_id].operation_id
        words = filled(question(one, names))
        yield Found(ItemKind.ASKED, one.id, operation_id, one.visit_id, one.at, heading, words)


def question(one: RequestLine, names: dict[UUID, str]) -> Content:
    """Return a request for information as fields."""
    return {
        "asked_by": f"{names.get(one.from_id, '')}, {one.asked_name}",
        "asked_of": names.get(one.to_id, ""),
        "asked_at": moment(one.at),
        "law": one.law,
        "reference": one.reference,
        "text": one.question,
    }


def talk_of(uow: UnitOfWork, ground: Ground, operation_id: UUID) -> Iterator[Found]:
    """Yield what was said about an operation's plan, one message a line."""
    lines = messages_of(uow, operation_id, MOST_MESSAGES)
    if not lines:
        return
    names = authority_names(uow, {one.authority_id for one in lines})
    said = [f"{moment(one.at)} {one.shown_name} ({names.get(one.authority_id, '')}): {one.text}" for one in lines]
    heading = say(LANGUAGE, "records.thing.talk", code_word=ground.operations[operation_id].code_word)
    yield Found(ItemKind.TALK, operation_id, operation_id, None, lines[-1].at, heading, {"lines": "\n".join(said)})


def mails_of(uow: UnitOfWork, ground: Ground, operation_id: UUID) -> Iterator[Found]:
    """Yield the invitations and cancellations that the authority itself sent, one a line; never an address."""
    lines = [one for one in every_sending(uow, operation_id) if one.from_id == uow.me]
    if not lines:
        return
    names = {person: name for (person, _), name in staff_names(uow, {one.person_id for one in lines}).items()}
    said = [
        f"{moment(one.at)} {say(LANGUAGE, f'records.mail.{one.method}')} {one.sequence}: "
        f"{names.get(one.person_id, say(LANGUAGE, 'operations.page.hidden_name'))}"
        f" ({say(LANGUAGE, f'records.sent.{one.happened or WAITS}')})"
        for one in sorted(lines, key=lambda one: (one.at, one.sequence, str(one.person_id)))
    ]
    heading = say(LANGUAGE, "records.thing.mail", code_word=ground.operations[operation_id].code_word)
    newest = max(one.at for one in lines)
    yield Found(ItemKind.MAIL, operation_id, operation_id, None, newest, heading, {"lines": "\n".join(said)})
