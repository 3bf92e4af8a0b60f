"""The statement that compiles exists for one, for some, for most and for all: what comes out is the same."""

from sqlalchemy import text

from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.dossiers.statement import COMPILE, COMPILE_MOST, COMPILE_SOME, READY_FOR_MANY, READY_FOR_SOME
from tests.dossiers.scenes import find, visited
from tests.factories import Town


def test_one_few_most_and_all_of_the_businesses_are_compiled_to_the_same(town: Town) -> None:
    """By whichever statement: what others' visits say falls away, however it was read."""
    for n in range(3):
        scene = visited(town, town.police, town.environment, business=n)
        find(town, scene, town.environment, f"nummer {n}")
    ids = town.businesses[:2]
    found = []
    for statement, ready in (
        (COMPILE_SOME, READY_FOR_SOME),
        (COMPILE, READY_FOR_MANY),
        (COMPILE_MOST, READY_FOR_MANY),
    ):
        with unit_of_work(Viewer.task_of(town.environment.id)) as uow:
            uow.session.execute(text("UPDATE dossier SET digest = '-'"))
            uow.session.execute(ready, {"ids": ids} if ready is READY_FOR_MANY else {})
            uow.session.execute(statement, {"ids": ids, "now": uow.now})
            rows = uow.session.execute(text("SELECT business_id, digest, content::text FROM dossier ORDER BY 1"))
            found.append(rows.all())
    assert found[0] == found[1] == found[2]
    assert {row.business_id for row in found[0]} == set(ids)
    assert all(len(row.digest) == 64 for row in found[0])
