"""Lists brought in on a page, as people do it: columns, faults mended cell by cell, all or nothing at the end."""

from __future__ import annotations

import gc
import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import xlsxwriter
from apiflask import APIFlask
from sqlalchemy import text

from samsyn.access.queries import find_colleagues, list_staff
from samsyn.access.service import AddPerson, add_person
from samsyn.businesses.queries import list_businesses
from samsyn.businesses.reading.file import read_table
from samsyn.core.errors import ConflictError
from samsyn.core.paging import Seek
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.imports.reading.fields import FIELDS, guess
from samsyn.imports.rules import Subject
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.factories import Town
from tests.web.reader import Browser, open_browser, read

Sit = Callable[[Viewer], Browser]
FILES = Path(__file__).parents[1] / "businesses" / "files"
HEAD = "Namn;Adress;Postnummer;Ort;Verksamhetsutövare;Organisationsnummer\n"
ADMIN = frozenset({"unit_admin"})
PERSONAL = "19121212-1212"  # Skatteverket's own example: in no register


@pytest.fixture
def sit(app: APIFlask) -> Sit:
    return lambda viewer: open_browser(app.test_client(), viewer)


@pytest.fixture
def planner(sit: Sit, town: Town) -> Browser:
    return sit(town.planner(town.tobacco))


def begin(browser: Browser, subject: str, data: bytes | str, name: str = "lista.csv") -> str:
    """Send a list; return where its draft is."""
    body = data.encode() if isinstance(data, str) else data
    answer = browser.upload(f"/import/{subject}", name, body)
    assert answer.status_code == 303, answer.text[-2500:]
    where = answer.headers["Location"]
    assert where.endswith("/columns#content")
    return where.removesuffix("/columns#content")


def to_preview(browser: Browser, draft: str, **chosen: str) -> str:
    assert browser.do(f"{draft}/columns", **chosen) == f"{draft}/preview"
    return browser.get(f"{draft}/preview")


def finish(browser: Browser, draft: str) -> str:
    """Write a list; return its result's page."""
    where = browser.do(f"{draft}/preview", do="write")
    assert where.endswith("/result")
    return browser.get(where)


def workbook(*rows: list[Any], title: str = "", sheets: tuple[str, ...] = ("Lista",)) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    for name in sheets[:-1]:
        book.add_worksheet(name).write_string(0, 0, "Läs mig")
    sheet = book.add_worksheet(sheets[-1])
    start = 0
    if title:
        sheet.merge_range(0, 0, 0, 3, title)
        start = 2
    for line, row in enumerate(rows, start=start):
        for place, cell in enumerate(row):
            sheet.write(line, place, cell)
    book.close()
    return out.getvalue()


def names(town: Town, viewer: Viewer) -> list[str]:
    with unit_of_work(viewer) as uow:
        return [one.name for one in list_businesses(uow, Seek(200)).items]


def drafts(town: Town, cluster: Cluster, database: str, viewer: Viewer) -> list[Any]:
    with as_owner(cluster, database) as db:
        return list(db.execute(text("SELECT form, body FROM draft WHERE person_id = :p"), {"p": viewer.person_id}))


# ---- businesses


def test_a_fault_is_mended_on_the_page_and_nothing_is_written_before_the_last_step(
    planner: Browser, town: Town
) -> None:
    mine = town.planner(town.tobacco)
    bad = (
        HEAD
        + f"Pizza {town.mark};Nygatan 3;abc;Arboga;Pizza AB;\nGlass {town.mark};Nygatan 4;732 31;Arboga;Glass AB;\n"
    )
    draft = begin(planner, "businesses", bad)
    columns = planner.get(f"{draft}/columns")
    assert "Nygatan 3" in columns
    shown = to_preview(planner, draft)
    assert "Postnumret ska ha fem siffror" in shown
    assert 'name="cell_2_2" value="abc"' in shown
    assert 'do" value="write"' not in shown
    assert f"Glass {town.mark}" in shown
    refused = planner.send(f"{draft}/preview", do="write")
    assert refused.status_code == 422
    assert "Inget är sparat." in refused.text
    assert f"Pizza {town.mark}" not in names(town, mine)
    assert planner.do(f"{draft}/preview", do="mend", cell_2_2="732 31") == f"{draft}/preview"
    ready = planner.get(f"{draft}/preview")
    assert "Inga fel" in ready
    assert f"Pizza {town.mark}" not in names(town, mine)
    done = finish(planner, draft)
    assert "2 nya verksamheter" in done
    assert {f"Pizza {town.mark}", f"Glass {town.mark}"} <= set(names(town, mine))
    assert planner.client.get(f"{draft}/preview").status_code == 404


