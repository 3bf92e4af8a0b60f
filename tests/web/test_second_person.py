"""A list of many rows leaves after two people: one asks, a colleague says yes, and the yes is used once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from apiflask import APIFlask
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError

from samsyn.access.rules import Role
from samsyn.approvals.models import ApprovalDecision, ApprovalUse
from samsyn.approvals.queries import my_questions, to_decide
from samsyn.approvals.service import Decide, decide
from samsyn.core.errors import ConflictError, NotAllowedError, NotFoundError
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.web.exports import LISTINGS
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.factories import Office, Town, make_person
from tests.web.reader import Browser, open_browser

LIST = "/businesses"


@pytest.fixture(autouse=True)
def few_rows() -> Iterator[None]:
    """The town has three businesses; here more than two need a second person."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("samsyn.web.exports.second_person.ALONE", 2)
        yield


@pytest.fixture
def asker(app: APIFlask, town: Town) -> Browser:
    return open_browser(app.test_client(), town.inspector(town.tobacco))


@pytest.fixture
def colleague(app: APIFlask, town: Town) -> Browser:
    return open_browser(app.test_client(), town.planner(town.tobacco))


def ask(browser: Browser, query: str = "", reason: str = "Årets tillsynsplan.") -> None:
    """Fetch the list, be told, and ask."""
    answer = browser.client.get(f"{LIST}.xlsx{query}")
    assert answer.status_code == 403
    assert "Det behövs en person till" in answer.text
    token = re.search(r'name="csrf_token" value="([^"]+)"', answer.text)
    action = re.search(r'action="([^"]+\.ask[^"]*)"', answer.text)
    assert token is not None
    assert action is not None
    data = {"csrf_token": token[1], "idempotency_key": uuid4().hex, "reason": reason}
    sent = browser.client.post(action[1].replace("&amp;", "&"), data=data)
    assert (sent.status_code, sent.headers.get("Location")) == (303, "/approvals#mine"), sent.text[-1500:]


def waiting_id(town: Town, office: Office) -> UUID:
    with unit_of_work(town.planner(office)) as uow:
        return to_decide(uow)[0].id


def say(browser: Browser, town: Town, decision: str, reason: str = "") -> None:
    browser.do("/approvals", f"/approvals/{waiting_id(town, town.tobacco)}", decision=decision, reason=reason)


def status(browser: Browser, path: str) -> int:
    return browser.client.get(path).status_code


def test_one_asks_another_says_yes_and_the_file_comes_once(asker: Browser, colleague: Browser, town: Town) -> None:
    ask(asker)
    assert status(asker, f"{LIST}.xlsx") == 403, "asking is no yes"
    start = colleague.get("/")
    assert "En kollega ber om ditt ja till en lista som fil." in start
    assert 'href="/approvals"' in start
    told = colleague.get("/notices")
    assert "En kollega ber om ditt ja." in told
    assert 'href="/approvals"' in told
    assert "tillsynsplan" not in told
    page = colleague.get("/approvals")
    assert "Verksamheter som fil, 3 rader" in page
    assert "Årets tillsynsplan." in page
    say(colleague, town, "yes")
    assert "ber om ditt ja" not in colleague.get("/")
    assert "En kollega har svarat på din fråga." in asker.get("/notices")
    assert f'href="{LIST}.csv"' in asker.get("/approvals")
    assert asker.client.head(f"{LIST}.csv").status_code == 403, "a look at the head uses nothing up"
    assert status(asker, f"{LIST}.csv") == 200
    assert status(asker, f"{LIST}.csv") == 403, "used once"
    assert status(asker, f"{LIST}.json") == 403
    assert "Hämtad" in asker.get("/approvals")


def test_where_nothing_waits_the_page_says_what_comes_here(asker: Browser) -> None:
    assert "Inget behöver två personer just nu" in asker.get("/approvals")


def test_the_trail_holds_both_people(
    asker: Browser, colleague: Browser, town: Town, cluster: Cluster, database: str
) -> None:
    ask(asker)
    say(colleague, town, "yes")
    assert status(asker, f"{LIST}.csv") == 200
    with as_owner(cluster, database) as db:
        rows = db.execute(
            text("SELECT action, actor_person_id AS who, reason FROM audit WHERE object_authority_id = :a ORDER BY at"),
            {"a": town.tobacco.id},
        ).all()
    me, other = town.tobacco.inspectors[0], town.tobacco.planner
    lines = [(row.action, row.who, row.reason) for row in rows]
    assert ("access.refused", me, "second_person GET /businesses.xlsx") in lines
    assert ("approval.ask", me, "businesses 3") in lines
    assert ("approval.approve", other, str(me)) in lines
    assert ("approval.use", me, str(other)) in lines
    assert ("list.export", me, "businesses.csv 3") in lines
    assert not any("tillsynsplan" in (row.reason or "") for row in rows)


