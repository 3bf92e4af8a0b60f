"""A list as a file is the same surface as its page: no marker that the page does not show to the same viewer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from samsyn.core.keys import make_key_file
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.web.exports import LISTINGS
from tests.cluster import Cluster
from tests.factories import make_town
from tests.secrecy.markers import words
from tests.secrecy.planting import plant
from tests.secrecy.surfaces import Eye, eyes, leaks
from tests.secrecy.test_http import LOOK, STATES, Scene, finish, make_real, scene

FORMS = ("xlsx", "csv", "json")


@pytest.fixture(scope="module", params=STATES)
def looked_at(
    request: pytest.FixtureRequest, cluster: Cluster, database: str, tmp_path_factory: pytest.TempPathFactory
) -> Scene:
    folder = tmp_path_factory.mktemp("exports")
    make_key_file(folder / "keys.json")
    planted = plant(make_town())
    if request.param == "done":
        finish(planted)
    make_real(planted, folder)
    return scene(planted, cluster, database, folder)


def paths(scene: Scene, path: str, ending: str = "") -> Iterator[str]:
    """The addresses of a list, or of one of its files, with every key that the scene knows."""
    rules = [rule for rule in scene.routes.rules if rule.rule == path + ending]
    assert len(rules) == 1, path + ending
    yield from scene.routes.paths(rules[0])


def answers(scene: Scene, viewer: Viewer, addresses: Iterator[str]) -> Iterator[bytes]:
    headers = scene.routes.headers(viewer)
    for address in addresses:
        answer = scene.routes.client.get(address, headers=headers)
        assert answer.status_code < 500, address
        yield answer.data
        yield str(answer.headers).encode()


def looking(scene: Scene) -> list[Eye]:
    return [eye for eye in eyes(scene.planted) if eye.name in LOOK]


@pytest.mark.parametrize("name", sorted(LISTINGS))
def test_a_file_holds_no_marker_that_its_page_does_not_show_to_the_same_viewer(looked_at: Scene, name: str) -> None:
    one, seen = LISTINGS[name], looked_at.planted.markers.seen_in
    for eye in looking(looked_at):
        page = seen(answers(looked_at, eye.viewer, paths(looked_at, one.path)))
        for form in FORMS:
            found = seen(answers(looked_at, eye.viewer, paths(looked_at, one.path, f".{form}")))
            assert found <= page, (eye.name, form, found - page)


def test_no_file_shows_a_marker_to_somebody_who_may_not_see_it(looked_at: Scene) -> None:
    def files(viewer: Viewer) -> Iterator[bytes]:
        for one in LISTINGS.values():
            for form in FORMS:
                yield from answers(looked_at, viewer, paths(looked_at, one.path, f".{form}"))

    assert [leak for who in LOOK for leak in leaks(looked_at.planted, {"files": files}, only=who)] == []


def test_the_files_do_show_what_their_readers_need(looked_at: Scene) -> None:
    """Or the tests above would be green on empty files."""
    viewers = {eye.name: eye.viewer for eye in eyes(looked_at.planted)}
    for form in FORMS:
        for path, place in (("/operations", "operation.code_word"), ("/businesses", "premises.name")):
            data = answers(looked_at, viewers["police planner"], paths(looked_at, path, f".{form}"))
            assert place in {where for _, where in looked_at.planted.markers.seen_in(data)}, (form, path)


def test_a_marker_inside_a_workbook_is_found(looked_at: Scene) -> None:
    viewer = looked_at.planted.town.planner(looked_at.planted.town.police)
    with unit_of_work(viewer) as uow:
        assert uow.me == looked_at.planted.town.police.id
    packed = next(answers(looked_at, viewer, paths(looked_at, "/operations", ".xlsx")))
    assert packed.startswith(b"PK")
    assert words(packed)