def test_a_mistyped_organisation_number_is_shown_to_be_mended_and_a_persons_is_not(
    planner: Browser, town: Town
) -> None:
    rows = f"Ett {town.mark};N 1;732 31;Arboga;;559999-0017\nTvå {town.mark};N 2;732 31;Arboga;;19121212-1213\n"
    shown = to_preview(planner, begin(planner, "businesses", HEAD + rows))
    assert 'name="cell_2_5" value="559999-0017"' in shown
    assert 'name="cell_3_5" value=""' in shown
    assert "1212" not in shown.split("<main")[1]


def test_a_row_can_be_left_out_and_taken_in_again(planner: Browser, town: Town) -> None:
    bad = HEAD + f"Pizza {town.mark};Nygatan 3;abc;Arboga;;\nGlass {town.mark};Nygatan 4;732 31;Arboga;;\n"
    draft = begin(planner, "businesses", bad)
    to_preview(planner, draft)
    planner.do(f"{draft}/preview", do="leave")
    shown = planner.get(f"{draft}/preview")
    assert "Inga fel" in shown
    assert "1 utelämnade rader" in shown
    planner.do(f"{draft}/preview", do="mend", out=None)
    assert "Postnumret ska ha fem siffror" in planner.get(f"{draft}/preview")
    planner.do(f"{draft}/preview", do="mend", out="2")
    done = finish(planner, draft)
    assert "1 nya verksamheter" in done
    assert "1 rader lämnades utanför: 2" in re.sub(r"\s+", " ", done)
    assert f"Pizza {town.mark}" not in names(town, town.planner(town.tobacco))


def test_columns_with_words_of_the_offices_own_are_mapped_by_hand(planner: Browser, town: Town) -> None:
    data = f"Skylt;Gata;PN;Stad;Nr;Prick\nMackan {town.mark};Nygatan 5;73231;Arboga;559999-0016;x\n"
    draft = begin(planner, "businesses", data)
    page = planner.get(f"{draft}/columns")
    assert "559999-0016" in page
    refused = planner.send(f"{draft}/columns")
    assert refused.status_code == 422
    assert "saknas än: Verksamhetens namn, Postnummer, Ort." in refused.text
    assert planner.client.get(f"{draft}/preview").headers["Location"] == f"{draft}/columns"
    chosen = {"col_0": "PLACE", "col_1": "ADDRESS", "col_2": "POSTCODE", "col_3": "TOWN"}
    twice = planner.send(f"{draft}/columns", **chosen, col_5="TOWN")
    assert "vald två gånger: Prick" in twice.text
    assert '<option value="PLACE" selected>' in twice.text
    shown = to_preview(planner, draft, **chosen, col_5="")
    assert f"Mackan {town.mark}" in shown
    assert "Läses inte in: Prick." in shown
    assert "1 nya verksamheter" in finish(planner, draft)


def test_the_same_list_twice_changes_nothing_and_a_changed_one_says_what(planner: Browser, town: Town) -> None:
    row = f"Pizza {town.mark};Nygatan 3;732 31;Arboga;Pizza AB;559999-0016\n"
    draft = begin(planner, "businesses", HEAD + row)
    to_preview(planner, draft)
    finish(planner, draft)
    draft = begin(planner, "businesses", HEAD + row)
    assert "Allt i listan finns redan." in to_preview(planner, draft)
    draft = begin(planner, "businesses", HEAD + row.replace("Arboga", "Götlunda"))
    assert "Ändras" in to_preview(planner, draft)
    assert "1 ändrade" in finish(planner, draft)


