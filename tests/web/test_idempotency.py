from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import text

from samsyn.core.uow import unit_of_work
from tests.factories import Town

Headers = dict[str, str]
BODY = {"name": "Gullviva", "people": 2}


def effects(town: Town) -> int:
    with unit_of_work(town.planner(town.health)) as uow:
        return int(uow.session.scalar(text("SELECT count(*) FROM audit WHERE action = 'trial'")) or 0)


def post(app: APIFlask, headers: Headers, key: str | None, body: object = BODY) -> Any:
    more = {"Idempotency-Key": key} if key else {}
    return app.test_client().post("/api/v1/trial", headers={**headers, **more}, json=body)


def test_three_parallel_posts_of_one_key_have_one_effect_and_one_answer(
    app: APIFlask, town: Town, bearer: Headers
) -> None:
    key = uuid4().hex
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda _: post(app, bearer, key), range(3)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({(a.data, a.headers["ETag"], a.headers["Location"]) for a in answers}) == 1
    assert effects(town) == 1
    later = post(app, bearer, key, {"people": 2, "name": "Gullviva"})  # another order of members is the same request
    assert later.data == answers[0].data
    assert effects(town) == 1


def test_the_same_key_with_other_content_is_refused(app: APIFlask, town: Town, bearer: Headers) -> None:
    key = uuid4().hex
    assert post(app, bearer, key).status_code == 201
    other = post(app, bearer, key, {"name": "Sippa"})
    assert (other.status_code, other.json["code"]) == (422, "key_reused")
    assert effects(town) == 1


def test_a_key_belongs_to_its_person(app: APIFlask, town: Town, bearer: Headers) -> None:
    key = uuid4().hex
    other = {"Authorization": f"Bearer {town.token(town.inspector(town.health))}"}
    assert post(app, bearer, key).data != post(app, other, key).data


def test_a_refused_request_does_not_use_up_its_key(app: APIFlask, bearer: Headers) -> None:
    key = uuid4().hex
    assert post(app, bearer, key, {"name": ""}).status_code == 422
    assert post(app, bearer, key).status_code == 201


def test_without_a_key_each_post_counts_and_a_malformed_key_is_refused(
    app: APIFlask, town: Town, bearer: Headers
) -> None:
    assert [post(app, bearer, None).status_code for _ in range(2)] == [201, 201]
    assert effects(town) == 2
    assert post(app, bearer, "with space").json["fields"] == {"idempotency_key": ["Fel form."]}
    assert effects(town) == 2


def test_a_change_asks_for_the_version_and_a_412_shows_both(client: FlaskClient, bearer: Headers) -> None:
    path = f"/api/v1/trial/{uuid4()}"
    without = client.patch(path, headers=bearer, json=BODY)
    assert (without.status_code, without.json and without.json["code"]) == (428, "precondition_missing")
    for header in ('"x"', "*", "7", '"-1"'):
        assert client.patch(path, headers={**bearer, "If-Match": header}, json=BODY).status_code == 422
    old = client.patch(path, headers={**bearer, "If-Match": '"6"'}, json=BODY)
    assert old.status_code == 412
    assert old.json is not None
    assert old.json["yours"] == BODY
    assert old.json["current"]["name"] == "theirs"
    good = client.patch(path, headers={**bearer, "If-Match": '"7"'}, json=BODY)
    assert (good.status_code, good.headers["ETag"]) == (200, '"8"')
