"""What followed a visit stands in every file of the reader's own dossier, as it stands now, and in nobody else's."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import python_calamine
from apiflask import APIFlask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import insert, update

from samsyn.authorities.models import Authority
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.operations.models import Recusal
from samsyn.outcomes.commands import WriteOutcome
from samsyn.outcomes.models import FollowUp, Outcome
from samsyn.outcomes.rules import DecidedBy, OutcomeState
from samsyn.outcomes.service import WriteFollowUp, withdraw_outcome, write_follow_up, write_outcome
from tests.dossiers.scenes import Scene, find, visited
from tests.factories import START, Office, Town
from tests.secrecy.markers import a_word
from tests.web import conftest as web
from tests.web.test_findings_api import caller

app, settings = web.app, web.settings
AT = START + timedelta(hours=2)
HOSTILE = '=HYPERLINK("http://x.example")'
FORMS = ("pdf", "xlsx", "json")


@dataclass
class Followed:
    """A visit of the tobacco board and the police, with a decision and a follow-up of the board."""

    town: Town
    scene: Scene
    finding: UUID
    outcome: WriteOutcome
    marks: dict[str, str]

    @property
    def board(self) -> Office:
        return self.town.tobacco


@pytest.fixture
def followed(town: Town) -> Followed:
    scene = visited(town, town.tobacco, town.police)
    finding = find(town, scene, town.tobacco, "Tobak utan tillstånd")
    marks = {name: a_word() for name in ("outcome", "decider", "follow_up")}
    said = WriteOutcome(
        uuid4(), 0, scene.parts[town.tobacco.id], "LTLP_7_11", OutcomeState.DECIDED, frozenset({finding}),
        f"{marks['outcome']} {HOSTILE}", until_on=date(2027, 4, 1), decided_by=DecidedBy.BOARD,
        decider=marks["decider"], delegation="§ 12", decided_on=date(2027, 3, 4), case_number="2027-15",
    )  # fmt: skip
    with unit_of_work(town.inspector(town.tobacco), AT) as uow:
        write_outcome(uow, said)
        write_follow_up(
            uow,
            WriteFollowUp(
                uuid4(), 0, said.part_id, town.tobacco.inspectors[1], date(2027, 4, 2), outcome_id=said.outcome_id,
                text=marks["follow_up"],
            ),
        )  # fmt: skip
    return Followed(town, scene, finding, said, marks)


@pytest.fixture
def plain(app: APIFlask) -> FlaskClient:
    return app.test_client()


def path(plain: FlaskClient, town: Town, who: dict[str, str]) -> str:
    business = str(town.businesses[0])
    assert plain.post("/api/v1/dossiers/compile", json={"business_id": business}, headers=who).status_code == 200
    return f"/api/v1/dossiers/{business}"


def said(form: str, data: bytes) -> str:
    """Everything that a document says, as one line."""
    if form == "pdf":
        return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())
    if form == "xlsx":
        with python_calamine.load_workbook(io.BytesIO(data)) as book:
            rows = [[name, *row] for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
        return " ".join(str(cell) for row in rows for cell in row)
    return data.decode()


def documents(plain: FlaskClient, town: Town, who: dict[str, str]) -> dict[str, str]:
    at = path(plain, town, who)
    return {form: said(form, plain.get(f"{at}.{form}", headers=who).data) for form in FORMS}


def test_every_file_says_what_was_decided_and_who_sees_to_it(plain: FlaskClient, followed: Followed) -> None:
    town = followed.town
    found = documents(plain, town, caller(town, town.tobacco))
    for form, words in found.items():
        assert all(mark in words for mark in followed.marks.values()), form
        assert all(word in words for word in ("§ 12", "2027-15", "LTLP 7 kap. 11 §", "Inspektör 2")), form
    for form in ("pdf", "xlsx"):
        assert all(word in found[form] for word in ("Egna åtgärder", "Egna uppföljningar", "Varning", "Beslutad"))
        assert HOSTILE in found[form]
    english = plain.get(f"/api/v1/dossiers/{town.businesses[0]}.pdf?lang=en", headers=caller(town, town.tobacco)).data
    assert all(
        word in said("pdf", english) for word in ("Own outcomes", "Own follow-ups", "Decided", "Due 2 April 2027")
    )


def test_the_same_stand_in_the_address_without_ending_whose_mark_changes_with_them(
    plain: FlaskClient, followed: Followed
) -> None:
    town = followed.town
    who = caller(town, town.tobacco)
    at = path(plain, town, who)
    first: Any = plain.get(at, headers=who)
    assert [one["state"] for one in first.json["outcomes"]] == ["decided"]
    assert [one["measure"] for one in first.json["follow_ups"]] == ["warning"]
    assert plain.get(at, headers=who | {"If-None-Match": first.headers["ETag"]}).status_code == 304
    with unit_of_work(town.inspector(town.tobacco), AT) as uow:
        withdraw_outcome(uow, followed.outcome.outcome_id, 1, "Fel part")
    second: Any = plain.get(at, headers=who | {"If-None-Match": first.headers["ETag"]})
    assert (second.status_code, second.json["outcomes"][0]["reason"]) == (200, "Fel part")
    assert second.json["digest"] != first.json["digest"]


def test_another_authority_and_who_declared_jav_find_nothing_of_it(plain: FlaskClient, followed: Followed) -> None:
    town, mine = followed.town, {"operation_id": followed.scene.operation, "visit_id": followed.scene.visit}
    for words in documents(plain, town, caller(town, town.police, planner=True)).values():
        assert not any(mark in words for mark in followed.marks.values())
    path(plain, town, caller(town, town.tobacco))
    with unit_of_work(town.planner(town.tobacco)) as uow:
        near = town.tobacco.inspectors[0]
        uow.session.execute(
            insert(Recusal).values(
                **mine, authority_id=town.tobacco.id, person_id=near, reason="släkt", at=datetime.now(UTC)
            )
        )
    who = caller(town, town.tobacco)
    for form in FORMS:
        answer = plain.get(f"/api/v1/dossiers/{town.businesses[0]}.{form}", headers=who)
        assert answer.status_code == 200, answer.text
        words = said(form, answer.data)
        assert not any(mark in words for mark in followed.marks.values()), form


def test_what_a_unit_keeps_to_itself_is_in_no_document_of_the_authority(plain: FlaskClient, followed: Followed) -> None:
    """R1: a document is kept for the whole authority, so it holds what is compiled for the whole authority."""
    town, unit = followed.town, followed.town.tobacco.unit
    with unit_of_work(town.inspector(town.tobacco), AT) as uow:
        write_outcome(uow, replace(followed.outcome, outcome_id=uuid4(), text="enhetens"))
    with unit_of_work(town.planner(town.tobacco)) as uow:
        kept = uow.session.query(Outcome.unit_id).distinct().all()
    assert {row.unit_id for row in kept} == {unit}
    with unit_of_work(Viewer(town.tobacco.id, town.tobacco.planner, frozenset({"unit_admin"}))) as uow:
        uow.session.execute(update(Authority).where(Authority.id == town.tobacco.id).values(spanning=True))
    for form, words in documents(plain, town, caller(town, town.tobacco)).items():
        assert not any(mark in words for mark in followed.marks.values()), form


def test_a_follow_up_has_one_row_per_version_and_the_newest_stands(plain: FlaskClient, followed: Followed) -> None:
    town = followed.town
    with unit_of_work(town.planner(town.tobacco)) as uow:
        key = uow.session.query(FollowUp.follow_up_id).one().follow_up_id
    with unit_of_work(town.inspector(town.tobacco), AT) as uow:
        again = WriteFollowUp(
            key, 1, followed.outcome.part_id, town.tobacco.inspectors[0], date(2027, 5, 3), text="nytt"
        )
        write_follow_up(uow, again)
    who = caller(town, town.tobacco)
    shown: Any = plain.get(path(plain, town, who), headers=who).json
    assert [(one["version"], one["text"], one["due_on"]) for one in shown["follow_ups"]] == [(2, "nytt", "2027-05-03")]
