"""``samsyn import`` of businesses, people and shifts: the page's rules, faults by row and column, JSON for a script."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from samsyn.access.queries import list_staff
from samsyn.cli import registry
from samsyn.cli.progress import bar_of_job
from samsyn.core.jobs import CANCELLED
from samsyn.core.keys import make_key_file
from samsyn.core.models import Job
from samsyn.core.rules import JobState
from samsyn.core.settings import Settings
from samsyn.core.uow import unit_of_work
from samsyn.imports.rules import WRITE_LIST, Subject
from tests.factories import Town


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Commands that work on the database that the tests are bound to."""
    make_key_file(tmp_path / "keys.json")
    settings = Settings(
        database_url="postgresql://bound-by-the-fixture", redis_url="redis://127.0.0.1:9", smtp_url="smtp://127.0.0.1:9",
        data_dir=tmp_path,
    )  # fmt: skip
    monkeypatch.setattr(registry, "house", lambda: settings)
    return tmp_path


def run(folder: Path, town: Town, what: str, data: str, *more: str) -> Result:
    file = folder / "lista.csv"
    file.write_text(data, "utf-8")
    return CliRunner().invoke(registry.import_group, [what, "--as", town.tobacco.name, *more, str(file)])


def names(town: Town) -> set[str]:
    with unit_of_work(town.planner(town.tobacco)) as uow:
        return {one.shown_name for one in list_staff(uow, town.tobacco.id)}


def test_people_are_looked_at_and_then_written(folder: Path, town: Town) -> None:
    data = f"Namn;E-post;Roller\nÅsa {town.mark};asa.{town.mark}@demo.example;planerare\n"
    look = run(folder, town, "people", data, "--dry-run")
    assert (look.exit_code, look.output.strip()) == (0, "1 rows: 1 new, 0 changed, 0 unchanged; nothing written")
    assert f"Åsa {town.mark}" not in names(town)
    written = json.loads(run(folder, town, "people", data, "--json").stdout)
    assert (written["created"], written["written"], written["failed"]) == (1, True, [])
    assert f"Åsa {town.mark}" in names(town)
    assert "0 new, 0 changed, 1 unchanged" in run(folder, town, "people", data).output


def test_a_fault_is_named_by_row_and_column_and_nothing_is_written(folder: Path, town: Town) -> None:
    data = f"Namn;E-post\nBo {town.mark};bo.{town.mark}@demo.example\nCia;ingen\n"
    refused = run(folder, town, "people", data)
    assert refused.exit_code == 1
    assert "row 3, E-post: Det här är ingen e-postadress." in refused.stderr
    assert "nothing written" in refused.stdout
    assert f"Bo {town.mark}" not in names(town)
    lacking = run(folder, town, "people", "Namn;Enhet\nBo;Tobak\n")
    assert lacking.exit_code == 1
    assert "row 1, E-post: Kolumnen saknas i filen." in lacking.stderr


def test_shifts_are_written_once(folder: Path, town: Town) -> None:
    address = f"{town.tobacco.inspectors[0].hex[:12]}@demo.example"
    data = f"E-post;Datum;Från;Till\n{address};2027-03-04;16:00;00:30\n"
    assert "1 new, 0 changed, 0 unchanged" in run(folder, town, "shifts", data).output
    assert "0 new, 0 changed, 1 unchanged" in run(folder, town, "shifts", data).output


def test_businesses_come_in_as_before(folder: Path, town: Town) -> None:
    data = f"Namn;Adress;Postnummer;Ort;Orgnr\nPizza {town.mark};Nygatan 3;732 31;Arboga;\n"
    assert "1 new" in run(folder, town, "businesses", data).output
    assert "1 unchanged" in run(folder, town, "businesses", data).output
    bad = run(folder, town, "businesses", data.replace("732 31", "7"), "--lang", "en", "--json")
    assert bad.exit_code == 1
    fault = json.loads(bad.stdout)["faults"][0]
    assert (fault["line"], fault["column"], fault["code"]) == (2, "Postnummer", "postcode_wrong")


def test_a_long_list_is_a_job_on_its_persons_page_too(
    folder: Path, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "BIG", dict.fromkeys(Subject, 1))
    rows = [f"Kiosk {town.mark};Nygatan 3;732 31;Arboga;", f"Bar {town.mark};Nygatan 5;732 31;Arboga;"]
    data = "\n".join(["Namn;Adress;Postnummer;Ort;Orgnr", *rows, ""])
    assert "2 new" in run(folder, town, "businesses", data).output
    (done,) = jobs_of(town)
    assert (done.task, done.state, done.error) == (WRITE_LIST, JobState.DONE, None)


def test_an_import_that_ends_badly_ends_its_job_too(town: Town) -> None:
    owner = town.planner(town.tobacco)

    def interrupted() -> None:
        with bar_of_job(owner, WRITE_LIST, "lista", long=True) as tell:
            tell(1, 2)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    (left,) = jobs_of(town)
    assert (left.state, left.error, left.done, left.total) == (JobState.FAILED, CANCELLED, 1, 2)


def jobs_of(town: Town) -> list[Job]:
    with unit_of_work(town.planner(town.tobacco)) as uow:
        return list(uow.session.scalars(select(Job)))


def test_identity_numbers_of_staff_are_refused_before_anything(folder: Path, town: Town) -> None:
    refused = run(folder, town, "people", "Namn;E-post;Pnr\nBo;bo@demo.example;19121212-1212\n")
    assert refused.exit_code == 1
    assert "1212" not in refused.output
