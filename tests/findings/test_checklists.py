from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from sqlalchemy import Connection, create_engine, text

from samsyn.authorities.rules import Field
from samsyn.core.migrate import config_folder
from samsyn.core.uow import unit_of_work
from samsyn.findings.checklists import publish_house_checklists, read_house_checklists
from samsyn.findings.queries import checklist_of_part, history_of_finding
from samsyn.findings.rules import Verified
from samsyn.texts.say import catalogue
from tests.cluster import Cluster
from tests.factories import Town
from tests.findings.scene import colleague_of_another_unit, make_scene

COUNTS = {"police": 14, "tobacco": 15, "environment": 15, "health": 13, "food": 9, "alcohol": 13, "fire": 12}


def copy_with(folder: Path, code: str, change: Callable[[dict[str, list[dict[str, str]]]], None]) -> Path:
    """A folder with one of the house's lists, changed."""
    said = yaml.safe_load((config_folder() / "checklists" / f"{code}.yaml").read_text("utf-8"))
    change(said)
    (folder / f"{code}.yaml").write_text(yaml.safe_dump(said, allow_unicode=True), "utf-8")
    return folder


def test_the_house_has_seven_checklists_with_every_point_of_the_draft() -> None:
    lists = read_house_checklists()
    assert {each.code: len(each.points) for each in lists} == COUNTS
    assert {point.code for each in lists for point in each.points if point.unit_only} == {"POL-07", "POL-08", "POL-10"}
    assert sum(point.verified is Verified.STATUTE for each in lists for point in each.points) == 81
    assert all(each.code == each.field for each in lists)


def test_loading_twice_changes_nothing(cluster: Cluster, tmp_path: Path) -> None:
    name = cluster.create()
    cluster.migrate(name)
    url = cluster.url("samsyn_migrator", name)
    assert sorted(publish_house_checklists(url)) == sorted(COUNTS)
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as db:
        before = everything(db)
        assert publish_house_checklists(url) == []
        assert everything(db) == before
        assert len(before) > sum(COUNTS.values())
        changed = copy_with(tmp_path, "fire", lambda said: said["points"][0].update(sv="Ny lydelse"))
        assert publish_house_checklists(url, changed) == ["fire"]
        after = everything(db)
        assert set(before) < set(after)  # nothing that was published is touched
        assert len(after) == len(before) + 1 + COUNTS["fire"]
    engine.dispose()


def test_an_old_answer_keeps_its_question_and_a_new_part_gets_the_new_one(
    town: Town, cluster: Cluster, database: str, tmp_path: Path
) -> None:
    old, new = make_scene(town), make_scene(town)
    who = colleague_of_another_unit(town.health, Field.FIRE)  # no other test asks about fire
    answered = old.answer(who, "BRA-02")
    url = cluster.url("samsyn_migrator", database)
    changed = copy_with(tmp_path, "fire", lambda said: said["points"][1].update(sv=f"Helt ny fråga {town.mark}"))
    assert publish_house_checklists(url, changed) == ["fire"]
    with unit_of_work(who) as uow:
        before = checklist_of_part(uow, old.part(town.health))
        after = checklist_of_part(uow, new.part(town.health))
        assert (before.points[1].text, after.points[1].text) == ("Utrymningsvägar fria", f"Helt ny fråga {town.mark}")
        assert after.n == before.n + 1
        [line] = history_of_finding(uow, answered.finding_id)
        assert line.question == "Utrymningsvägar fria"
    old.answer(who, "BRA-03")
    with unit_of_work(who) as uow:
        assert checklist_of_part(uow, old.part(town.health)).n == before.n


def test_two_units_of_one_authority_answer_each_their_own_list_at_a_part_that_names_none(town: Town) -> None:
    scene = make_scene(town)
    fire, health = colleague_of_another_unit(town.health, Field.FIRE), town.inspector(town.health)
    scene.answer(health, "HAL-01")
    scene.answer(fire, "BRA-01")
    with unit_of_work(fire) as uow:
        card = checklist_of_part(uow, scene.part(town.health))
    assert (card.code, [line.check_point for line in card.free]) == ("fire", ["HAL-01"])


def test_the_card_speaks_the_viewers_language_and_marks_what_was_not_read(town: Town) -> None:
    scene = make_scene(town)
    with unit_of_work(town.inspector(town.police)) as uow:
        swedish = checklist_of_part(uow, scene.part(town.police))
        english = checklist_of_part(uow, scene.part(town.police), "en")
    assert (swedish.title, english.title) == ("Polisens kontrollpunkter", "Police")
    assert swedish.warning.startswith("Ange din roll")
    assert {point.code for point in english.points if point.verified is Verified.MEMORY} == {"POL-08"}
    assert english.points[0].law == "PL 8 §; FL 5 §"


def test_a_bad_file_is_refused_whole(tmp_path: Path) -> None:
    copy_with(tmp_path, "food", lambda said: said["points"].append(said["points"][0]))
    with pytest.raises(ValueError, match="twice"):
        read_house_checklists(tmp_path)
    copy_with(tmp_path, "food", lambda said: said["points"][0].update(colour="red"))
    with pytest.raises(ValueError, match="colour"):
        read_house_checklists(tmp_path)


def test_every_field_with_a_list_and_every_word_has_its_texts() -> None:
    assert set(COUNTS) <= {field.value for field in Field}
    swedish, english = catalogue("sv"), catalogue("en")
    assert {key for key in swedish if key.startswith("findings.")} == {
        key for key in english if key.startswith("findings.")
    }


def everything(db: Connection) -> list[str]:
    """Every published row, as the owner reads them."""
    with db.begin():
        db.execute(text("SET LOCAL ROLE samsyn_owner"))
        return [
            row
            for table in ("checklist", "checklist_version", "check_point")
            for row in db.scalars(text(f"SELECT {table}::text FROM {table} ORDER BY 1"))
        ]
