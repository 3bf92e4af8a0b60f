"""Make the signed paper of the town's agreement, so that there is a document to open beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from samsyn.dossiers.rendering.document import Data
from samsyn.dossiers.rendering.pdf import EVALUATION, set_pdf

SAYS: Final = "Exempel. Undertecknad av parterna."
LEDE: Final = (
    "Parterna planerar och genomför tillsyn tillsammans, lovar varje år medborgarna något som går att räkna, "
    "och utvärderar året efter."
)


def agreement_pdf(name: str, signatories: Iterable[Mapping[str, str]], at: datetime) -> bytes:
    """Return it as PDF/UA-1; the same bytes for the same day."""
    data: dict[str, Data] = {
        "language": "sv",
        "label": {"page": "Sida", "of": "av", "kind": "Överenskommelse"},
        "title": name,
        "header": [name, SAYS],
        "says": SAYS,
        "footer": "",
        "lede": LEDE,
        "pairs": [[one["name"], one["title"]] for one in signatories],
        "pairs_heading": "Undertecknat av",
        "sections": [],
    }
    return set_pdf(EVALUATION, data, at)
