"""Agreements: written as a draft, corrected, signed, removed and put back; their documents kept encrypted, logged."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from apiflask import APIFlask
from sqlalchemy import text

from samsyn.core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError, TooMuchError
from samsyn.core.keys import Keys
from samsyn.core.settings import Settings
from samsyn.core.uow import unit_of_work
from samsyn.pledges.queries import agreements_of, files_of
from samsyn.pledges.service import (
    AddFile,
    MakeAgreement,
    Signatory,
    add_file,
    correct_agreement,
    make_agreement,
    read_file,
)
from tests.factories import Town
from tests.web.reader import Browser, open_browser

KEYS = Keys("k1", {"k1": b"k" * 32})
PDF = b"%PDF-1.7\nen handling (exempel)"


@pytest.fixture
def writer(app: APIFlask, town: Town) -> Browser:
    return open_browser(app.test_client(), town.planner(town.police))


def draft(town: Town) -> MakeAgreement:
    parties = (town.police.id, town.tobacco.id)
    return MakeAgreement(
        town.collaboration, "Samverkan (exempel)", None, date(2029, 1, 1), parties, (), date(2026, 1, 1)
    )


def made(town: Town) -> UUID:
    with unit_of_work(town.planner(town.police)) as uow:
        return make_agreement(uow, draft(town))


def test_an_agreement_is_written_signed_and_then_stays_as_it_is(writer: Browser, town: Town) -> None:
    parties = [str(town.police.id), str(town.tobacco.id)]
    fields = {"name": "Samverkan (exempel)", "from_on": "2026-01-01", "until_on": "2028-12-31"}
    assert writer.send("/agreements/new", **{**fields, "until_on": "2025-01-01"}, parties=parties).status_code == 422
    assert writer.send("/agreements/new", **fields).status_code == 422, "nobody agrees"
    writer.do("/agreements/new", **fields, parties=parties)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        [one] = agreements_of(uow)
    path = f"/agreements/{one.id}"
    assert "Utkast" in writer.get("/agreements")
    correct = f"{path}/correct"
    signed = {"signed_on": "2026-01-15", "name": "Samverkansöverenskommelse (exempel)"}
    assert writer.send(correct, **signed, signatories="").status_code == 422, "somebody signs"
    lines = f"{town.police.name}; Lokalpolisområdeschef; Anders Påhittén"
    writer.do(correct, **signed, signatories=lines)
    page = writer.get(path)
    assert "Anders Påhittén, Lokalpolisområdeschef" in page
    assert "/correct" not in page
    assert "/remove" not in page
    assert writer.client.get(correct).status_code == 409


def test_a_draft_is_removed_and_put_back(writer: Browser, town: Town) -> None:
    path = f"/agreements/{made(town)}"
    writer.do(path, f"{path}/remove")
    assert path not in writer.get("/agreements")
    writer.do(path, f"{path}/restore")
    assert path in writer.get("/agreements")


def test_what_is_signed_is_changed_by_nobody_and_a_draft_by_its_parties(town: Town) -> None:
    key = made(town)
    with pytest.raises(NotAllowedError), unit_of_work(town.planner(town.health)) as uow:
        correct_agreement(uow, key, draft(town), 1)
    with pytest.raises(NotFoundError), unit_of_work(town.planner(town.outsider)) as uow:
        correct_agreement(uow, key, draft(town), 1)
    signs = (Signatory(town.police.id, "chef", "Anders Påhittén"),)
    command = draft(town)
    signed = MakeAgreement(
        command.collaboration_id, command.name, date(2026, 1, 15), command.until_on, command.parties, signs
    )
    with unit_of_work(town.planner(town.police)) as uow:
        correct_agreement(uow, key, signed, 1)
    with pytest.raises(ConflictError), unit_of_work(town.planner(town.police)) as uow:
        correct_agreement(uow, key, signed, 2)


def test_a_document_is_kept_encrypted_downloaded_and_logged(
    app: APIFlask, writer: Browser, town: Town, settings: Settings
) -> None:
    path = f"/agreements/{made(town)}"
    form = writer.form(path, f"{path}/files")
    fields = {name: values[0] for name, values in form.fields.items()}
    sent = {**fields, "file": (BytesIO(PDF), "Överenskommelse 2026.pdf")}
    assert writer.client.post(f"{path}/files", data=sent).status_code in {302, 303}
    page = writer.get(path)
    assert "Överenskommelse 2026.pdf" in page
    with unit_of_work(town.planner(town.police)) as uow:
        [file] = files_of(uow, UUID(path.rsplit("/", maxsplit=1)[-1]))
    others = open_browser(app.test_client(), town.inspector(town.health))
    answer = others.client.get(f"{path}/files/{file.id}")
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    stranger = open_browser(app.test_client(), town.planner(town.outsider))
    assert stranger.client.get(f"{path}/files/{file.id}").status_code == 404
    assert stranger.client.get(path).status_code == 404
    kept = [one.read_bytes() for one in settings.data_dir.rglob("*") if one.is_file()]
    assert not any(PDF in one for one in kept), "what lies on the disk is encrypted"
    with unit_of_work(town.planner(town.health)) as uow:
        read = "SELECT count(*) FROM audit WHERE action = 'agreement.file_read'"
        assert uow.session.scalar(text(read)) in {0, 1}  # the log is its reviewer's


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("avtal.pdf", b""),
        ("a.pdf", b"MZ\x90 none"),
        ("x" * 121, PDF),
        ("", PDF),
        ("a.pdf", PDF * 400_000),
    ],
)
def test_what_is_no_document_is_refused(town: Town, tmp_path: Path, name: str, data: bytes) -> None:
    key = made(town)
    with pytest.raises(InvalidError), unit_of_work(town.planner(town.police)) as uow:
        add_file(uow, KEYS, tmp_path, AddFile(key, name, data))
    assert list(tmp_path.iterdir()) == []


def test_the_same_document_is_kept_once_and_only_so_many(town: Town, tmp_path: Path) -> None:
    key = made(town)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        first = add_file(uow, KEYS, tmp_path, AddFile(key, "ett.pdf", PDF))
        assert add_file(uow, KEYS, tmp_path, AddFile(key, "samma.pdf", PDF)) == first
        for n in range(19):
            add_file(uow, KEYS, tmp_path, AddFile(key, f"{n}.pdf", PDF + str(n).encode()))
        with pytest.raises(TooMuchError):
            add_file(uow, KEYS, tmp_path, AddFile(key, "för mycket.pdf", PDF + b"x"))
        assert read_file(uow, KEYS, tmp_path, key, first) == (PDF, "application/pdf", "ett.pdf")
    with pytest.raises(NotAllowedError), unit_of_work(town.planner(town.health)) as uow:
        add_file(uow, KEYS, tmp_path, AddFile(key, "ett.pdf", PDF))


def test_its_page_says_which_parties_have_signed_and_which_have_not(writer: Browser, town: Town) -> None:
    signed = replace(draft(town), signed_on=date(2026, 1, 1), signatories=(
        Signatory(town.police.id, "polischef", "Maria Ek (påhittad)"),))  # fmt: skip
    with unit_of_work(town.planner(town.police)) as uow:
        key = make_agreement(uow, signed)
    page = " ".join(re.sub("<[^>]+>", " ", writer.get(f"/agreements/{key}")).split())
    assert re.search(r"Polisen \w+ Har undertecknat Maria Ek \(påhittad\), polischef", page)
    assert re.search(r"Socialnämnden \w+ Har inte undertecknat", page)
    assert "Saknar underskrift av: Socialnämnden" in page
    assert "undertecknat" not in writer.get(f"/agreements/{made(town)}"), "a draft waits for nobody"
