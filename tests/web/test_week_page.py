"""The week planner as its readers see it: lane, rows, clashes, missing answers, common times, and who sees what."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import text

from samsyn.core.uow import unit_of_work
from samsyn.operations.rules import OperationState
from samsyn.operations.service import declare_recusal
from samsyn.planning.rules import LeaveKind
from tests.factories import Town
from tests.lifecycle.walk import walk_to
from tests.planning import scene
from tests.planning.scene import MONDAY
from tests.web.reader import Browser
from tests.web.test_planner_pages import Sit, counted, sit

__all__ = ["sit"]
WEEK = "/week?week=2027-W09"
THURSDAY = MONDAY + timedelta(days=3)


@pytest.fixture
def lead(sit: Sit, town: Town) -> Browser:
    return sit(town.planner(town.police))


def words(html: str) -> str:
    """The text of a page's main part."""
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]+>", "", main.replace("\u00ad", ""))).split())


def row(html: str, name: str) -> str:
    """The text of one row of the table."""
    found = [
        r
        for r in re.findall(r"<tr.*?</tr>", html.replace("\u00ad", ""), re.DOTALL)
        if re.search(rf'scope="row">\s*{name}<', r)
    ]
    assert len(found) == 1, name
    return " ".join(unescape(re.sub(r"<[^>]+>", "", found[0])).split())


def rail(html: str) -> str:
    """The text beside the table."""
    begins = html.index('<aside class="rail"')
    return words(f"<main>{html[begins : html.index('</aside>', begins)]}</main>")


def test_an_operation_stands_in_the_lane_and_in_each_units_row_and_says_its_day(lead: Browser, town: Town) -> None:
    offices = (town.police, town.tobacco, town.environment)
    operation = scene.propose(town, scene.span(THURSDAY, "18:00", "21:00"), offices, businesses=(0, 1, 2))
    scene.answer(town, operation, town.police)
    scene.send(town, operation, town.tobacco)
    html = lead.get(WEEK)
    lane = row(html, "Samordnat")
    assert "torsdag 4 mars, 18:00–21:00" in lane
    assert f"Kiosk 0 {town.mark}" in lane
    assert "3 verksamheter" in lane
    assert "beredning" in lane
    assert "Enhet Socialnämnden (har inte svarat)" in lane
    assert "Enhet Polisen," in lane
    assert "1 av 3 svar" in lane
    assert f"torsdag 4 mars, 18–21, Utkast: Kiosk 0 {town.mark}, Inspektör 1 Socialnämnden" in row(
        html, "Enhet Socialnämnden"
    )
    assert "18–21" not in row(html, "Enhet Hälsoskyddsnämnden")
    assert f'href="/operations/{operation}"' in html


def test_the_own_units_come_first(lead: Browser, sit: Sit, town: Town) -> None:
    units = r'<th scope="row">(Enhet [^<]+)<'
    assert re.findall(units, lead.get(WEEK).replace("\u00ad", ""))[0] == "Enhet Polisen"
    theirs = re.findall(units, sit(town.planner(town.tobacco)).get(WEEK).replace("\u00ad", ""))
    assert theirs[0] == "Enhet Socialnämnden"
    assert set(theirs) == {f"Enhet {one.name.rsplit(maxsplit=1)[0]}" for one in town.offices}


def test_a_card_carries_the_orders_title_and_a_confirmed_one_asks_for_nothing(lead: Browser, town: Town) -> None:
    operation = scene.propose(town, scene.span(THURSDAY, "10:00", "12:00"), (town.police, town.tobacco))
    for office in (town.police, town.tobacco):
        scene.answer(town, operation, office)
        scene.send(town, operation, office, accepted=True)
    scene.state(town, operation, OperationState.CONFIRMED)
    scene.title(town, operation, "Tobaksrunda centrum")
    lane = row(lead.get(WEEK), "Samordnat")
    assert "10:00–12:00, Tobaksrunda centrum, Nygatan 101" in lane
    assert "svar" not in lane
    assert "Deltar: Enhet Polisen, Enhet Socialnämnden." in lane