def test_a_workbook_with_merged_titles_and_several_sheets_is_read(planner: Browser, town: Town) -> None:
    draft = begin(planner, "businesses", (FILES / "businesses.xlsx").read_bytes(), "lista.xlsx")
    shown = to_preview(planner, draft)
    assert "Inga fel" in shown or "fel att rätta" in shown
    pasted = f"Namn\tAdress\tPostnr\tOrt\tOrgnr\nPåklistrad {town.mark}\tNygatan 9\t732 31\tArboga\t\n"
    where = planner.do("/import/businesses", pasted=pasted)
    draft = where.partition("#")[0].removesuffix("/columns")
    assert f"Påklistrad {town.mark}" in to_preview(planner, draft)


def test_the_nasty_list_shows_no_personal_number_anywhere(
    planner: Browser, town: Town, cluster: Cluster, database: str
) -> None:
    draft = begin(planner, "businesses", (FILES / "businesses-cp1252.csv").read_bytes())
    shown = planner.get(f"{draft}/columns") + to_preview(planner, draft)
    files = b"".join(planner.client.get(f"{draft}/preview.{form}").data for form in ("csv", "json"))
    for number in (PERSONAL, PERSONAL.replace("-", ""), "121212-1212"):
        assert number not in shown
        assert number.encode() not in files
    assert "fel att rätta" in shown
    rows = drafts(town, cluster, database, town.planner(town.tobacco))
    assert rows
    assert all(b"Nygatan" not in row.body for row in rows)


def test_a_draft_is_read_by_its_person_alone_and_can_be_gone_on_with(sit: Sit, planner: Browser, town: Town) -> None:
    draft = begin(planner, "businesses", HEAD + f"Pizza {town.mark};Nygatan 3;abc;Arboga;;\n")
    overview = planner.get("/import")
    assert f'href="{draft}/preview"' in overview
    for other in (town.planner(town.police), Viewer(town.tobacco.id, town.tobacco.inspectors[0])):
        browser = sit(other)
        for page in ("columns", "preview", "result", "preview.csv"):
            assert browser.client.get(f"{draft}/{page}").status_code in {403, 404}
    assert planner.do(f"{draft}/columns", f"{draft}/discard") == "/import"
    assert planner.client.get(f"{draft}/columns").status_code == 404
    assert f"{draft}/preview" not in planner.get("/import")


def test_a_cell_that_the_list_does_not_have_is_not_taken(planner: Browser, town: Town) -> None:
    draft = begin(planner, "businesses", HEAD + f"Pizza {town.mark};Nygatan 3;abc;Arboga;;\n")
    to_preview(planner, draft)
    for name, value in (("cell_9_2", "x"), ("cell_2_99", "x"), ("cell_2_2", "x" * 3_000)):
        assert planner.send(f"{draft}/preview", do="mend", **{name: value}).status_code == 422
    assert 'name="cell_2_2" value="abc"' in planner.get(f"{draft}/preview")


# ---- people


def people_of(town: Town) -> set[str]:
    with unit_of_work(town.planner(town.tobacco)) as uow:
        return {one.shown_name for one in list_staff(uow, town.tobacco.id)}


