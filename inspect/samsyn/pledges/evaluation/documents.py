"""A compilation as a tagged PDF and as JSON: the same bytes for the same numbers, texts and approvals."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from samsyn.dossiers.rendering.document import Data, groups
from samsyn.dossiers.rendering.letters import printable
from samsyn.dossiers.rendering.pdf import EVALUATION, set_pdf
from samsyn.pledges.evaluation.law_report import LawReport
from samsyn.pledges.evaluation.public import APPROVED, PublicEvaluation
from samsyn.pledges.evaluation.queries import EvaluationCard
from samsyn.pledges.evaluation.rules import digest_of
from samsyn.pledges.evaluation.telling import Section, Teller, public_sections
from samsyn.texts import say


def evaluation_pdf(card: EvaluationCard, language: str, names: Mapping[UUID, str]) -> bytes:
    """Return it as PDF/UA-1; its time is when it was compiled, so that it is made again as it was."""
    teller = Teller(card, language)
    data: dict[str, Data] = {
        **frame(teller.title(), language, teller.standing(), card.looked_at),
        "lede": printable(teller.whole()),
        "pairs": [[printable(name), when] for name, when in teller.approvals(names)],
        "pairs_heading": teller.say("heading.approvals"),
        "sections": [section_data(one) for one in teller.sections()],
    }
    return set_pdf(EVALUATION, data, frozen_at(card))


def frame(title: str, language: str, says: str, digest: str) -> dict[str, Data]:
    """Return what stands around every document of an evaluation."""
    return {
        "language": language,
        "label": {
            "page": say(language, "dossiers.document.page"),
            "of": say(language, "dossiers.document.of"),
            "kind": say(language, "evaluations.kind"),
        },
        "title": printable(title),
        "header": [printable(title), printable(says)],
        "says": printable(says),
        "footer": say(language, "dossiers.document.footer", digest=" ".join(groups(digest[:32]))),
    }


def section_data(one: Section) -> Data:
    """Return a table as the template takes it."""
    return {
        "heading": printable(one.heading),
        "lede": printable(one.lede),
        "columns": [printable(head) for head in one.columns],
        "numeric": list(one.numeric),
        "rows": [[printable(str(cell)) for cell in row] for row in one.rows],
        "said": [[printable(of), printable(words)] for of, words in one.said],
    }


def evaluation_json(card: EvaluationCard) -> bytes:
    """Return all of it as data."""
    said = {
        "version": card.line.version,
        "compiled_at": frozen_at(card).isoformat(),
        "digest": card.line.digest,
        "basis": card.line.basis,
        "looked_at": card.looked_at,
        "approved": card.approved,
        "content": card.content,
        "texts": [
            {"subject_id": str(one.subject_id), "version": one.version, "text": one.text}
            for one in sorted(card.texts.values(), key=lambda one: str(one.subject_id))
        ],
        "approvals": [
            {"authority_id": str(one.authority_id), "at": one.at.isoformat(), "digest": one.digest}
            for one in card.approvals
        ],
    }
    return json.dumps(said, ensure_ascii=False, indent=1).encode()


def standing_digest(card: EvaluationCard, names: Mapping[UUID, str], language: str) -> str:
    """Return the digest of all that a document shows beside its numbers and texts: it makes its file another one."""
    said = {
        "approved": sorted(f"{one.authority_id} {one.at.isoformat()} {one.digest}" for one in card.approvals),
        "awaited": sorted(map(str, card.awaited)),
        "names": {str(key): name for key, name in names.items()},
        "language": language,
    }
    return digest_of(said)


def frozen_at(card: EvaluationCard) -> datetime:
    """Return when it was compiled."""
    assert card.line.compiled_at is not None  # noqa: S101  what has content was compiled: a check of the table
    return card.line.compiled_at


def party_stands(content: PublicEvaluation) -> list[list[str]]:
    """Return how each party stood when it was published; of what was published earlier just that it was approved."""
    return content.get("stands", [[name, APPROVED] for name in content["parties"]])


def public_pdf(content: PublicEvaluation, language: str, at: datetime) -> bytes:
    """Return the version for a council as PDF/UA-1: what everybody may read, with the words that parties approved."""
    title = say(language, "evaluations.public.title", name=content["name"])
    data: dict[str, Data] = {
        **frame(title, language, say(language, "evaluations.public.kind"), digest_of(content)),
        "lede": printable(content.get("whole", "")),
        "pairs": [[printable(name), say(language, f"evaluations.stands.{how}")] for name, how in party_stands(content)],
        "pairs_heading": say(language, "evaluations.heading.approvals"),
        "sections": [section_data(one) for one in public_sections(content, language, content.get("said", ()))],
    }
    return set_pdf(EVALUATION, data, at)


def law_pdf(report: LawReport, language: str) -> bytes:
    """Return the report under lag 2023:196 as PDF/UA-1, of the time that it was made."""
    data: dict[str, Data] = {
        **frame(report.title, language, report.standing, report.digest),
        "lede": printable(say(language, "evaluations.law.lede")),
        "pairs": [[printable(name), ""] for name in report.parties],
        "pairs_heading": say(language, "evaluations.law.parties"),
        "sections": [section_data(one) for one in report.sections],
    }
    return set_pdf(EVALUATION, data, report.made_at)
