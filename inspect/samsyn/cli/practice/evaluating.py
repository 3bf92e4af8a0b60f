"""Compile what is over of the town's pledges, write beside last year's numbers, and let every party approve them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from samsyn.cli.practice.promising import at, signatories
from samsyn.cli.practice.town import Town
from samsyn.cli.practice.waiting import work_off
from samsyn.pledges.evaluation.preview import preview_public
from samsyn.pledges.evaluation.queries import get_evaluation
from samsyn.pledges.evaluation.rules import COMPILE, digest_of, end_of, periods_of
from samsyn.pledges.evaluation.service import (
    WriteText,
    approve,
    ask_evaluation,
    compile_evaluation,
    publish,
    write_text,
)
from samsyn.pledges.queries import PledgeLine, list_pledges
from samsyn.pledges.rules import PledgeState

AFTER: Final = timedelta(days=12)
"""So long after a quarter it is compiled."""
AGREED: Final = timedelta(days=6)
"""So long after that the parties have agreed; and after that it is decided what everybody may read."""
QUARTER: Final = "Kvartalet gick i stort som planerat. Nästa kvartal läggs fler kvällar i centrum."
OF_AREA: Final = {
    "centrum": "Vi lyssnade mest på dem som bor runt torget. De vill ha oss där tidigare på kvällen.",
    "osund_konkurrens": "Flera myndigheter på plats samtidigt gav mest. Återbesöken kom igång sent.",
    "motorburen_ungdom": "Dialogerna drog fler föräldrar än ungdomar. Nästa år hålls en på fritidsgården.",
    "satra": "De nya handlarna kände inte till reglerna. Ett informationsbrev är på väg.",
}


def evaluate(town: Town) -> None:
    """Compile every period that is over, and approve what has an evaluation in the data."""
    coordinator = town.coordinator
    with town.at(coordinator, town.clock.now) as uow:
        pledges = {one.year: one for one in list_pledges(uow) if one.state is not PledgeState.DRAFT}
    for said in sorted(town.data["pledges"], key=lambda one: int(one["year"])):
        pledge = pledges[town.clock.year(said["year"])]
        over = [period for period in periods_of(pledge.year) if end_of(period) <= town.clock.date_of(0)]
        for period in over:
            compile_period(town, pledge, period, said, agreed="evaluation" in said or period != over[-1])


def compile_period(town: Town, pledge: PledgeLine, period: str, said: dict[str, Any], *, agreed: bool) -> None:
    """Compile one and write beside it; where it is ``agreed``, let the parties approve, and a year be read by all."""
    moment = at(town, end_of(period) + AFTER)
    with town.at(town.coordinator, moment) as uow:
        key = ask_evaluation(uow, pledge.id, period)
    authority = next(name for name, one in town.authorities.items() if one == town.coordinator.authority_id)
    work_off(town, authority, COMPILE, compile_evaluation, moment)
    told = said.get("evaluation")
    with town.at(town.coordinator, moment) as uow:
        write_text(uow, WriteText(key, pledge.id, QUARTER if "-" in period or not told else told["text"], 0))
        if told and "-" not in period:
            for area, words in OF_AREA.items():
                write_text(uow, WriteText(key, town.focus_areas[pledge.year, area], words, 0))
    if not agreed:
        return
    met = max(moment + AGREED, decided_on(town, told)) if told and "-" not in period else moment + AGREED
    approve_all(town, key, said, met)
    if told and "-" not in period:
        parties = {one.authority_id for one in signatories(town, said)}
        people = (town.viewer(one) for one in town.persons)
        decider = next(one for one in people if one.authority_id in parties and "decider" in one.roles)
        with town.at(decider, met + AGREED) as uow:
            publish(uow, key, digest_of(preview_public(uow, get_evaluation(uow, key))))


def decided_on(town: Town, told: dict[str, Any]) -> datetime:
    """Return the moment of the meeting where the year was evaluated."""
    return town.clock.at(town.clock.day_in(told["approved_day_of_year"]), "10:00")


def approve_all(town: Town, key: UUID, said: dict[str, Any], moment: datetime) -> None:
    """Let a planner of each party look and approve."""
    parties = {one.authority_id for one in signatories(town, said)}
    for name, authority in town.authorities.items():
        if authority in parties:
            with town.at(town.planner(name), moment) as uow:
                approve(uow, key, get_evaluation(uow, key).looked_at)
