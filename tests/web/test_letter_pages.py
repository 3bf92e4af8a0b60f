"""Letters to a business: plain words, none before an unannounced visit, never another authority's findings."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime

import pypdf
import pytest
from apiflask import APIFlask
from sqlalchemy import text

from samsyn.authorities.rules import Field
from samsyn.core.errors import GateClosedError, NotAllowedError, NotFoundError
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.letters.drafts import Facts, Going, draft_after, draft_before
from samsyn.letters.plain import plain_law
from samsyn.letters.queries import result_of
from samsyn.letters.rules import AFTER, BEFORE, Words
from samsyn.letters.service import save_notice, save_result
from samsyn.operations.rules import OperationState
from samsyn.operations.service import AnswerPart, answer_part
from samsyn.texts import catalogue
from tests.dossiers.scenes import Scene, find, visited
from tests.factories import Office, Town
from tests.operations.plans import Plan, propose
from tests.web.reader import Browser, open_browser

HEAVY = {
    "sv": (
        *("avseende", "beträffande", "erhålla", "erhåller", "ej", "härmed", "ifall", "inkomma", "jämlikt", "medelst"),
        *("nämnda", "samt", "sålunda", "tillse", "vederbörande", "ävensom", "föreligger", "anmodas", "delgivning"),
        *("verksamhetsutövare", "förelägga", "tillsynsobjekt", "yttrande", "erinran", "därvid", "enär", "dylikt"),
    ),
    "en": ("pursuant", "hereby", "thereof", "aforementioned", "shall", "herein", "notwithstanding", "ascertain"),
}
LONGEST, USUAL = 22, 11
"""Words of the longest sentence, and of a usual one."""
ALL = tuple(Going(f"Nämnden för {one.value}", frozenset({one}), "MB 28:1") for one in Field)


def facts(language: str, going: tuple[Going, ...] = ALL) -> Facts:
    return Facts(language, "Nämnden", "Kiosken", "Nygatan 101", datetime(2027, 1, 1, 16, tzinfo=UTC), going)


def sentences(content: dict[str, str]) -> list[list[str]]:
    """Each as its words; a list's line and a line of names are no sentences."""
    lines = [line for words in content.values() for line in words.splitlines() if not line.startswith("•")]
    found = [one for line in lines for one in re.split(r"(?<=[.?!:])\s+", line) if one.strip()]
    return [re.findall(r"[\w-]+", one) for one in found]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_words_are_short_and_plain(language: str, town: Town) -> None:
    few = ALL[:1]
    for content in (draft_before(facts(language, few)), draft_after(facts(language, few), [])):
        lengths = [len(one) for one in sentences(content)]
        assert max(lengths) <= LONGEST, content
        assert sum(lengths) / len(lengths) <= USUAL
    said = {key: words for key, words in catalogue(language).items() if key.startswith("letters.")}
    heavy = [(key, word) for key, words in said.items() for word in HEAVY[language]
             if re.search(rf"\b{word}\b", words.casefold())]  # fmt: skip
    assert heavy == []


@pytest.mark.parametrize(
    ("basis", "said"),
    [
        ("LTLP 7:18", "tobakslagen, 7 kapitlet 18 §"),
        ("LTN 33 §", "lagen om tobaksfria nikotinprodukter, 33 §"),
        ("LivsL 20", "livsmedelslagen, 20 §"),
        ("MB 28:1", "miljöbalken, 28 kapitlet 1 §"),
        ("UtlL 9:14-16", "UtlL 9:14-16"),
        ("Kommunallagen", "Kommunallagen"),
        ("", ""),
    ],
)
def test_a_section_is_said_as_people_say_it(basis: str, said: str) -> None:
    assert plain_law(basis, "sv") == said


def test_every_field_has_what_to_have_at_hand() -> None:
    for language in ("sv", "en"):
        ready = draft_before(facts(language))["ready"]
        assert ready.count("•") == len(Field)


@pytest.fixture
def plan(town: Town) -> Plan:
    """An announced visit whose authorities have all said that they come announced; the plan stands."""
    found = propose(town, announced=True)
    for office in (town.tobacco, town.environment):
        answer(town, found, office, announced=True)
    for state in (OperationState.PREPARING, OperationState.SCHEDULED):
        found.move(state)
    return found


def answer(town: Town, plan: Plan, office: Office, *, announced: bool, seen: int = 0) -> None:
    with unit_of_work(town.planner(office)) as uow:
        reason = None if announced else "annars städas det undan"
        answer_part(uow, AnswerPart(plan.part(office), True, "LTLP 7:18", announced, reason, seen_version=seen))


def words(sections: tuple[str, ...], **more: object) -> Words:
    return Words("sv", dict.fromkeys(sections, "Hej."))._replace(**more)  # type: ignore[arg-type]


def sit(app: APIFlask, viewer: Viewer) -> Browser:
    return open_browser(app.test_client(), viewer)


