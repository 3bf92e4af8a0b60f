"""Somebody new whom the tobacco supervision has just invited: the letter lies in the mailbox, the link waits."""

from __future__ import annotations

from typing import Final

from samsyn.access.rules import Role
from samsyn.access.service import InvitePerson, invite_person
from samsyn.cli.practice.town import Town

UNIT: Final = "tobak"
ADDRESS: Final = "robin.ovning@demo.example"


def invite_somebody(town: Town) -> None:
    """Invite an inspector whom nobody in the town's data is."""
    unit = town.units[UNIT]
    with town.at(town.admin(unit.authority), town.clock.now) as uow:
        invite_person(uow, town.links.keys, InvitePerson(ADDRESS, unit.id, frozenset({Role.INSPECTOR})))
