"""Two servers and a feed of 500 events, for a file of tests that subscribe."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from samsyn.core.keys import make_key_file
from tests.bench.place import Place
from tests.cluster import Cluster
from tests.interop.serving import Served, served
from tests.interop.year import Year, a_year


@pytest.fixture(scope="module")
def servers(cluster: Cluster, database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    make_key_file(folder / "keys.json")
    with served(folder, cluster.url("samsyn_app", database)) as started:
        yield started


@pytest.fixture(scope="module")
def year(cluster: Cluster, database: str, tmp_path_factory: pytest.TempPathFactory) -> Year:
    return a_year(Place(tmp_path_factory.mktemp("place"), cluster), database)
