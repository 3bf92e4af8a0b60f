"""What the town's authorities noticed: signals of single places, and of two hot spots week by week."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from samsyn.cli.practice.founding import founded
from samsyn.cli.practice.town import Town
from samsyn.core.home import local_day
from samsyn.places.holding import WeekRow
from samsyn.places.rules import RemarkKind, RemarkState, SignalSource
from samsyn.places.service import AddSignal, add_signal, import_weeks
from samsyn.places.service.pictures import WriteEntry, add_entry
from samsyn.places.service.remarks import AddRemark, AnswerRemark, add_remark, answer_remark

SOURCES: Final = {
    "tip": SignalSource.PUBLIC,
    "earlier_deficiency": SignalSource.OWN,
    "observation": SignalSource.OWN,
    "register": SignalSource.AUTHORITY,
    "advertisement": SignalSource.OPEN_SOURCE,
    "statistic": SignalSource.STATISTICS,
}
WEEKS: Final = 40
MENDS: Final = "sakerhet"
"""The unit of the town that has what stands in its streets and parks mended."""
KINDS: Final = {"lyktor": RemarkKind.LIGHTING, "Buskage": RemarkKind.GREENERY, "farthinder": RemarkKind.TRAFFIC}
PICTURE: Final = (
    (-95, "nytorget", SignalSource.PUBLIC, "Klagomål på ordningen fredag och lördag kväll, mest utanför kioskerna."),
    (-40, "nytorget", SignalSource.TRADE, "Handlarna berättar om lugnare vardagar och lika oroliga helger."),
    (-60, "satra", SignalSource.AUTHORITY, "Samling av bilar vid handelsplatsen; två anmälningar om skadegörelse."),
)
BEFORE: Final = 30
"""So many days before a pledge was signed its areas were seen to be what it is about."""
BY_WEEK: Final = (
    ("polis", SignalSource.STATISTICS, {"nytorget": (3, 5), "satra": (1, 4)}),
    ("arboga_ks", SignalSource.PUBLIC, {"nytorget": (0, 3), "satra": (0, 2)}),
)
"""Who tells of which hot spots: at least and at most so many in a week."""


def observe(town: Town) -> None:
    """Write the signals of the data, each on its day, and let two authorities take their lists in."""
    for said in town.data["signals"]:
        authority = town.authority_of(said["unit"])
        if authority not in town.members:
            continue
        day = town.clock.date_of(said["day"])
        business = town.business_at(said["premises"], said["day"])
        command = AddSignal(day, SOURCES[said["kind"]], 2, business, text=said["text"])
        with town.at(town.planner(authority, said["unit"]), max(founded(town), town.clock.at(said["day"]))) as uow:
            add_signal(uow, command)
    for authority, source, spots in BY_WEEK:
        with town.at(town.planner(authority), town.clock.now) as uow:
            import_weeks(uow, weeks(town, source, spots), "signaler-per-vecka.csv")


def weeks(town: Town, source: SignalSource, spots: dict[str, tuple[int, int]]) -> list[WeekRow]:
    """Return the weeks before this one: more on warm evenings, the same in every town of the same day."""
    today = local_day(town.clock.now)
    monday = today - timedelta(days=today.weekday())
    found: list[WeekRow] = []
    for key, (least, most) in spots.items():
        for ago in range(1, WEEKS + 1):
            day = monday - timedelta(weeks=ago)
            warm = 2 if day.month in {5, 6, 7, 8} else 0
            n = least + (ago * 7 + len(key)) % (most - least + 1) + warm
            found.append(
                WeekRow(len(found) + 2, day, source, n, town.collaboration, key, hot_spot_id=town.hot_spots[key])
            )
    return found


def remark(town: Town) -> None:
    """Write what was remarked at the activities, and what the unit answered."""
    unit = town.units[MENDS]
    for said in town.data["activities"]:
        for one in said.get("remarks", ()):
            day = town.clock.date_of(said["day"])
            kind = next((kind for word, kind in KINDS.items() if word in one["text"]), RemarkKind.OTHER)
            command = AddRemark(
                town.collaboration, unit.id, kind, said["title"].partition(" ")[2] or said["title"], one["text"], day,
                None, town.activities[said["key"]], town.hot_spots.get(said["hot_spot"] or ""),
            )  # fmt: skip
            with town.at(town.planner("polis"), town.clock.at(said["day"], said["to"])) as uow:
                key = add_remark(uow, command)
            if one["answer"]:
                done = town.clock.date_of(one["answer_day"]) if one["answer"] == "Lagat" else None
                state = RemarkState.DONE if done else RemarkState.PLANNED
                with town.at(town.planner(town.authority_of(MENDS)), town.clock.at(one["answer_day"])) as uow:
                    answer_remark(uow, AnswerRemark(key, state, one["answer"], done, 0))


def picture(town: Town) -> None:
    """Write the picture of two hot spots, and of each focus area what justified it."""
    for day, spot, source, words in PICTURE:
        with town.at(town.coordinator, max(founded(town), town.clock.at(day))) as uow:
            add_entry(uow, WriteEntry(town.clock.date_of(day), source, words, hot_spot_id=town.hot_spots[spot]))
    for pledge in town.data["pledges"]:
        seen = max(founded(town), town.clock.at(town.clock.day_in(pledge["signed"]) - BEFORE))
        for area in pledge["focus_areas"]:
            key = town.focus_areas.get((town.clock.year(pledge["year"]), area["key"]))
            if key is not None and area.get("picture"):
                with town.at(town.coordinator, seen) as uow:
                    entry = WriteEntry(local_day(seen), SignalSource.AUTHORITY, area["picture"], focus_area_id=key)
                    add_entry(uow, entry)
