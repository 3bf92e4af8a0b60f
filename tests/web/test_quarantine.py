"""What a phone has left when its field session was ended: kept apart, looked at, taken in or thrown away."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any, Protocol
from uuid import UUID, uuid4

import pytest
from apiflask import APIFlask
from PIL import Image
from sqlalchemy import text
from werkzeug.test import TestResponse

from samsyn.access.service import PlaceEnds, end_place
from samsyn.access.service.tidying import tidy
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.findings import quarantine
from samsyn.findings.queries import findings_of_visit, history_of_finding
from samsyn.operations.queries import presence_at
from samsyn.operations.rules import OperationState, Present
from samsyn.web.field_session import FIELD
from samsyn.web.guards import declared_permissions
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.factories import Town
from tests.web.reader import open_browser
from tests.web.test_field_session import Evening, an_evening, later
from tests.web.test_guards import filled
from tests.web.test_operation_page import words

PLACE = "/api/v1/quarantine"
MARK = {"X-Samsyn-Field": "1"}
SECRET = "Skylten är nedtagen bakom disken"


@pytest.fixture
def evening(app: APIFlask, town: Town) -> Evening:
    """In a field session, while the operation goes on."""
    it = an_evening(app, town)
    it.walk.move(town, OperationState.ONGOING)
    assert it.browser.do(it.page, it.begin) == it.page
    return it


class End(Protocol):
    """Ends the field sessions, so long ago."""

    def __call__(self, ago: str = "0 minutes") -> None: ...


@pytest.fixture
def end(cluster: Cluster, database: str) -> End:
    def ended(ago: str = "0 minutes") -> None:
        with as_owner(cluster, database) as db:
            ends = "UPDATE token SET revoked_at = now() - CAST(:ago AS interval) WHERE purpose = 'field_session'"
            db.execute(text(ends), {"ago": ago})
            db.commit()

    return ended


def me(evening: Evening) -> Viewer:
    return evening.town.inspector(evening.town.tobacco)


def planner(evening: Evening) -> Viewer:
    return evening.town.planner(evening.town.tobacco)


def part(evening: Evening) -> str:
    return str(evening.walk.parts[evening.town.tobacco.id])


def finding(evening: Evening, said: str = SECRET, **more: object) -> dict[str, Any]:
    body = {
        "finding_id": str(uuid4()),
        "check_point": "TOB-02",
        "base_version": 0,
        "answer": "deficiency",
        "serious": False,
        "text": said,
        "observed_at": "2026-11-30T18:00:00+01:00",
        **more,
    }
    ids = {"visit_id": str(evening.walk.visit), "part_id": part(evening)}
    return {"id": str(uuid4()), "what": "finding", **ids, "made_at": "2026-11-30T18:00:05+01:00", "body": body}


def send(evening: Evening, item: dict[str, Any], photo: bytes | None = None, site: str = "same-origin") -> TestResponse:
    data: dict[str, Any] = {"item": json.dumps(item)}
    if photo is not None:
        data["file"] = (BytesIO(photo), "photo")
    return evening.browser.client.post(PLACE, data=data, headers={**MARK, "Sec-Fetch-Site": site})


def found(evening: Evening) -> list[tuple[str, UUID]]:
    with unit_of_work(me(evening)) as uow:
        return [(line.text, line.written_by) for line in findings_of_visit(uow, evening.walk.visit)]


def png(seed: int = 0) -> bytes:
    into = BytesIO()
    Image.new("RGB", (40, 30), (seed, 90, 120)).save(into, "PNG")
    return into.getvalue()


def test_an_ended_session_reads_nothing_at_all(evening: Evening, end: End) -> None:
    end("1 minute")
    for method, rule in declared_permissions(evening.app):
        path = "/".join(map(filled, rule.split("/")))
        if method != "GET" or ((method, rule) in FIELD and rule in {PLACE}):
            continue
        answer = evening.browser.client.get(path)
        assert str(evening.walk.operation) not in answer.text, rule
    ids = (evening.page, f"/parts/{part(evening)}/checklist", f"/visits/{evening.walk.visit}/presence")
    assert {evening.status(path) for path in ids} == {303}
    said = evening.browser.client.get(PLACE)
    assert said.status_code == 200
    assert set(json.loads(said.text)) == {"over", "operation_id", "person_id", "authority_id", "until"}
    assert json.loads(said.text)["over"] == "revoked"


def test_a_session_that_stands_sends_as_usual_and_nobody_elses_cookie_is_taken(evening: Evening, app: APIFlask) -> None:
    answer = send(evening, finding(evening))
    assert (answer.status_code, json.loads(answer.text)["missing"]) == (409, ["session_stands"])
    assert app.test_client().post(PLACE, data={"item": "{}"}, headers=MARK).status_code == 404
    full = open_browser(app.test_client(), me(evening))
    assert full.client.post(PLACE, data={"item": "{}"}, headers=MARK).status_code == 404
    token = {"Authorization": f"Bearer {evening.town.token(me(evening))}"}
    assert evening.browser.client.post(PLACE, data={"item": "{}"}, headers={**MARK, **token}).status_code == 404


def test_what_came_is_looked_at_and_taken_in_as_its_authors(evening: Evening, end: End) -> None:
    end()
    item = finding(evening)
    answer = send(evening, item)
    assert (answer.status_code, answer.json and answer.json["written"]) == (201, True), answer.text
    assert send(evening, item).json["written"] is False  # type: ignore[index]  # the receipt was lost
    assert found(evening) == [], "nothing is done with it by itself"
    desk = open_browser(evening.app.test_client(), planner(evening))
    assert SECRET not in desk.get("/quarantine"), "the list says what, not what it says"
    shown = desk.get(f"/quarantine/{item['id']}")
    for said in (SECRET, "TOB-02", "Brist"):
        assert said in words(shown), said
    desk.do(f"/quarantine/{item['id']}", f"/quarantine/{item['id']}/take")
    assert found(evening) == [(SECRET, me(evening).person_id)]
    assert "Inget väntar" in words(desk.get("/quarantine"))
    assert desk.client.get(f"/quarantine/{item['id']}").status_code == 404
    assert send(evening, item).json["written"] is False, "settled, and sent once more"  # type: ignore[index]
    with unit_of_work(planner(evening)) as uow:
        rows = uow.session.execute(
            text("SELECT body, picture, settled, settled_by FROM quarantine WHERE id = :i"), {"i": item["id"]}
        ).one()
        assert rows == (None, None, "taken", planner(evening).person_id)
        with unit_of_work(me(evening)) as mine:
            assert len(history_of_finding(mine, UUID(item["body"]["finding_id"]))) == 1


def test_the_same_sent_in_time_and_late_is_written_once(evening: Evening, end: End) -> None:
    """The receipt of the first was lost: the same key, the same request, the same answer."""
    item = finding(evening)
    csrf = json.loads(evening.browser.client.get("/api/v1/field-session").text)["csrf_token"]
    headers = {"Idempotency-Key": item["id"], "X-CSRFToken": csrf}
    first = evening.browser.client.post(f"/api/v1/parts/{part(evening)}/findings", json=item["body"], headers=headers)
    assert first.status_code == 201, first.text
    end()
    assert send(evening, item).status_code == 201
    desk = open_browser(evening.app.test_client(), planner(evening))
    desk.do(f"/quarantine/{item['id']}", f"/quarantine/{item['id']}/take")
    with unit_of_work(me(evening)) as uow:
        assert len(history_of_finding(uow, UUID(item["body"]["finding_id"]))) == 1


def test_photos_and_presence_come_the_same_way(evening: Evening, end: End) -> None:
    end()
    item = finding(evening)
    ids = {"visit_id": str(evening.walk.visit), "part_id": part(evening)}
    about = {**ids, "finding_id": item["body"]["finding_id"]}
    photo = {"id": str(uuid4()), "what": "photo", **about, "made_at": item["made_at"], "body": {}}
    at = datetime.now(UTC).isoformat()
    came = {"presence_id": str(uuid4()), "what": "came", "at": at, "person_id": str(me(evening).person_id)}
    noted = {"id": str(uuid4()), "what": "presence", **ids, "made_at": item["made_at"], "body": came}
    for one, picture in ((item, None), (photo, png()), (noted, None)):
        assert send(evening, one, picture).status_code == 201
    desk = open_browser(evening.app.test_client(), planner(evening))
    seen = desk.client.get(f"/quarantine/{photo['id']}/picture")
    assert (seen.status_code, seen.content_type, seen.data[:2]) == (200, "image/jpeg", b"\xff\xd8")
    for one in (item, photo, noted):
        desk.do(f"/quarantine/{one['id']}", f"/quarantine/{one['id']}/take")
    with unit_of_work(me(evening)) as uow:
        [line] = findings_of_visit(uow, evening.walk.visit)
        assert line.pictures == 1
        [there] = presence_at(uow, [evening.walk.visit])[evening.walk.visit]
        assert (there.what, there.person_id, there.written_by) == (
            Present.CAME,
            me(evening).person_id,
            me(evening).person_id,
        )


def test_every_kind_is_shown_in_words(evening: Evening, end: End) -> None:
    """An answer to a common question is a text, where an answer to a point is one of a few words."""
    end()
    at = datetime.now(UTC).isoformat()
    ids = {"visit_id": str(evening.walk.visit), "part_id": part(evening), "made_at": at}
    bodies = {
        "fact": ({"fact_id": str(uuid4()), "question": "who_was_met", "answer": "Ägaren"}, ("Ägaren", "Vem")),
        "end": ({"state": "closed_premises", "ended_at": at}, ("Stängt",)),
        "hand_in": ({"nothing_to_report": True}, ("Inget att rapportera", "Ja")),
        "presence": ({"presence_id": str(uuid4()), "what": "came", "at": at}, ("Kom",)),
        "finding": (finding(evening)["body"], ("mån 30 nov. 2026 18:00",)),
    }
    desk = open_browser(evening.app.test_client(), planner(evening))
    for what, (body, wanted) in bodies.items():
        item = {"id": str(uuid4()), "what": what, "body": body, **ids}
        assert send(evening, item).status_code == 201
        shown = words(desk.get(f"/quarantine/{item['id']}"))
        assert [said for said in wanted if said not in shown] == [], (what, shown)
        assert at not in shown, "a moment stands on Sweden's clock, not as the phone sent it"


@pytest.mark.parametrize("what", ["finding", "refusal"])
def test_a_number_that_is_to_be_masked_lies_nowhere_unmasked(evening: Evening, end: End, what: str) -> None:
    """R5: nobody reads it in what waits either, and sent again it is the same request."""
    end()
    said, at = "Anna, 19121212-1212", datetime.now(UTC).isoformat()
    body = {"refusal_id": str(uuid4()), "at": at, "by_role": "Anna 19121212-1212", "said": said, "mask": True}
    item = finding(evening, said, mask=True)
    if what == "refusal":
        item = {**item, "what": what, "body": body}
    assert [send(evening, item).status_code for _ in range(2)] == [201, 201]
    desk = open_browser(evening.app.test_client(), planner(evening))
    shown = words(desk.get(f"/quarantine/{item['id']}"))
    assert "19121212" not in shown
    assert "Anna, ********-****" in shown
    desk.do(f"/quarantine/{item['id']}", f"/quarantine/{item['id']}/take")
    if what == "finding":
        assert found(evening) == [("Anna, ********-****", me(evening).person_id)]


def test_who_sees_it(evening: Evening, end: End, app: APIFlask) -> None:
    """The list: who plans or administers the unit. The content: of those, who reads findings. Nobody of others."""
    end()
    item = finding(evening)
    assert send(evening, item).status_code == 201
    town, path = evening.town, f"/quarantine/{item['id']}"

    def status(who: Viewer, where: str) -> int:
        return open_browser(app.test_client(), who).client.get(where).status_code

    assert status(planner(evening), path) == 200
    assert (status(me(evening), "/quarantine"), status(me(evening), path)) == (403, 403)
    assert status(town.planner(town.police), path) == 404, "the lead's role gives no findings (R4)"
    assert "Inget väntar" in words(open_browser(app.test_client(), town.planner(town.police)).get("/quarantine"))


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"visit_id": str(uuid4())}, 404),
        ({"what": "nothing"}, 422),
        ({"part_id": None}, 422),
        ({"body": {"answer": "ok"}}, 422),
        ({"body": []}, 422),
        ({"id": "x"}, 422),
        ({"more": 1}, 422),
        ({"label": "x" * 1001}, 422),
        ({"label": "Anna 19121212-1212"}, 422),
    ],
)
def test_what_cannot_be_an_item_is_refused(evening: Evening, end: End, change: dict[str, Any], status: int) -> None:
    end()
    assert send(evening, {**finding(evening), **change}).status_code == status


def test_hostile_senders_are_refused(evening: Evening, end: End, monkeypatch: pytest.MonkeyPatch) -> None:
    end()
    item = finding(evening)
    assert evening.browser.client.post(PLACE, data={"item": json.dumps(item)}).status_code == 400, "a form of any site"
    assert send(evening, item, site="cross-site").status_code == 400
    assert send(evening, finding(evening, "Anna, 19121212-1212")).status_code == 422, "no personal number (R5)"
    assert send(evening, finding(evening, "Anna, 19121212-1212", mask=True)).status_code == 201
    assert send(evening, finding(evening), png()).status_code == 422, "a photo of what is none"
    assert send(evening, {**item, "id": "z" * 140_000}).status_code == 413
    assert send(evening, item).status_code == 201
    assert send(evening, {**finding(evening), "id": item["id"]}).status_code == 409, "a key with another content"
    monkeypatch.setattr(quarantine, "MOST_ITEMS", 2)
    assert send(evening, finding(evening)).status_code == 413


def test_a_week_after_the_end_it_is_too_late_and_says_so(evening: Evening, end: End) -> None:
    end("6 days 23 hours")
    assert send(evening, finding(evening)).status_code == 201
    end("7 days 1 minute")
    answer = send(evening, finding(evening))
    assert (answer.status_code, json.loads(answer.text)["code"]) == (410, "too_late")
    assert "ligger kvar" in json.loads(answer.text)["detail"] or "sju dagar" in json.loads(answer.text)["detail"]
    assert evening.browser.client.get(PLACE).status_code == 410


def test_one_that_ran_out_or_whose_place_is_gone_hands_over_too(
    evening: Evening, cluster: Cluster, database: str
) -> None:
    later(cluster, database, timedelta(hours=13))
    assert json.loads(evening.browser.client.get(PLACE).text)["over"] == "expired"
    item = finding(evening)
    assert send(evening, item).status_code == 201
    with unit_of_work(planner(evening)) as uow:
        end_place(uow, PlaceEnds(evening.town.tobacco.inspectors[0], uow.today - timedelta(days=1)))
    desk = open_browser(evening.app.test_client(), planner(evening))
    said = desk.send(f"/quarantine/{item['id']}", f"/quarantine/{item['id']}/take")
    assert said.status_code == 409
    assert "arbetar inte kvar" in words(said.text)
    assert found(evening) == []


def test_thrown_away_its_content_is_gone_and_after_seven_days_the_row(
    evening: Evening, end: End, cluster: Cluster, database: str
) -> None:
    end()
    one, other = finding(evening), finding(evening)
    assert [send(evening, item).status_code for item in (one, other)] == [201, 201]
    desk = open_browser(evening.app.test_client(), planner(evening))
    desk.do(f"/quarantine/{one['id']}", f"/quarantine/{one['id']}/discard")
    assert desk.client.get(f"/quarantine/{one['id']}").status_code == 404
    with as_owner(cluster, database) as db:
        mine = {"a": evening.town.tobacco.id}
        rows = "SELECT body IS NULL, settled FROM quarantine WHERE authority_id = :a ORDER BY settled"
        assert db.execute(text(rows), mine).all() == [(True, "discarded"), (False, None)]
        db.execute(text("UPDATE quarantine SET at = at - interval '7 days 1 minute' WHERE authority_id = :a"), mine)
        db.commit()
    assert "Inget väntar" in words(desk.get("/quarantine")), "before any task has cleared it"
    with unit_of_work(Viewer.task_of(evening.town.tobacco.id)) as uow:
        assert tidy(uow)["late"] == 2
    with as_owner(cluster, database) as db:
        assert db.scalar(text("SELECT count(*) FROM quarantine WHERE authority_id = :a"), mine) == 0


def test_nothing_of_it_lies_readable_in_the_database(
    evening: Evening, end: End, cluster: Cluster, database: str
) -> None:
    end()
    assert send(evening, finding(evening)).status_code == 201
    with as_owner(cluster, database) as db:
        row = db.execute(text("SELECT * FROM quarantine WHERE authority_id = :a"), {"a": evening.town.tobacco.id}).one()
    assert SECRET.split(maxsplit=1)[0].encode() not in row.body
    assert "TOB-02" not in str(row)