def test_an_authority_that_said_no_is_struck_and_is_a_clash(lead: Browser, town: Town) -> None:
    operation = scene.propose(town, scene.span(THURSDAY, "10:00", "12:00"), (town.police, town.tobacco))
    scene.answer(town, operation, town.tobacco, accepted=False)
    html = lead.get(WEEK)
    assert "Enhet Socialnämnden (har sagt nej)" in row(html, "Samordnat")
    assert "Krock: Enhet Socialnämnden har sagt nej" in row(html, "Samordnat")
    assert "pill--no" in html


def test_a_called_off_operation_is_gone_and_one_of_a_single_authority_is_its_own(lead: Browser, town: Town) -> None:
    gone = scene.propose(town, scene.span(MONDAY, "10:00", "12:00"), (town.police, town.tobacco))
    scene.state(town, gone, OperationState.CANCELLED)
    scene.propose(town, scene.span(THURSDAY, "13:00", "15:00"), (town.police,), state=OperationState.SCHEDULED)
    html = lead.get(WEEK)
    assert str(gone) not in html
    assert "13:00–15:00" not in row(html, "Samordnat")
    assert "13–15" in row(html, "Enhet Polisen")


def test_who_is_away_that_day_is_a_clash_with_the_way_out_beside_it(lead: Browser, town: Town) -> None:
    operation = scene.propose(town, scene.span(THURSDAY, "18:00", "21:00"), (town.police, town.tobacco))
    mine = scene.send(town, operation, town.police)
    scene.send(town, operation, town.tobacco)
    scene.shift(town, town.police, scene.span(THURSDAY, "11:00", "19:00"))
    scene.take(town, town.tobacco, scene.span(THURSDAY, "20:00", "23:00"))
    html = lead.get(WEEK)
    lane, todo = row(html, "Samordnat"), rail(html)
    assert "Krock: Inspektör 1 Polisen: passet slutar 19:00" in lane
    assert "Krock: Inspektör 1 Socialnämnden är upptagen 20–23" in lane
    assert "passet slutar 19:00" in todo
    assert f'href="/operations/{operation}/move"' in html
    assert f'href="/bookings/{mine}/replace"' in html
    assert html.count("own--clash") == 2
    assert "<dd>2</dd>" in html


def test_a_clash_is_mended_by_one_press_with_a_colleague_who_can(lead: Browser, sit: Sit, town: Town) -> None:
    operation = scene.propose(town, scene.span(THURSDAY, "18:00", "21:00"), (town.police, town.tobacco))
    mine = scene.send(town, operation, town.police)
    theirs = scene.send(town, operation, town.tobacco)
    for office in (town.police, town.tobacco):
        scene.take(town, office, scene.span(THURSDAY, "20:00", "23:00"))
    todo = rail(lead.get(WEEK))
    assert "Byt Inspektör 1 Polisen mot Inspektör 2 Polisen" in todo
    assert f'action="/bookings/{theirs}' not in lead.get(WEEK)  # who goes for others is theirs to say
    assert "Byt Inspektör 1 Socialnämnden" in rail(sit(town.planner(town.tobacco)).get(WEEK))
    lead.do(WEEK, f"/bookings/{mine}/replace")
    assert "Byt Inspektör 1 Polisen" not in rail(lead.get(WEEK))


def test_nobody_is_proposed_who_cannot_and_missing_people_are_asked_by_one_press(lead: Browser, town: Town) -> None:
    when = scene.span(THURSDAY, "10:00", "12:00")
    operation = scene.propose(town, when, (town.tobacco, town.police), people=2)
    scene.take(town, town.police, when, 0)
    assert "Fråga Inspektör 2 Polisen" in rail(lead.get(WEEK))
    lead.do(WEEK, f"/operations/{operation}/people/new")
    assert "Fråga Inspektör" not in rail(lead.get(WEEK))


