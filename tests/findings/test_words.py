"""Words of findings: what a word is, that a search finds just what the reader may read, and tells nothing else."""

from __future__ import annotations

import unicodedata
from itertools import islice
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, text

from samsyn.core.errors import InvalidError, NotAllowedError
from samsyn.core.paging import Seek
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.findings.models import Finding
from samsyn.findings.queries import findings_of_visit
from samsyn.findings.rules import Answer
from samsyn.findings.words import (
    LONGEST,
    context_of,
    count_words,
    folded,
    rebuild_words,
    search_findings,
    terms_of,
    words_of,
    write_words,
)
from samsyn.operations.models import Recusal
from tests.dossiers.scenes import Scene, visited
from tests.factories import START, Office, Town

VOCABULARY = ["burk", "burkar", "Burkpant", "ål", "åldring", "al", "Café", "cafe", "öl", "ol", "x-ray", "pant", "2027"]


def write(
    town: Town, scene: Scene, office: Office, said: str, *, finding: UUID | None = None, version: int = 1,
    unit_only: bool = False, words: bool = True,
) -> UUID:  # fmt: skip
    """Write one version as an inspector, with its words, as the service does."""
    finding = finding or uuid4()
    row = {
        "finding_id": finding, "base_version": version - 1, "part_id": scene.parts[office.id],
        "visit_id": scene.visit, "operation_id": scene.operation, "authority_id": office.id,
        "unit_id": office.unit if unit_only else None, "checklist_id": None, "checklist_n": None, "check_point": None,
        "answer": Answer.OBSERVATION, "serious": False, "text": said, "unit_only": unit_only, "marking": None,
        "written_by": office.inspectors[0], "observed_at": scene.at, "written_at": scene.at,
    }  # fmt: skip
    with unit_of_work(town.inspector(office)) as uow:
        uow.session.execute(insert(Finding).values(**row, version=version))
        if words:
            write_words(uow, row, version)
    return finding


def found(viewer: Viewer, asked: str, limit: int = 200) -> list[str]:
    with unit_of_work(viewer) as uow:
        return [hit.line.text for hit in search_findings(uow, asked, Seek(limit)).items]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Åtta BURKAR, öl-lager & älg", {"åtta", "burkar", "öl", "lager", "älg"}),
        ("A\u030atta cafe\u0301", {"åtta", "cafe"}),
        ("Café Über Æble Ørn", {"cafe", "uber", "äble", "örn"}),
        ("811218-9876 och 556012-5790, rum 12 345678", {"och", "5790", "rum", "12"}),
        ("a i å", set()),
        ("x" * 60, {"x" * LONGEST}),
    ],
)
def test_what_a_word_is(said: str, words: set[str]) -> None:
    assert words_of(said) == words


@settings(deadline=None)
@given(st.text(max_size=200))
@example("ß ﬁ İ ŉ \u0345")
def test_folding_keeps_every_place_and_a_words_context_is_in_the_text(said: str) -> None:
    whole = unicodedata.normalize("NFC", said)
    assert len(folded(whole)) == len(whole)
    for word in islice(words_of(said), 3):
        assert context_of(said, [word]).word


def test_nothing_to_look_for_is_refused_and_too_much() -> None:
    for asked in ("", "a", "–", "811218-9876"):
        with pytest.raises(InvalidError):
            terms_of(asked)
    with pytest.raises(InvalidError):
        terms_of("ett två tre fyra fem sex sju")


def test_every_term_begins_a_word_of_the_newest_version(town: Town) -> None:
    scene = visited(town, town.environment)
    viewer = town.inspector(town.environment)
    first = write(town, scene, town.environment, "Burkar utan pant i kylen")
    write(town, scene, town.environment, "Pant på golvet")
    assert found(viewer, "PANT bur") == ["Burkar utan pant i kylen"]
    assert set(found(viewer, "pant")) == {"Burkar utan pant i kylen", "Pant på golvet"}
    write(town, scene, town.environment, "Kylen är tömd", finding=first, version=2)
    assert found(viewer, "burkar") == []
    assert found(viewer, "tömd") == ["Kylen är tömd"]
    assert found(viewer, "tomd") == [], "ö is a letter of its own"


def test_pages_go_on_where_they_ended_and_each_visit_read_is_in_the_trail(town: Town) -> None:
    scene = visited(town, town.environment)
    for n in range(5):
        write(town, scene, town.environment, f"kryddor {n}")
    viewer, seen, cursor = town.inspector(town.environment), list[str](), None
    for _ in range(3):
        with unit_of_work(viewer) as uow:
            page = search_findings(uow, "kryddor", Seek.parse(2, cursor))
        seen += [hit.line.text for hit in page.items]
        cursor = page.next_cursor
    assert cursor is None
    assert sorted(seen) == [f"kryddor {n}" for n in range(5)]
    with unit_of_work(town.planner(town.environment)) as uow:
        rows = uow.session.execute(text("SELECT object_id, reason FROM audit WHERE action = 'finding.read'")).all()
    assert [(row.object_id, row.reason) for row in rows] == [(scene.visit, None)] * 3
    with unit_of_work(viewer) as uow, pytest.raises(InvalidError):
        search_findings(uow, "kryddor", Seek(2, ("igår", "x")))


