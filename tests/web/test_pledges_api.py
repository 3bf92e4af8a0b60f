"""Pledges and hot spots as JSON: begun, promised in, corrected, signed, said of, read with their numbers; once, 412."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

from flask.testing import FlaskClient

from samsyn.core.home import local_day
from samsyn.core.uow import unit_of_work
from samsyn.pledges.queries import get_pledge
from tests.factories import Town
from tests.pledges.test_numbers import promise, read
from tests.pledges.test_returns import pledge_returns
from tests.web.test_findings_api import caller
from tests.web.test_outcomes_api import plain, said

__all__ = ["plain"]


def test_a_pledge_is_begun_promised_in_corrected_and_signed(plain: FlaskClient, town: Town) -> None:
    who = caller(town, town.police, planner=True)
    once = {**who, "Idempotency-Key": str(uuid4())}
    parties = [str(town.police.id), str(town.tobacco.id)]
    body = {"collaboration_id": str(town.collaboration), "year": 2031, "name": "Löfte (exempel)", "parties": parties}
    made = plain.post("/api/v1/pledges", json=body, headers=once)
    path = made.headers["Location"]
    assert said(made, 201)["state"] == "draft"
    assert said(plain.post("/api/v1/pledges", json=body, headers=once), 201)["id"] == said(made, 201)["id"]
    assert said(plain.post("/api/v1/pledges", json=body, headers=who), 409)["code"] == "conflict"
    area = said(plain.post(f"{path}/areas", json={"name": "Centrum"}, headers=who), 201)["areas"][0]["id"]
    promised = {"focus_area_id": area, "form": "return_visit", "text": "Åter inom 30 dagar", "within_days": 30}
    whole = said(plain.post(f"{path}/commitments", json=promised, headers=who), 201)
    [one] = whole["areas"][0]["commitments"]
    assert (one["form"], one["within_days"], one["numbers"]["promised"]) == ("return_visit", 30, 0)
    wrong = {**promised, "target": 4}
    assert said(plain.post(f"{path}/commitments", json=wrong, headers=who), 422)["fields"].keys() == {"target"}
    now = plain.get(path, headers=who)
    assert now.headers["ETag"] == f'"{whole["version"]}"'
    correct = {"name": "Rättat", "parties": parties}
    stale = plain.put(path, json=correct, headers={**who, "If-Match": '"1"'})
    assert stale.status_code == 412
    assert said(stale, 412)["current"]["name"] == "Löfte (exempel)"
    assert plain.put(path, json=correct, headers=who).status_code == 428
    seen = {**who, "If-Match": now.headers["ETag"]}
    whole = said(plain.put(path, json=correct, headers=seen))
    assert whole["name"] == "Rättat"
    gone = said(
        plain.post(f"{path}/remove", json={"key": one["id"]}, headers={**who, "If-Match": f'"{whole["version"]}"'})
    )
    assert gone["areas"][0]["commitments"] == []
    back = said(
        plain.post(f"{path}/restore", json={"key": one["id"]}, headers={**who, "If-Match": f'"{gone["version"]}"'})
    )
    assert back["areas"][0]["commitments"][0]["id"] == one["id"]
    signs = [{"authority_id": one, "title": "chef", "name": "Anders Påhittén"} for one in parties]
    sign = {"signed_on": "2026-02-16", "place": "Rådhuset", "signatories": signs}
    signed = said(plain.post(f"{path}/sign", json=sign, headers={**who, "If-Match": f'"{back["version"]}"'}))
    assert (signed["state"], signed["signatories"]) == ("in_force", signs)
    assert said(plain.post(f"{path}/areas", json={"name": "Sätra"}, headers=who), 409)["code"] == "conflict"
    reason = {"not_done_reason": "Hann inte."}
    change = f"{path}/commitments/{one['id']}"
    assert plain.put(change, json=reason, headers={**who, "If-Match": '"9"'}).status_code == 412
    found = said(plain.put(change, json=reason, headers={**who, "If-Match": '"1"'}))
    assert found["areas"][0]["commitments"][0]["not_done_reason"] == "Hann inte."


def test_numbers_are_those_of_the_page_and_others_read_nothing(plain: FlaskClient, town: Town) -> None:
    promised = promise(town)
    path = f"/api/v1/pledges/{promised.pledge}"
    member, stranger = caller(town, town.health), caller(town, town.outsider, planner=True)
    shown = said(plain.get(path, headers=member))
    page = read(town, town.health, promised, local_day(datetime.now(UTC)))
    found = {one["id"]: one["numbers"] for area in shown["areas"] for one in area["commitments"]}
    assert found.keys() == {str(key) for key in page}
    for key, numbers in page.items():
        said_of = found[str(key)]
        assert (said_of["promised"], said_of["done"], said_of["pace"]) == (
            numbers.promised, numbers.done, numbers.pace.value,
        )  # fmt: skip
        assert said_of["promised_by"] == list(numbers.promised_by)
    assert [one["id"] for one in said(plain.get("/api/v1/pledges", headers=member))["items"]] == [str(promised.pledge)]
    assert plain.get(path, headers=stranger).status_code == 404
    assert said(plain.get("/api/v1/pledges", headers=stranger))["items"] == []
    written = {"name": "Sätra"}
    assert plain.post(f"{path}/areas", json=written, headers=member).status_code == 403
    assert plain.post(f"{path}/areas", json=written, headers=stranger).status_code == 404


def test_what_another_found_is_no_line_of_the_answer(plain: FlaskClient, town: Town) -> None:
    pledged = pledge_returns(town)
    shown = plain.get(f"/api/v1/pledges/{pledged.pledge}", headers=caller(town, town.police, planner=True)).text
    assert "visit_id" not in shown
    with unit_of_work(town.planner(town.police)) as uow:
        assert get_pledge(uow, pledged.pledge).signatories


def test_a_hot_spot_is_followed_noted_and_ended(plain: FlaskClient, town: Town) -> None:
    who, stranger = caller(town, town.police, planner=True), caller(town, town.outsider, planner=True)
    corners = [[59.39, 15.83], [59.40, 15.83], [59.40, 15.85]]
    body = {
        **{"collaboration_id": str(town.collaboration), "name": "Nytorget (exempel)", "outline": corners},
        **{"on_date": "2026-03-01", "text": "Klagomål kvällstid."},
    }
    once = {**who, "Idempotency-Key": str(uuid4())}
    made = plain.post("/api/v1/hot-spots", json=body, headers=once)
    path = made.headers["Location"]
    assert said(made, 201)["history"] == [
        {"on_date": "2026-03-01", "change": "identified", "text": "Klagomål kvällstid."}
    ]
    assert plain.post("/api/v1/hot-spots", json=body, headers=once).headers["Location"] == path
    line = {"on_date": "2026-05-01", "change": "ended", "text": "Lugnt sedan mars."}
    assert said(plain.post(f"{path}/events", json=line, headers=who), 201)["state"] == "ended"
    assert [one["id"] for one in said(plain.get("/api/v1/hot-spots", headers=who))["items"]] == [path.split("/")[-1]]
    assert plain.get(path, headers=stranger).status_code == 404
    assert plain.post(f"{path}/events", json=line, headers=stranger).status_code == 404
    assert plain.post("/api/v1/hot-spots", json={**body, "name": "Vårt"}, headers=stranger).status_code in {403, 404}
    assert plain.post("/api/v1/hot-spots", json={**body, "outline": corners[:2]}, headers=who).status_code == 422


def test_the_places_of_a_hot_spot_are_put_in_and_taken_out(plain: FlaskClient, town: Town) -> None:
    who, stranger = caller(town, town.police, planner=True), caller(town, town.outsider, planner=True)
    body = {
        **{"collaboration_id": str(town.collaboration), "name": "Nytorget (exempel)", "on_date": "2026-03-01"},
        **{"outline": [[59.39, 15.83], [59.40, 15.83], [59.40, 15.85]], "text": "Klagomål kvällstid."},
    }
    path = f"{plain.post('/api/v1/hot-spots', json=body, headers=who).headers['Location']}/places"
    places = [str(one) for one in town.premises[:2]]
    assert said(plain.post(path, json={"premises_id": places}, headers=who))["premises"] == sorted(places)
    left = said(plain.post(f"{path}/leave", json={"premises_id": places[0]}, headers=who))
    assert left["premises"] == places[1:]
    assert plain.post(f"{path}/leave", json={"premises_id": str(town.premises[2])}, headers=who).status_code == 404
    assert plain.post(path, json={"premises_id": []}, headers=who).status_code == 422
    for at, what in ((path, places), (f"{path}/leave", places[1])):
        assert plain.post(at, json={"premises_id": what}, headers=stranger).status_code == 404
