from datetime import UTC, date, datetime, time

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import text

from samsyn.core.uow import unit_of_work
from samsyn.web.localtime import NoSuchTimeError, from_local, show_day, show_span, show_week
from tests.factories import Town
from tests.web.conftest import form_token


def post(client: FlaskClient, **fields: str) -> tuple[int, str]:
    answer = client.post("/trial", data={"csrf_token": form_token(client, "/trial"), "version": "3", **fields})
    return answer.status_code, answer.text


def test_a_form_shows_what_it_starts_with_and_carries_its_hidden_fields(signed_in: FlaskClient) -> None:
    page = signed_in.get("/trial").text
    for part in ('value="Första"', 'name="idempotency_key"', 'name="version" value="3"', 'name="starts_at_date"'):
        assert part in page


def test_a_fault_stands_beside_its_field_and_nothing_typed_is_lost(signed_in: FlaskClient) -> None:
    status, page = post(signed_in, name="x" * 201, text="<b>Långt & viktigt</b>", people="två", competences="tobacco")
    assert status == 422
    assert '<a href="#f-name">Namn</a>: Högst 200 tecken.' in page
    assert 'id="e-name"' in page
    assert 'aria-describedby="h-name e-name" aria-invalid="true"' in page
    assert "&lt;b&gt;Långt &amp; viktigt&lt;/b&gt;" in page
    assert "x" * 201 in page
    assert 'value="tobacco" checked' in page
    assert "autofocus" in page


def test_a_services_refusal_is_shown_in_the_form(signed_in: FlaskClient) -> None:
    status, page = post(signed_in, name="krock", text="kvar")
    assert status == 409
    assert "Det krockar med något som redan finns." in page
    assert "Upptaget." in page
    assert "kvar</textarea>" in page


def test_unknown_fields_are_refused_and_the_houses_own_are_not(signed_in: FlaskClient) -> None:
    assert post(signed_in, name="x", evil="1")[0] == 422
    assert post(signed_in, name="x", idempotency_key="k")[0] == 303


def test_the_same_form_sent_twice_has_one_effect(signed_in: FlaskClient, town: Town) -> None:
    fields = {"name": "x", "idempotency_key": "sent-twice"}
    assert [post(signed_in, **fields)[0] for _ in range(2)] == [303, 303]
    with unit_of_work(town.planner(town.health)) as uow:
        assert uow.session.scalar(text("SELECT count(*) FROM audit WHERE action = 'trial'")) == 1


def test_a_local_time_is_read_on_swedens_clock(signed_in: FlaskClient, town: Town) -> None:
    assert post(signed_in, name="x", starts_at_date="2027-07-01", starts_at_time="18:00")[0] == 303
    with unit_of_work(town.planner(town.health)) as uow:
        assert (
            uow.session.scalar(text("SELECT reason FROM audit WHERE action = 'trial'")) == "2027-07-01T16:00:00+00:00"
        )


@pytest.mark.parametrize(
    ("day", "clock", "words"),
    [
        ("2027-03-28", "02:30", "Det klockslaget finns inte"),
        ("2027-03-04", "", "Fyll i både datum och klockslag"),
        ("", "18:00", "Fyll i både datum och klockslag"),
        ("2027-02-30", "18:00", "Fyll i både datum och klockslag"),
    ],
)
def test_a_time_that_is_none_is_refused_beside_its_field(
    signed_in: FlaskClient, day: str, clock: str, words: str
) -> None:
    status, page = post(signed_in, name="x", starts_at_date=day, starts_at_time=clock)
    assert status == 422
    assert words in page
    assert f'name="starts_at_date" value="{day}"' in page


def test_of_a_doubled_hour_the_first_is_meant_and_a_skipped_one_is_none() -> None:
    assert from_local(date(2027, 10, 31), time(2, 30)) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    with pytest.raises(NoSuchTimeError):
        from_local(date(2027, 3, 28), time(2, 0))


def test_weeks_are_iso_weeks_and_days_are_swedish() -> None:
    weeks = [show_week(day, "sv") for day in (date(2026, 12, 31), date(2027, 1, 1), date(2026, 1, 1))]
    assert weeks == ["v. 53", "v. 53", "v. 1"]
    assert show_day(datetime(2026, 11, 27, 23, 30, tzinfo=UTC), "sv") == "lördag 28 november 2026"
    late = show_span(datetime(2026, 11, 27, 21, tzinfo=UTC), datetime(2026, 11, 27, 23, 30, tzinfo=UTC), "en")
    assert late.startswith("Friday 27 November 2026 22:00–")
    assert late.endswith("00:30")


def test_every_template_escapes(app: APIFlask) -> None:
    assert app.jinja_env.from_string("{{ x }}").render(x="<b>") == "&lt;b&gt;"
    assert app.select_jinja_autoescape("mail.html.j2")
