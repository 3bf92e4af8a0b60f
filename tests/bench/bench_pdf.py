"""A dossier of 60 pages as tagged PDF: typst beside WeasyPrint, which sets the same words (PERFORMANCE G12)."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import cast

from pypdf import PdfReader

from samsyn.dossiers.queries import DossierCard
from samsyn.dossiers.rendering import render_pdf
from samsyn.dossiers.rendering.document import Writer
from samsyn.dossiers.rules import Content
from tests.bench.result import Result

PAGES = 60
VISITS = 64
READER = "Miljönämnden"
ROUNDS = 3
PEER = Path(__file__).with_name("peer_weasyprint.py")


def of_pages(card: DossierCard, turn: int) -> DossierCard:
    """Return a dossier whose history fills some more than ``PAGES`` pages.

    Each finding has words of its own, in each turn others: typst remembers what it has set before.
    """
    visits = [
        {
            **visit,
            "findings": [{**f, "text": f"{f['text']}Nr {turn}-{n}-{k}."} for k, f in enumerate(visit["findings"])],
        }
        for n, visit in enumerate((card.content["visits"] * 20)[:VISITS])
    ]
    large = cast(Content, {**card.content, "visits": visits})
    return DossierCard(card.id, card.business_id, card.compiled_at, card.digest, large)


def setting(card: DossierCard) -> list[Result]:
    """Set a long dossier in turns with the peer; the least CPU of each. Both must be tagged, and say the same words."""
    at = datetime.now(UTC)
    render_pdf(card, "sv", READER, at)  # loads the library and its fonts
    costs, peers, pdf, other = [], [], b"", b""
    for turn in range(ROUNDS):
        large = of_pages(card, turn)
        begun = time.process_time()
        pdf = render_pdf(large, "sv", READER, at)
        costs.append(time.process_time() - begun)
        made = by_weasyprint(large, at)
        if made is not None:
            peers.append(made[0])
            other = made[1]
    pages, cpu = len(read(pdf).pages), min(costs)
    found = [
        Result(f"tagged PDF of {pages} pages, CPU s", cpu, None, None, "<= 1.0", ok=cpu <= 1.0 and pages >= PAGES),
        Result(f"tagged PDF of {pages} pages, MB", len(pdf) / 1e6, None, None, "none", ok=True),
    ]
    if not peers:
        return found
    assert words(other) == words(pdf), "the peer says something else"
    theirs = min(peers)
    what = f"WeasyPrint's {len(read(other).pages)} pages cost >= 10x"
    return [*found, Result(f"tagged PDF of {pages} pages, CPU s", cpu, theirs, theirs / cpu, what, theirs >= 10 * cpu)]


def by_weasyprint(card: DossierCard, at: datetime) -> tuple[float, bytes] | None:
    """Return the CPU that the peer takes, and its document; nothing where it is not installed.

    ``SAMSYN_BENCH_WEASYPRINT_PYTHON`` names the Python of an environment that has it.
    """
    python = os.environ.get("SAMSYN_BENCH_WEASYPRINT_PYTHON", sys.executable)
    if python == sys.executable and importlib.util.find_spec("weasyprint") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        data, pdf = Path(folder) / "data.json", Path(folder) / "peer.pdf"
        data.write_text(json.dumps(Writer("sv").document(card, READER, at)), "utf-8")
        told = subprocess.run([python, PEER, data, pdf], check=True, capture_output=True, text=True, timeout=300)
        return float(told.stdout), pdf.read_bytes()


def read(pdf: bytes) -> PdfReader:
    """Read a document, which must be tagged."""
    reader = PdfReader(BytesIO(pdf))
    assert reader.root_object.get("/MarkInfo", {}).get("/Marked"), "not tagged"
    return reader


def words(pdf: bytes) -> tuple[int, int]:
    """Count check points and kept texts: line ends, hyphens and page heads differ from one maker to the other."""
    whole = re.sub(r"\s", "", "".join(page.extract_text() for page in read(pdf).pages))
    return whole.count("MIL-"), whole.count("Märkning")
