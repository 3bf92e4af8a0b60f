"""An operation that is done, with findings of every office, and a registrar and a decider of tobacco."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import insert, text

from samsyn.core.keys import load_keys, make_key_file
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.disclosures.service.pictures import Vault
from samsyn.findings.models import Evidence
from samsyn.findings.rules import Answer
from samsyn.findings.vault import address_of, store
from samsyn.operations.rules import OperationState
from samsyn.records.gathering import About
from samsyn.records.queries import RequestCard, get_request
from samsyn.records.rules import Choice
from samsyn.records.service import Decide, Enter, Settle, decide_items, enter_request, settle_request
from tests.factories import START, Office, Town
from tests.findings.scene import HOUR, Scene, make_scene

PICTURE = b"\xff\xd8 a picture"
TODAY = date(2027, 3, 20)
NOW = START + HOUR * 24 * 16
LETTERS = str.maketrans("0123456789", "ghijklmnop")
"""Random words without digits: some runs of them read like a personal number, and are refused."""


@dataclass
class Desk:
    """``words``: what each office wrote in its finding, and nobody else may have in a package."""

    town: Town
    scene: Scene
    vault: Vault
    words: dict[UUID, str] = field(default_factory=dict)
    findings: dict[UUID, UUID] = field(default_factory=dict)

    @property
    def registrar(self) -> Viewer:
        return Viewer(self.town.tobacco.id, self.town.tobacco.planner, frozenset({"log_reviewer"}))

    @property
    def decider(self) -> Viewer:
        return Viewer(self.town.tobacco.id, self.town.tobacco.planner, frozenset({"decider"}))

    def enter(self, about: About | None = None, who: Viewer | None = None) -> UUID:
        with unit_of_work(who or self.registrar, NOW) as uow:
            about = about or About(self.town.businesses[0])
            return enter_request(uow, Enter(uuid4(), TODAY, "Allt om kiosken", about))

    def card(self, request: UUID, who: Viewer | None = None) -> RequestCard:
        with unit_of_work(who or self.registrar, NOW) as uow:
            return get_request(uow, request)

    def decide(self, request: UUID, items: set[UUID], choice: Choice, **said: object) -> None:
        with unit_of_work(self.registrar, NOW) as uow:
            decide_items(uow, Decide(request, frozenset(items), choice, **said))  # type: ignore[arg-type]

    def settle(self, request: UUID, who: Viewer | None = None, *, confirmed: bool = False) -> UUID:
        with unit_of_work(who or self.decider, NOW) as uow:
            return settle_request(uow, self.vault, Settle(request, uuid4(), confirmed))

    def add_picture(self, office: Office, data: bytes = PICTURE) -> UUID:
        made = uuid4()
        with unit_of_work(self.town.inspector(office), START + HOUR) as uow:
            address = address_of(self.vault.keys, str(office.id), data)
            name = store(self.vault.keys, self.vault.folder, str(office.id), address, data)
            uow.session.execute(
                insert(Evidence).values(
                    id=made,
                    finding_id=self.findings[office.id],
                    part_id=self.scene.part(office),
                    visit_id=self.scene.visit,
                    operation_id=self.scene.operation,
                    authority_id=office.id,
                    unit_id=office.unit,
                    unit_only=False,
                    content_hmac=address,
                    media_type="image/jpeg",
                    size=len(data),
                    key_name=name,
                    redacts_id=None,
                    written_by=office.inspectors[0],
                    written_at=START + HOUR,
                )
            )
        return made


def make_desk(town: Town, folder: Path) -> Desk:
    """Findings of every office at one visit; the operation is done."""
    scene = make_scene(town)
    if not (folder / "keys.json").exists():
        make_key_file(folder / "keys.json")
    desk = Desk(town, scene, Vault(load_keys(folder / "keys.json"), folder))
    for office in town.offices:
        said = f"{office.field.value}-{uuid4().hex.translate(LETTERS)}"
        desk.words[office.id] = said
        who = town.inspector(office)
        desk.findings[office.id] = scene.answer(who, None, Answer.DEFICIENCY, f"Bakom disken: {said}").finding_id
    end(desk)
    return desk


def end(desk: Desk) -> None:
    """End the visit and the operation."""
    desk.scene.set_state(OperationState.DONE)
    with unit_of_work(desk.town.planner(desk.town.police)) as uow:
        done = text("UPDATE visit SET state = 'done', ended_at = :at WHERE id = :v")
        uow.session.execute(done, {"v": desk.scene.visit, "at": START + HOUR})
