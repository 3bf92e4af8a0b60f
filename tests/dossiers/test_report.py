"""The report of an operation: the sum of what its reader's dossiers say of it, in every form, and of nobody else's."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from uuid import uuid4

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, StreamObject
from sqlalchemy import insert, text

from samsyn.assistance.rules import Helped, HelpGround, HelpLaw
from samsyn.assistance.service import AnswerHelp, AskHelp, RefuseEntry, answer_help, ask_help, refuse_entry
from samsyn.core.errors import GateClosedError, NotAllowedError, NotFoundError
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.dossiers.queries import get_dossier
from samsyn.dossiers.rendering import render_report
from samsyn.dossiers.report.queries import ReportCard, read_report
from samsyn.dossiers.report.shape import ReportContent
from samsyn.findings.rules import Answer
from samsyn.operations.models import Recusal
from samsyn.operations.rules import OperationState, VisitState
from samsyn.outcomes.commands import WriteOutcome
from samsyn.outcomes.rules import DecidedBy, OutcomeState
from samsyn.outcomes.service import WriteFollowUp, write_follow_up, write_outcome
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.disclosures.scenes import Case
from tests.dossiers.scenes import Scene, another_visit, approve, compiled, find, set_state, tell_fact, visited
from tests.dossiers.test_measures import said
from tests.factories import START, Office, Town
from tests.web import conftest as web
from tests.web.reader import open_browser
from tests.web.test_findings_api import caller

app, settings = web.app, web.settings
AT = datetime(2027, 4, 1, 7, 0, tzinfo=UTC)
FORMS = ("pdf", "xlsx", "json")


@pytest.fixture
def plain(app: APIFlask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def evening(town: Town) -> tuple[Scene, Scene]:
    """The police lead; tobacco and environment go to a kiosk, tobacco alone to a shop that was shut."""
    first = visited(town, town.police, town.tobacco, town.environment)
    second = another_visit(town, first, town.tobacco, business=1, visit_state=VisitState.CLOSED_PREMISES)
    mine = find(town, first, town.tobacco, "tobaksfynd utan tillstånd", serious=True)
    find(town, first, town.environment, "miljöfynd på gården")
    find(town, second, town.tobacco, "skylt saknas", said=Answer.OBSERVATION)
    tell_fact(town, first, town.police, "Biträdet Bo")
    approve(town, first, "Insatsen gick lugnt.")
    with unit_of_work(town.inspector(town.tobacco), START + timedelta(hours=3)) as uow:
        warning = WriteOutcome(
            uuid4(), 0, first.parts[town.tobacco.id], "LTLP_7_11", OutcomeState.DECIDED, frozenset({mine}),
            "varningstext", decided_by=DecidedBy.BOARD, decider="Nämnden", delegation="§ 12",
            decided_on=date(2027, 3, 4), case_number="2027-15",
        )  # fmt: skip
        write_outcome(uow, warning)
        owner = town.tobacco.inspectors[1]
        write_follow_up(
            uow, WriteFollowUp(uuid4(), 0, warning.part_id, owner, date(2027, 5, 1), mine, text="uppföljningstext")
        )
    return first, second


def test_refused_entry_and_the_own_requests_for_help_stand_in_every_form_of_the_own_report_alone(
    app: APIFlask, town: Town, evening: tuple[Scene, Scene]
) -> None:
    scene, _ = evening
    at, asked = START + timedelta(minutes=10), uuid4()
    with unit_of_work(town.inspector(town.tobacco), START + timedelta(hours=1)) as uow:
        refuse_entry(uow, RefuseEntry(uuid4(), scene.visit, at, "Dörrvakten", "ordetvidnekan"))
        ask_help(uow, AskHelp(asked, scene.visit, HelpLaw.LTLP_7_19, "ordetvidbegäran", at, HelpGround.POWERS))
    with unit_of_work(town.inspector(town.police), START + timedelta(hours=1)) as uow:
        answer_help(uow, AnswerHelp(uuid4(), asked, scene.visit, Helped.CANNOT, at, "ordetvidsvaret"))
    for office in (town.tobacco, town.environment, town.police):
        compile_both(town, office)
    words = ("Dörrvakten", "ordetvidnekan", "LTLP 7 kap. 19 §", "ordetvidbegäran", "ordetvidsvaret")
    for office in (town.tobacco, town.environment, town.police):
        client, who = app.test_client(), caller(town, office)
        path = f"/operations/{scene.operation}/report"
        forms = {form: said(form, client.get(f"/api/v1{path}.{form}", headers=who).data) for form in FORMS}
        forms["page"] = open_browser(app.test_client(), town.planner(office)).get(path)
        for form, text_ in forms.items():
            plain = text_.replace("\u00ad", "")
            for word in words:
                assert (word in plain) == (office is town.tobacco), (office.name, form, word)


def test_the_trail_says_of_no_request_that_it_was_read_where_the_report_does_not_tell_it(
    town: Town, evening: tuple[Scene, Scene], cluster: Cluster, database: str
) -> None:
    scene, _ = evening
    at, asked = START + timedelta(minutes=10), uuid4()
    with unit_of_work(town.inspector(town.tobacco), START + timedelta(hours=1)) as uow:
        ask_help(uow, AskHelp(asked, scene.visit, HelpLaw.LTLP_7_19, "Tre vakter", at, HelpGround.POWERS))
    for office in (town.tobacco, town.police):
        compile_both(town, office)
        report(town, office, scene)
    said = "SELECT actor_authority_id FROM audit WHERE action = 'help.read' AND object_id = :id"
    with as_owner(cluster, database) as db:
        assert list(db.scalars(text(said), {"id": asked})) == [town.tobacco.id]


def compile_both(town: Town, office: Office) -> None:
    for n in (0, 1):
        compiled(town, office, n)


def report(town: Town, office: Office, scene: Scene, who: Viewer | None = None) -> ReportCard:
    with unit_of_work(who or town.planner(office)) as uow:
        return read_report(uow, scene.operation)


def test_it_is_what_the_dossiers_say_of_the_operation_visit_by_visit_and_in_numbers(
    town: Town, evening: tuple[Scene, Scene]
) -> None:
    first, second = evening
    elsewhere = visited(town, town.tobacco, at=START + timedelta(days=7))
    find(town, elsewhere, town.tobacco, "en annan insats")
    compile_both(town, town.tobacco)
    content = report(town, town.tobacco, first).content
    with unit_of_work(town.planner(town.tobacco)) as uow:
        dossiers = [get_dossier(uow, one).content for one in town.businesses[:2]]
    told = {visit["visit_id"]: visit for one in dossiers for visit in one["visits"]}
    assert [one["visit"] for one in content["visits"]] == [told[str(scene.visit)] for scene in (first, second)]
    numbers = content["numbers"]
    assert numbers["states"] == {"done": 1, "closed_premises": 1, "hindered": 0, "aborted": 0, "skipped": 0}
    wanted = {"visits": 2, "joint": 1, "unannounced": 1, "findings": 2, "deficiencies": 1, "serious": 1, "decided": 1,
              "proposed": 0, "follow_ups": 1, "received": 0}  # fmt: skip
    assert {key: numbers[key] for key in wanted} == wanted  # type: ignore[literal-required]
    assert [line["own"] for line in numbers["by_field"] if line["field"] == "tobacco"] == [1]
    assert {line["field"]: line["parts"] for line in numbers["by_field"]} == {
        "police": 1, "tobacco": 2, "environment": 1,
    }  # fmt: skip
    assert {line["authority"]: line["visits"] for line in content["authorities"]} == {
        town.police.name: 1, town.tobacco.name: 2, town.environment.name: 1,
    }  # fmt: skip
    assert (content["not_compiled"], content["operation"]["common_text"]) == (0, "Insatsen gick lugnt.")


def test_what_is_not_compiled_yet_is_counted_and_left_out(town: Town, evening: tuple[Scene, Scene]) -> None:
    compiled(town, town.tobacco, 0)
    content = report(town, town.tobacco, evening[0]).content
    assert (len(content["visits"]), content["not_compiled"]) == (1, 1)


def test_copies_are_in_the_receivers_report_alone_and_gone_when_withdrawn(
    town: Town, evening: tuple[Scene, Scene]
) -> None:
    first, _ = evening
    given = find(town, first, town.environment, "utlämnat om oljan")
    case = Case(town, first)
    made = case.give(town.police, given, by=town.planner(town.environment))
    for office in (town.police, town.tobacco):
        compile_both(town, office)
    numbers = report(town, town.police, first).content["numbers"]
    assert (numbers["received"], numbers["received_deficiencies"]) == (1, 1)
    assert [line["received"] for line in numbers["by_field"] if line["field"] == "environment"] == [1]
    assert "utlämnat om oljan" not in repr(report(town, town.tobacco, first))
    before = report(town, town.police, first)
    assert "utlämnat om oljan" in repr(before)
    case.withdraw(made, by=town.planner(town.environment))
    after = report(town, town.police, first)
    assert "utlämnat om oljan" not in repr(after)
    assert after.digest != before.digest


def test_before_it_is_done_there_is_none_and_others_observers_and_outsiders_get_none(
    town: Town, evening: tuple[Scene, Scene]
) -> None:
    first, _ = evening
    observer = Viewer(town.tobacco.id, town.tobacco.planner, frozenset({"observer"}))
    with pytest.raises(NotAllowedError):
        report(town, town.tobacco, first, observer)
    with pytest.raises(NotFoundError):
        report(town, town.outsider, first)
    for state in (OperationState.ONGOING, OperationState.ABORTED):
        set_state(town, first, state)
        with pytest.raises(GateClosedError):
            report(town, town.tobacco, first)


def test_who_declared_jav_reads_it_without_the_visit(town: Town, evening: tuple[Scene, Scene]) -> None:
    first, second = evening
    compile_both(town, town.tobacco)
    near = town.inspector(town.tobacco)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        keys = {"visit_id": first.visit, "operation_id": first.operation, "authority_id": town.tobacco.id}
        uow.session.execute(
            insert(Recusal).values(**keys, person_id=near.person_id, reason="släkt", at=datetime.now(UTC))
        )
    found = report(town, town.tobacco, first, near)
    assert [one["visit"]["visit_id"] for one in found.content["visits"]] == [str(second.visit)]
    assert "tobaksfynd" not in repr(found)
    assert "varningstext" not in repr(found)
    assert "tobaksfynd" in repr(report(town, town.tobacco, first, town.inspector(town.tobacco, 1)))


def test_each_form_says_the_readers_own_and_is_kept_with_its_reader_and_grounds(
    plain: FlaskClient, town: Town, evening: tuple[Scene, Scene]
) -> None:
    first, _ = evening
    path = f"/api/v1/operations/{first.operation}/report"
    own, theirs = {"tobaksfynd", "varningstext", "uppföljningstext"}, {"miljöfynd"}
    for office, has, not_has in ((town.tobacco, own, theirs), (town.environment, theirs, own)):
        compile_both(town, office)
        who = caller(town, office)
        sent = {form: plain.get(f"{path}.{form}", headers=who).data for form in FORMS}
        for form, data in sent.items():
            words = said(form, data)
            assert all(word in words for word in {*has, "Biträdet Bo", "Insatsen gick lugnt.", town.police.name}), form
            assert not any(word in words for word in not_has), form
        with unit_of_work(town.planner(office)) as uow:
            kept = uow.session.execute(
                text("SELECT format, body, recipient, basis FROM rendering WHERE operation_id = :o"),
                {"o": first.operation},
            ).all()
            noted = text("SELECT reason FROM audit WHERE action = 'report.download' AND object_id = :o")
            reasons = set(uow.session.scalars(noted, {"o": first.operation}))
        assert {row.format: bytes(row.body) for row in kept} == sent
        assert {(row.recipient, row.basis) for row in kept} == {(office.name, "OWN")}
        assert reasons == set(FORMS)
        answer: Any = plain.get(path, headers=who)
        assert answer.json == plain.get(f"{path}.json", headers=who).json
        again = {**who, "If-None-Match": answer.headers["ETag"]}
        assert plain.get(path, headers=again).status_code == 304


def test_the_page_says_it_and_compiles_on_demand(app: APIFlask, town: Town, evening: tuple[Scene, Scene]) -> None:
    first, _ = evening
    browser = open_browser(app.test_client(), town.inspector(town.tobacco))
    path = f"/operations/{first.operation}/report"
    assert path in browser.get(f"/operations/{first.operation}")
    assert "2 avslutade besök är inte sammanställda" in browser.get(path)
    browser.do(path, f"{path}/compile")
    page = browser.get(path)
    assert all(word in page for word in ("tobaksfynd", "Kiosk 1", "Varning", "Senast 2027-05-01", "Stängt"))
    assert "miljöfynd" not in page
    assert "avslutade besök är inte" not in page
    set_state(town, first, OperationState.ONGOING)
    assert "Rapporten finns när insatsen är genomförd." in browser.get(path)
    set_state(town, first, OperationState.DONE)
    assert "Deficiencies by field" in browser.get(f"{path}?lang=en")


def card_saying(words: str) -> ReportCard:
    """A report whose plan and words of people are ``words``."""
    operation = {
        "id": "o", "code_word": words[:100], "title": words, "lead": words, "starts_at": AT.isoformat(),
        "ends_at": AT.isoformat(), "ad_hoc": False, "state": "done", "common_text": words,
    }  # fmt: skip
    numbers = {
        "visits": 0, "states": {"done": 0}, "joint": 0, "unannounced": 0, "findings": 0, "deficiencies": 0,
        "serious": 0, "received": 0, "received_deficiencies": 0, "proposed": 0, "decided": 0, "follow_ups": 0,
        "by_field": [{"field": None, "parts": 1, "handed_in": 0, "with_deficiency": 0, "own": 0, "received": 0}],
    }  # fmt: skip
    there = [{"authority": words, "visits": 1, "handed_in": 0}]
    content = {"operation": operation, "numbers": numbers, "authorities": there, "visits": [], "not_compiled": 1}
    return ReportCard(uuid4(), None, "0" * 64, cast(ReportContent, content), ())


def test_the_document_is_tagged_and_the_same_bytes_for_the_same_input() -> None:
    hostile = '#read("/etc/passwd") #panic("x") $x^2$ *fet* ] } <etikett>'
    once, twice = (render_report(card_saying(hostile), "sv", "Miljönämnden", AT) for _ in range(2))
    assert once == twice
    reader = PdfReader(io.BytesIO(once))
    root = reader.root_object
    assert str(cast(DictionaryObject, root["/MarkInfo"])["/Marked"]) == "True"
    assert b"pdfuaid" in cast(StreamObject, root["/Metadata"]).get_data()
    assert str(root["/Lang"]).startswith("sv")
    assert all(
        word in said("pdf", once) for word in ("Sammanställd för Miljönämnden", "*fet*", "inte än", "Flera områden")
    )
    assert "Compiled for" in said("pdf", render_report(card_saying("x"), "en", "Miljönämnden", AT))