def test_the_yes_is_for_that_list_with_those_filters(asker: Browser, colleague: Browser, town: Town) -> None:
    ask(asker, "?begins_with=Kiosk&limit=1")
    say(colleague, town, "yes")
    assert status(asker, f"{LIST}.csv") == 403, "another list than the one that was asked for"
    assert status(asker, f"{LIST}.csv?begins_with=K") == 403
    assert status(colleague, f"{LIST}.csv?begins_with=Kiosk") == 403, "another person than the one who asked"
    assert status(asker, f"{LIST}.csv?begins_with=Kiosk&limit=50&lang=en") == 200, "how it is shown is no matter"


def test_a_short_list_and_ones_own_need_nobody(asker: Browser, town: Town) -> None:
    assert status(asker, f"{LIST}.csv?begins_with=Kiosk+1+{town.mark}") == 200
    assert {name for name, one in LISTINGS.items() if one.own} == {"notices", "import_faults", "import_result"}


def test_a_no_has_a_reason_and_is_read_by_who_asked(asker: Browser, colleague: Browser, town: Town) -> None:
    ask(asker)
    path = f"/approvals/{waiting_id(town, town.tobacco)}"
    answer = colleague.send("/approvals", path, decision="no", reason=" ")
    assert answer.status_code == 422
    assert 'href="#f-reason"' in answer.text
    say(colleague, town, "no", "Filtrera på Arboga i stället.")
    assert "Filtrera på Arboga i stället." in asker.get("/approvals")
    assert status(asker, f"{LIST}.csv") == 403


def test_a_reason_is_asked_for_and_the_same_is_not_asked_twice(asker: Browser) -> None:
    text_of = asker.client.get(f"{LIST}.csv").text
    token = text_of.split('name="csrf_token" value="')[1].split('"')[0]
    missing = asker.client.post(f"{LIST}.ask", data={"csrf_token": token, "reason": " "})
    assert missing.status_code == 422
    assert 'href="#f-reason"' in missing.text
    ask(asker)
    again = asker.client.post(f"{LIST}.ask", data={"csrf_token": token, "reason": "Igen."})
    assert again.status_code == 409
    assert "redan frågat" in again.text
    assert "Igen." in again.text, "what was typed is kept"
    short = asker.client.post(f"{LIST}.ask?begins_with=finns+inte", data={"csrf_token": token, "reason": "Kort."})
    assert short.status_code == 409


def test_a_program_is_told_with_a_problem(app: APIFlask, town: Town) -> None:
    headers = {"Authorization": f"Bearer {town.token(town.inspector(town.tobacco))}", "Accept": "application/json"}
    answer = app.test_client().get(f"{LIST}.json", headers=headers)
    assert (answer.status_code, answer.json and answer.json["code"]) == (403, "second_person")


def asked_by(app: APIFlask, viewer: Viewer) -> None:
    ask(open_browser(app.test_client(), viewer))


def test_nobody_decides_on_their_own_in_the_house_or_in_the_database(app: APIFlask, town: Town) -> None:
    me = town.planner(town.tobacco)
    asked_by(app, me)
    with unit_of_work(me) as uow:
        mine = my_questions(uow)[0].id
        assert to_decide(uow) == []
        with pytest.raises(NotAllowedError):
            decide(uow, Decide(mine, approved=True))
    row = {"approval_id": mine, "authority_id": me.authority_id, "approved": True, "decided_by_id": me.person_id}
    other = make_person(town.tobacco.id, town.tobacco.unit, "Beslutsfattare", {Role.DECIDER})
    for who, said in ((me, me.person_id), (me, other), (town.inspector(town.tobacco), town.tobacco.inspectors[0])):
        with pytest.raises(NotFoundError), unit_of_work(who) as uow:
            uow.session.execute(insert(ApprovalDecision).values(**{**row, "decided_by_id": said}, decided_at=uow.now))
    decider = Viewer(town.tobacco.id, other, frozenset({"decider"}))
    with unit_of_work(decider) as uow:
        decide(uow, Decide(mine, approved=True))
    with pytest.raises(ConflictError), unit_of_work(decider) as uow:
        decide(uow, Decide(mine, approved=False, reason="Nej."))
    with pytest.raises(ConflictError), unit_of_work(decider) as uow:
        uow.session.execute(insert(ApprovalDecision).values(**{**row, "decided_by_id": other}, decided_at=uow.now))


