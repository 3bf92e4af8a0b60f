"""The operation's page: what stands on it for whom, the order of visits, the talk about the plan."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from apiflask import APIFlask
from sqlalchemy import Engine, event

from samsyn.businesses.service.hours import OpenSpell, SetOpeningHours, set_opening_hours
from samsyn.calendars.rules import Said, Via
from samsyn.calendars.service import answer_here
from samsyn.core.database import SessionFactory
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.operations.queries import get_operation, visits_of
from samsyn.operations.rules import OperationState
from samsyn.operations.service import (
    AddVisit,
    AskPart,
    PlanOrder,
    add_visit,
    declare_recusal,
    form_team,
    plan_order,
)
from tests.factories import START, Town, hours
from tests.lifecycle.walk import Walk, walk_to
from tests.web.reader import Browser, open_browser

Sit = Callable[[Viewer], Browser]
TITLE = "Centrumrunda Ringleden"


@pytest.fixture
def sit(app: APIFlask) -> Sit:
    return lambda viewer: open_browser(app.test_client(), viewer)


@pytest.fixture
def lead(sit: Sit, town: Town) -> Browser:
    return sit(town.planner(town.police))


@contextmanager
def counted() -> Iterator[list[str]]:
    engine = SessionFactory.kw["bind"]
    assert isinstance(engine, Engine)
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def order(town: Town, walk: Walk, open_at: datetime | None = None) -> None:
    with unit_of_work(town.planner(town.police)) as uow:
        plan_order(uow, PlanOrder(walk.operation, TITLE, None, "ankare", "Hund på gården.", open_at=open_at))


def path_of(walk: Walk) -> str:
    return f"/operations/{walk.operation}"


def words(text: str) -> str:
    """A page's text, as it is read out."""
    main = text[text.index("<main") : text.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def test_the_orders_title_heads_the_page_for_planners_alone(sit: Sit, lead: Browser, town: Town) -> None:
    walk = walk_to(town, OperationState.CONFIRMED)
    order(town, walk)
    assert f"<h1>{TITLE}" in lead.get(path_of(walk))
    assert TITLE not in lead.get(path_of(walk)).split("</title>")[0]
    assert TITLE in sit(town.planner(town.tobacco)).get(path_of(walk))
    assert TITLE not in sit(town.inspector(town.tobacco)).get(path_of(walk))
    assert TITLE not in sit(town.planner(town.outsider)).get(path_of(walk), 404)


def test_an_unannounced_operation_is_marked_secret_until_it_is_done(lead: Browser, town: Town) -> None:
    walk = walk_to(town, OperationState.CONFIRMED)
    assert "Hemlig tills den är genomförd" in lead.get(path_of(walk))
    assert "17 kap. 1 §" in lead.get(path_of(walk))
    with unit_of_work(Viewer.task_of(town.police.id)) as uow:
        from samsyn.operations.service import set_state

        set_state(uow, walk.operation, OperationState.DONE)
    assert "Hemlig tills den är genomförd" not in lead.get(path_of(walk))


def test_the_gate_says_who_said_no_and_who_is_silent_and_how_to_mend_it(sit: Sit, lead: Browser, town: Town) -> None:
    walk = walk_to(town, OperationState.INVITED)
    with unit_of_work(town.inspector(town.police)) as uow:
        answer_here(uow, walk.places[town.police.id], Said.DECLINED, Via.PAGE, "Passet slutar 19:00")
    page = lead.get(path_of(walk))
    assert "svarade nej" in page
    assert "”Passet slutar 19:00”" in page
    assert f'href="/bookings/{walk.places[town.police.id]}/replace"' in page
    assert "har inte svarat. Kallad" in page
    with unit_of_work(town.inspector(town.tobacco)) as uow:
        answer_here(uow, walk.places[town.tobacco.id], Said.ACCEPTED, Via.PAGE, "")
    said = words(lead.get(path_of(walk)))
    assert f"{town.tobacco.name}: 1 av minst 1 har tackat ja" in said
    assert "Lagstöd, tid, samlingsplats och insatsledare är satta" in said
    assert "svarade nej (svar på sidan)" in said
    other = words(sit(town.planner(town.tobacco)).get(path_of(walk)))
    assert "Passet slutar" not in other, "a comment is for the own authority and the lead"
    assert "går vidare när inget saknas" in other


def test_opening_hours_stand_beside_each_visit(lead: Browser, town: Town) -> None:
    walk = walk_to(town, OperationState.SCHEDULED)
    assert "Okänt" in words(lead.get(path_of(walk)))
    weekday = START.isoweekday()
    with unit_of_work(town.planner(town.tobacco)) as uow:
        set_opening_hours(uow, SetOpeningHours(town.businesses[0], (OpenSpell(weekday, 600, 1500),)))
    assert "01:00" in words(lead.get(path_of(walk)))
    with unit_of_work(town.planner(town.tobacco)) as uow:
        set_opening_hours(uow, SetOpeningHours(town.businesses[0], (OpenSpell(weekday, 600, 660),)))
    assert "Stängt då" in words(lead.get(path_of(walk)))


def three_visits(town: Town) -> tuple[str, list[UUID]]:
    walk = walk_to(town, OperationState.SCHEDULED)
    with unit_of_work(town.planner(town.police)) as uow:
        for n in (1, 2):
            at = START + hours(n)
            add_visit(uow, AddVisit(walk.operation, town.businesses[n], at, at + hours(0.75)))
        return path_of(walk), [visit.id for visit in visits_of(uow, walk.operation)]


def test_visits_change_places_by_a_button(sit: Sit, lead: Browser, town: Town) -> None:
    path, visits = three_visits(town)
    where = f"/visits/{visits[1]}/order"
    assert lead.do(path, where, way="up") == f"{path}#visit-{visits[1]}"
    with unit_of_work(town.planner(town.police)) as uow:
        found = visits_of(uow, UUID(path.rsplit("/", 1)[1]))
    assert [one.id for one in found] == [visits[1], visits[0], visits[2]]
    assert lead.send(path, where, way="up").status_code == 409
    assert where not in sit(town.planner(town.tobacco)).get(path)
    assert sit(town.planner(town.tobacco)).client.post(where, data={"way": "up"}).status_code in {400, 403}


def test_people_write_about_the_plan_and_only_they_read_it(sit: Sit, lead: Browser, town: Town) -> None:
    walk = walk_to(town, OperationState.INVITED)
    path = path_of(walk)
    tobacco = sit(town.inspector(town.tobacco))
    assert lead.do(path, f"{path}/messages", text="Vi tar två bilar.").startswith(f"{path}#message-")
    assert tobacco.do(path, f"{path}/messages", text="Bra.").startswith(f"{path}#message-")
    page = words(lead.get(path))
    assert page.index("Vi tar två bilar.") < page.index("Bra.")
    assert "Inga iakttagelser" in page
    for office in (town.health, town.outsider):
        assert "Vi tar två bilar" not in sit(town.planner(office)).get(path, 404)
    refused = lead.send(path, f"{path}/messages", text="Han heter Bo, 19121212-1212.")
    assert refused.status_code == 422
    assert "Innehåller ett personnummer" in refused.text
    assert "19121212-1212.</textarea>" in refused.text


def test_a_recused_person_sees_no_talk_no_title_and_no_visit(sit: Sit, lead: Browser, town: Town) -> None:
    walk = walk_to(town, OperationState.CONFIRMED)
    order(town, walk)
    lead.do(path_of(walk), f"{path_of(walk)}/messages", text="Kiosken på hörnet är först.")
    viewer = town.planner(town.tobacco)
    with unit_of_work(viewer) as uow:
        declare_recusal(uow, walk.visit, "släkt")
    page = sit(viewer).get(path_of(walk))
    for secret in (TITLE, "Kiosken på hörnet", f"Kiosk 0 {town.mark}", "ankare"):
        assert secret not in page
    assert "Du har anmält jäv" in page


def test_the_invitation_is_shown_as_it_leaves_without_the_place(sit: Sit, lead: Browser, town: Town) -> None:
    walk = walk_to(town, OperationState.SCHEDULED)
    order(town, walk)
    page = lead.get(f"{path_of(walk)}/invitation")
    assert "Polishuset, plan 2" in page
    assert "17:30" in page
    for secret in (f"Kiosk 0 {town.mark}", "Nygatan", TITLE, "ankare"):
        assert secret not in page
    assert sit(town.planner(town.tobacco)).client.get(f"{path_of(walk)}/invitation").status_code == 403


def big(town: Town, starts_at: datetime) -> Walk:
    """Eight visits, two teams, four messages, opening hours: as much as a busy evening has."""
    walk = walk_to(town, OperationState.INVITED, starts_at=starts_at)
    with unit_of_work(town.planner(town.police)) as uow:
        parts = tuple(AskPart(o.id, o.unit) for o in (town.police, town.tobacco, town.environment, town.health))
        for n in range(7):
            at = starts_at + hours(n / 4)
            add_visit(uow, AddVisit(walk.operation, town.businesses[n % 3], at, at + hours(0.25), parts=parts))
        visits = [visit.id for visit in visits_of(uow, walk.operation)]
        form_team(uow, walk.operation, "Lag 1", visits[:4])
        form_team(uow, walk.operation, "Lag 2", visits[4:])
    return walk


def test_the_page_takes_few_statements_whatever_the_operations_size(lead: Browser, town: Town) -> None:
    counts: dict[str, int] = {}
    said: list[str] = []
    for name, walk in {
        "small": walk_to(town, OperationState.INVITED),
        "big": big(town, START + timedelta(days=30)),
    }.items():
        lead.do(path_of(walk), f"{path_of(walk)}/messages", text="Vi ses.")
        for where in ("", "/order"):
            with counted() as seen:
                lead.get(f"{path_of(walk)}{where}")
            counts[f"{name}{where}"], said = len(seen), seen
    assert counts["small"] == counts["big"], counts
    assert counts["small/order"] == counts["big/order"], counts
    assert counts["big"] <= 45, counts
    for table in ("visit_part", "assignment", "visit", "visit_target", "participation", "delivery"):
        assert sum(f"FROM {table} " in " ".join(one.split()) for one in said) == 1, table


def test_the_clock_of_these_tests_is_ahead_of_the_release() -> None:
    assert datetime.now(UTC) + timedelta(hours=2) < START


def test_the_list_is_narrowed_by_state_lead_code_word_and_readable_title(sit: Sit, lead: Browser, town: Town) -> None:
    walk = walk_to(town, OperationState.CONFIRMED)
    other = walk_to(town, OperationState.PREPARING, starts_at=START + timedelta(days=1))
    order(town, walk)
    with unit_of_work(town.planner(town.police)) as uow:
        word = get_operation(uow, other.operation).code_word
    base = "/operations?week=2027-09"
    both, first, second = {path_of(walk), path_of(other)}, {path_of(walk)}, {path_of(other)}
    for query, wanted in {
        "": both,
        "&state=preparing": second,
        "&state=open&led=us": both,
        "&led=others": set(),
        f"&text={word[2:].upper()}": second,
        "&text=ringleden": first,
        "&text=%25": set(),
    }.items():
        page = lead.get(base + query)
        assert {path for path in both if f'href="{path}"' in page} == wanted, query
    assert "Inga insatser stämmer med urvalet" in lead.get(f"{base}&led=others")
    assert "1 besök" in lead.get(base)
    assert "3 av 3 har tackat ja" in lead.get(base)
    goer = sit(town.inspector(town.tobacco))
    assert path_of(walk) not in goer.get(f"{base}&text=ringleden"), "a title that is not open is not searched"
    assert TITLE not in goer.get(base)
    assert lead.client.get(f"{base}&state=nonsense").status_code == 422
    for filters in ("?state=open", "?state=open&led=others", "?text=x&limit=1", "?led=us"):
        lead.get(f"/operations{filters}")


def test_a_dialogue_says_in_numbers_what_will_happen(lead: Browser, town: Town) -> None:
    walk = walk_to(town, OperationState.CONFIRMED)
    path = path_of(walk)
    move = words(lead.get(f"{path}/move"))
    assert "3 personer får en ny kallelse och behöver svara igen." in move
    assert "3 personers bokade tid flyttas." in move
    assert "Insatsen går tillbaka till Planerad." in move
    stop = words(lead.get(f"{path}/stop"))
    assert "3 personer får ett återbud." in stop
    assert "3 personers tid blir ledig." in stop
    assert "3 personer får en ny kallelse om tid eller plats ändras." in words(lead.get(f"{path}/meeting"))
    quorum = words(lead.get(f"{path}/authorities/{town.tobacco.id}"))
    assert "1 av myndighetens personer har tackat ja." in quorum
    assert "i fara" in quorum
    early = path_of(walk_to(town, OperationState.PREPARING, starts_at=START + timedelta(days=2)))
    assert "Ingen har fått en kallelse än" in words(lead.get(f"{early}/move"))
