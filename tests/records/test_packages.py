"""Case numbers, and packages for the own diary (R17): whole, the same bytes every time, nothing of another silo."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from apiflask import APIFlask
from hypothesis import given
from hypothesis import settings as seeds
from hypothesis import strategies as st
from pypdf import PdfReader

from samsyn.core.errors import GateClosedError, NotAllowedError, NotFoundError
from samsyn.core.keys import load_keys
from samsyn.core.settings import Settings
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.disclosures.service.pictures import Vault
from samsyn.findings.rules import Answer
from samsyn.operations.rules import OperationState
from samsyn.records.packing import file_name, pack
from samsyn.records.queries import list_packages, numbers_of_operation
from samsyn.records.rules import NotTakenError
from samsyn.records.service import Number, Pack, make_package, read_package, write_number
from tests.factories import START, Office, Town, make_town
from tests.lifecycle.walk import walk_to
from tests.records.desk import NOW, PICTURE, Desk, make_desk
from tests.records.test_requests import all_text
from tests.web import conftest as web
from tests.web.reader import Browser, open_browser

app, settings = web.app, web.settings


@pytest.fixture
def desk(town: Town, folder: Path) -> Desk:
    return make_desk(town, folder)


def keeper(office: Office) -> Viewer:
    return Viewer(office.id, office.planner, frozenset({"log_reviewer"}))


def packed(desk: Desk, office: Office, **of: UUID) -> tuple[bytes, str]:
    with unit_of_work(keeper(office), NOW) as uow:
        made = make_package(uow, desk.vault, Pack(uuid4(), **of))
        return read_package(uow, desk.vault, made)


def opened(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as whole:
        return {name: whole.read(name) for name in whole.namelist()}


def test_a_package_is_whole_and_archivable_and_its_manifest_counts_every_file(town: Town, desk: Desk) -> None:
    desk.add_picture(town.tobacco)
    files = opened(packed(desk, town.tobacco, business_id=town.businesses[0])[0])
    assert set(files) >= {"manifest.json", "akt.pdf", "akt.json", "akt.xlsx"}
    assert PICTURE in files.values()
    listed = {one["name"]: one["sha256"] for one in json.loads(files.pop("manifest.json"))["files"]}
    assert listed == {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    metadata = PdfReader(io.BytesIO(files["akt.pdf"])).xmp_metadata
    assert metadata is not None
    said = metadata.stream.get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in said
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in said
    assert desk.words[town.tobacco.id] in all_text(files)


def test_the_same_content_gives_the_same_bytes_at_any_time(town: Town, desk: Desk) -> None:
    first, _ = packed(desk, town.tobacco, operation_id=desk.scene.operation)
    with unit_of_work(keeper(town.tobacco)) as uow:  # by today's clock
        made = make_package(uow, desk.vault, Pack(uuid4(), operation_id=desk.scene.operation))
        again, _ = read_package(uow, desk.vault, made)
        assert len(list_packages(uow, operation_id=desk.scene.operation)) == 2
    assert first == again
    desk.scene.set_state(OperationState.ONGOING)
    desk.scene.answer(town.inspector(town.tobacco), None, Answer.OK, "Nytt")
    desk.scene.set_state(OperationState.DONE)
    assert packed(desk, town.tobacco, operation_id=desk.scene.operation)[0] != first


@seeds(max_examples=6, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=1, max_size=8), st.integers(0, 3))
def test_a_package_holds_all_of_the_own_silo_and_nothing_of_another(
    database: str, tmp_path_factory: pytest.TempPathFactory, wrote: list[tuple[int, bool]], reader: int
) -> None:
    """Random people of random authorities write; the package of one of them has its words, and only those."""
    town = make_town()
    desk = make_desk(town, tmp_path_factory.mktemp("silo"))
    desk.scene.set_state(OperationState.ONGOING)
    words: dict[UUID, set[str]] = {office.id: {desk.words[office.id]} for office in town.offices}
    for who, serious in wrote:
        office, word = town.offices[who], uuid4().hex
        words[office.id].add(word)
        desk.scene.answer(town.inspector(office, serious), None, Answer.DEFICIENCY, word, serious=serious)
        desk.add_picture(office, f"bild {word}".encode())
    desk.scene.set_state(OperationState.DONE)
    office = town.offices[reader]
    shown = all_text(opened(packed(desk, office, business_id=town.businesses[0])[0]))
    for owner, said in words.items():
        assert {word for word in said if word in shown} == (said if owner == office.id else set())


def test_who_may_not_read_all_of_it_makes_none(town: Town, desk: Desk) -> None:
    desk.scene.recuse(town.tobacco, town.tobacco.inspectors[0])
    recused = Viewer(town.tobacco.id, town.tobacco.inspectors[0], frozenset({"decider"}))
    with unit_of_work(recused) as uow, pytest.raises((GateClosedError, NotFoundError)):
        make_package(uow, desk.vault, Pack(uuid4(), operation_id=desk.scene.operation))
    with unit_of_work(town.inspector(town.tobacco)) as uow, pytest.raises(NotAllowedError):
        make_package(uow, desk.vault, Pack(uuid4(), operation_id=desk.scene.operation))
    with unit_of_work(recused) as uow, pytest.raises(NotFoundError):
        make_package(uow, desk.vault, Pack(uuid4(), business_id=town.businesses[0]))
    walk_to(town, OperationState.INVITED, starts_at=START + timedelta(days=3))  # another evening at the same place
    with unit_of_work(recused) as uow, pytest.raises(GateClosedError) as gate:  # it would lack that visit, unseen
        make_package(uow, desk.vault, Pack(uuid4(), business_id=town.businesses[0]))
    assert gate.value.missing == ("recused",)
    for of in ({}, {"business_id": town.businesses[1]}, {"operation_id": uuid4()}):
        with unit_of_work(keeper(town.tobacco)) as uow, pytest.raises(NotFoundError):
            make_package(uow, desk.vault, Pack(uuid4(), **of))


def test_a_case_number_is_the_own_authoritys_alone(town: Town, desk: Desk) -> None:
    part = desk.scene.part(town.tobacco)
    for number in (Number("SN 2026-5", operation_id=desk.scene.operation), Number("SN 2026-6", part_id=part)):
        with unit_of_work(keeper(town.tobacco)) as uow:
            write_number(uow, number)
    with unit_of_work(keeper(town.tobacco)) as uow:
        found = numbers_of_operation(uow, desk.scene.operation)
        assert [(line.number, line.part_id) for line in found] == [("SN 2026-5", None), ("SN 2026-6", part)]
    with unit_of_work(keeper(town.police)) as uow:
        assert numbers_of_operation(uow, desk.scene.operation) == []
    with unit_of_work(keeper(town.police)) as uow, pytest.raises(NotFoundError):
        write_number(uow, Number("P 1", part_id=part))
    with unit_of_work(keeper(town.tobacco)) as uow, pytest.raises(NotTakenError):
        write_number(uow, Number("811218-9876", part_id=part))


def test_a_file_name_holds_the_case_number_only_when_it_gives_nothing_away(town: Town, desk: Desk) -> None:
    with unit_of_work(keeper(town.tobacco)) as uow:
        write_number(uow, Number("SN 2026-5", operation_id=desk.scene.operation))
    assert packed(desk, town.tobacco, operation_id=desk.scene.operation)[1] == "samsyn-akt-SN-2026-5"
    desk.scene.set_state(OperationState.ONGOING)
    assert "SN-2026-5" not in packed(desk, town.tobacco, operation_id=desk.scene.operation)[1]
    assert file_name("akt", "2026-11-29", "Ö 1/2", secret=False) == "samsyn-akt-O-1-2"
    assert file_name("akt", "2026-11-29", "811218-9876", secret=False) == "samsyn-akt-2026-11-29"


@given(st.dictionaries(st.text("abc/.", min_size=1, max_size=8), st.binary(max_size=50), max_size=5))
def test_packing_depends_on_names_and_bytes_alone(files: dict[str, bytes]) -> None:
    names = {name.strip("/.") or "x": data for name, data in files.items()}
    first = pack(names, {"a": 1})
    assert first == pack(dict(reversed(names.items())), {"a": 1})
    assert opened(first.data).keys() == {"manifest.json", *names}


def test_the_pages_write_numbers_and_make_packages(app: APIFlask, town: Town, settings: Settings) -> None:
    desk = make_desk(town, settings.data_dir)
    desk.vault = Vault(load_keys(settings.data_dir / "keys.json"), settings.data_dir)
    browser: Browser = open_browser(app.test_client(), town.planner(town.tobacco))
    operation, part = desk.scene.operation, desk.scene.part(town.tobacco)
    path = f"/operations/{operation}/file"
    assert path in browser.get(f"/operations/{operation}")
    browser.do(path, f"/operations/{operation}/number", number="SN 2026-9")
    browser.do(path, f"/parts/{part}/number", number="SN 2026-10")
    went = browser.do(path)
    assert "#package-" in went
    package = went.partition("#package-")[2]
    answer = browser.client.get(f"/api/v1/records/packages/{package}")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="samsyn-akt-SN-2026-9.zip"'
    assert "SN 2026-10" in opened(answer.data)["akt.json"].decode()
    business = f"/businesses/{town.businesses[0]}/file"
    assert business in browser.get(f"/businesses/{town.businesses[0]}")
    assert "#package-" in browser.do(business)


def test_the_api_writes_numbers_and_makes_packages(
    app: APIFlask, town: Town, settings: Settings, desk_of: Callable[[Path], Desk]
) -> None:
    desk = desk_of(settings.data_dir)
    client = app.test_client()
    mine = {"Authorization": f"Bearer {town.token(town.planner(town.tobacco))}"}
    said = {"number": "SN 2026-3", "operation_id": str(desk.scene.operation)}
    assert client.put("/api/v1/records/numbers", json=said, headers=mine).status_code == 200
    made = client.post("/api/v1/records/packages", json={"operation_id": said["operation_id"]}, headers=mine)
    assert made.status_code == 201, made.text
    assert made.get_json()["name"] == "samsyn-akt-SN-2026-3"
    assert client.get(made.headers["Location"], headers=mine).data[:2] == b"PK"


@pytest.fixture
def desk_of(town: Town) -> Callable[[Path], Desk]:
    return lambda folder: make_desk(town, folder)
