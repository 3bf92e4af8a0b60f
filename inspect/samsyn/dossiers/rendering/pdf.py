"""Set a dossier, or the report of an operation, as PDF: tagged, PDF/UA-1, the same bytes for the same input."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Final

from samsyn.core.errors import TooMuchError
from samsyn.dossiers.queries import DossierCard
from samsyn.dossiers.rendering.document import Data, Writer
from samsyn.dossiers.rendering.public import public_data
from samsyn.dossiers.rendering.report import ReportWriter
from samsyn.dossiers.report.public import PublicContent
from samsyn.dossiers.report.queries import ReportCard
from samsyn.dossiers.rules import MOST_FINDINGS

EVALUATION: Final = Path(__file__).with_name("evaluation.typ")
DOSSIER: Final = Path(__file__).with_name("dossier.typ")
PUBLIC: Final = Path(__file__).with_name("public.typ")
REPORT: Final = Path(__file__).with_name("report.typ")
MOST_BYTES: Final = 4_000_000
"""Of the data: some 250 pages, about three seconds of one core and 300 MB. Above it nothing is set."""


def render_pdf(card: DossierCard, language: str, reader_name: str, at: datetime) -> bytes:
    """Return the dossier as a tagged PDF (PDF/UA-1, ISO 14289-1) in Swedish ("sv") or English ("en").

    ``reader_name`` stands on every page: whom it is compiled for. ``at`` is when it is made. The same card, names and
    time give the same bytes. What people wrote reaches the template as data and is never run as markup. Neither the
    network nor the machine's fonts are used. ``TooMuchError`` for a dossier too large to set at once.
    """
    if card.content["counts"]["findings"] > MOST_FINDINGS:
        raise TooMuchError("the dossier is too large for one document")
    return set_pdf(DOSSIER, Writer(language).document(card, reader_name, at), at)


def render_report(card: ReportCard, language: str, reader_name: str, at: datetime) -> bytes:
    """Return the report of an operation as a tagged PDF, with the same promises as ``render_pdf``."""
    if card.content["numbers"]["findings"] > MOST_FINDINGS:
        raise TooMuchError("the report is too large for one document")
    return set_pdf(REPORT, ReportWriter(language).report(card, reader_name, at), at)


def render_public(content: PublicContent, language: str, at: datetime) -> bytes:
    """Return the public version of a report as a tagged PDF; it names nobody, neither who made it."""
    return set_pdf(PUBLIC, public_data(content, language), at)


def set_pdf(template: Path, said: Data, at: datetime) -> bytes:
    """Set data by a template of this house; ``TooMuchError`` for more than one document takes."""
    data = json.dumps(said, ensure_ascii=False)
    if len(data) > MOST_BYTES:
        raise TooMuchError("too large for one document")
    import typst

    pdf = typst.compile(
        str(template),
        root=str(template.parent),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"data": data, "at": at.strftime("%Y-%m-%d")},
        pdf_standards=["ua-1"],
        timestamp=int(at.timestamp()),
    )
    assert isinstance(pdf, bytes)  # noqa: S101  without an output path typst gives one document
    return pdf
