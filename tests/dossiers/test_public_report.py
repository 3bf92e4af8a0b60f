"""The public version: numbers alone, none below five and none that can be worked out; decided once, kept as it left."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import combinations, product
from random import Random
from typing import Any
from uuid import UUID

import pytest
from apiflask import APIFlask
from hypothesis import given
from hypothesis import settings as trial
from hypothesis import strategies as st
from sqlalchemy import insert, text

from samsyn.authorities.rules import Field
from samsyn.core.errors import ConflictError, GateClosedError, NotAllowedError, NotFoundError
from samsyn.core.outbox import emit
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.dossiers.rendering import render_public
from samsyn.dossiers.report.public import GROUPS, PublicContent, public_of
from samsyn.dossiers.report.service import preview_public, publish_report, read_public
from samsyn.dossiers.report.shape import STATES, ReportContent, ReportVisit, authorities_of, numbers_of
from samsyn.dossiers.report.small import LEAST, PublicTable, published
from samsyn.dossiers.rules import COMPILE_BUSINESS, COMPILE_OPERATION
from samsyn.findings.rules import Answer
from samsyn.operations.models import Recusal
from samsyn.operations.rules import OperationState
from samsyn.outcomes.tools import every_tool, tools_of
from samsyn.retention.rules import DataClass
from samsyn.retention.statement import count_by_year
from samsyn.web.exports.public_sheets import public_xlsx
from tests.dossiers.scenes import Scene, another_visit, approve, compiled, find, set_state, tell_fact, visited
from tests.dossiers.test_measures import said
from tests.factories import Office, Town
from tests.secrecy.markers import a_word
from tests.web import conftest as web
from tests.web.reader import open_browser
from tests.web.test_findings_api import caller

app, settings = web.app, web.settings
AT = datetime(2027, 4, 1, 7, 0, tzinfo=UTC)
KINDS = st.integers(2, 6).flatmap(lambda n: st.lists(st.integers(0, 12) | st.integers(0, 4), min_size=n, max_size=n))


def table(counts: list[int]) -> PublicTable:
    return published({f"k{n}": one for n, one in enumerate(counts)})


def alternatives(counts: list[int]) -> Iterator[list[int]]:
    """Every table with the same total that moves something between two or three kinds, or among the small ones."""
    for chosen in (*combinations(range(len(counts)), 2), *combinations(range(len(counts)), 3)):
        whole = sum(counts[one] for one in chosen)
        for first in range(whole + 1):
            seconds = range(whole - first + 1) if len(chosen) > 2 else [whole - first]
            for second in seconds:
                parts = [first, second, whole - first - second][: len(chosen)]
                other = list(counts)
                for at, n in zip(chosen, parts, strict=True):
                    other[at] = n
                yield other
    small = [at for at, n in enumerate(counts) if n < LEAST]
    for values in product(range(LEAST), repeat=len(small)):
        if sum(values) == sum(counts[at] for at in small):
            other = list(counts)
            for at, n in zip(small, values, strict=True):
                other[at] = n
            yield other


@trial(max_examples=200, deadline=None)
@given(KINDS)
def test_a_hidden_cell_may_be_anything_for_who_knows_the_rule_and_all_that_is_published(counts: list[int]) -> None:
    """The strongest reader: knows this code, sees the whole table, and tries every table that would look the same."""
    seen = table(counts)
    same = [one for one in alternatives(counts) if table(one) == seen]
    if seen["total"] is None:
        assert seen["kinds"] is None
        return
    for at in range(len(counts)):
        shown = (seen["kinds"] or {}).get(f"k{at}")
        possible = {one[at] for one in same}
        if shown is not None:
            assert shown == counts[at] >= LEAST
            assert possible == {shown}
        elif seen["kinds"] is not None:
            assert possible == set(range(LEAST)), "all of what is below five stays possible"
        else:
            assert len(possible) > 1


@pytest.mark.parametrize("counts", [[4, 4], [0, 9], [31, 3], [0, 0, 0, 0, 40], [4, 4, 4, 4, 4], [35, 1, 1, 1, 0]])
def test_what_could_be_subtracted_leaves_the_total_alone(counts: list[int]) -> None:
    assert table(counts) == {"total": sum(counts), "kinds": None}


def test_small_cells_stand_where_each_may_be_anything() -> None:
    assert table([34, 3, 1, 0, 2]) == {"total": 40, "kinds": {"k0": 34, "k1": None, "k2": None, "k3": None, "k4": None}}
    assert table([9, 12]) == {"total": 21, "kinds": {"k0": 9, "k1": 12}}
    assert table([2, 2]) == {"total": None, "kinds": None}


def groups_by_law(fields: set[Field]) -> list[str]:
    """What anybody reads out of the law: the groups that an authority of these fields has a tool for."""
    kinds = {tool.kind for tool in every_tool().values() if not tool.fields or tool.fields & fields}
    return sorted(name for name, of in GROUPS.items() if kinds & of)


@trial(max_examples=60, deadline=None)
@given(st.sets(st.sampled_from(list(Field)), min_size=1, max_size=2), st.randoms(use_true_random=False))
def test_who_knows_which_tools_the_publisher_has_works_out_no_outcome(fields: set[Field], chance: Random) -> None:
    """The strongest reader again: knows besides that what the publisher has no tool for is nought."""
    possible = groups_by_law(fields)
    counts = [chance.choice([*range(5), 0, 0, 7, 9]) for _ in possible]

    def outcomes_table(them: list[int]) -> PublicTable:
        content = a_report(Random(0), [])
        content["visits"] = []
        kinds = [min(GROUPS[group] & {one.kind for one in tools_of(fields)}) for group in possible]
        decided: Any = [{"measure": k, "state": "decided"} for k, n in zip(kinds, them, strict=True) for _ in range(n)]
        line: Any = {"outcomes": decided}
        content["visits"].append(line)
        found = public_of(content, "Nämnden", fields, by_field=True, keeps=False)["outcomes"]
        assert found is not None
        return found

    seen = outcomes_table(counts)
    if seen["total"] is None:
        return
    assert seen["kinds"] is None or sorted(seen["kinds"]) == possible, "whatever was decided"
    same = [one for one in alternatives(counts) if outcomes_table(one) == seen]
    for at, group in enumerate(possible):
        shown = (seen["kinds"] or {}).get(group)
        might = {one[at] for one in same}
        if shown is not None:
            assert might == {shown}
        elif seen["kinds"] is not None:
            assert might == set(range(LEAST)), (group, counts)
        else:
            assert len(might) > 1 or len(possible) == 1


def test_advice_beside_the_only_other_tool_of_the_tax_authority_is_not_worked_out() -> None:
    """Thirteen in all, nine charges: all else is advice, as it has nothing else."""
    charges, advice = [{"measure": "tax_control_fee", "state": "decided"}] * 9, [{"measure": "advice"}]
    content = a_report(Random(0), [])
    lines: Any = [{"outcomes": [*charges, *({**one, "state": "decided"} for one in advice * 4)]}]
    content["visits"] = lines
    found = public_of(content, "Skatteverket", {Field.TAX}, by_field=True, keeps=False)
    assert found["outcomes"] == {"total": 13, "kinds": None}


def a_report(chance: Random, marks: list[str]) -> ReportContent:
    """A report of random visits in whose every word is a mark."""

    def word() -> str:
        marks.append(f"hemligt{chance.getrandbits(64):x}")
        return marks[-1]

    visits: list[Any] = []
    for n in range(chance.choice([0, 3, 5, 8, 20, 40])):
        parts = [
            {"authority": name, "unit": word(), "field": kind, "mine": name == "Nämnden", "summary": "deficiency",
             "handed_in": True, "nothing_to_report": False}
            for name, kind in (("Nämnden", "tobacco"), ("Polisen", "police"))[: chance.choice([1, 2])]
        ]  # fmt: skip
        findings = [
            {"finding_id": f"{n} {k}", "version": 1, "point": None, "point_sv": None, "point_en": None, "law": None,
             "answer": chance.choice(["ok", "deficiency"]), "serious": chance.random() < 0.3, "text": word(),
             "observed_at": AT.isoformat(), "evidence": 0}
            for k in range(chance.randint(0, 3))
        ]  # fmt: skip
        outcomes = [
            {"outcome_id": "u", "measure": chance.choice(["advice", "warning", "order"]), "text": word(),
             "decider": word(), "state": chance.choice(["decided", "proposed"])}
        ] * chance.choice([0, 0, 1])  # fmt: skip
        received = [
            {"disclosure_id": "d", "giver": "Polisen", "decided_at": AT.isoformat(), "decider": word(),
             "legal_basis": "OSL", "digest": word(),
             "items": [{"answer": "deficiency", "text": word(), "place": word(), "by": word()}]}
        ] * chance.choice([0, 0, 1])  # fmt: skip
        visit = {"visit_id": str(n), "operation_id": "o", "code_word": "Gullviva", "state": chance.choice(STATES),
                 "place": word(), "address": word(), "announced": chance.random() < 0.5, "parts": parts,
                 "facts": [{"question": "who_was_met", "answer": word(), "authority": "Polisen"}],
                 "common_text": word(), "findings": findings}  # fmt: skip
        visits.append(
            {
                "business_id": word(),
                "business": word(),
                "visit": visit,
                "received": received,
                "outcomes": outcomes,
                "follow_ups": [{"state": "open", "owner": word(), "text": word()}],
            }
        )
    told: list[ReportVisit] = visits
    operation: Any = {"id": word(), "code_word": "Gullviva", "title": word(), "lead": "Polisen",
                      "starts_at": AT.isoformat(), "ends_at": AT.isoformat(), "ad_hoc": False, "state": "compiled",
                      "common_text": word()}  # fmt: skip
    fields = {one["finding_id"]: "tobacco" for visit in told for one in visit["visit"]["findings"]}
    numbers = numbers_of(told, {}, fields)
    return {"operation": operation, "authorities": authorities_of(told), "numbers": numbers, "visits": told,
            "not_compiled": 0}  # fmt: skip


def documents(content: PublicContent) -> dict[str, str]:
    """What every form says, in both languages."""
    made = {"json": json.dumps(content, ensure_ascii=False)}
    for language in ("sv", "en"):
        made[f"xlsx {language}"] = said("xlsx", public_xlsx(content, language))
    return made


@pytest.mark.parametrize("seed", range(200))
def test_no_word_that_anybody_typed_is_in_it_and_no_number_below_five(seed: int) -> None:
    marks: list[str] = []
    content = a_report(Random(seed), marks)
    found = public_of(content, "Nämnden", {Field.TOBACCO}, by_field=True, keeps=False)
    forms = documents(found)
    if seed < 10:
        forms["pdf"] = said("pdf", render_public(found, "sv", AT))
    for form, words in forms.items():
        assert not any(mark in words for mark in marks), form
    tables = [found[key] for key in ("visits", "notice", "together", "deficiencies", "fields", "outcomes")]
    for one in filter(None, tables):
        shown = [one["total"], *(one["kinds"] or {}).values()]
        assert all(n is None or n >= LEAST for n in shown)
    states = Counter(visit["visit"]["state"] for visit in content["visits"])
    if (kinds := found["visits"]["kinds"]) is not None:
        assert all(n is None or n == states[state] for state, n in kinds.items())


@pytest.mark.parametrize("seed", range(40))
def test_the_tables_of_the_same_visits_tell_nothing_together(seed: int) -> None:
    """Whatever a hidden cell of one table may be by itself, it may be beside the others: there is such an evening."""
    chance = Random(seed)
    visits = [
        (chance.choice([0, 0, 0, 0, 1, 2, 3, 4]), chance.random() < 0.2, chance.random() < 0.6)
        for _ in range(chance.randint(5, 45))
    ]

    def tables_of(them: list[tuple[int, bool, bool]]) -> list[PublicTable]:
        states = Counter(state for state, _, _ in them)
        halves = [[sum(one[at] for one in them), sum(not one[at] for one in them)] for at in (1, 2)]
        return [table([states[k] for k in range(5)]), *map(table, halves)]

    seen, counts = tables_of(visits), [sum(one[0] == k for one in visits) for k in range(5)]
    possible: list[set[int]] = [set() for _ in counts]
    for other in alternatives(counts):
        states = [k for k, n in enumerate(other) for _ in range(n)]
        evening = [(state, *one[1:]) for state, one in zip(states, visits, strict=True)]
        if tables_of(evening) == seen:
            for at, n in enumerate(other):
                possible[at].add(n)
    for at, n in enumerate(counts):
        if (seen[0]["kinds"] or {}).get(f"k{at}") is None:
            assert len(possible[at]) >= (LEAST if seen[0]["kinds"] else 2), (at, n)


@pytest.fixture
def evening(town: Town) -> tuple[Scene, list[str]]:
    """Six visits of the police and the tobacco board, compiled; every word of people is a mark."""
    marks = [a_word() for _ in range(6)]
    first = visited(town, town.police, town.tobacco, state=OperationState.DONE)
    scenes = [first, *(another_visit(town, first, town.police, town.tobacco, business=n % 3) for n in range(1, 6))]
    for scene, mark in zip(scenes, marks, strict=True):
        find(town, scene, town.tobacco, mark, said=Answer.DEFICIENCY, serious=scene is first)
        tell_fact(town, scene, town.police, f"mött {mark}")
    approve(town, first, f"gemensamt {marks[0]}")
    for n in range(3):
        compiled(town, town.tobacco, n)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        names = uow.session.scalars(text("SELECT name FROM business b JOIN premises p ON p.id = b.premises_id")).all()
        people = uow.session.scalars(text("SELECT shown_name FROM staff")).all()
    set_state(town, first, OperationState.COMPILED)
    return first, [*marks, *names, *people, "Nygatan"]


def to_weed(town: Town) -> int:
    """How many documents the retention rules count in the board."""
    with unit_of_work(town.planner(town.tobacco)) as uow:
        return sum(row.n for row in uow.session.execute(count_by_year(DataClass.DOCUMENTS)))


def decide(town: Town, office: Office, scene: Scene, who: Viewer | None = None) -> None:
    with unit_of_work(who or town.planner(office)) as uow:
        seen = preview_public(uow, scene.operation).digest
        publish_report(uow, scene.operation, seen, lambda _: {"json": b"{}"})


def test_nothing_is_decided_while_a_worker_has_yet_to_compile_what_came_since(
    town: Town, evening: tuple[Scene, list[str]]
) -> None:
    """A copy that was handed over, or a removal, is compiled by a worker: what is given for ever waits for it."""
    scene, _ = evening
    with unit_of_work(town.planner(town.tobacco)) as uow:
        emit(uow, COMPILE_BUSINESS, town.businesses[1], acts_for=town.tobacco.id)
    with pytest.raises(GateClosedError) as gate:
        decide(town, town.tobacco, scene)
    assert gate.value.missing == ("wait",)
    with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
        uow.session.execute(text("UPDATE outbox SET state = 'done' WHERE acts_for_id = (SELECT me())"))
    decide(town, town.tobacco, scene)


def test_what_a_worker_gave_up_is_compiled_on_the_reports_page_and_then_it_is_decided(
    app: APIFlask, town: Town, evening: tuple[Scene, list[str]]
) -> None:
    scene, _ = evening
    path = f"/operations/{scene.operation}"
    with unit_of_work(town.planner(town.tobacco)) as uow:
        emit(uow, COMPILE_BUSINESS, town.businesses[1], acts_for=town.tobacco.id)
        emit(uow, COMPILE_OPERATION, scene.operation, acts_for=town.tobacco.id)
    decider = open_browser(app.test_client(), town.planner(town.tobacco))
    assert "Vänta en minut" in decider.get(f"{path}/public-report")
    with unit_of_work(Viewer.task_of(town.tobacco.id)) as uow:
        uow.session.execute(text("UPDATE outbox SET state = 'dead' WHERE state = 'due'"))
    assert "Sammanställ dem på rapportens sida först" in decider.get(f"{path}/public-report")
    decider.do(f"{path}/report", f"{path}/report/compile")
    decide(town, town.tobacco, scene)


def test_a_decider_looks_decides_once_and_everybody_of_the_authority_takes_it(
    app: APIFlask, town: Town, evening: tuple[Scene, list[str]]
) -> None:
    scene, marks = evening
    path = f"/operations/{scene.operation}/public-report"
    inspector = open_browser(app.test_client(), town.inspector(town.tobacco))
    assert "Ingen offentlig version är beslutad" in inspector.get(path)
    decider = open_browser(app.test_client(), town.planner(town.tobacco))
    assert path in decider.get(f"/operations/{scene.operation}/report")
    before = decider.get(path)
    assert "färre än 5" in before or "Fördelningen visas inte" in before
    decider.do(path, path)
    assert "Besluta: alla får läsa" not in decider.get(path)
    assert "beslutad och sparad" in decider.get(f"{path}?done")
    client, who = app.test_client(), caller(town, town.tobacco)
    sent = {form: client.get(f"/api/v1{path}.{form}", headers=who).data for form in ("pdf", "xlsx", "json")}
    shown = {form: said(form, data) for form, data in sent.items()}
    for form, words in {**shown, "page": inspector.get(path).partition("<main")[2].partition("</main")[0]}.items():
        assert not any(mark in words for mark in marks if mark), form
    told = json.loads(sent["json"])
    assert told["visits"] == {"total": 6, "kinds": None}
    assert told["deficiencies"] == {"total": 6, "kinds": None}
    assert told["outcomes"] == {"total": None, "kinds": None}
    assert told["authorities"] == sorted([town.police.name, town.tobacco.name])
    assert sent == {form: client.get(f"/api/v1{path}.{form}", headers=who).data for form in sent}, "as it was decided"
    with unit_of_work(town.planner(town.tobacco)) as uow:
        rows = uow.session.execute(text("SELECT format, body, basis FROM rendering WHERE recipient = '*'")).all()
        acts = uow.session.scalars(
            text("SELECT action FROM audit WHERE object_id = :o AND action LIKE 'report.%'"), {"o": scene.operation}
        ).all()
    kept = {row.format: bytes(row.body) for row in rows}
    assert kept.keys() == {"json", "pdf", "pdf_en", "xlsx", "xlsx_en"}
    assert ({form: kept[form] for form in sent}, {row.basis for row in rows}) == (sent, {"PUBLIC"})
    for form in ("pdf", "xlsx"):
        english = client.get(f"/api/v1{path}.{form}?lang=en", headers=who | {"Accept-Language": "en"}).data
        assert english == kept[f"{form}_en"] != kept[form]
        assert not any(mark in said(form, english) for mark in marks if mark), form
        assert "week" in said(form, english)
        assert "vecka" not in said(form, english)
    assert Counter(acts) == {"report.publish": 1, "report.download": 6}
    with pytest.raises(ConflictError):
        decide(town, town.tobacco, scene)
    with unit_of_work(town.inspector(town.tobacco)) as uow:
        keys: dict[str, UUID] = {"visit_id": scene.visit, "operation_id": scene.operation}
        mine = {"authority_id": town.tobacco.id, "person_id": uow.person}
        uow.session.execute(insert(Recusal).values(**keys, **mine, reason="släkt", at=datetime.now(UTC)))
    assert "anmält jäv" in inspector.get(path), "not that nothing is decided: it is"


def test_what_is_decided_is_what_was_looked_at(app: APIFlask, town: Town, evening: tuple[Scene, list[str]]) -> None:
    scene, _ = evening
    path = f"/operations/{scene.operation}/public-report"
    decider = open_browser(app.test_client(), town.planner(town.tobacco))
    form = decider.form(path, path)
    find(town, scene, town.tobacco, "en till", said=Answer.DEFICIENCY)
    compiled(town, town.tobacco, 0)
    answer = decider.client.post(form.action, data={name: values[0] for name, values in form.fields.items()})
    assert (answer.status_code, "Siffrorna har ändrats" in answer.text) == (412, True)
    with pytest.raises(NotFoundError), unit_of_work(town.planner(town.tobacco)) as uow:
        read_public(uow, scene.operation, "json")
    decider.do(path, path)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        assert json.loads(read_public(uow, scene.operation, "json"))["deficiencies"]["total"] == 7


def test_only_a_decider_without_jav_and_not_before_it_is_compiled(town: Town, evening: tuple[Scene, list[str]]) -> None:
    scene, _ = evening
    planner = Viewer(town.tobacco.id, town.tobacco.planner, frozenset({"planner", "inspector"}))
    with pytest.raises(NotAllowedError):
        decide(town, town.tobacco, scene, planner)
    with pytest.raises(NotFoundError):
        decide(town, town.outsider, scene)
    with pytest.raises(GateClosedError):
        decide(town, town.police, scene)  # whose dossiers are not compiled
    for state in (OperationState.DONE, OperationState.REPORTED):
        set_state(town, scene, state)
        with pytest.raises(GateClosedError):
            decide(town, town.tobacco, scene)
    set_state(town, scene, OperationState.CLOSED)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        keys: dict[str, UUID] = {"visit_id": scene.visit, "operation_id": scene.operation}
        mine = {"authority_id": town.tobacco.id, "person_id": town.tobacco.planner}
        uow.session.execute(insert(Recusal).values(**keys, **mine, reason="släkt", at=datetime.now(UTC)))
    with pytest.raises(NotAllowedError):
        decide(town, town.tobacco, scene)


def test_it_is_the_own_authoritys_to_decide_and_to_take(town: Town, evening: tuple[Scene, list[str]]) -> None:
    scene, _ = evening
    before = to_weed(town)
    decide(town, town.tobacco, scene)
    assert to_weed(town) == before, "once, for ever: it is not weeded, or it could be decided again"
    with unit_of_work(town.inspector(town.tobacco)) as uow:
        assert read_public(uow, scene.operation, "json") == b"{}"
    for stranger in (town.planner(town.police), town.planner(town.outsider)):
        with pytest.raises(NotFoundError), unit_of_work(stranger) as uow:
            read_public(uow, scene.operation, "json")
    for n in range(3):
        compiled(town, town.police, n)
    with unit_of_work(town.planner(town.police)) as uow:
        content = preview_public(uow, scene.operation).content
    assert content["deficiencies"] == {"total": None, "kinds": None}, "the board's are the board's to publish"
