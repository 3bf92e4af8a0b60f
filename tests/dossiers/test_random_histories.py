"""A dossier is own + received + common, whatever happened: held against a ledger that the test keeps by itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest

from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.dossiers.report.queries import read_report
from samsyn.dossiers.service import FEW, compile_dossiers
from samsyn.findings.rules import Answer
from tests.disclosures.scenes import Case
from tests.dossiers.scenes import Scene, a_point, approve, compiled, find, tell_fact, visited
from tests.factories import START, Office, Town, make_town

ANSWERS = [Answer.OK, Answer.DEFICIENCY, Answer.DEFICIENCY, Answer.OBSERVATION]


@dataclass
class Told:
    """One finding as the ledger knows it: what its newest version says, and the visit it is of."""

    id: UUID
    owner: UUID
    visit: UUID
    at: datetime
    point: tuple[UUID, int, str] | None
    answer: Answer
    serious: bool
    text: str
    version: int
    unit_only: bool


@dataclass
class Ledger:
    """What was done, kept in plain lists as it is done."""

    town: Town
    chance: Random
    scenes: list[tuple[Scene, list[Office]]] = field(default_factory=list)
    findings: list[Told] = field(default_factory=list)
    facts: list[tuple[UUID, str, str]] = field(default_factory=list)
    words: dict[UUID, str] = field(default_factory=dict)
    copies: dict[UUID, tuple[UUID, UUID | None, str]] = field(default_factory=dict)
    point: tuple[UUID, int, str] | None = None
    given: dict[UUID, Answer] = field(default_factory=dict)

    def step(self) -> None:
        """Do one thing at random, as each authority itself would."""
        doings = [self.visit] if not self.scenes else [self.visit, *[self.write] * 4, self.change, self.fact,
                                                       self.approve, self.give, self.withdraw]  # fmt: skip
        self.chance.choice(doings)()

    def visit(self) -> None:
        if len(self.scenes) < 4:
            there = self.chance.sample(self.town.offices, self.chance.randint(1, 3))
            at = START + timedelta(days=7 * len(self.scenes))
            self.scenes.append((visited(self.town, *there, at=at), there))

    def write(self) -> None:
        scene, there = self.chance.choice(self.scenes)
        office, said = self.chance.choice(there), self.chance.choice(ANSWERS)
        point = self.point if self.chance.random() < 0.6 else None
        serious = said is Answer.DEFICIENCY and self.chance.random() < 0.3
        only, words = self.chance.random() < 0.15, f"skrivet {len(self.findings)}"
        key = find(self.town, scene, office, words, said=said, point=point, serious=serious, unit_only=only)
        self.findings.append(Told(key, office.id, scene.visit, scene.at, point, said, serious, words, 1, only))

    def change(self) -> None:
        if not self.findings:
            return
        one = self.chance.choice(self.findings)
        scene, there = next(pair for pair in self.scenes if pair[0].visit == one.visit)
        office = next(office for office in there if office.id == one.owner)
        one.version, one.answer, one.text = one.version + 1, self.chance.choice(ANSWERS), f"{one.text} om"
        one.serious = one.serious and one.answer is Answer.DEFICIENCY
        find(
            self.town, scene, office, one.text, said=one.answer, point=one.point, finding=one.id,
            version=one.version, serious=one.serious, unit_only=one.unit_only,
        )  # fmt: skip

    def fact(self) -> None:
        scene, there = self.chance.choice(self.scenes)
        office, said = self.chance.choice(there), f"svar {len(self.facts)}"
        tell_fact(self.town, scene, office, said)
        self.facts.append((scene.visit, said, office.name))

    def approve(self) -> None:
        scene, _ = self.chance.choice(self.scenes)
        version = self.words[scene.visit].count("|") + 2 if scene.visit in self.words else 1
        self.words[scene.visit] = "|".join(["ord"] * version)
        approve(self.town, scene, self.words[scene.visit], version)

    def give(self) -> None:
        """Hand a finding to everybody, or to the police where they were there too."""
        able = [one for one in self.findings if not one.unit_only and one.owner != self.town.police.id]
        if not able:
            return
        one = self.chance.choice(able)
        scene, there = next(pair for pair in self.scenes if pair[0].visit == one.visit)
        office = next(office for office in there if office.id == one.owner)
        to = self.town.police if self.town.police in there and self.chance.random() < 0.7 else None
        made = Case(self.town, scene).give(to, one.id, by=self.town.planner(office))
        self.copies[made] = (office.id, to.id if to else None, one.text)
        self.given[made] = one.answer

    def withdraw(self) -> None:
        if self.copies:
            made = self.chance.choice(list(self.copies))
            owner, _, _ = self.copies.pop(made)
            giver = next(office for office in self.town.offices if office.id == owner)
            Case(self.town, self.scenes[0][0]).withdraw(made, by=self.town.planner(giver))

    def expected(self, office: Office) -> dict[str, Any]:
        """Compute what the office's dossier must say, from the ledger alone."""
        mine = [one for one in self.findings if one.owner == office.id and not one.unit_only]
        right = [one for one in mine if one.point and one.answer is Answer.OK]
        still = [
            one
            for one in mine
            if one.answer is Answer.DEFICIENCY
            and not any(later.point == one.point and later.at > one.at for later in right)
        ]
        visits = [(scene, there) for scene, there in self.scenes if office in there]
        return {
            "visits": {str(scene.visit): {
                "parts": {other.name for other in there},
                "facts": sorted((said, by) for visit, said, by in self.facts if visit == scene.visit),
                "common": self.words.get(scene.visit),
                "findings": {(str(o.id), o.version, o.text, str(o.answer)) for o in mine if o.visit == scene.visit},
            } for scene, there in visits},
            "open": sorted((one.text, one.serious) for one in still),
            "counts": [len(still), sum(o.serious for o in still), len(visits), sum(len(t) > 1 for _, t in visits),
                       len(mine), sum(o.answer is Answer.DEFICIENCY for o in mine)],
            "received": sorted(text for giver, to, text in self.copies.values()
                               if giver != office.id and to in {None, office.id}),
        }  # fmt: skip

    def report(self, office: Office, scene: Scene, there: list[Office]) -> dict[str, Any]:
        """Compute what the office's report of an operation must say, from the ledger alone."""
        mine = [one for one in self.findings if one.owner == office.id and not one.unit_only]
        mine = [one for one in mine if one.visit == scene.visit]
        bad = [one for one in mine if one.answer is Answer.DEFICIENCY]
        told = {made: self.findings[int(text.split()[1])] for made, (_, _, text) in self.copies.items()}
        got = {
            made: text
            for made, (giver, to, text) in self.copies.items()
            if giver != office.id and to in {None, office.id} and told[made].visit == scene.visit
        }
        bad_copies = sum(self.given[made] is Answer.DEFICIENCY for made in got)
        return {
            "there": {other.name: (1, 1) for other in there},
            "findings": {(str(o.id), o.version, o.text, str(o.answer)) for o in mine},
            "received": sorted(got.values()),
            "numbers": (1, 1, len(mine), len(bad), sum(o.serious for o in bad), len(got), bad_copies,
                        int(len(there) > 1)),
            "fields": (len(bad), bad_copies, {other.field.value: 1 for other in there}),
            "not_compiled": 0,
        }  # fmt: skip