def test_the_time_that_a_person_accepted_is_no_clash_with_the_persons_own_calendar(lead: Browser, town: Town) -> None:
    when = scene.span(THURSDAY, "18:00", "21:00")
    operation = scene.propose(town, when, (town.police, town.tobacco))
    scene.send(town, operation, town.tobacco, accepted=True)
    scene.take(town, town.tobacco, when)
    assert "är upptagen" not in words(lead.get(WEEK))


def test_more_people_asked_for_than_are_left_is_a_clash(lead: Browser, town: Town) -> None:
    when = scene.span(THURSDAY, "10:00", "12:00")
    scene.propose(town, when, (town.police, town.tobacco), people=2)
    assert "lediga" not in row(lead.get(WEEK), "Samordnat")
    scene.book(town, town.tobacco, scene.span(THURSDAY, "11:00", "13:00"), 0)
    assert "Enhet Socialnämnden: 1 av 2 som behövs är lediga" in row(lead.get(WEEK), "Samordnat")
    scene.take(town, town.tobacco, scene.span(THURSDAY, "08:00", "10:30"), 1)
    assert "Enhet Socialnämnden: ingen är ledig" in row(lead.get(WEEK), "Samordnat")


def test_closed_premises_and_lost_quorum_are_clashes(lead: Browser, town: Town) -> None:
    operation = scene.propose(town, scene.span(THURSDAY, "18:00", "21:00"), (town.police, town.tobacco))
    scene.opens(town, 0, 4, 9 * 60, 18 * 60)
    scene.state(town, operation, OperationState.INVITED, in_danger=True)
    lane = row(lead.get(WEEK), "Samordnat")
    assert f"Kiosk 0 {town.mark} har stängt 18:00" in lane
    assert "För få har sagt ja" in lane


def test_what_is_past_clashes_with_nothing(lead: Browser, town: Town) -> None:
    day = date(2026, 3, 5)
    operation = scene.propose(town, scene.span(day, "10:00", "12:00"), (town.police, town.tobacco))
    scene.answer(town, operation, town.tobacco, accepted=False)
    html = lead.get("/week?week=2026-W10")
    assert "10:00–12:00" in row(html, "Samordnat")
    assert "Inga krockar den här veckan" in rail(html)
    assert "Ingen gemensam tid" in row(html, "Alla lediga")


def test_missing_answers_say_who_and_since_when(lead: Browser, town: Town) -> None:
    walk_to(town, OperationState.INVITED)
    todo = rail(lead.get(WEEK))
    assert re.search(r"1 har inte svarat på kallelsen från \w+dag \d+ \w+\.", todo)
    assert "Insatsen är tors 18–21, 4 mars." in todo
    assert "0 av 3 kallelser skickade" in todo
    assert "3 i kö" in todo


def test_a_refused_invitation_names_the_reason(lead: Browser, town: Town) -> None:
    walk = walk_to(town, OperationState.INVITED)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        uow.session.execute(
            text(
                "INSERT INTO delivery_attempt (id, delivery_id, operation_id, to_id, attempt, happened, reason, at)"
                " SELECT gen_random_uuid(), id, operation_id, to_id, 1, w,"
                " CASE w WHEN 'refused' THEN 'bounced' END, now()"
                " FROM delivery, unnest(ARRAY['begin', 'refused']) w WHERE operation_id = :o AND to_id = :me"
            ),
            {"o": walk.operation, "me": town.tobacco.id},
        )
    todo = rail(lead.get(WEEK))
    assert "Inspektör 1 Socialnämnden: Mejlet kom i retur." in todo
    assert "2 i kö" in todo