def test_people_come_in_with_unit_roles_and_competences_and_who_is_there_already_is_left(
    planner: Browser, town: Town
) -> None:
    mark = town.mark
    data = (
        "Namn;E-post;Telefon;Enhet;Roller;Behörigheter;Tjänstenummer;Språk\n"
        f"Åsa Öst {mark};Asa.{mark}@demo.example;070-174 06 05;Enhet Socialnämnden;"
        "inspektör, planerare;tobak, alkohol;T-1;svenska\n"
        f"Bo Ek {mark};bo.{mark}@demo.example;;;;;;\n"
    )
    draft = begin(planner, "people", data)
    shown = to_preview(planner, draft)
    assert "inspektör, planerare" in shown
    assert f"Åsa Öst {mark}" not in people_of(town)
    done = finish(planner, draft)
    assert "2 nya personer" in done
    assert {f"Åsa Öst {mark}", f"Bo Ek {mark}"} <= people_of(town)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        lines = {one.shown_name: one for one in list_staff(uow, town.tobacco.id)}
        assert set(lines[f"Åsa Öst {mark}"].roles) == {"inspector", "planner"}
        assert lines[f"Åsa Öst {mark}"].competences == ("alkohol", "tobak")
        assert lines[f"Bo Ek {mark}"].roles == ("inspector",)
        assert len(find_colleagues(uow, {f"asa.{mark}@demo.example", "T-1"})) == 2
    again = to_preview(planner, begin(planner, "people", data))
    assert "Finns redan" in again
    assert "Allt i listan finns redan." in again


def test_faults_of_people_are_named_and_mended(planner: Browser, town: Town) -> None:
    data = (
        "Namn;E-post;Enhet;Roller\n"
        ";a@demo.example;Enhet Socialnämnden;inspektör\n"
        f"Bo;ingen adress;Vaktmästeriet;chefskock\nCia;c{town.mark}@demo.example;;\nDan;C{town.mark}@demo.example;;\n"
    )
    draft = begin(planner, "people", data)
    shown = to_preview(planner, draft)
    for said in (
        "Namnet saknas.", "ingen e-postadress", "Enheten finns inte. Myndigheten har: Enhet Socialnämnden.",
        "Rollen chefskock finns inte.", "Samma adress står på rad 4.",
    ):  # fmt: skip
        assert said in shown, said
    right = {"cell_2_0": "Ada", "cell_3_1": f"bo{town.mark}@demo.example", "cell_3_2": "", "cell_3_3": "planerare"}
    planner.do(f"{draft}/preview", do="mend", **right, out="5")
    assert "3 nya personer" in finish(planner, draft)


@pytest.mark.parametrize(
    "data",
    [
        f"Namn;E-post;Personnummer\nBo;bo@demo.example;{PERSONAL}\n",
        f"Namn;E-post;Anm\nBo;bo@demo.example;född {PERSONAL}\n",
        "Namn;E-post;Pnr\nBo;bo@demo.example;sekretess\n",
        f"Namn;E-post;Telefon\nBo;bo@demo.example;{PERSONAL.replace('-', '')}\n",
    ],
)
def test_a_list_of_people_with_identity_numbers_is_stopped_and_kept_nowhere(
    planner: Browser, town: Town, cluster: Cluster, database: str, data: str
) -> None:
    answer = planner.upload("/import/people", "personal.csv", data.encode())
    assert answer.status_code == 422
    assert "innehåller personnummer" in answer.text
    assert "Inget är sparat." in answer.text
    assert "1212" not in answer.text.split("<main")[1]
    assert drafts(town, cluster, database, town.planner(town.tobacco)) == []


def test_an_identity_number_that_is_typed_into_a_field_is_not_kept(planner: Browser, town: Town) -> None:
    draft = begin(planner, "people", "Namn;E-post\n;bo@demo.example\n")
    to_preview(planner, draft)
    answer = planner.send(f"{draft}/preview", do="mend", cell_2_0=f"Bo {PERSONAL}")
    assert answer.status_code == 422
    assert "innehåller personnummer" in answer.text
    assert "1212" not in answer.text.split("<main")[1]


def test_mobile_numbers_of_every_form_are_no_identity_numbers(planner: Browser, town: Town) -> None:
    numbers = [f"070{n:07d}" for n in range(1_010_000, 1_310_000, 7_919)]
    rows = "".join(f"P{n};p{n}.{town.mark}@demo.example;{number}\n" for n, number in enumerate(numbers))
    assert "Inga fel" in to_preview(planner, begin(planner, "people", "Namn;E-post;Mobil\n" + rows))


