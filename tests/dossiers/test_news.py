"""What is new since a person last read a dossier: marked for that person alone, against the reading before."""

import json
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import text

from samsyn.core.paging import Seek
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.dossiers.news import SAME_SITTING, WITH_OUTCOMES, News, marks_of, read_news
from samsyn.dossiers.queries import _live_lines, get_dossier, list_dossiers
from samsyn.findings.rules import Answer
from samsyn.outcomes.commands import WriteOutcome
from samsyn.outcomes.rules import OutcomeState
from samsyn.outcomes.service import write_outcome
from tests.dossiers.scenes import a_point, approve, compiled, find, visited
from tests.factories import START, Town

DAY = timedelta(days=1)


def read_at(viewer: Viewer, business: UUID, at: datetime) -> News:
    with unit_of_work(viewer) as uow:
        return read_news(UnitOfWork(uow.session, viewer, at), get_dossier(uow, business))


def test_the_first_reading_marks_nothing_and_a_later_one_what_came_since(town: Town) -> None:
    scene, business = visited(town, town.environment, town.police), town.businesses[0]
    viewer = town.inspector(town.environment)
    old = find(town, scene, town.environment, "gammalt")
    compiled(town, town.environment)
    assert read_at(viewer, business, START) == News(None)
    changed = find(town, scene, town.environment, "ändrat", finding=old, version=2)
    fresh = find(town, scene, town.environment, "nytt", said=Answer.OBSERVATION)
    second = visited(town, town.environment, at=START + DAY)
    compiled(town, town.environment)
    news = read_at(viewer, business, START + DAY)
    assert news.since == START
    assert news.new == {f"finding {fresh}", f"visit {second.visit}"}
    assert news.changed == {f"finding {changed}"}
    assert read_at(viewer, business, START + DAY + SAME_SITTING) == news, "loaded again: the marks stay"
    after = read_at(viewer, business, START + 3 * DAY)
    assert (after.since, after.n) == (START + DAY + SAME_SITTING, 0)


def test_the_leads_words_and_a_part_handed_in_change_a_visit(town: Town) -> None:
    scene, business = visited(town, town.environment, town.police), town.businesses[0]
    viewer = town.inspector(town.environment)
    compiled(town, town.environment)
    read_at(viewer, business, START)
    approve(town, scene, "Lugnt.")
    compiled(town, town.environment)
    assert read_at(viewer, business, START + DAY).changed == {f"visit {scene.visit}"}


def test_a_reading_is_one_persons_alone_and_in_one_authority(town: Town) -> None:
    scene, business = visited(town, town.environment), town.businesses[0]
    compiled(town, town.environment)
    first, second = town.inspector(town.environment), town.inspector(town.environment, 1)
    read_at(first, business, START)
    find(town, scene, town.environment, "nytt")
    compiled(town, town.environment)
    assert read_at(second, business, START + DAY) == News(None)
    assert read_at(first, business, START + DAY).n == 1
    rows = text("SELECT person_id FROM dossier_reading WHERE business_id = :b")
    others = (second, town.planner(town.environment), Viewer.task_of(town.environment.id), town.planner(town.police))
    for viewer in (first, *others):
        with unit_of_work(viewer) as uow:
            assert {row.person_id for row in uow.session.execute(rows, {"b": business})} <= {viewer.person_id}


def test_the_list_says_what_is_not_read_and_what_changed_since(town: Town) -> None:
    scene = visited(town, town.environment, business=0)
    visited(town, town.environment, business=1)
    for n in (0, 1):
        compiled(town, town.environment, n)
    viewer = town.inspector(town.environment)

    def said(*, news: bool = False) -> dict[UUID, str]:
        with unit_of_work(viewer) as uow:
            return {line.business_id: line.news for line in list_dossiers(uow, Seek(), news=news).items}

    first, other = town.businesses[:2]
    assert said() == {first: "unread", other: "unread"}
    with unit_of_work(viewer) as uow:
        read_news(uow, get_dossier(uow, first))
    assert said() == {first: "", other: "unread"}
    assert set(said(news=True)) == {other}
    find(town, scene, town.environment, "nytt", point=a_point(town))
    compiled(town, town.environment)
    assert said() == {first: "changed", other: "unread"}
    with unit_of_work(town.inspector(town.environment, 1)) as uow:
        assert {line.news for line in list_dossiers(uow, Seek()).items} == {"unread"}


