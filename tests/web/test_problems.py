from json import dumps
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from samsyn.web.problems import ALL_CODES, STATUS

Headers = dict[str, str]


def problem(answer: Any) -> tuple[int, str]:
    assert answer.content_type == "application/problem+json", answer.text
    assert answer.json["status"] == answer.status_code
    assert {"type", "title", "detail", "code"} <= answer.json.keys()
    return answer.status_code, answer.json["code"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("NotFoundError", (404, "not_found")),
        ("NotAllowedError", (403, "not_allowed")),
        ("NotKnownError", (401, "not_known")),
        ("InvalidError", (422, "invalid")),
        ("GateClosedError", (409, "gate_closed")),
        ("ConflictError", (409, "conflict")),
        ("ChangedMeanwhileError", (412, "changed_meanwhile")),
        ("PreconditionMissingError", (428, "precondition_missing")),
        ("KeyReusedError", (422, "key_reused")),
        ("TooMuchError", (413, "too_much")),
        ("SamsynError", (400, "refused")),
        ("unexpected", (500, "unexpected")),
        ("away", (503, "unavailable")),
    ],
)
def test_every_refusal_is_a_problem(client: FlaskClient, bearer: Headers, name: str, expected: tuple[int, str]) -> None:
    answer = client.get(f"/api/v1/trial-refusal/{name}", headers=bearer)
    assert problem(answer) == expected
    assert answer.json is not None
    if name in {"GateClosedError", "InvalidError"}:
        assert answer.json["missing"] == ["part"]
        assert answer.json["fields"] == {"cursor": ["Okänt."]}
    page = client.get(f"/api/v1/trial-refusal/{name}", headers={**bearer, "Accept": "text/html"})
    assert page.status_code == expected[0]


def test_an_unexpected_error_shows_a_reference_and_no_word_of_what_it_was(
    client: FlaskClient, bearer: Headers, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = client.get("/api/v1/trial-refusal/unexpected", headers=bearer)
    assert answer.json is not None
    assert "canary" not in answer.text
    assert "Traceback" not in answer.text
    logged = capsys.readouterr()
    assert answer.json["reference"] in logged.out
    assert "canary" not in logged.out + logged.err


def test_what_cannot_be_read_is_400_and_what_is_another_type_is_415(client: FlaskClient, bearer: Headers) -> None:
    for body in (b"{", b"", b"\xff\xfe", b'{"name": "\xe5"}', b'{"name": "\\ud800"}', b"[" * 5000):
        answer = client.post("/api/v1/trial", headers=bearer, data=body, content_type="application/json")
        assert problem(answer) == (400, "bad_request"), body
    answer = client.post("/api/v1/trial", headers=bearer, data=b"name=x", content_type="text/plain")
    assert problem(answer) == (415, "unsupported_type")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": "x", "unknown": 1}, "unknown"),
        ({"name": 7}, "name"),
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": "x", "text": "\x1b[0m"}, "text"),
        ({"name": "x", "people": "1"}, "people"),
        ({"name": "x", "people": True}, "people"),
        ({"name": "x", "people": 1.5}, "people"),
        ({"name": "x", "starts_at": "2027-03-04T18:00:00"}, "starts_at"),
        ({"name": "x", "starts_at": 1_800_000_000}, "starts_at"),
        ({"name": "x", "starts_at": "1800000000"}, "starts_at"),
        ({"name": "x", "starts_at": "2027-13-04T18:00:00Z"}, "starts_at"),
        ({"name": "x", "competences": "tobacco"}, "competences"),
        ({"name": "x", "competences": [1]}, "competences.0"),
        ([], ""),
        (None, ""),
    ],
)
def test_a_wrong_field_is_422_with_the_fault_beside_it(
    client: FlaskClient, bearer: Headers, body: object, field: str
) -> None:
    answer = client.post("/api/v1/trial", headers=bearer, data=dumps(body), content_type="application/json")
    assert problem(answer) == (422, "invalid")
    assert answer.json is not None
    assert list(answer.json["fields"]) == [field]
    assert "Går inte att ta emot" not in answer.text, "every fault has words of its own"


def test_what_the_router_and_the_limits_refuse_is_a_problem_too(client: FlaskClient, bearer: Headers) -> None:
    assert problem(client.get("/api/v1/nothing-here")) == (404, "not_found")
    wrong = client.delete("/api/v1/me", headers=bearer)
    assert problem(wrong) == (405, "method_not_allowed")
    assert wrong.headers["Allow"] == "GET, HEAD" or set(wrong.headers["Allow"].split(", ")) == {"GET", "HEAD"}
    assert problem(client.options("/api/v1/me")) == (405, "method_not_allowed")
    big = client.post(
        "/api/v1/trial", headers=bearer, data=b" " * (30 * 1024 * 1024 + 1), content_type="application/json"
    )
    assert problem(big) == (413, "too_much")
    assert problem(client.get("/api/v1/trial/not-a-uuid", headers=bearer)) == (404, "not_found")


def test_a_host_that_is_not_ours_is_400(client: FlaskClient) -> None:
    for path in ("/api/v1/me", "/help"):
        answer = client.get(path, headers={"Host": "evil.example"})
        assert answer.status_code == 400
        assert "evil" not in answer.text


def test_hidden_and_absent_are_the_same_404_to_the_byte(client: FlaskClient, bearer: Headers) -> None:
    first, second = (client.get(f"/api/v1/trial/{uuid4()}", headers=bearer) for _ in range(2))
    nowhere = client.get("/api/v1/nowhere", headers=bearer)
    assert first.data == second.data == nowhere.data
    of = [{k: v for k, v in a.headers if k not in {"X-Request-ID", "Content-Security-Policy"}} for a in (first, second)]
    assert of[0] == of[1]
    pages = [client.get(path).data for path in ("/nowhere", f"/nowhere/{uuid4()}")]
    assert pages[0] == pages[1]


def test_the_language_of_a_problem_is_the_readers_and_its_code_is_not(client: FlaskClient) -> None:
    swedish = client.get("/api/v1/nowhere").json
    english = client.get("/api/v1/nowhere", headers={"Accept-Language": "en-GB,en"}).json
    assert swedish is not None
    assert english is not None
    assert swedish["code"] == english["code"]
    assert swedish["title"] != english["title"]


def test_an_error_page_says_what_happened_what_is_saved_and_what_to_do(signed_in: FlaskClient) -> None:
    answer = signed_in.post("/trial", data={"name": "x"})  # no form token
    assert answer.status_code == 400
    for word in ("Hände", "Sparat", "Gör så här", "Behöver du hjälp?"):
        assert word in answer.text


def test_every_code_has_all_four_texts() -> None:
    from samsyn.texts import has

    assert set(STATUS) <= set(ALL_CODES)
    for code in ALL_CODES:
        for part in ("title", "happened", "saved", "todo"):
            assert has(f"web.problem_{code}.{part}"), code