def test_what_stands_is_changed_by_nobody(app: APIFlask, town: Town) -> None:
    me = town.inspector(town.tobacco)
    asked_by(app, me)
    for who in (me, town.planner(town.tobacco)):
        for change in (
            *("UPDATE approval SET digest = 'x'", "DELETE FROM approval"),
            *("UPDATE approval_decision SET approved = true", "DELETE FROM approval_use"),
        ):
            with pytest.raises((NotFoundError, DBAPIError)), unit_of_work(who) as uow:
                uow.session.execute(text(change))


def test_nothing_is_used_without_a_yes_or_by_somebody_else_or_late(
    app: APIFlask, town: Town, cluster: Cluster, database: str
) -> None:
    me, colleague = town.inspector(town.tobacco), town.planner(town.tobacco)
    asked_by(app, me)
    with unit_of_work(me) as uow:
        mine = my_questions(uow)[0].id

    def use(who: Viewer) -> None:
        with unit_of_work(who) as uow:
            row = {"approval_id": mine, "authority_id": uow.me, "used_by_id": uow.person, "used_at": uow.now}
            uow.session.execute(insert(ApprovalUse).values(**row))

    with pytest.raises(NotFoundError):
        use(me)
    with unit_of_work(colleague) as uow:
        decide(uow, Decide(mine, approved=True))
    with pytest.raises(NotFoundError):
        use(colleague)
    with as_owner(cluster, database) as db:
        db.execute(text("UPDATE approval_decision SET decided_at = decided_at - :by"), {"by": timedelta(hours=25)})
        db.commit()
    with pytest.raises(NotFoundError):
        use(me)
    browser = open_browser(app.test_client(), me)
    assert status(browser, f"{LIST}.csv") == 403
    assert "Hämtades inte i tid" in browser.get("/approvals")


def test_after_seven_days_nobody_may_decide(app: APIFlask, town: Town, cluster: Cluster, database: str) -> None:
    asked_by(app, town.inspector(town.tobacco))
    mine = waiting_id(town, town.tobacco)
    with as_owner(cluster, database) as db:
        db.execute(text("UPDATE approval SET expires_at = expires_at - :by"), {"by": timedelta(days=7, minutes=1)})
        db.commit()
    colleague = town.planner(town.tobacco)
    with unit_of_work(colleague) as uow:
        assert to_decide(uow) == []
    with pytest.raises(ConflictError), unit_of_work(colleague) as uow:
        decide(uow, Decide(mine, approved=True))
    row = {"approval_id": mine, "authority_id": colleague.authority_id, "decided_by_id": colleague.person_id}
    with pytest.raises(NotFoundError), unit_of_work(colleague) as uow:
        uow.session.execute(insert(ApprovalDecision).values(**row, approved=True, decided_at=uow.now))


@pytest.mark.parametrize("role", list(Role))
def test_only_who_decides_or_administers_may_decide(app: APIFlask, town: Town, role: Role) -> None:
    asked_by(app, town.inspector(town.tobacco))
    mine = waiting_id(town, town.tobacco)
    other = Viewer(
        town.tobacco.id, make_person(town.tobacco.id, town.tobacco.unit, f"Kollega {role}", {role}), frozenset({role})
    )
    if role in {Role.DECIDER, Role.UNIT_ADMIN}:
        with unit_of_work(other) as uow:
            assert [one.id for one in to_decide(uow)] == [mine]
            decide(uow, Decide(mine, approved=True))
        return
    with pytest.raises(NotFoundError), unit_of_work(other) as uow:
        decide(uow, Decide(mine, approved=True))
    browser = open_browser(app.test_client(), other)
    assert "Årets tillsynsplan." not in browser.get("/approvals")


def test_another_authority_sees_and_decides_nothing(app: APIFlask, town: Town) -> None:
    asked_by(app, town.inspector(town.tobacco))
    mine = waiting_id(town, town.tobacco)
    for office in (town.police, town.outsider):
        with pytest.raises(NotFoundError), unit_of_work(town.planner(office)) as uow:
            decide(uow, Decide(mine, approved=True))
        assert "Årets tillsynsplan." not in open_browser(app.test_client(), town.planner(office)).get("/approvals")