def test_people_who_could_not_be_written_are_named_and_the_list_stays(
    planner: Browser, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "".join(f"{name} {town.mark};{name.lower()}.{town.mark}@demo.example\n" for name in ("Ada", "Bo", "Cia"))
    draft = begin(planner, "people", "Namn;E-post\n" + rows)
    to_preview(planner, draft)
    real = add_person

    def second_fails(uow: Any, command: AddPerson) -> UUID:
        if command.name.startswith("Bo"):
            raise ConflictError("that stands already")
        return real(uow, command)

    monkeypatch.setattr("samsyn.imports.service.finishing.add_person", second_fails)
    result = finish(planner, draft)
    assert "1 personer är inlästa. 2 är det inte" in result
    assert {f"Ada {town.mark}"} == {name for name in people_of(town) if name.endswith(town.mark)}
    monkeypatch.setattr("samsyn.imports.service.finishing.add_person", real)
    assert "Läs in 2 rader" in planner.get(f"{draft}/preview")
    assert "2 nya personer, 1 fanns redan" in finish(planner, draft)


def test_only_a_unit_administrator_brings_in_people(sit: Sit, town: Town) -> None:
    inspector = sit(town.inspector(town.tobacco))
    for path in ("/import", "/import/people", "/import/shifts", "/import/businesses", "/import/people/template.xlsx"):
        assert inspector.client.get(path).status_code == 403


# ---- shifts


def test_shifts_and_leave_come_in_on_swedens_clock(planner: Browser, town: Town) -> None:
    person = town.tobacco.inspectors[0]
    address = f"{person.hex[:12]}@demo.example"
    data = (
        "E-post;Datum;Från;Till;Slag\n"
        f"{address};2027-03-04;16:00;00.30;arbetspass\n{address};2027-03-05;8;16:30;\n"
        f"{address};2027-10-31;02:30;04:00;pass\n{address};2027-03-08;;;sjuk\n"
    )
    draft = begin(planner, "shifts", data)
    page = planner.get(f"{draft}/columns")
    assert "sjuk" not in page
    shown = to_preview(planner, draft)
    assert "Annan frånvaro" in shown
    assert "4 nya pass och frånvaro" in finish(planner, draft)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        key = {"p": person}
        shifts = uow.session.scalars(
            text("SELECT during::text FROM shift WHERE person_id = :p ORDER BY during"), key
        ).all()
        leave = uow.session.execute(text("SELECT during::text, leave_kind FROM leave WHERE person_id = :p"), key).all()
        others = uow.session.scalar(text("SELECT count(*) FROM unavailable WHERE person_id = :p"), key)
    assert [re.findall(r"\d{4}-\d\d-\d\d \d\d:\d\d", one) for one in shifts] == [
        ["2027-03-04 15:00", "2027-03-04 23:30"],
        ["2027-03-05 07:00", "2027-03-05 15:30"],
        ["2027-10-31 00:30", "2027-10-31 03:00"],
    ]
    assert [(re.findall(r"\d{4}-\d\d-\d\d \d\d:\d\d", one[0]), one[1]) for one in leave] == [
        (["2027-03-07 23:00", "2027-03-08 23:00"], "other")
    ]
    assert others
    assert "Allt i listan finns redan." in to_preview(planner, begin(planner, "shifts", data))


def test_faults_of_shifts_are_named(planner: Browser, town: Town) -> None:
    address = f"{town.tobacco.inspectors[0].hex[:12]}@demo.example"
    elsewhere = f"{town.police.inspectors[0].hex[:12]}@demo.example"
    data = (
        "Person;Datum;Från;Till;Slag\n"
        f"{elsewhere};2027-03-04;08:00;16:00;\n{address};4 mars;08:00;16:00;\n{address};2027-03-04;25:00;16:00;\n"
        f"{address};2027-03-04;08:00;;\n{address};2027-03-28;02:30;08:00;\n{address};2027-03-04;08:00;16:00;fika\n"
        f"{address};2027-03-09;08:00;16:00;\n{address};2027-03-09;08:00;16:00;\n"
    )
    shown = to_preview(planner, begin(planner, "shifts", data))
    for said in (
        "Ingen kollega i din myndighet", "Datumet går inte att läsa", "Skriv klockslaget som 08:00.",
        "Klockslaget saknas.", "Den tiden finns inte", "Skriv arbetspass, semester", "dubblett av rad 8",
    ):  # fmt: skip
        assert said in shown, said


def test_a_workbook_with_real_dates_and_times_is_read(planner: Browser, town: Town) -> None:
    address = f"{town.tobacco.inspectors[1].hex[:12]}@demo.example"
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    sheet, clock = book.add_worksheet("Schema"), book.add_format({"num_format": "hh:mm"})
    sheet.merge_range(0, 0, 0, 3, "Schema vecka 9")
    for place, word in enumerate(("Medarbetare", "Datum", "Börjar", "Slutar")):
        sheet.write(2, place, word)
    sheet.write(3, 0, address)
    sheet.write_datetime(3, 1, datetime.combine(date(2027, 3, 4), time(0)))
    sheet.write_number(3, 2, 16 / 24, clock)  # a time of day is a part of a day
    sheet.write_number(3, 3, 1 / 24, clock)
    book.close()
    draft = begin(planner, "shifts", out.getvalue(), "schema.xlsx")
    shown = to_preview(planner, draft)
    assert "tors 4 mars 2027 16:00" in shown
    assert "fre 5 mars 2027 01:00" in shown


# ---- around it


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("subject", ["businesses", "people", "shifts"])
def test_a_template_reads_itself_in_both_languages(planner: Browser, town: Town, subject: str, language: str) -> None:
    """Every heading of a template means its own field, so that a filled template needs no choosing."""
    answer = planner.client.get(f"/import/{subject}/template.xlsx?lang={language}")
    assert answer.status_code == 200
    fields = FIELDS[Subject(subject)]
    table = read_table(answer.data, "mall.xlsx", fields.words)
    mapping = guess(table, Subject(subject), date(2026, 11, 23))
    assert [mapping[n] for n in range(len(fields.names))] == list(fields.names)
    assert table.rows == ()


def test_every_page_of_an_import_is_whole_in_both_languages(planner: Browser, town: Town) -> None:
    address = f"{town.tobacco.inspectors[0].hex[:12]}@demo.example"
    lists = {
        "businesses": HEAD + f"Pizza {town.mark};Nygatan 3;abc;Arboga;;\nGlass {town.mark};Nygatan 4;732 31;Arboga;;\n",
        "people": f"Namn;E-post\n;a@demo.example\nBo;bo.{town.mark}@demo.example\n",
        "shifts": f"Person;Datum;Från;Till\n{address};2027-03-04;;16\n{address};2027-03-05;08;16\n",
    }
    for subject, data in lists.items():
        draft = begin(planner, subject, data)
        to_preview(planner, draft)
        paths = ["/import", f"/import/{subject}", f"{draft}/columns", f"{draft}/preview"]
        check(planner, paths)
        planner.do(f"{draft}/preview", do="leave")
        check(planner, [f"{draft}/preview"])
        check(planner, [planner.do(f"{draft}/preview", do="write")])


def check(browser: Browser, paths: list[str]) -> None:
    for path in paths:
        for language in ("sv", "en"):
            page = browser.get(f"{path}?lang={language}")
            assert f'<html lang="{language}"' in page
            assert not re.search(r"(?:imports|tables|operations)\.[a-z_]+\.|Undefined|\{[a-z_]+\}", page), path
            ids = read(page).ids
            assert len(ids) == len(set(ids)), path


def test_the_faults_and_the_result_come_as_files(planner: Browser, town: Town) -> None:
    draft = begin(
        planner,
        "businesses",
        HEAD + f"=Pizza {town.mark};Nygatan 3;=1+1;Arboga;;\n+Glass {town.mark};N 4;732 31;Arboga;;\n",
    )
    to_preview(planner, draft)
    faults = json.loads(planner.client.get(f"{draft}/preview.json").data)
    assert [(row["line"], row["column"], row["value"]) for row in faults] == [(2, "Postnummer", "=1+1")]
    assert "'=1+1" in planner.client.get(f"{draft}/preview.csv").text
    planner.do(f"{draft}/preview", do="leave")
    where = planner.do(f"{draft}/preview", do="write")
    rows = json.loads(planner.client.get(f"{where}.json").data)
    assert [(row["line"], row["outcome"]) for row in rows] == [(2, "Utelämnad"), (3, "Ny")]
    assert rows[1]["row"].startswith("+Glass")


def test_a_repeated_press_writes_once(planner: Browser, town: Town) -> None:
    draft = begin(planner, "people", f"Namn;E-post\nBo {town.mark};bo.{town.mark}@demo.example\n")
    to_preview(planner, draft)
    form = planner.form(f"{draft}/preview")
    data = {**{k: v[0] for k, v in form.fields.items()}, "do": "write"}
    first, second = planner.client.post(form.action, data=data), planner.client.post(form.action, data=data)
    assert first.status_code == second.status_code == 303
    assert first.headers["Location"] == second.headers["Location"]
    assert len([name for name in people_of(town) if name == f"Bo {town.mark}"]) == 1


def test_nobody_begins_more_lists_than_a_person_can_mean(planner: Browser, town: Town) -> None:
    for _ in range(20):
        begin(planner, "people", "Namn;E-post\nBo;bo@demo.example\n")
    answer = planner.upload("/import/people", "lista.csv", f"Namn;E-post\n{uuid4()};b@demo.example\n".encode())
    assert answer.status_code == 413


def sheet_of(content: bytes) -> bytes:
    """A workbook with one sheet."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", "<workbook/>")
        package.writestr("xl/worksheets/sheet1.xml", content)
    return out.getvalue()


def bomb() -> bytes:
    """A workbook whose one sheet unpacks to 200 MB."""
    return sheet_of(b"0" * 200_000_000)


HOSTILE = {
    "a bomb": ("lista.xlsx", bomb, "packas upp"),
    "too many rows": ("lista.csv", lambda: b"Namn;E-post\n" + b"a;b\n" * 22_000, "20 000 rader"),
    "600,000 rows": ("lista.xlsx", lambda: sheet_of(b"<row><c><v>1</v></c></row>" * 600_000), "packas upp"),
    "a NUL": ("lista.csv", lambda: b"Namn;E-post\nBo\0;b@demo.example\n", "teckenkodning"),
    "a picture": ("lista.csv", lambda: b"\x89PNG\r\n\x1a\n", ""),
    "nothing": ("lista.csv", lambda: b" \n", "tom"),
    "a broken workbook": ("lista.xlsx", lambda: b"PK\x03\x04" + b"x" * 500, ""),
    "too many bytes": ("lista.csv", lambda: b"x" * 10_000_001, "10 MB"),
}


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
@pytest.mark.parametrize("subject", ["businesses", "people", "shifts"])
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_gets_a_clear_answer_and_changes_nothing(
    planner: Browser, town: Town, cluster: Cluster, database: str, subject: str, name: str
) -> None:
    filename, make, said = HOSTILE[name]
    before = (names(town, town.planner(town.tobacco)), people_of(town))
    answer = planner.upload(f"/import/{subject}", filename, make())
    assert answer.status_code == 422
    assert 'class="err"' in answer.text
    assert said.lower() in answer.text.lower()
    assert drafts(town, cluster, database, town.planner(town.tobacco)) == []
    assert (names(town, town.planner(town.tobacco)), people_of(town)) == before
    del answer
    gc.collect()  # the test's own browser leaves the file of a large body open; it must not be blamed on another test


def test_formulas_in_a_list_are_text_to_the_end(planner: Browser, town: Town) -> None:
    formula = f"=cmd|' /C calc'!{town.mark}"
    draft = begin(planner, "people", f"Namn;E-post\n{formula};f.{town.mark}@demo.example\n")
    to_preview(planner, draft)
    where = planner.do(f"{draft}/preview", do="write")
    assert f";'{formula}" in planner.client.get(f"{where}.csv").text.replace('"', "")
    assert formula in people_of(town)