def test_the_list_says_that_an_outcome_came_since(town: Town) -> None:
    """The page marks it; the list leads there. So for who declared jäv somewhere."""
    scene, business = visited(town, town.tobacco), town.businesses[0]
    finding = find(town, scene, town.tobacco, "Tobak utan tillstånd")
    compiled(town, town.tobacco)
    viewer = town.inspector(town.tobacco)
    with unit_of_work(viewer) as uow:
        read_news(uow, get_dossier(uow, business))
        assert [line.news for line in list_dossiers(uow, Seek()).items] == [""]
    warned = WriteOutcome(
        uuid4(), 0, scene.parts[town.tobacco.id], "LTLP_7_11", OutcomeState.PROPOSED, frozenset({finding})
    )
    with unit_of_work(town.inspector(town.tobacco, 1)) as uow:
        write_outcome(uow, warned)
    with unit_of_work(viewer) as uow:
        assert [line.news for line in list_dossiers(uow, Seek()).items] == ["changed"]
        assert [line.business_id for line in list_dossiers(uow, Seek(), news=True).items] == [business]
        assert [line.news for line in _live_lines(uow)] == ["changed"]
        read_news(uow, get_dossier(uow, business), {warned.outcome_id: 1})
    with unit_of_work(viewer) as uow:
        assert [line.news for line in list_dossiers(uow, Seek()).items] == [""]


def stored_as_before(town: Town, viewer: Viewer, visit: UUID) -> None:
    """As the migration leaves it, read by the viewer before."""
    with unit_of_work(Viewer.task_of(town.environment.id)) as uow:
        uow.session.execute(text("UPDATE dossier SET formerly = 'then', digest = ''"))
        uow.session.execute(text("UPDATE dossier SET content = json_build_object('business', content->'business',"
                                 " 'counts', content->'counts', 'visits', json_build_object('visit_id',"
                                 " json_build_array(CAST(:v AS text))))"), {"v": visit})  # fmt: skip
    with unit_of_work(viewer) as uow:
        uow.session.execute(text("UPDATE dossier_reading SET digest = 'then'"))


def test_news_that_came_before_it_was_stored_in_another_way_is_told(town: Town) -> None:
    scene, business = visited(town, town.environment), town.businesses[0]
    compiled(town, town.environment)
    viewer = town.inspector(town.environment)
    with unit_of_work(viewer) as uow:
        read_news(uow, get_dossier(uow, business))
    stored_as_before(town, viewer, scene.visit)
    find(town, scene, town.environment, "nytt")
    compiled(town, town.environment)
    with unit_of_work(viewer) as uow:
        assert [line.news for line in list_dossiers(uow, Seek()).items] == ["changed"]


def test_a_dossier_that_is_stored_in_another_way_is_no_news(town: Town) -> None:
    scene, business = visited(town, town.environment), town.businesses[0]
    compiled(town, town.environment)
    viewer = town.inspector(town.environment)

    def said() -> str:
        with unit_of_work(viewer) as uow:
            return list_dossiers(uow, Seek()).items[0].news

    with unit_of_work(viewer) as uow:
        read_news(uow, get_dossier(uow, business))
    stored_as_before(town, viewer, scene.visit)
    with unit_of_work(viewer) as uow:
        assert len(get_dossier(uow, business).content["visits"]) == 1
    assert said() == ""
    compiled(town, town.environment)
    assert said() == ""
    find(town, scene, town.environment, "nytt")
    compiled(town, town.environment)
    assert said() == "changed"


def test_marks_carry_no_word_and_no_key(town: Town) -> None:
    scene = visited(town, town.environment)
    finding = find(town, scene, town.environment, "hemligt")
    marks = repr(list(marks_of(compiled(town, town.environment).content).values()))
    assert "hemligt" not in marks
    assert str(finding)[:8] not in marks


def test_an_outcome_that_was_decided_changed_or_withdrawn_since_is_marked(town: Town) -> None:
    visited(town, town.environment)
    business, viewer = town.businesses[0], town.inspector(town.environment)
    compiled(town, town.environment)
    old, fresh = uuid4(), uuid4()

    def read(at: datetime, outcomes: dict[UUID, int]) -> News:
        with unit_of_work(viewer) as uow:
            return read_news(UnitOfWork(uow.session, viewer, at), get_dossier(uow, business), outcomes)

    assert read(START, {old: 1}) == News(None)
    news = read(START + DAY, {old: 2, fresh: 1})
    assert news.new == {f"outcome {fresh}"}
    assert news.changed == {f"outcome {old}"}
    assert read(START + 3 * DAY, {old: 2, fresh: 1}).n == 0
    with unit_of_work(viewer) as uow:  # a reading of before outcomes were remembered
        row = uow.session.scalars(text("SELECT marks FROM dossier_reading")).one()
        less = [one for one in row if one != WITH_OUTCOMES]
        uow.session.execute(text("UPDATE dossier_reading SET marks = CAST(:m AS jsonb)"), {"m": json.dumps(less)})
    assert read(START + 5 * DAY, {old: 3}).n == 0, "nobody knows which were there then"
