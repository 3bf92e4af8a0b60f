"""What came of visits: outcomes, follow-ups, letters; who was there when; refused entry and help of the police."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from samsyn.access.queries import staff_names
from samsyn.assistance.queries import HelpLine, RefusalLine, entry_for_records
from samsyn.core.uow import UnitOfWork
from samsyn.letters.queries import LetterLine, letters_for_records
from samsyn.letters.rules import AFTER, BEFORE
from samsyn.operations.queries import presence_at
from samsyn.operations.queries.presence import PresenceLine
from samsyn.operations.rules import Present
from samsyn.outcomes.queries import FollowUpLine, OutcomeLine, follow_ups_for_records, outcomes_for_records
from samsyn.records.gathering import LANGUAGE, Found, Ground, filled, moment, people_of
from samsyn.records.rules import Content, ItemKind
from samsyn.texts import say

SIDES: Final = {True: ("letter_before", BEFORE), False: ("letter_after", AFTER)}


def came_of_it(uow: UnitOfWork, ground: Ground) -> Iterator[Found]:
    """Yield each own outcome, follow-up and letter with its earlier versions, and who was there at each visit."""
    outcomes = outcomes_for_records(uow, ground.visits)
    follow_ups = follow_ups_for_records(uow, ground.visits)
    letters = letters_for_records(uow, ground.visits)
    people = {one.written_by for some in outcomes.values() for one in some}
    people |= {person for some in follow_ups.values() for one in some for person in (one.written_by, one.owner_id)}
    names = people_of(uow, people | {one.written_by for some in letters.values() for one in some})
    for decisions in outcomes.values():
        yield outcome(ground, decisions, names)
    for notes in follow_ups.values():
        yield follow_up(ground, notes, names)
    for versions in letters.values():
        yield letter(ground, versions, names)
    yield from presence(uow, ground)
    yield from entry(uow, ground)


def outcome(ground: Ground, versions: list[OutcomeLine], names: dict[UUID, str]) -> Found:
    """Return an outcome: the newest version, and the earlier ones as lines."""
    line = versions[-1]
    words: Content = {
        "measure": measure(line),
        "state": state(line),
        "text": line.text,
        "amount": str(line.amount or ""),
        "heard_on": line.heard_on.isoformat() if line.heard_on else "",
        "until_on": line.until_on.isoformat() if line.until_on else "",
        "decider": line.decider,
        "delegation": line.delegation,
        "decided": line.decided_on.isoformat() if line.decided_on else "",
        "case_number": line.case_number,
        "reason": line.reason,
        **of_version(line.version, names.get(line.written_by, ""), moment(line.written_at)),
        "earlier": "\n".join(
            f"{one.version}. {moment(one.written_at)} {measure(one)}, {state(one)} {one.text}" for one in versions[:-1]
        ),
    }
    heading = say(LANGUAGE, "records.thing.outcome", where=ground.where(line.visit_id))
    return Found(
        ItemKind.OUTCOME,
        line.outcome_id,
        line.operation_id,
        line.visit_id,
        line.written_at,
        heading,
        filled(words),
        line.unit_id,
        line.unit_only,
    )


def measure(line: OutcomeLine) -> str:
    """Return what an outcome is, with its law."""
    tool = line.tool
    said = (say(LANGUAGE, f"outcomes.measure.{tool.kind}"), tool.about(LANGUAGE), tool.law)
    return ", ".join(one for one in said if one)


def state(line: OutcomeLine) -> str:
    """Return how far an outcome is, in words."""
    return say(LANGUAGE, f"outcomes.state.{line.state}")


def follow_up(ground: Ground, versions: list[FollowUpLine], names: dict[UUID, str]) -> Found:
    """Return a follow-up: the newest version, and the earlier ones as lines."""
    line = versions[-1]
    words: Content = {
        "point": line.point or "",
        "owner": names.get(line.owner_id, ""),
        "due_on": line.due_on.isoformat(),
        "state": say(LANGUAGE, f"follow_ups.state.{line.state}"),
        "text": line.text,
        "reason": line.reason,
        **of_version(line.version, names.get(line.written_by, ""), moment(line.written_at)),
        "earlier": "\n".join(
            f"{one.version}. {moment(one.written_at)} {say(LANGUAGE, f'follow_ups.state.{one.state}')},"
            f" {one.due_on.isoformat()} {one.text}"
            for one in versions[:-1]
        ),
    }
    heading = say(LANGUAGE, "records.thing.follow_up", where=ground.where(line.visit_id))
    return Found(
        ItemKind.FOLLOW_UP,
        line.follow_up_id,
        line.operation_id,
        line.visit_id,
        line.written_at,
        heading,
        filled(words),
        line.unit_id,
        line.unit_only,
    )


def letter(ground: Ground, versions: list[LetterLine], names: dict[UUID, str]) -> Found:
    """Return a letter to the business: the newest version, and the earlier ones after it."""
    line = versions[-1]
    name, sections = SIDES[line.before]

    def whole(one: LetterLine) -> str:
        return "\n\n".join(one.content[section] for section in sections if one.content.get(section))

    words: Content = {
        "text": whole(line),
        "sent_on": line.sent_on.isoformat() if line.sent_on else "",
        "receipt": line.receipt or "",
        "new_time": moment(line.new_time_at),
        **of_version(line.version, names.get(line.written_by, ""), moment(line.written_at)),
        "earlier": "\n\n".join(f"{one.version}. {moment(one.written_at)}\n{whole(one)}" for one in versions[:-1]),
    }
    return Found(
        ItemKind.LETTER,
        line.subject_id,
        line.operation_id,
        line.visit_id,
        line.written_at,
        say(LANGUAGE, f"records.thing.{name}", where=ground.where(line.visit_id)),
        filled(words),
        line.unit_id,
        line.unit_only,
    )


def of_version(number: int, by: str, written: str) -> Content:
    """Return who wrote a version and when."""
    return {"written": written, "by": by, "version": str(number)}


def presence(uow: UnitOfWork, ground: Ground) -> Iterator[Found]:
    """Yield who was at each visit, one note a line; of a person whom the viewer sees nowhere else no name."""
    noted = presence_at(uow, set(ground.visits))
    people = staff_names(uow, {one.person_id for some in noted.values() for one in some})
    for visit_id, lines in noted.items():
        said = [
            f"{moment(one.at)} {ground.name(one.authority_id)}:"
            f" {people.get((one.person_id, one.authority_id), say(LANGUAGE, 'operations.page.hidden_name'))}:"
            f" {what(one)}"
            for one in lines
        ]
        heading = say(LANGUAGE, "records.thing.presence", where=ground.where(visit_id))
        operation_id, newest = ground.visits[visit_id].operation_id, max(one.written_at for one in lines)
        content: Content = {"lines": "\n".join(said)}
        yield Found(ItemKind.PRESENCE, visit_id, operation_id, visit_id, newest, heading, content)


def what(line: PresenceLine) -> str:
    """Return what was noted of somebody, in words."""
    if line.what is not Present.ROLE:
        return say(LANGUAGE, f"presence.what.{line.what}")
    return f"{say(LANGUAGE, f'operations.police_role.{line.police_role}')} ({line.reason})"


def entry(uow: UnitOfWork, ground: Ground) -> Iterator[Found]:
    """Yield each own refused entry, and each request for help of which the own authority is a side."""
    refusals, asked = entry_for_records(uow, ground.visits)
    names = people_of(uow, {one.written_by for some in refusals.values() for one in some})
    for lines in refusals.values():
        for line in lines:
            yield refusal(ground, line, names.get(line.written_by, ""))
    for requests in asked.values():
        for one in requests:
            yield police_help(ground, one, one.unit_id if one.authority_id == uow.me else one.answers_unit_id)


def refusal(ground: Ground, line: RefusalLine, by: str) -> Found:
    """Return a refused entry."""
    words: Content = {
        "asked_at": moment(line.at),
        "by_role": line.by_role,
        "said": line.said,
        "written": moment(line.written_at),
        "by": by,
    }
    heading = say(LANGUAGE, "records.thing.refusal", where=ground.where(line.visit_id))
    about = (line.id, line.operation_id, line.visit_id, line.written_at, heading, filled(words))
    return Found(ItemKind.REFUSAL, *about, line.unit_id, line.unit_only)


def police_help(ground: Ground, line: HelpLine, unit_id: UUID | None) -> Found:
    """Return a request for help with what came of it, one note a line. ``unit_id``: the own side's."""
    answers = [
        f"{moment(one.written_at)} {ground.name(one.authority_id)}: {say(LANGUAGE, f'assistance.what.{one.what}')}"
        f" {moment(one.at)} {one.text}"
        for one in line.answers
    ]
    words: Content = {
        "law": line.section,
        "ground": say(LANGUAGE, f"assistance.ground.{line.ground}") if line.ground else "",
        "reason": line.reason,
        "asked_at": moment(line.at),
        "asked_by": ground.name(line.authority_id),
        "asked_of": say(LANGUAGE, "assistance.outside") if line.by_phone else ground.name(line.answers_id),
        "answers": "\n".join(answers),
    }
    heading = say(LANGUAGE, "records.thing.police_help", where=ground.where(line.visit_id))
    newest = max((one.written_at for one in line.answers), default=line.written_at)
    about = (line.id, line.operation_id, line.visit_id, newest, heading, filled(words))
    return Found(ItemKind.POLICE_HELP, *about, unit_id)