def test_the_lead_writes_before_an_announced_visit_and_opens_it_as_a_tagged_pdf(
    app: APIFlask, town: Town, plan: Plan
) -> None:
    path, lead = f"/visits/{plan.visit}/letter", sit(app, plan.planner)
    page = lead.get(path)
    assert "Utkast. Inget är sparat än." in page
    assert "Socialnämnden" in page
    assert "tobakslagen, 7 kapitlet 18 §" in page
    blank = lead.client.post(path, data=lead.form(path).fields)
    assert blank.status_code == 422
    assert "Skriv något där det står" in blank.text
    contact = "Ring 070-174 06 05."
    assert lead.do(path, path, contact=contact, sent_on="2026-11-01", receipt="Mejl besvarat") == f"{path}?saved=1"
    page = lead.get(path)
    assert "Version 1, sparad" in page
    assert "Skickat 2026-11-01" in page
    assert "We are coming" not in page
    pdf = lead.client.get(f"{path}?as=pdf")
    assert pdf.mimetype == "application/pdf"
    reader = pypdf.PdfReader(io.BytesIO(pdf.data))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]  # type: ignore[index]
    said = "".join(page.extract_text() for page in reader.pages)
    assert "070-174 06 05" in said
    assert "Vi kommer på besök" in said
    english = lead.get(f"{path}?letter=en")
    assert "We come to" in english


def test_nobody_else_writes_it_and_an_older_version_does_not_overwrite(town: Town, plan: Plan) -> None:
    for viewer in (town.planner(town.tobacco), town.inspector(town.police)):
        with unit_of_work(viewer) as uow, pytest.raises((NotAllowedError, NotFoundError)):
            save_notice(uow, plan.visit, words(BEFORE))
    with unit_of_work(plan.planner) as uow:
        assert save_notice(uow, plan.visit, words(BEFORE)) == 1
    with unit_of_work(plan.planner) as uow:
        assert save_notice(uow, plan.visit, words(BEFORE, seen_version=1)) == 2
    with pytest.raises(Exception, match="newer letter"), unit_of_work(plan.planner) as uow:
        save_notice(uow, plan.visit, words(BEFORE, seen_version=1))


def test_no_letter_before_an_unannounced_visit_and_the_reason_is_shown_instead(app: APIFlask, town: Town) -> None:
    plan = propose(town)
    for office in (town.tobacco, town.environment):
        answer(town, plan, office, announced=False)
    for state in (OperationState.PREPARING, OperationState.SCHEDULED):
        plan.move(state)
    page = sit(app, plan.planner).get(f"/visits/{plan.visit}/letter")
    assert "Verksamheten får inte få något brev" in page
    assert "annars städas det undan" in page
    assert "Vi kommer till" not in page
    with unit_of_work(plan.planner) as uow, pytest.raises(GateClosedError) as refused:
        save_notice(uow, plan.visit, words(BEFORE))
    assert refused.value.missing == ("unannounced", "part_unannounced")


def test_one_authority_that_comes_unannounced_is_enough_and_so_is_one_that_has_not_answered(town: Town) -> None:
    plan = propose(town, announced=True)
    answer(town, plan, town.tobacco, announced=True)
    with unit_of_work(plan.planner) as uow, pytest.raises(GateClosedError) as refused:
        save_notice(uow, plan.visit, words(BEFORE))
    assert refused.value.missing == ("unanswered", "state")
    answer(town, plan, town.environment, announced=False)
    with unit_of_work(plan.planner) as uow, pytest.raises(GateClosedError) as refused:
        save_notice(uow, plan.visit, words(BEFORE))
    assert refused.value.missing == ("part_unannounced", "state")


@pytest.fixture
def scene(town: Town) -> Scene:
    """A visit that was, with a finding of each of two authorities."""
    found = visited(town, town.police, town.tobacco, town.environment)
    for office in (town.tobacco, town.environment):
        find(town, found, office, f"Sett av {office.field.value}")
    find(town, found, town.tobacco, "Bara för enheten", unit_only=True)
    return found


def test_after_the_visit_each_writes_of_its_own_findings_alone(app: APIFlask, town: Town, scene: Scene) -> None:
    path = f"/parts/{scene.parts[town.tobacco.id]}/letter"
    inspector = sit(app, town.inspector(town.tobacco))
    page = inspector.get(path)
    assert "Sett av tobacco" in page
    assert "Sett av environment" not in page
    assert "Bara för enheten" not in page
    assert "förvaltningslagen, 25 §" in page
    assert inspector.do(path, path, contact="Ring oss.") == f"{path}?saved=1"
    assert "Sett av tobacco" in sit(app, town.planner(town.tobacco)).get(path)
    for viewer in (town.planner(town.environment), town.planner(town.police), town.planner(town.health)):
        assert sit(app, viewer).client.get(path).status_code == 404
        with unit_of_work(viewer) as uow:
            assert result_of(uow, scene.parts[town.tobacco.id]) is None
            assert uow.session.scalar(text("SELECT count(*) FROM result_letter")) == 0


def test_no_letter_after_a_visit_that_has_not_ended(town: Town, plan: Plan) -> None:
    with unit_of_work(town.planner(town.tobacco)) as uow, pytest.raises(GateClosedError):
        save_result(uow, plan.part(town.tobacco), words(AFTER))
