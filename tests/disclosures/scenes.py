"""A visit with findings of tobacco, and the acts of handing them over."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from samsyn.core.keys import Keys
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.disclosures.queries import ReadCopy, get_disclosure
from samsyn.disclosures.service import AskFor, Give, Refuse, Withdraw
from samsyn.disclosures.service.pictures import Vault
from samsyn.lifecycle.handing_over import ask_authority, give_copies, refuse_request, withdraw_copies
from tests.dossiers.scenes import Scene, find, visited
from tests.factories import Office, Town

VAULT = Vault(Keys("k1", {"k1": b"k" * 32}), Path("no-such-folder"))


@dataclass
class Case:
    """Tobacco's findings ``first`` and ``second`` at a visit of police and tobacco (and health, if asked for)."""

    town: Town
    scene: Scene
    first: UUID = field(default_factory=uuid4)
    second: UUID = field(default_factory=uuid4)

    @property
    def giver(self) -> Viewer:
        return self.town.planner(self.town.tobacco)

    def give(self, to: Office | None, *findings: UUID, by: Viewer | None = None, **more: Any) -> UUID:
        """Hand over (the first finding, where none is named)."""
        said = {"basis": "OSL_10_27", "balancing": "Behovet väger tyngre.", **more}
        if to is None:
            said |= {"basis": "PUBLIC"}
        command = Give(uuid4(), self.scene.visit, frozenset(findings or {self.first}), to.id if to else None, **said)
        with unit_of_work(by or self.giver) as uow:
            return give_copies(uow, VAULT, command)

    def ask(self, by: Viewer, to: Office, question: str = "Vad såg ni?") -> UUID:
        command = AskFor(uuid4(), self.town.businesses[0], self.scene.visit, to.id, question, "LTLP 7:20", "P 2026-118")
        with unit_of_work(by) as uow:
            return ask_authority(uow, command)

    def refuse(self, request: UUID, reason: str = "Behövs inte.", by: Viewer | None = None) -> UUID:
        with unit_of_work(by or self.giver) as uow:
            return refuse_request(uow, Refuse(uuid4(), request, reason))

    def withdraw(self, disclosure: UUID, by: Viewer | None = None) -> None:
        with unit_of_work(by or self.giver) as uow:
            withdraw_copies(uow, Withdraw(disclosure, "Fel iakttagelse."))


def read(viewer: Viewer, disclosure: UUID) -> ReadCopy:
    with unit_of_work(viewer) as uow:
        return get_disclosure(uow, disclosure)


def make_case(town: Town) -> Case:
    scene = visited(town, town.police, town.tobacco)
    case = Case(town, scene)
    find(town, scene, town.tobacco, "Pärmen saknas.", finding=case.first)
    find(town, scene, town.tobacco, "Askkopp vid dörren.", finding=case.second)
    return case
