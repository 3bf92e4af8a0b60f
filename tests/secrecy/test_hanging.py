"""Rows below a silo's own row are bound to its owner: nobody hangs one on another's, or learns that it is there."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from samsyn.core.errors import NotFoundError
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.factories import Town, make_town
from tests.secrecy.planting import Planted, plant

HUNG = {
    "feed": "INSERT INTO feed_body (feed_id, person_id, source, etag, body, changed_at)"
    " VALUES (:there, :person, 'x', 'x', '', now())",
    "dossier": "INSERT INTO rendering (id, reader_id, dossier_id, person_id, format, digest, recipient, basis,"
    " body, at)"
    " VALUES (:id, :me, :there, :person, 'pdf', 'x', 'x', 'OWN', '', now())",
    "delivery": "INSERT INTO delivery_attempt (id, delivery_id, operation_id, to_id, attempt, happened, at)"
    " VALUES (:id, :there, :o, :me, 1, 'accepted', now())",
    "reply": "INSERT INTO reply_comment (reply_id, operation_id, authority_id, lead_id, text)"
    " VALUES (:there, :o, :me, :lead, 'x')",
    "staff": "INSERT INTO staff_address (staff_id, person_id, authority_id, address, language)"
    " VALUES (:there, :person, :me, :id, 'sv')",
    "booking": "INSERT INTO assignment (id, operation_id, lead_id, authority_id, person_id, booking_id, role, state,"
    " starts_at, ends_at, uid, changed_at, version) VALUES (CAST(:id AS uuid), :o, :lead, :me, :colleague, :there, 'x',"
    " 'asked', now(), now() + interval '1 hour', CAST(:id AS text), now(), 1)",
}


@pytest.fixture(scope="module")
def planted(cluster: Cluster, database: str) -> Planted:
    """As always, but nothing hangs yet on the rows that are reached for: a key that is taken would answer first."""
    planted = plant(make_town())
    town = planted.town
    with as_owner(cluster, database) as db:
        values = {"a": town.tobacco.id, "p": town.tobacco.inspectors[0]}
        for table in ("feed_body WHERE person_id = :p", "reply_comment WHERE authority_id = :a"):
            db.execute(text(f"DELETE FROM {table}"), values)
        db.execute(text("DELETE FROM staff_address WHERE authority_id = :a"), values)
        db.execute(
            text(
                "INSERT INTO booking (id, person_id, authority_id, during, state)"
                " SELECT gen_random_uuid(), :p, :a, tstzrange(now(), now() + interval '1 hour'), 'released'"
            ),
            {"p": town.tobacco.inspectors[1], "a": town.tobacco.id},
        )
        db.commit()
    return planted


def key_of(planted: Planted, table: str) -> UUID:
    """A row of tobacco's that environment cannot write below."""
    town: Town = planted.town
    viewers = [town.inspector(town.tobacco), Viewer.task_of(town.tobacco.id), town.planner(town.tobacco)]
    owner = "to_id" if table == "delivery" else "reader_id" if table == "dossier" else "authority_id"
    for viewer in viewers:
        with unit_of_work(viewer) as uow:
            free = " AND state = 'released'" if table == "booking" else ""
            find = text(f"SELECT id FROM {table} WHERE {owner} = :a{free} LIMIT 1")
            found: UUID | None = uow.session.scalar(find, {"a": town.tobacco.id})
        if found is not None:
            return found
    raise AssertionError(table)


@pytest.mark.parametrize("table", HUNG)
def test_nobody_hangs_a_row_on_anothers_and_hidden_is_as_absent(planted: Planted, table: str) -> None:
    town, said = planted.town, set()
    me = town.inspector(town.environment)
    for there in (key_of(planted, table), uuid4()):
        values = {
            "id": str(uuid4()) if table in ("staff", "booking") else uuid4(),
            "there": there,
            "me": town.environment.id,
            "person": me.person_id,
            "colleague": town.environment.inspectors[1],
            "lead": town.police.id,
            "o": planted.operation,
        }
        with pytest.raises(NotFoundError) as refused, unit_of_work(me) as uow:
            uow.session.execute(text(HUNG[table]), values)
        said.add(str(refused.value))
    assert len(said) == 1
