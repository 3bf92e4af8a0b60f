"""A provider that lies, in every way that we know of: nobody is let in, nothing breaks, and the person reads why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from apiflask import APIFlask
from sqlalchemy import text

from samsyn.access.oidc import Why, fetching
from samsyn.core.settings import Settings
from samsyn.core.viewer import Viewer
from samsyn.texts import say
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.factories import make_town
from tests.web.hostile_answers import CASES
from tests.web.identity_provider import SUBJECT, Behaviour, serving
from tests.web.providers import app_with, link, new_browser, reason, signed_in, through

UNNAMED = {Why.AWAY, Why.STATE, Why.ISSUER, Why.CANCELLED, Why.ERROR, Why.UNKNOWN}
"""Refusals of which nobody can say who it would have been: the log alone has them."""
NOBODYS = {"sub-missing", "sub-is-a-number", "sub-is-empty", "sub-is-too-long", "too-long"}
TOKENLESS = {"encrypted", "no-token-at-all", "not-text", "dots", "tokens-without-the-token"}


@dataclass
class Street:
    """The application with a provider per case, all of which vouch for the same person."""

    app: APIFlask
    viewer: Viewer


@pytest.fixture(scope="module")
def street(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    town = make_town()
    behaviours = {"good": Behaviour(), **{name: behaviour for name, (_, behaviour) in CASES.items()}}
    with serving(behaviours) as server:
        app = app_with(settings, tmp_path_factory.mktemp("hostile"), list(behaviours), server)
        viewer = town.inspector(town.health)
        for name in behaviours:
            link(settings, viewer, f"{server}/{name}", SUBJECT)
        yield Street(app, viewer)


def refusals(cluster: Cluster, database: str, viewer: Viewer) -> int:
    with as_owner(cluster, database) as db:
        rows = "SELECT count(*) FROM audit WHERE action = 'session.refuse' AND actor_person_id = :p"
        return db.scalar(text(rows), {"p": viewer.person_id}) or 0


def test_the_same_person_comes_in_where_the_provider_tells_the_truth(street: Street) -> None:
    client = new_browser(street.app)
    assert through(client, "good", next="/help").location == "/help#content"
    assert signed_in(client)


@pytest.mark.parametrize("case", sorted(CASES))
def test_nobody_is_let_in(
    street: Street,
    case: str,
    cluster: Cluster,
    database: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if case.endswith(("-slow", "-a-drop-at-a-time")):
        monkeypatch.setattr(fetching, "WITHIN", 0.6)
    why, client, before = CASES[case][0], new_browser(street.app), refusals(cluster, database, street.viewer)
    answer = through(client, case, next="/help")
    said = capsys.readouterr().out
    assert (answer.status_code, reason(answer)) == (303, why.said)
    assert f"why={why.value}" in said
    assert "canary" not in said
    shown = client.get(answer.location)
    assert shown.status_code == 200
    assert say("sv", f"identity.refused.{why.said}") in shown.text
    assert "canary" not in shown.text
    assert not signed_in(client)
    with client.session_transaction() as kept:
        assert "secret" not in kept
    named = why not in UNNAMED and case not in NOBODYS | TOKENLESS
    assert refusals(cluster, database, street.viewer) - before == int(named)


def test_there_are_enough_of_them() -> None:
    assert len(CASES) > 100
