import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import cast
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, StreamObject
from sqlalchemy import text

from samsyn.core.errors import TooMuchError
from samsyn.core.uow import unit_of_work
from samsyn.dossiers.queries import DossierCard
from samsyn.dossiers.rendering import letters, render_pdf
from samsyn.dossiers.rendering.letters import COVERED, LONGEST_WORD, MISSING, printable
from samsyn.dossiers.renderings import store_rendering
from samsyn.dossiers.rules import Content
from samsyn.texts import catalogue
from tests.dossiers.scenes import a_point, approve, compiled, find, tell_fact, visited
from tests.factories import Town

AT = datetime(2027, 4, 1, 7, 0, tzinfo=UTC)
HOSTILE = [
    '#sys.inputs #read("/etc/passwd") #panic("x") $x^2$ *fet* _kursiv_ `kod` \\ ] } ) // /* @ref <label> = rubrik 1.',
    "å" * 10_000,
    "ord " * 2_400,
    "😀 漢字 \x00\x07\x1b[31m \u202eomvänt \u200b\u2028rad\r\ntva\tre \ufeff a\u0301 q\u030a",
    '"}]; #let d = 1 {{7*7}} ${7*7} <script>alert(1)</script>',
    "",
]


def shown(pdf: bytes) -> str:
    return " ".join("".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def card_saying(said: str) -> DossierCard:
    """A dossier whose every text of people is ``said``; names are cut where the registry would refuse them."""
    whole, said = said, said[:300]
    finding = {
        "finding_id": "f", "version": 1, "point": said, "point_sv": said, "point_en": said, "law": said,
        "answer": "deficiency", "serious": True, "text": whole, "observed_at": AT.isoformat(), "evidence": 1,
    }  # fmt: skip
    content = {
        "business": {
            "id": "b", "name": said, "operator": said, "form": "limited_company", "number": said, "address": said,
            "postcode": said, "town": said, "trades": [],
        },
        "counts": {"open": 1, "serious": 1, "visits": 1, "joint_visits": 1, "findings": 1, "deficiencies": 1},
        "open_deficiencies": [{"visit_id": "v", "visited_at": AT.isoformat(), "finding": finding}],
        "received": [],
        "outcomes": [
            {
                "outcome_id": "u", "version": 1, "visit_id": "v", "tool": "LTLP_7_11", "measure": "warning",
                "law": said, "state": "decided", "text": whole, "amount": 5_000, "heard_on": "2027-04-01",
                "until_on": "2027-04-02", "decided_by": "board", "decider": said, "delegation": said,
                "decided_on": "2027-04-01", "case_number": said, "reason": said, "points": [said],
            }
        ],
        "follow_ups": [
            {
                "follow_up_id": "f", "version": 1, "visit_id": "v", "outcome_id": None, "point": said, "measure": None,
                "owner": said, "due_on": "2027-05-01", "state": "open", "text": whole, "reason": said,
            }
        ],
        "visits": [
            {
                "visit_id": "v", "operation_id": "o", "code_word": said, "date": "2027-04-01",
                "starts_at": AT.isoformat(), "ends_at": AT.isoformat(), "ended_at": None, "state": "done",
                "place": said, "address": said, "announced": False, "common_text": said, "findings": [finding],
                "parts": [{"authority": said, "unit": said, "field": None, "mine": True, "summary": "pending",
                           "handed_in": True, "nothing_to_report": False}],
                "facts": [{"question": "who_was_met", "answer": said, "authority": said}],
            }
        ],
    }  # fmt: skip
    return DossierCard(uuid4(), uuid4(), AT, "0" * 64, cast(Content, content))


def test_the_document_holds_the_own_findings_and_the_common_part_and_nothing_of_others(town: Town) -> None:
    scene = visited(town, town.police, town.environment, town.health)
    mine, theirs = f"kanarie{uuid4().hex}", f"kanarie{uuid4().hex}"
    point = a_point(town)
    find(town, scene, town.environment, f"{mine} Åtta dunkar på fiskaffärens gård, ägaren är på väg", point=point)
    find(town, scene, town.health, theirs)
    tell_fact(town, scene, town.police, "Butiksbiträdet")
    approve(town, scene, "Insatsen gick lugnt till.")
    card = compiled(town, town.environment)
    says = {language: shown(render_pdf(card, language, town.environment.name, AT)) for language in ("sv", "en")}
    for said in says.values():
        assert mine in said
        assert "Åtta dunkar på fiskaffärens gård, ägaren är på väg" in said
        assert all(word in said for word in (town.police.name, "Butiksbiträdet", "lugnt till", point[2]))
        assert theirs not in said
    places = [says["sv"].index(heading) for heading in ("Öppna brister", "Besök genom åren", "Egna iakttagelser")]
    assert places == sorted(places)
    assert "torsdag 4 mars 2027, vecka 9" in says["sv"]
    assert "Thursday 4 March 2027, week 9" in says["en"]


def test_every_page_says_for_whom_it_was_compiled() -> None:
    reader = PdfReader(BytesIO(render_pdf(card_saying("ord " * 2_000), "sv", "Miljönämnden", AT)))
    assert len(reader.pages) > 2
    assert all("Sammanställd för Miljönämnden" in page.extract_text() for page in reader.pages)


def test_it_is_tagged_and_says_its_language_and_title() -> None:
    reader = PdfReader(BytesIO(render_pdf(card_saying("Kiosk"), "sv", "Miljönämnden", AT)))
    root = reader.root_object
    marked, metadata = cast(DictionaryObject, root["/MarkInfo"]), cast(StreamObject, root["/Metadata"])
    assert str(marked["/Marked"]) == "True"
    assert "/StructTreeRoot" in root
    assert str(root["/Lang"]).startswith("sv")
    assert reader.metadata is not None
    assert reader.metadata.title == "Sammanställning om Kiosk"
    assert b"pdfuaid" in metadata.get_data()


def test_the_same_input_gives_the_same_bytes_and_carries_its_fonts() -> None:
    once, twice = (render_pdf(card_saying("Kiosk"), "sv", "Miljönämnden", AT) for _ in range(2))
    assert once == twice
    assert b"Libertinus" in once


@pytest.mark.parametrize("said", HOSTILE, ids=range(len(HOSTILE)))
def test_what_people_write_is_shown_and_never_run(said: str) -> None:
    pdf = render_pdf(card_saying(said), "sv", said[:2_000], AT)
    wanted, got = (re.sub(r"[\s\u00ad-]", "", words) for words in (printable(said), shown(pdf)))
    assert wanted[:200] in got


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(st.text(max_size=300))
def test_any_text_at_all_can_be_set(said: str) -> None:
    assert render_pdf(card_saying(said), "en", said, AT).startswith(b"%PDF-")


def test_every_letter_that_is_let_through_has_a_glyph() -> None:
    every = "".join(chr(c) for first, last in COVERED for c in range(first, last + 1))
    assert render_pdf(card_saying(" ".join(every)), "sv", "Miljönämnden", AT).startswith(b"%PDF-")


def test_overrides_and_control_characters_are_taken_out_and_long_words_may_break() -> None:
    assert printable("a\u202eb\x00c\u200bd") == "ab cd"
    assert printable("漢") == MISSING
    assert printable("a\u030a") == "å"
    assert max(len(run) for run in printable("x" * 500).split("\u00ad")) == LONGEST_WORD
    assert letters.printable("rad\r\nrad") == "rad\nrad"


def test_a_dossier_that_is_too_large_is_refused() -> None:
    card = card_saying("x")
    many = {**card.content, "counts": {**card.content["counts"], "findings": 5_001}}
    with pytest.raises(TooMuchError):
        render_pdf(replace(card, content=cast(Content, many)), "sv", "x", AT)
    with pytest.raises(TooMuchError):
        render_pdf(card_saying("ö" * 4_000_000), "sv", "x", AT)


def test_a_download_is_kept_with_its_digest_and_noted(town: Town) -> None:
    visited(town, town.environment)
    card = compiled(town, town.environment)
    with unit_of_work(town.planner(town.environment)) as uow:
        kept = store_rendering(uow, card, "pdf", b"%PDF-", town.environment.name)
        noted = uow.session.scalar(
            text("SELECT reason FROM audit WHERE action = 'dossier.download' AND object_id = :id"), {"id": card.id}
        )
        row = uow.session.execute(text("SELECT digest, body FROM rendering WHERE id = :id"), {"id": kept}).one()
    assert noted == "pdf"
    assert row.digest == hashlib.sha256(b"%PDF-").hexdigest()
    assert bytes(row.body) == b"%PDF-"
    with unit_of_work(town.planner(town.police)) as uow:
        assert uow.session.scalar(text("SELECT count(*) FROM rendering WHERE id = :id"), {"id": kept}) == 0


def test_the_words_of_the_document_stand_in_both_languages() -> None:
    keys = [{key for key in catalogue(language) if key.startswith("dossiers.")} for language in ("sv", "en")]
    assert keys[0] == keys[1] != set()