def test_leave_is_shown_with_its_kind_to_the_own_authority_alone(lead: Browser, sit: Sit, town: Town) -> None:
    for n in (0, 1):
        scene.leave(town, town.tobacco, scene.span(THURSDAY, "08:00", "17:00"), LeaveKind.TRAINING, n)
    own = row(sit(town.planner(town.tobacco)).get(WEEK), "Enhet Socialnämnden")
    assert "Heldag, Utbildning, Inspektör 1 Socialnämnden, Inspektör 2 Socialnämnden" in own
    theirs = lead.get(WEEK)
    assert "Heldag, Ingen i tjänst" in row(theirs, "Enhet Socialnämnden")
    assert "Utbildning" not in theirs
    elsewhere = sit(town.inspector(town.police)).get(WEEK)
    assert "Utbildning" not in elsewhere
    assert "Ingen i tjänst" not in elsewhere


def test_how_many_are_on_duty_is_told_to_planners_and_the_own_people(lead: Browser, sit: Sit, town: Town) -> None:
    for n in range(5):
        scene.take(town, town.tobacco, scene.span(MONDAY + timedelta(days=n), "07:00", "18:00"))
    assert "1 av 2 i tjänst" in row(lead.get(WEEK), "Enhet Socialnämnden")
    assert "2 personer" in row(sit(town.inspector(town.police)).get(WEEK), "Enhet Socialnämnden")
    assert "1 av 2 i tjänst" in row(sit(town.inspector(town.tobacco)).get(WEEK), "Enhet Socialnämnden")


def test_common_times_lead_to_a_form_that_has_them(lead: Browser, town: Town) -> None:
    for n in (0, 1):
        scene.book(town, town.tobacco, scene.span(THURSDAY, "10:00", "12:30"), n)
    html = lead.get(WEEK)
    free = row(html, "Alla lediga")
    assert "Planera insats torsdag 4 mars, 08:00–10:00" in free
    assert "Planera insats torsdag 4 mars, 12:30–17:00" in free
    href = unescape(re.search(r'class="slot" href="([^"]*2027-03-04[^"]*)"', html)[1])  # type: ignore[index]
    assert parse_qs(urlsplit(href).query) == {"starts": ["2027-03-04T08:00"], "ends": ["2027-03-04T10:00"]}
    form = lead.form(href, "/operations/new")
    assert form.fields["starts_at_time"] == ["08:00"]
    assert form.fields["ends_at_date"] == ["2027-03-04"]
    assert lead.get("/operations/new?starts=nonsense&ends=0001-01-01T00:00")


def test_only_the_units_that_were_ticked_count_for_common_times(lead: Browser, town: Town) -> None:
    for n in (0, 1):
        scene.book(town, town.tobacco, scene.span(THURSDAY, "08:00", "17:00"), n)
    assert "torsdag" not in row(lead.get(WEEK), "Alla lediga")
    chosen = f"{WEEK}&unit={town.police.unit}&unit=nonsense"
    html = lead.get(chosen)
    assert "torsdag 4 mars, 08:00–17:00" in row(html, "Alla lediga")
    assert f"week=2027-W10&amp;unit={town.police.unit}" in html


def test_an_empty_week_says_so_and_offers_one_thing(lead: Browser, sit: Sit, town: Town) -> None:
    html = lead.get("/week?week=2031-W20")
    assert "Inga insatser vecka 20" in words(html)
    empty = html[html.index('class="empty"') :]
    assert 'href="/operations/new"' in empty[: empty.index("</section>")]
    other = sit(town.inspector(town.tobacco)).get("/week?week=2031-W20")
    assert "Visa kommande insatser" in words(other)
    assert "/operations/new" not in other


def test_a_week_that_does_not_exist_keeps_what_was_typed(lead: Browser) -> None:
    html = lead.get("/week?week=99", status=422)
    assert 'value="99"' in html
    assert 'aria-invalid="true"' in html
    for typed in ("48", "v. 48", "2026-W48", "v48"):
        assert "Vecka 48" in lead.get(f"/week?week={typed}")


