"""A feed as a program fetches it (CALENDARS 2.4, and 4: 16, 19, 20): for every scope and level, with every header."""

from __future__ import annotations

import gzip
import hashlib
import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from uuid import UUID

import pytest
from apiflask import APIFlask
from sqlalchemy import text
from werkzeug.test import TestResponse

from samsyn.access.rules import Purpose
from samsyn.access.service import create_api_token, new_token
from samsyn.calendars.rules import FeedLevel, FeedOf, FeedScope
from samsyn.calendars.service import create_feed, revoke_feed
from samsyn.core.tables import load
from samsyn.core.uow import unit_of_work
from samsyn.lifecycle.service import Reschedule, reschedule
from samsyn.operations.queries import get_operation
from samsyn.operations.rules import OperationState
from tests.calendars.scopes import EVERY, made_of
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.factories import START, Town, hours
from tests.lifecycle.walk import Walk, walk_to
from tests.logged import logged

OUTLOOK = "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17328; Pro)"
THEIRS = {"Date", "X-Request-ID", "Content-Security-Policy"}
"""What differs between two equal answers: when, the request's name, the nonce."""


@pytest.fixture
def walk(town: Town) -> Walk:
    return walk_to(town, OperationState.INVITED)


def subscribe(town: Town, of: FeedOf, level: FeedLevel = FeedLevel.BUSY) -> tuple[UUID, str]:
    with unit_of_work(town.inspector(town.tobacco)) as uow:
        return create_feed(uow, level, of)


class Program:
    """A program that fetches one address, with just the headers that it says."""

    def __init__(self, app: APIFlask, secret: str) -> None:
        self.client, self.path = app.test_client(use_cookies=False), f"/cal/{secret}.ics"

    def get(self, method: str = "GET", **headers: str) -> TestResponse:
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.open(self.path, method=method, headers=said)


@pytest.fixture(params=EVERY, ids=lambda it: f"{it[0]}-{it[1]}")
def program(request: pytest.FixtureRequest, app: APIFlask, town: Town, walk: Walk) -> Program:
    scope, level = request.param
    return Program(app, subscribe(town, made_of(town, walk, scope), level)[1])


def test_what_it_says_of_itself(program: Program) -> None:
    answer = program.get()
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["ETag"] == f'"{hashlib.sha256(answer.data).hexdigest()[:32]}"'
    assert answer.headers["Cache-Control"] == "private, max-age=0, must-revalidate"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Content-Disposition"] == 'inline; filename="samsyn.ics"'
    assert {"Set-Cookie", "Location", "WWW-Authenticate"} & {name for name, _ in answer.headers} == set()
    assert answer.data.count(b"BEGIN:VEVENT") == 1
    assert b"ATTENDEE" not in answer.data


def test_the_head_alone_is_the_same_head(program: Program) -> None:
    whole, head = program.get(), program.get("HEAD")
    assert (head.status_code, head.data) == (200, b"")
    for name in ("ETag", "Last-Modified", "Content-Type", "Content-Length", "Vary", "Cache-Control"):
        assert head.headers[name] == whole.headers[name], name
    assert int(head.headers["Content-Length"]) == len(whole.data)


def test_who_has_it_is_told_so_without_a_body_and_nothing_but_the_etag_counts(program: Program) -> None:
    first = program.get()
    etag = first.headers["ETag"]
    for said in (etag, f'"other", {etag}', f"W/{etag}", "*"):
        again = program.get(If_None_Match=said)
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", etag), said
    other = program.get(If_None_Match='"other"')
    assert (other.status_code, other.data) == (200, first.data)
    assert int(other.headers["Content-Length"]) == len(first.data)
    for moment in (datetime.now(UTC), datetime.now(UTC) + timedelta(days=400)):
        since = program.get(If_Modified_Since=format_datetime(moment, usegmt=True))
        assert (since.status_code, since.data) == (200, first.data)


def test_it_is_never_new_because_it_was_asked_for(program: Program) -> None:
    before = datetime.now(UTC)
    first, second = program.get(), program.get()
    assert first.headers["Last-Modified"] == second.headers["Last-Modified"]
    assert first.data == second.data
    assert parsedate_to_datetime(first.headers["Last-Modified"]) <= datetime.now(UTC)
    assert parsedate_to_datetime(first.headers["Last-Modified"]) > before - timedelta(minutes=1)


def test_nothing_is_negotiated_on_accept(program: Program) -> None:
    usual = program.get()
    for accept in ("application/json", "text/html", "image/png;q=1, */*;q=0", ""):
        answer = program.get(Accept=accept)
        assert (answer.status_code, answer.data) == (200, usual.data), accept


