"""What leaves the house: no mail carries more than R7 lets out, no PDF more than its reader may read."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
from sqlalchemy import text

from samsyn.access.queries import Contact
from samsyn.access.rules import Language
from samsyn.calendars.letters import Links, letter
from samsyn.calendars.queries import messages
from samsyn.calendars.rendering import build_message
from samsyn.core.keys import load_keys, make_key_file
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.dossiers.queries import get_dossier
from samsyn.dossiers.rendering import render_pdf
from samsyn.dossiers.service import compile_dossiers
from tests.factories import make_town
from tests.secrecy.planting import Planted, plant
from tests.secrecy.surfaces import allowed, eyes

MAY_LEAVE = {"delivery", "authority"}
"""The frozen message itself (code word, meeting place, role) and names of authorities; of places and people nothing."""


@pytest.fixture(scope="module")
def planted(database: str) -> Planted:
    return plant(make_town())


def tables_in_mails(planted: Planted, folder: Path, where: str = "") -> set[str]:
    """Which tables' markers stand in the mails of the planted deliveries, perhaps with another meeting place."""
    make_key_file(folder / "keys.json")
    links = Links(load_keys(folder / "keys.json"), "https://samsyn.example", "samsyn.example", "Samsyn")
    mails = []
    for office in planted.town.offices:
        with unit_of_work(Viewer.task_of(office.id)) as uow:
            told = messages(uow, list(planted.deliveries.values()))
        for one in told.values():
            reach = Contact(one.person_id, "mottagare@demo.example", "Mottagare", Language.SV)
            mails.append(
                build_message(letter(replace(one, contact=reach, meeting_place=where or one.meeting_place), links))
            )
    assert mails
    return {place.partition(".")[0] for _, place in planted.markers.seen_in(mails)}


def test_a_mail_carries_the_frozen_message_and_nothing_else(planted: Planted, folder: Path) -> None:
    assert {"delivery"} <= tables_in_mails(planted, folder) <= MAY_LEAVE


def test_a_mail_that_names_the_place_is_found_however_it_is_encoded(planted: Planted, folder: Path) -> None:
    with unit_of_work(planted.town.planner(planted.town.police)) as uow:
        name = uow.session.scalar(text("SELECT name FROM visit_target WHERE visit_id = :v"), {"v": planted.visit})
    assert "visit_target" in tables_in_mails(planted, folder, f"Vid {name}")


def test_a_pdf_holds_what_its_reader_may_read(planted: Planted) -> None:
    with unit_of_work(planted.town.planner(planted.town.police)) as uow:
        key = {"v": planted.visit, "o": planted.operation}
        uow.session.execute(text("UPDATE visit SET state = 'done', ended_at = now() WHERE id = :v"), key)
        uow.session.execute(text("UPDATE operation SET state = 'done' WHERE id = :o"), key)
    planted.done = True
    business = planted.town.businesses[0]
    for office in planted.silos:
        viewer = planted.town.planner(office)
        with unit_of_work(Viewer.task_of(office.id)) as uow:
            compile_dossiers(uow, [business])
        with unit_of_work(viewer) as uow:
            body = render_pdf(get_dossier(uow, business), "sv", office.name, uow.now)
        pages = pypdf.PdfReader(io.BytesIO(body)).pages
        words = "".join("".join(page.extract_text().split()) for page in pages).encode()
        seen = planted.markers.seen_in([words])
        eye = next(e for e in eyes(planted) if e.viewer.person_id == viewer.person_id and e.has("planner"))
        assert (office.field.value, "finding.text") in seen
        assert seen - allowed(planted, eye) == set()
