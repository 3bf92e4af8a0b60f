"""What the town's planners have put by: each unit's usual answer, and an evening to begin from."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from samsyn.cli.practice.case import Case, Part
from samsyn.cli.practice.town import Town
from samsyn.cli.practice.words import ROLES
from samsyn.planning.service.templates import SaveTemplate, save_template
from samsyn.planning.templates import AnswerContent, Asked, OperationContent

AGO: Final = 80
"""Days since they were written: before most of what happened."""
OFTEN: Final = 5
ROUND: Final = "Kvällsrunda"


def put_by(town: Town, cases: Iterable[Case]) -> None:
    """Save each unit's usual answers, those it gave often, and the layout of an evening for who leads most."""
    answered: dict[str, Counter[str]] = defaultdict(Counter)
    first: dict[tuple[str, str], Part] = {}
    leads: dict[str, Case] = {}
    for case in cases:
        leads.setdefault(case.lead, case)
        for _, part in case.parts:
            if "legal_basis" in part.said:
                answered[part.unit][part.said["legal_basis"]] += 1
                first.setdefault((part.unit, part.said["legal_basis"]), part)
    at = town.clock.at(-AGO, "09:00")
    for unit, said in sorted(answered.items()):
        bases = common(said)
        for basis in bases:
            name = f"Vanligt svar, {unit}" + (f", {basis.partition(' ')[0]}" if len(bases) > 1 else "")
            part = first[unit, basis]
            with town.at(town.planner(part.authority, unit), at) as uow:
                save_template(uow, SaveTemplate(name, usual(town, part)))
    for lead, case in sorted(leads.items()):
        with town.at(town.planner(lead), at) as uow:
            save_template(uow, SaveTemplate(ROUND, evening(town, case)))


def common(said: Counter[str]) -> list[str]:
    """Return the basis that was named most often, and under other acts those that were named often."""
    acts: dict[str, str] = {}
    for basis, n in said.most_common():
        if not acts or n >= OFTEN:
            acts.setdefault(basis.partition(" ")[0], basis)
    return list(acts.values())


def usual(town: Town, part: Part) -> AnswerContent:
    """Return how a unit answers as a rule."""
    said, unit = part.said, town.units[part.unit]
    role = said.get("police_role")
    return AnswerContent(
        unit_id=unit.id,
        legal_basis=said["legal_basis"],
        announced=said["announced"],
        no_notice_reason=said.get("unannounced_reason"),
        police_role=ROLES[role] if role else None,
    )


def evening(town: Town, case: Case) -> OperationContent:
    """Return an evening of three hours with half an hour at each place, and the authorities that came once."""
    return OperationContent(lasts=180, visit_lasts=30, meets_before=30, asked=tuple(dict.fromkeys(asked(town, case))))


def asked(town: Town, case: Case) -> Iterator[Asked]:
    """Yield what was asked of each unit."""
    for _, part in case.parts:
        yield Asked(town.authorities[part.authority], town.units[part.unit].id)