def test_gzip_goes_to_who_names_it_and_is_not_outlook(program: Program) -> None:
    usual = program.get()
    assert "Content-Encoding" not in usual.headers
    for said, agent in (("gzip", "curl/8"), ("deflate, gzip;q=0.5", "Google-Calendar-Importer"), ("GZIP", "")):
        packed = program.get(Accept_Encoding=said, User_Agent=agent)
        assert packed.headers["Content-Encoding"] == "gzip", said
        assert gzip.decompress(packed.data) == usual.data
        assert packed.headers["ETag"] == usual.headers["ETag"]
    for said, agent in (("gzip", OUTLOOK), ("gzip;q=0", "curl/8"), ("identity", ""), ("br", ""), ("*", ""), ("", "")):
        plain = program.get(Accept_Encoding=said, User_Agent=agent)
        assert ("Content-Encoding" in plain.headers, plain.data) == (False, usual.data), (said, agent)


def test_nothing_is_written_there(program: Program) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH", "PROPFIND", "REPORT"):
        assert program.get(method).status_code == 405, method


def test_the_etag_changes_when_something_visible_does(town: Town, walk: Walk, program: Program) -> None:
    before = program.get().headers["ETag"]
    with unit_of_work(town.planner(town.police)) as uow:
        reschedule(uow, Reschedule(walk.operation, START + hours(1), get_operation(uow, walk.operation).version))
    after = program.get(If_None_Match=before)
    assert after.status_code == 200
    assert after.headers["ETag"] != before


def said_by(answer: TestResponse) -> tuple[object, ...]:
    """An answer without what differs between equal ones."""
    body = re.sub(r"[0-9a-f]{32}|nonce=\"[^\"]*\"", "", answer.text)
    return answer.status_code, body, sorted((n, v) for n, v in answer.headers if n not in THEIRS)


def test_a_secret_opens_its_own_scope_and_every_other_is_the_same_404(app: APIFlask, town: Town, walk: Walk) -> None:
    client = app.test_client(use_cookies=False)
    ended, ended_secret = subscribe(town, FeedOf())
    with unit_of_work(town.inspector(town.tobacco)) as uow:  # the refusal must not be in the language of its owner
        uow.session.execute(text("UPDATE person SET language = 'en' WHERE id = me_person()"))
    _, own = subscribe(town, FeedOf(), FeedLevel.FULL)
    _, unit = subscribe(town, made_of(town, walk, FeedScope.UNIT))
    with unit_of_work(town.inspector(town.tobacco)) as uow:
        revoke_feed(uow, ended)
        token = create_api_token(uow)
        link = new_token(uow, Purpose.ANSWER, uow.person, assignment_id=walk.places[town.tobacco.id])
    wrong = ["x", own[:-1], own.swapcase(), own + "A", "samsyn_feed_" + "A" * 43, ended_secret, token, link, "%00", "é"]
    answers = [client.get(f"/cal/{one}.ics") for one in wrong]
    answers += [client.get(f"/fb/{one}.ifb") for one in (*wrong, unit)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({repr(said_by(answer)) for answer in answers}) == 1
    assert client.get(f"/fb/{own}.ifb").status_code == 200
    assert client.get(f"/svar/{own}").status_code == 404
    for path in ("/api/v1/me", "/api/v1/operations"):
        assert client.get(path, headers={"Authorization": f"Bearer {own}"}).status_code == 401


def test_the_whole_database_holds_no_secret_of_a_feed(
    app: APIFlask, town: Town, walk: Walk, cluster: Cluster, database: str
) -> None:
    _, secret = subscribe(town, FeedOf(), FeedLevel.FULL)
    assert app.test_client().get(f"/cal/{secret}.ics").status_code == 200
    digits = secret.removeprefix("samsyn_feed_")
    with as_owner(cluster, database) as db:
        for table in load().tables:
            found = text(f"SELECT count(*) FROM {table} t WHERE strpos(t::text, :s) > 0")
            assert db.scalar(found, {"s": digits}) == 0, table


def test_no_log_holds_the_secret_or_what_the_feed_says(app: APIFlask, town: Town, walk: Walk) -> None:
    with logged("DEBUG") as stream:
        secrets = [subscribe(town, made_of(town, walk, scope), level)[1] for scope, level in EVERY]
        for secret in secrets:
            Program(app, secret).get(Referer=f"https://elsewhere.example/cal/{secret}.ics")
            Program(app, secret[:-1]).get()
            app.test_client().get(f"/fb/{secret}.ifb?again={secret}")
    lines = stream.getvalue()
    assert lines.count('"/cal/\\u2026"') == 2 * len(EVERY)
    with unit_of_work(town.inspector(town.tobacco)) as uow:
        word = get_operation(uow, walk.operation).code_word
    for hidden in (*secrets, *(one[12:-1] for one in secrets), word, "Polishuset", town.tobacco.name):
        assert hidden not in lines
