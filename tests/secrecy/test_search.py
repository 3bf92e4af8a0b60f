"""Searching is a surface: whoever looks for a planted word finds it where that person may read it, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from samsyn.core.errors import NotAllowedError
from samsyn.core.paging import Seek
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.findings.words import search_findings, terms_of
from tests.factories import make_town
from tests.secrecy.planting import Planted, plant
from tests.secrecy.surfaces import Surface, eyes, leaks


@pytest.fixture(scope="module")
def planted(database: str) -> Planted:
    return plant(make_town())


def searched(planted: Planted, viewer: Viewer, part: slice) -> Iterator[bytes]:
    """All that a viewer is told who looks for every planted word of a finding, whole or how it begins."""
    for marker, (_, place) in planted.markers.places.items():
        if place.startswith("finding.text"):
            try:
                with unit_of_work(viewer) as uow:
                    yield repr(search_findings(uow, terms_of(marker.decode())[0][part], Seek(200))).encode()
            except NotAllowedError:
                return


def test_no_search_finds_what_its_asker_may_not_read(planted: Planted) -> None:
    ways: dict[str, Surface] = {
        "whole words": lambda viewer: searched(planted, viewer, slice(None)),
        "beginnings": lambda viewer: searched(planted, viewer, slice(0, 4)),
    }
    assert leaks(planted, ways) == []


def test_the_own_words_are_found(planted: Planted) -> None:
    """Or the test above would be green on nothing."""
    for eye in eyes(planted):
        if eye.name == "tobacco inspector":
            seen = {place for _, place in planted.markers.seen_in(searched(planted, eye.viewer, slice(None)))}
            assert {"finding.text", "finding.text (unit only)"} <= seen
