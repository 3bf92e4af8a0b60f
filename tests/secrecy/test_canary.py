"""No marker of one authority reaches anybody who may not read it, on any surface, in any wrapping."""

from __future__ import annotations

import base64
import gzip
import quopri
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from sqlalchemy import text

from samsyn.core.tables import load
from samsyn.core.viewer import Viewer
from tests.cluster import Cluster
from tests.core.owner import acting_in, as_owner
from tests.factories import make_town
from tests.secrecy.markers import Markers, may_hold_a_word, words
from tests.secrecy.planting import Planted, plant
from tests.secrecy.surfaces import ALLOWED, SURFACES, WORDLESS, eyes, leaks, tables

MARKER = b"canary0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="module")
def planted(database: str) -> Planted:
    return plant(make_town())


@pytest.fixture(scope="module")
def leaky(cluster: Cluster) -> Iterator[tuple[str, Planted]]:
    """A database of its own, in which the walls may be broken."""
    name = cluster.create()
    cluster.migrate(name)
    with acting_in(cluster, name):
        yield name, plant(make_town())


def test_each_viewer_sees_just_what_the_table_of_rights_says(planted: Planted) -> None:
    assert leaks(planted, SURFACES, complete=True) == []


def test_every_table_is_in_the_test(planted: Planted) -> None:
    there = set(tables(planted.town.planner(planted.town.tobacco)))
    marked = {place.partition(".")[0] for _, place in planted.markers.places.values()}
    assert there - marked - set(WORDLESS) == set(), "plant a marker in it, or say why it can hold none"
    assert set(WORDLESS) & marked == set()
    assert {name.partition(".")[0] for name in ALLOWED} == marked


def test_every_field_that_may_hold_a_word_holds_a_marker(planted: Planted) -> None:
    marked = {place for _, place in planted.markers.places.values()}
    fields = {
        f"{table.name}.{column.name}"
        for table in load().sorted_tables
        if table.name not in WORDLESS
        for column in table.columns
        if may_hold_a_word(column)
    }
    assert fields - marked == set()


def test_everybody_is_among_the_viewers(planted: Planted) -> None:
    roles = {role for eye in eyes(planted) for role in eye.viewer.roles}
    assert roles >= {"planner", "decider", "unit_admin", "log_reviewer", "inspector", "observer", "task"}
    assert len({eye.name for eye in eyes(planted)}) == len(eyes(planted))


@pytest.mark.parametrize(
    ("breach", "repair", "who", "what"),
    [
        (
            "CREATE POLICY leak ON finding FOR SELECT TO samsyn_app USING (true)",
            "DROP POLICY leak ON finding",
            "police planner",
            "finding.text of tobacco",
        ),
        (
            "ALTER POLICY may_select_need ON visit_target USING (true)",
            None,
            "police inspector",
            "visit_target.address of police",
        ),
        (
            "ALTER POLICY may_all_jav ON evidence USING (true)",
            None,
            "tobacco second inspector",
            "evidence.media_type of tobacco",
        ),
        (
            "ALTER POLICY may_select_unit ON finding USING (true)",
            None,
            "tobacco other unit",
            "finding.text (unit only) of tobacco",
        ),
        (
            "ALTER POLICY may_select_to_unit ON disclosure USING (true)",
            None,
            "police other unit",
            "disclosed_item.copy of tobacco",
        ),
        (
            "ALTER TABLE staff_address DISABLE ROW LEVEL SECURITY",
            None,
            "nobody",
            "staff_address.phone of environment",
        ),
        (
            "CREATE TABLE copy AS SELECT * FROM finding; GRANT SELECT ON copy TO samsyn_app",
            "DROP TABLE copy",
            "outsider task",
            "finding.marking of environment",
        ),
    ],
)
def test_a_breach_is_seen(
    cluster: Cluster, leaky: tuple[str, Planted], breach: str, repair: str | None, who: str, what: str
) -> None:
    name, planted = leaky
    seen = f"{who} sees {what} in database"
    assert seen not in leaks(planted, SURFACES, only=who)
    with as_owner(cluster, name) as db:
        db.execute(text(breach))
        db.commit()
    assert seen in leaks(planted, SURFACES, only=who)
    if repair:
        with as_owner(cluster, name) as db:
            db.execute(text(repair))
            db.commit()


def test_a_surface_that_gives_anothers_finding_away_is_seen(planted: Planted) -> None:
    [secret] = [m for m, place in planted.markers.places.items() if place == ("tobacco", "finding.text")]

    def page(viewer: Viewer) -> Iterator[bytes]:
        if viewer.authority_id == planted.town.environment.id:
            yield base64.encodebytes(b"DESCRIPTION:" + secret)

    found = leaks(planted, {"page": page})
    assert "environment planner sees finding.text of tobacco in page" in found
    assert all(line.startswith("environment") for line in found)


@pytest.mark.parametrize(
    "wrapped",
    [
        MARKER,
        b"DESCRIPTION:" + b"x" * 50 + MARKER[:9] + b"\r\n " + MARKER[9:],
        b"%s=\r\n%s" % (MARKER[:20], MARKER[20:]),
        quopri.encodestring(b"\xc3\xa5" * 20 + MARKER),
        base64.b64encode(MARKER),
        base64.b64encode(b"x" + MARKER),
        base64.encodebytes(b"ab" * 60 + MARKER),
        base64.urlsafe_b64encode(b"\xff\xfe\xfb" + MARKER),
        quote("å" + MARKER.decode(), safe="").replace("canary", "%63anary").encode(),
        b"\\x" + MARKER.hex().encode(),
        b"\\x" + gzip.compress(b"BEGIN:VCALENDAR " + MARKER).hex().encode(),
        gzip.compress(base64.b64encode(MARKER)),
    ],
    ids=[
        "plain",
        "folded",
        "soft-break",
        "quoted",
        "b64",
        "b64-shifted",
        "mime",
        "url-b64",
        "percent",
        "hex",
        "packed-hex",
        "packed-b64",
    ],
)
def test_a_marker_is_found_in_every_wrapping(wrapped: bytes) -> None:
    assert MARKER in words(wrapped)


def test_a_marker_that_was_not_planted_says_nothing() -> None:
    assert Markers().seen_in([MARKER]) == set()
