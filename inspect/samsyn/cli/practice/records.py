"""Who asked to read the town's records: one request that was partly refused, one that waits for its examination."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID, uuid4

from samsyn.access.rules import KEEPERS
from samsyn.cli.practice.case import Case
from samsyn.cli.practice.town import Town
from samsyn.core.home import local_day
from samsyn.core.viewer import Viewer
from samsyn.disclosures.service.pictures import Vault
from samsyn.records.gathering import About
from samsyn.records.queries import get_request
from samsyn.records.rules import Choice, ItemKind
from samsyn.records.service import Decide, Enter, Settle, decide_items, enter_request, settle_request

SETTLED: Final = "14:20"
SECTION: Final = "30 kap. 27 § OSL"
WHY: Final = "Bilderna visar registreringsskyltar på kunders bilar."


def examine(town: Town, cases: Sequence[Case]) -> None:
    """Enter every request of the data, and settle those that were decided."""
    operations = {case.said["key"]: case for case in cases}
    for said in town.data["records_requests"]:
        keeper = keeper_of(town, said["authority"])
        about = about_of(said, operations[said["scope"][0].partition("/")[0]])
        at = town.clock.at(said["received"]["day"], said["received"]["at"])
        with town.at(keeper, at) as uow:
            request = enter_request(uow, Enter(uuid4(), uow.today, said["asked"], about))
        if said["decision"] is not None:
            settle(town, said, request)


def keeper_of(town: Town, authority: str) -> Viewer:
    """Return somebody of the authority who examines requests."""
    able = [person for person in town.persons.values() if person.authority == authority and person.roles & KEEPERS]
    return town.viewer(able[0].key)


def about_of(said: dict[str, Any], case: Case) -> About:
    """Return the operation that was asked about; its day, where the authority took no part."""
    if said["authority"] in case.authorities:
        return About(operation_id=case.id)
    day = local_day(case.last_span[0])
    return About(since=day, until=day)


def settle(town: Town, said: dict[str, Any], request: UUID) -> None:
    """Give all of it but the pictures."""
    vault = Vault(town.links.keys, town.folder)
    with town.at(town.viewer(said["decided_by"]), town.clock.at(said["decided_day"], SETTLED)) as uow:
        items = get_request(uow, request).items
        kept = frozenset(one.id for one in items if one.kind is ItemKind.PICTURE)
        if rest := frozenset(one.id for one in items) - kept:
            decide_items(uow, Decide(request, rest, Choice.GIVE))
        if kept:
            decide_items(uow, Decide(request, kept, Choice.REFUSE, SECTION, WHY))
        settle_request(uow, vault, Settle(request, uuid4(), confirmed=True))
