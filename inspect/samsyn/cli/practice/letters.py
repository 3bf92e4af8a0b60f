"""What businesses were written: before a visit that was announced, and after one at which something was wrong."""

from __future__ import annotations

from typing import Final

from samsyn.authorities.queries import authority_names
from samsyn.cli.practice.case import Case, Part, Stop
from samsyn.cli.practice.evening import writer_of
from samsyn.core.uow import UnitOfWork
from samsyn.findings.queries import findings_of_visit
from samsyn.findings.rules import Answer
from samsyn.letters.drafts import Facts, Going, draft_after, draft_before
from samsyn.letters.rules import BLANK, Words, why_no_letter
from samsyn.letters.service import save_notice, save_result
from samsyn.operations.queries import PartCard, get_operation, get_target, get_visit, parts_of

LANGUAGE: Final = "sv"
REACHED_AT: Final = "070-174 06 99"
"""What somebody writes where a draft leaves it open; the number is one of those kept free for made-up persons."""


def write_before(case: Case) -> None:
    """Let the lead write to each business whose visit all who come have announced, while the plan stands."""
    for stop in case.stops:
        day = min(case.monday + 8, -1)
        with case.town.at(case.planner, case.town.clock.at(day, "10:20")) as uow:
            parts = coming(uow, stop)
            operation, target = get_operation(uow, case.id), get_target(uow, stop.id)
            if target is None or why_no_letter(operation.state, announced=target.announced, parts=parts):
                continue
            words = draft_before(facts_of(uow, stop, parts))
            save_notice(uow, stop.id, Words(LANGUAGE, filled(words), sent_on=uow.today))


def write_after(case: Case) -> None:
    """Let each authority that found something wrong write to the business, the day after."""
    day = case.town.clock.day_of(case.last_span[0].date()) + 1
    if day > -1:
        return
    for stop, part in case.parts:
        with case.town.at(writer_of(case, part), case.town.clock.at(day, "13:10")) as uow:
            write_one(uow, stop, part)


def write_one(uow: UnitOfWork, stop: Stop, part: Part) -> None:
    """Write the letter of one part, where its authority found something wrong."""
    own = [one for one in findings_of_visit(uow, stop.id, LANGUAGE) if one.part_id == part.id]
    if not any(one.answer is Answer.DEFICIENCY and not one.unit_only for one in own):
        return
    words = draft_after(facts_of(uow, stop, coming(uow, stop)), own)
    save_result(uow, part.id, Words(LANGUAGE, filled(words), sent_on=uow.today))


def coming(uow: UnitOfWork, stop: Stop) -> list[PartCard]:
    """Return the parts of a visit that were not taken back."""
    operation_id = get_visit(uow, stop.id).operation_id
    return [one for one in parts_of(uow, operation_id) if one.visit_id == stop.id and not one.withdrawn]


def facts_of(uow: UnitOfWork, stop: Stop, parts: list[PartCard]) -> Facts:
    """Return what a draft is made of, as the letters' page does."""
    assert uow.me is not None  # noqa: S101  a person of an authority
    names = authority_names(uow, {uow.me, *(one.authority_id for one in parts)})
    going = tuple(Going(names.get(p.authority_id, ""), p.fields, p.legal_basis or "") for p in parts if p.accepted)
    target = get_target(uow, stop.id)
    place, address = (target.name, target.address) if target else ("", "")
    return Facts(LANGUAGE, names.get(uow.me, ""), place, address, get_visit(uow, stop.id).starts_at, going)


def filled(words: dict[str, str]) -> dict[str, str]:
    """Return a draft with what somebody has to write."""
    return {name: said.replace(BLANK, REACHED_AT) for name, said in words.items()}
