"""Promise what the town promises: the agreement, last year's pledge and this year's, and what is done for them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from samsyn.authorities.queries import units_of
from samsyn.cli.practice.case import Case
from samsyn.cli.practice.founding import founded
from samsyn.cli.practice.paper import agreement_pdf
from samsyn.cli.practice.town import Town
from samsyn.cli.practice.waiting import work_off
from samsyn.cli.practice.words import PERMITS
from samsyn.core.home import local_day
from samsyn.core.viewer import TASK, Viewer
from samsyn.pledges.queries import get_commitment, get_pledge, list_pledges
from samsyn.pledges.rules import ActivityKind, CommitmentForm
from samsyn.pledges.service import (
    COUNT_OPERATION,
    AddCommitment,
    AddFile,
    AddFocusArea,
    ChangeCommitment,
    MakeAgreement,
    MakePledge,
    Signatory,
    SignPledge,
    add_commitment,
    add_file,
    add_focus_area,
    change_commitment,
    choose_focus,
    count_operation,
    count_returns,
    make_agreement,
    make_pledge,
    sign_pledge,
)

FORMS: Final = {
    "at_least_occasions": CommitmentForm.OCCASIONS,
    "at_least_activities": CommitmentForm.OCCASIONS,
    "every_premises": CommitmentForm.COVERAGE,
    "share": CommitmentForm.SHARE,
    "by_date": CommitmentForm.DATE,
    "return_within_days": CommitmentForm.RETURN_VISIT,
}
KINDS: Final = {"citizen_dialogue": "dialogue", "situation_picture": "picture"}
WRITTEN: Final = (12, 31)


def promise(town: Town) -> None:
    """Write the agreement and the pledges, each signed on its day, and what was carried over."""
    said = town.data["collaboration"]["agreement"]
    signed = day_of(town, said["signed"])
    until = date(signed.year + said["valid_years"], signed.month, signed.day)
    command = MakeAgreement(
        town.collaboration, said["sv"], signed, until,
        tuple(town.authorities[key] for key in said["parties"]), signatories(town, said),
    )  # fmt: skip
    with town.at(town.coordinator, at(town, signed)) as uow:
        agreement = make_agreement(uow, command)
    keep_document(town, agreement, said["sv"], at(town, signed))
    made: dict[str, UUID] = {}
    for pledge in town.data["pledges"]:
        made |= make(town, pledge, agreement)
    carry_over(town, made)
    begin_next(town)


def keep_document(town: Town, agreement: UUID, name: str, moment: datetime) -> None:
    """Keep the signed paper beside the agreement."""
    paper = agreement_pdf(name, town.data["collaboration"]["agreement"]["signatories"], moment)
    with town.at(town.coordinator, moment) as uow:
        add_file(uow, town.links.keys, town.folder, AddFile(agreement, "Överenskommelsen, undertecknad.pdf", paper))


def begin_next(town: Town) -> None:
    """Begin next year's pledge, a draft with one area and one promise, and the agreement that is to come after."""
    year, parties = town.clock.year(1), (town.authorities["polis"], town.authorities["arboga_ks"])
    with town.at(town.coordinator, town.clock.now) as uow:
        after = f"Samverkansöverenskommelse från {year} (exempel)"
        begins, ends = date(year, 1, 1), date(year + 3, 12, 31)
        make_agreement(uow, MakeAgreement(town.collaboration, after, None, ends, parties, from_on=begins))
        name = f"Medborgarlöfte {year} (exempel)"
        pledge = make_pledge(uow, MakePledge(town.collaboration, year, name, parties))
        area = add_focus_area(uow, AddFocusArea(pledge, "Centrummiljön", ""))
        add_commitment(
            uow, AddCommitment(area, CommitmentForm.OCCASIONS, "Minst 8 gemensamma krogkvällar", target=8, least=2)
        )


def make(town: Town, said: dict[str, Any], agreement: UUID) -> dict[str, UUID]:
    """Write one pledge with its areas and commitments; return these by key."""
    year, signed, signs = town.clock.year(said["year"]), day_of(town, said["signed"]), signatories(town, said)
    parties = tuple(dict.fromkeys(one.authority_id for one in signs))
    made: dict[str, UUID] = {}
    with town.at(town.coordinator, at(town, signed)) as uow:
        name = f"{said['sv'].split(' (')[0]} {year} (exempel)"
        pledge = make_pledge(uow, MakePledge(town.collaboration, year, name, parties, agreement))
        for area in said["focus_areas"]:
            focus = add_focus_area(uow, AddFocusArea(pledge, area["sv"], area["picture"]))
            town.focus_areas[year, area["key"]] = focus
            for one in area["commitments"]:
                made[one["key"]] = add_commitment(uow, commitment(town, focus, one, year))
        sign_pledge(uow, SignPledge(pledge, signed, said["place"], signs, get_pledge(uow, pledge).version))
    return made