def read(town: Town, office: Office) -> dict[str, Any]:
    """What the office's dossier says, in the shape of the ledger."""
    content = compiled(town, office).content
    counts = content["counts"]
    return {
        "visits": {visit["visit_id"]: {
            "parts": {part["authority"] for part in visit["parts"]},
            "facts": sorted((one["answer"], one["authority"]) for one in visit["facts"]),
            "common": visit["common_text"],
            "findings": {(o["finding_id"], o["version"], o["text"], o["answer"]) for o in visit["findings"]},
        } for visit in content["visits"]},
        "open": sorted((one["finding"]["text"], one["finding"]["serious"]) for one in content["open_deficiencies"]),
        "counts": [counts["open"], counts["serious"], counts["visits"], counts["joint_visits"], counts["findings"],
                   counts["deficiencies"]],
        "received": sorted(copy["text"] for one in content["received"] for copy in one["items"]),
    }  # fmt: skip


def report_of(town: Town, office: Office, scene: Scene) -> dict[str, Any]:
    """What the office's report of an operation says, in the shape of the ledger."""
    with unit_of_work(town.planner(office)) as uow:
        content = read_report(uow, scene.operation).content
    numbers = content["numbers"]
    by_field = numbers["by_field"]
    return {
        "there": {line["authority"]: (line["visits"], line["handed_in"]) for line in content["authorities"]},
        "findings": {(o["finding_id"], o["version"], o["text"], o["answer"])
                     for one in content["visits"] for o in one["visit"]["findings"]},
        "received": sorted(copy["text"] for one in content["visits"] for got in one["received"]
                           for copy in got["items"]),
        "numbers": (numbers["visits"], numbers["states"]["done"], numbers["findings"], numbers["deficiencies"],
                    numbers["serious"], numbers["received"], numbers["received_deficiencies"], numbers["joint"]),
        "fields": (sum(line["own"] for line in by_field), sum(line["received"] for line in by_field),
                   {line["field"]: line["parts"] for line in by_field if line["parts"]}),
        "not_compiled": content["not_compiled"],
    }  # fmt: skip


def compare(seed: int, steps: int) -> None:
    town = make_town()
    ledger = Ledger(town, Random(seed), point=a_point(town))
    for _ in range(steps):
        ledger.step()
    for office in town.offices:
        assert read(town, office) == ledger.expected(office), (seed, office.field)
        with unit_of_work(Viewer.task_of(office.id)) as uow:  # by whichever way it is compiled: the same to the letter
            assert compile_dossiers(uow, [town.businesses[0], *(uuid4() for _ in range(FEW))]) == 0
            assert compile_dossiers(uow, None) == 0
        for scene, there in ledger.scenes:
            if office in there:
                assert report_of(town, office, scene) == ledger.report(office, scene, there), (seed, office.field)


@pytest.mark.parametrize("seed", range(5))
def test_it_is_own_and_received_and_common(database: str, seed: int) -> None:
    compare(seed, 25)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 300))
def test_it_is_own_and_received_and_common_in_many_histories(database: str, seed: int) -> None:
    compare(seed, 30)