def test_what_a_unit_keeps_another_silo_and_a_visit_of_jav_are_not_found(town: Town) -> None:
    scene = visited(town, town.police, town.environment)
    write(town, scene, town.police, "spaning enhetens", unit_only=True)
    write(town, scene, town.environment, "spaning miljöns")
    assert found(town.inspector(town.police), "spaning") == ["spaning enhetens"]
    assert found(Viewer.task_of(town.police.id), "spaning") == []
    assert found(town.inspector(town.health), "spaning") == []
    recused = town.inspector(town.environment)
    values = {"operation_id": scene.operation, "authority_id": town.environment.id, "reason": "granne", "at": START}
    with unit_of_work(recused) as uow:
        uow.session.execute(insert(Recusal).values(visit_id=scene.visit, person_id=recused.person_id, **values))
    assert found(recused, "spaning") == []
    assert found(town.inspector(town.environment, 1), "spaning") == ["spaning miljöns"]
    for role in ("observer", "unit_admin"):
        with pytest.raises(NotAllowedError):
            found(Viewer(town.environment.id, uuid4(), frozenset({role})), "spaning")


def test_a_word_that_is_hidden_costs_what_one_costs_that_nobody_wrote(town: Town) -> None:
    """The same statements, and the database touches no page more for the one than for the other."""
    scene = visited(town, town.police, town.environment)
    for n in range(40):
        write(town, scene, town.environment, f"hemligaste {n}")
    plan = (
        "EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF, SUMMARY OFF, FORMAT JSON) SELECT finding_id, version"
        " FROM finding_word WHERE authority_id = :me AND word >= :w AND word < :w || chr(1114111)"
    )
    touched = {}
    with unit_of_work(town.inspector(town.police)) as uow:
        for word in ("hemligaste", "hemligasta"):
            for _ in range(2):
                (said,) = uow.session.execute(text(plan), {"me": uow.me, "w": word}).scalar_one()
                node = said["Plan"]
                touched[word] = (node["Shared Hit Blocks"], node["Actual Rows"])
    assert touched["hemligaste"] == touched["hemligasta"]


def test_the_command_writes_what_is_missing_and_nothing_twice(town: Town) -> None:
    scene = visited(town, town.police)
    write(town, scene, town.police, "gammal iakttagelse", words=False)
    write(town, scene, town.police, "enhetens gamla", unit_only=True, words=False)
    viewer = town.inspector(town.police)
    assert found(viewer, "gam") == []
    for worker in (Viewer.task_of(town.police.id), Viewer.task_of_unit(town.police.id, town.police.unit)):
        for _ in range(2):
            with unit_of_work(worker) as uow:
                last = rebuild_words(uow)
                assert last is not None
                assert rebuild_words(uow, last) is None
    assert set(found(viewer, "gam")) == {"gammal iakttagelse", "enhetens gamla"}
    with unit_of_work(viewer) as uow:
        assert count_words(uow) == 4
        with pytest.raises(NotAllowedError):
            rebuild_words(uow)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.lists(st.sampled_from(VOCABULARY), max_size=4), st.integers(0, 3)), max_size=8),
    st.lists(st.sampled_from([*VOCABULARY, "bur", "ca", "ö", "pantet"]), min_size=1, max_size=3),
)
def test_a_search_equals_reading_everything_and_looking(
    town: Town, wrote: list[tuple[list[str], int]], asked: list[str]
) -> None:
    """``n`` says who writes it, and 3 writes a second version of the last one."""
    scene = visited(town, town.police, town.environment)
    last: dict[UUID, tuple[UUID, int]] = {}
    for words, n in wrote:
        office = town.police if n == 0 else town.environment
        finding, version = last.get(office.id, (None, 0)) if n == 3 else (None, 0)
        key = write(town, scene, office, " ".join(words), finding=finding, version=version + 1)
        last[office.id] = key, version + 1
    for office in (town.police, town.environment, town.health):
        viewer = town.inspector(office)
        with unit_of_work(viewer) as uow:
            mine = findings_of_visit(uow, scene.visit)
            try:
                terms = terms_of(" ".join(asked))
            except InvalidError:
                return
            page = search_findings(uow, " ".join(asked), Seek(200))
        expected = {
            line.finding_id
            for line in mine
            if all(any(word.startswith(term) for word in words_of(line.text)) for term in terms)
        }
        here = [hit.line.finding_id for hit in page.items if hit.line.visit_id == scene.visit]
        assert sorted(here) == sorted(expected)
