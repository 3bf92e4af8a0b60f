"""The matrix in two further states: its own people have declared a conflict of interest; the operation is done.

What differs from ``matrix`` is written by hand in ``matrix_states``; all else has to be as it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, text

from samsyn.access.rules import Role
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.secrecy import test_matrix
from tests.secrecy.asking import RELATIONS, ROLES, Asked, nothing_kept
from tests.secrecy.bodies import body_of, words_of
from tests.secrecy.matrix import READING
from tests.secrecy.matrix_states import CLOSED, DONE, SILENT, routes
from tests.secrecy.matrix_writing import WRITING
from tests.secrecy.rows import Row, read
from tests.secrecy.test_matrix import BEGINS, Found, Scene, path_of

scene = test_matrix.scene


@pytest.fixture(scope="module")
def table() -> dict[tuple[str, str], Row]:
    """Every route with a key: what has none is of no visit and no operation."""
    return {key: row for key, row in read(READING + WRITING).items() if "<uuid:" in key[1]}


@contextmanager
def recused(scene: Scene, cluster: Cluster, database: str) -> Iterator[None]:
    """Everybody of the own authority has declared it for the visit."""
    own = scene.people.offices["own"].id
    about = {"v": scene.keys["visit_id"], "o": scene.keys["operation_id"], "a": own}
    with as_owner(cluster, database) as db:
        before = db.scalars(text("SELECT person_id FROM recusal WHERE visit_id = :v"), about).all()
        for (relation, _), person in scene.people.persons.items():
            if relation == "own" and person not in before:
                run(db, DECLARED, **about, p=person)
        db.commit()
        try:
            yield
        finally:
            kept = "DELETE FROM recusal WHERE visit_id = :v AND authority_id = :a AND person_id <> ALL(:kept)"
            run(db, kept, **about, kept=list(before))
            db.commit()


DECLARED = """
    INSERT INTO recusal (visit_id, operation_id, authority_id, person_id, reason, at)
    VALUES (:v, :o, :a, :p, 'Släkt', now())"""


def run(db: Connection, statement: str, **values: object) -> None:
    db.execute(text(statement), values)


@contextmanager
def done(scene: Scene, cluster: Cluster, database: str) -> Iterator[None]:
    """The visit has ended and the operation is done."""
    about = {"v": scene.keys["visit_id"], "o": scene.keys["operation_id"]}
    with as_owner(cluster, database) as db:
        before = db.scalar(text("SELECT state FROM operation WHERE id = :o"), about)
        run(db, "UPDATE visit SET state = 'done', ended_at = now() WHERE id = :v", **about)
        run(db, "UPDATE operation SET state = 'done' WHERE id = :o", **about)
        db.commit()
        try:
            yield
        finally:
            run(db, "UPDATE visit SET state = 'planned', ended_at = NULL WHERE id = :v", **about)
            run(db, "UPDATE operation SET state = :s WHERE id = :o", **about, s=before)
            db.commit()


def try_cell(scene: Scene, key: tuple[str, str], who: tuple[str, str], meant: str, found: Found) -> None:
    """Ask one route as one person; where that person is told of nothing, ask as well for what is not there."""
    method, rule = key
    words = {**scene.keys, **words_of(scene.people.offices[who[0]])}

    def ask(*, absent: bool) -> Asked:
        found.asked += 1
        path = path_of(rule, scene.keys, absent=absent)
        return scene.people.ask(who, method, path, body_of(rule, words), briefly=meant == "no")

    answer = ask(absent=False)
    said = "in" if rule in BEGINS and answer.status == 401 else answer.cell
    if said != meant:
        found.cells.append(f"{method} {rule}: {who} is told {said} ({answer.status}), not {meant}")
    elif meant == "none" and ask(absent=True) != answer:
        found.told_apart.append(f"{method} {rule}: {who}")


def try_recused(scene: Scene, table: dict[tuple[str, str], Row]) -> Found:
    found = Found()
    told = dict.fromkeys(routes(CLOSED), "none") | dict.fromkeys(routes(SILENT), "no")
    with nothing_kept():
        for key, row in table.items():
            for role in ROLES:
                if row.cells["own"][role] == "in":
                    try_cell(scene, key, ("own", role), told.get(key, "in"), found)
    return found


def test_who_has_declared_a_conflict_of_interest_is_told_that_there_is_no_such_visit(
    scene: Scene, table: dict[tuple[str, str], Row], cluster: Cluster, database: str
) -> None:
    assert routes(CLOSED) | routes(SILENT) <= set(table)
    with recused(scene, cluster, database):
        found = try_recused(scene, table)
    assert found.cells == []
    assert found.told_apart == []
    assert found.asked > 200


def first_of_each(row: Row, relation: str) -> list[str]:
    """One of the row's people who is let in, one who is refused, one who is told of nothing: who there is of them."""
    cells = row.cells[relation]
    able = [role for role in ROLES if role in row.who]
    return [role for n, role in enumerate(able) if cells[role] not in {cells[one] for one in able[:n]}]


def test_in_an_operation_that_is_done_the_same_people_come_to_the_same_routes(
    scene: Scene, table: dict[tuple[str, str], Row], cluster: Cluster, database: str
) -> None:
    found, otherwise = Found(), read(DONE)
    assert set(otherwise) <= set(table)
    with done(scene, cluster, database), nothing_kept():
        for key, usual in table.items():
            row = otherwise.get(key, usual)
            for relation in RELATIONS:
                for role in first_of_each(row, relation):
                    try_cell(scene, key, (relation, role), row.cells[relation][role], found)
    assert found.cells == []
    assert found.told_apart == []
    assert found.asked > 500


def test_a_rule_on_conflicts_of_interest_that_is_open_shows(
    scene: Scene, table: dict[tuple[str, str], Row], cluster: Cluster, database: str
) -> None:
    """A fault that is planted: the finding's own rule forgets it."""
    with as_owner(cluster, database) as db, recused(scene, cluster, database):
        rule = db.scalar(
            text("SELECT qual FROM pg_policies WHERE tablename = 'evidence' AND policyname = 'may_all_jav'")
        )
        run(db, "ALTER POLICY may_all_jav ON evidence USING (true)")
        db.commit()
        try:
            found = try_recused(scene, {key: row for key, row in table.items() if "/evidence/" in key[1]})
        finally:
            run(db, f"ALTER POLICY may_all_jav ON evidence USING ({rule})")
            db.commit()
    assert {line.partition(" ")[0] for line in found.cells} == {"GET"}
    assert len(found.cells) == len({Role.PLANNER, Role.INSPECTOR, Role.DECIDER})