@pytest.mark.parametrize(
    ("week", "dates", "beside"),
    [
        ("2026-W53", "28 december 2026–3 januari 2027", ("2026-W52", "2027-W01")),
        ("2027-W01", "4–10 januari 2027", ("2026-W53", "2027-W02")),
        ("2027-W12", "22–28 mars 2027", ("2027-W11", "2027-W13")),
        ("2027-W43", "25–31 oktober 2027", ("2027-W42", "2027-W44")),
    ],
)
def test_weeks_at_the_turn_of_the_year_and_of_the_clocks(
    lead: Browser, town: Town, week: str, dates: str, beside: tuple[str, str]
) -> None:
    monday = date.fromisocalendar(int(week[:4]), int(week[-2:]), 1)
    sunday = monday + timedelta(days=6)
    scene.propose(town, scene.span(sunday, "22:00", "23:30"), (town.police, town.tobacco))
    scene.propose(
        town, scene.span(sunday + timedelta(days=1), "00:15", "01:30"), (town.police, town.tobacco), businesses=(1,)
    )
    html = lead.get(f"/week?week={week}")
    assert f"Vecka {int(week[-2:])} {dates}" in words(html)
    assert "22:00–23:30" in row(html, "Samordnat")
    assert "00:15–01:30" not in row(html, "Samordnat")
    assert all(f'href="/week?week={one}"' in html for one in beside)


def test_red_and_squeeze_days_are_named_and_warned_of(lead: Browser, town: Town) -> None:
    friday = date(2027, 5, 7)
    scene.propose(town, scene.span(friday, "10:00", "12:00"), (town.police, town.tobacco))
    html = lead.get("/week?week=2027-W18")
    assert "Kristi himmelsfärdsdag" in html
    assert "Fredag 7 maj är klämdag, många är lediga. Insatser den dagen: 1." in rail(html)
    assert "torsdag" not in row(html, "Alla lediga")
    assert "Ascension Day" in lead.get("/week?week=2027-W18&lang=en")


def test_today_is_marked(lead: Browser) -> None:
    html = lead.get("/week")
    assert html.count('aria-current="date"') == 2
    assert 'aria-current="date"' not in lead.get("/week?week=2031-W20")


def test_an_inspector_reads_the_code_word_and_no_place_before_it_opens(sit: Sit, town: Town) -> None:
    operation = scene.propose(town, scene.span(THURSDAY, "18:00", "21:00"), (town.police, town.tobacco))
    scene.title(town, operation, "Hemlig runda")
    scene.opens(town, 0, 4, 9 * 60, 18 * 60)
    scene.send(town, operation, town.tobacco, accepted=True)
    html = sit(town.inspector(town.tobacco)).get(WEEK)
    with unit_of_work(town.planner(town.police)) as uow:
        code_word = uow.session.scalar(text("SELECT code_word FROM operation WHERE id = :o"), {"o": operation})
    assert f"Insats {code_word}" in row(html, "Samordnat")
    for secret in (f"Kiosk 0 {town.mark}", "Nygatan 101", "Hemlig runda", "har stängt"):
        assert secret not in html, secret


def test_who_declared_a_conflict_of_interest_reads_no_place(sit: Sit, town: Town) -> None:
    operation = scene.propose(town, scene.span(THURSDAY, "18:00", "21:00"), (town.police, town.tobacco))
    scene.title(town, operation, "Hemlig runda")
    me = town.planner(town.tobacco)
    with unit_of_work(me) as uow:
        visit = uow.session.scalar(text("SELECT id FROM visit WHERE operation_id = :o"), {"o": operation})
        declare_recusal(uow, visit, "släkting")
    html = sit(me).get(WEEK)
    assert "Hemlig runda" not in html
    assert f"Kiosk 0 {town.mark}" not in html


def test_an_authority_outside_sees_nothing_of_it(sit: Sit, town: Town) -> None:
    operation = scene.propose(town, scene.span(THURSDAY, "18:00", "21:00"), (town.police, town.tobacco))
    scene.send(town, operation, town.tobacco, accepted=True)
    html = sit(town.planner(town.outsider)).get(WEEK)
    assert str(operation) not in html
    assert "Inspektör 1 Socialnämnden" not in html
    assert "Enhet Socialnämnden" not in html
    assert "Enhet Grannkommunen" in html