def commitment(town: Town, focus: UUID, said: dict[str, Any], year: int) -> AddCommitment:
    """Return a promise as the house counts it."""
    wanted, form = said.get("filter", {}), FORMS[said["form"]]
    units = [*wanted.get("units", ()), *said.get("units", ())]
    kind = KINDS.get(said.get("activity", ""), said.get("activity", "operation"))
    return AddCommitment(
        focus,
        form,
        said["sv"],
        target=round(said["share"] * 100) if "share" in said else said.get("target"),
        counts=ActivityKind(kind),
        fields=tuple(sorted({town.units[unit].field for unit in units})),
        least=wanted.get("min_authorities", 1),
        not_led_by=town.authorities[wanted["lead_not"]] if "lead_not" in wanted else None,
        permit_kind=PERMITS[wanted["permit"]] if "permit" in wanted else None,
        hot_spot_id=town.hot_spots[said["hot_spot"]] if "hot_spot" in said else None,
        whole="focus" not in wanted and form in {CommitmentForm.SHARE, CommitmentForm.OCCASIONS},
        within_days=said.get("days") if form is CommitmentForm.RETURN_VISIT else None,
        serious=wanted.get("answer") == "allvarlig",
        by_on=date(year, *WRITTEN) if form is CommitmentForm.DATE else None,
    )


def carry_over(town: Town, made: dict[str, UUID]) -> None:
    """Say why last year's promises were not all kept, and what carries them on."""
    later = {
        one["carried_from"]: made[one["key"]]
        for pledge in town.data["pledges"]
        for area in pledge["focus_areas"]
        for one in area["commitments"]
        if "carried_from" in one
    }
    for pledge in town.data["pledges"]:
        told = pledge.get("evaluation")
        for key in told["carried_over"] if told else ():
            with town.at(town.coordinator, town.clock.at(town.clock.day_in(told["approved_day_of_year"]))) as uow:
                version = get_commitment(uow, made[key]).version
                change_commitment(uow, ChangeCommitment(made[key], version, told["not_done"][key], later[key]))


def area_of(case: Case) -> UUID | None:
    """Return the focus area of its year's pledge that an operation serves, where it serves one."""
    year = local_day(case.last_span[0]).year
    return case.town.focus_areas.get((year, case.said.get("focus_area") or ""))


def serve(case: Case) -> None:
    """Say which focus area an operation serves; a guest that leads one reads no pledge: its proposer has said it."""
    area = area_of(case)
    if area is not None and case.lead in case.town.members:
        with case.town.at(case.planner, case.town.clock.now) as uow:
            choose_focus(uow, case.id, area)


def count_all(town: Town) -> None:
    """Let each lead's worker count its operations, and each party's its return visits."""
    for authority in town.authorities:
        work_off(town, authority, COUNT_OPERATION, count_operation)
        come_back(town, authority)


def come_back(town: Town, authority: str) -> None:
    """Hand in an authority's return visits, as its worker does when a quarter is over."""
    own = town.authorities[authority]
    with town.at(Viewer.task_of(own), town.clock.now) as uow:
        units = frozenset(f"unit:{unit.id}" for unit in units_of(uow, {own}))
    with town.at(Viewer(own, None, units | {TASK}), town.clock.now) as uow:
        for pledge in list_pledges(uow):
            count_returns(uow, pledge.id)


def signatories(town: Town, said: dict[str, Any]) -> tuple[Signatory, ...]:
    """Return who signed."""
    return tuple(Signatory(town.authorities[one["party"]], one["title"], one["name"]) for one in said["signatories"])


def day_of(town: Town, said: dict[str, Any]) -> date:
    """Return a day that is told as year, month and day."""
    return town.clock.date_of(town.clock.day_in(said))


def at(town: Town, day: date) -> datetime:
    """Return the morning of a day, but no earlier than the town is founded."""
    return max(founded(town), town.clock.at(town.clock.day_of(day)))