def test_a_member_that_does_not_take_part_learns_that_time_is_taken_and_nothing_else(sit: Sit, town: Town) -> None:
    operation = scene.propose(town, scene.span(THURSDAY, "18:00", "21:00"), (town.police, town.tobacco))
    scene.send(town, operation, town.tobacco, accepted=True)
    planner = sit(town.planner(town.health)).get(WEEK)
    assert "18–21, Upptagen, Inspektör 1 Socialnämnden" in row(planner, "Enhet Socialnämnden")
    assert str(operation) not in planner
    inspector = sit(town.inspector(town.health)).get(WEEK)
    assert "Upptagen" not in inspector
    assert "18–21" not in inspector


def test_the_page_takes_as_many_statements_however_much_is_in_the_week(lead: Browser, town: Town) -> None:
    lead.get(WEEK)
    with counted() as empty:
        lead.get(WEEK)
    for n in range(3):
        day = MONDAY + timedelta(days=n)
        when = scene.span(day, "10:00", "12:00")
        operation = scene.propose(town, when, town.offices, businesses=(0, 1))
        for office in town.offices:
            scene.send(town, operation, office)
            scene.leave(town, office, when, LeaveKind.OTHER, 1)
        scene.opens(town, 0, n + 1, 540, 600)
    walk_to(town, OperationState.INVITED)
    with counted() as full:
        lead.get(WEEK)
    assert len(full) == len(empty)
    assert len(full) < 40


def test_the_week_as_a_file_says_what_the_page_says(lead: Browser, sit: Sit, town: Town) -> None:
    operation = scene.propose(town, scene.span(THURSDAY, "18:00", "21:00"), (town.police, town.tobacco))
    scene.send(town, operation, town.tobacco, accepted=True)
    scene.take(town, town.tobacco, scene.span(THURSDAY, "19:00", "20:00"))
    rows = lead.client.get("/week.json?week=2027-W09").get_json()
    assert [(one["row"], one["what"], one["who"], one["clashes"]) for one in rows] == [
        (
            "Samordnat",
            f"Kiosk 0 {town.mark}",
            "Enhet Polisen, Enhet Socialnämnden",
            "Inspektör 1 Socialnämnden är upptagen 19–20",
        ),
        ("Enhet Polisen", f"Kiosk 0 {town.mark}", None, None),
        ("Enhet Socialnämnden", f"Kiosk 0 {town.mark}", "Inspektör 1 Socialnämnden", "Krock"),
    ]
    assert rows[0]["id"] == str(operation)
    assert lead.client.get("/week.xlsx?week=99").status_code == 422
    inspector = sit(town.inspector(town.tobacco)).client.get("/week.json?week=2027-W09").text
    assert f"Kiosk 0 {town.mark}" not in inspector


def test_an_authority_that_comes_from_outside_the_collaboration_is_named_and_has_no_row(
    lead: Browser, town: Town
) -> None:
    scene.propose(town, scene.span(THURSDAY, "18:00", "21:00"), (town.tobacco, town.outsider))
    html = lead.get(WEEK)
    name = "Enhet Grannkommunen"
    assert f"{name} (har inte svarat)" in row(html, "Samordnat")
    assert f"{name}, Kiosk" in rail(html)
    assert f'scope="row">{name}' not in html.replace("\u00ad", "")


def test_a_whole_day_away_is_said_as_one(lead: Browser, town: Town) -> None:
    operation = scene.propose(town, scene.span(THURSDAY, "18:00", "21:00"), (town.police, town.tobacco))
    mine = scene.send(town, operation, town.police)
    midnights = scene.moment(THURSDAY, "00:00"), scene.moment(THURSDAY + timedelta(days=1), "00:00")
    scene.leave(town, town.police, midnights, LeaveKind.TRAINING)
    todo = rail(html := lead.get(WEEK))
    assert "utbildning heldag" in todo
    assert "Byt ut Inspektör 1 Polisen" in todo
    assert f'href="/bookings/{mine}/replace"' in html
