"""A public version as open data: one line per number, and what each column means (CSV on the Web, W3C 2015). Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from samsyn.pledges.evaluation.public import PublicEvaluation
from samsyn.pledges.rules import CommitmentForm

COLUMNS: Final = (
    ("year", "integer", "Kalenderår som löftet gäller.", "Calendar year of the pledge."),
    ("about", "string", "commitment, kind eller authority: vad raden räknar.", "What the line counts."),
    ("area", "string", "Löftets fokusområde; tomt utom för åtaganden.", "Focus area; empty but for commitments."),
    ("subject", "string", "Åtagandets text, slaget (kod) eller myndighetens namn; * är alla tillsammans.",
     "The commitment's text, the kind (code) or the authority's name; * is all of them."),
    ("quarter", "integer", "1 till 4; tomt för hela året.", "1 to 4; empty for the whole year."),
    ("measure", "string", "promised, done eller done_year_before; visits för myndigheter.",
     "promised, done or done_year_before; visits for authorities."),
    ("unit", "string", "number eller per_cent.", "number or per_cent."),
    ("value", "integer", "Värdet; tomt där det är dolt.", "The value; empty where it is hidden."),
    ("hidden", "boolean", "true där värdet är dolt: det, eller något som det skulle avslöja, är under 5.",
     "true where the value is hidden: it, or something that it would tell, is below 5."),
)  # fmt: skip
"""Name, type, and what it means in both languages."""
Line = tuple[int, str, str, str, int | None, str, str, int | None, str]
ALL: Final = "*"


def lines_of(content: PublicEvaluation) -> Iterator[Line]:
    """Yield every number of a public version; a promise to be done by a day has none, nor has the year before where
    nothing was published of it.
    """
    year = content["year"]
    for one in content["commitments"]:
        unit = "per_cent" if one["form"] == CommitmentForm.SHARE else "number"
        if one["form"] == CommitmentForm.DATE:
            continue
        numbers = [("promised", one["promised"]), ("done", one["done"])]
        if "before" in one:
            numbers.append(("done_year_before", one["before"]))
        for measure, n in numbers:
            yield year, "commitment", one["area"], one["text"], None, measure, unit, n, hidden(n)
    for kind, table in content["kinds"].items():
        for quarter in range(1, 5):
            n = (table["kinds"] or {}).get(str(quarter))
            yield year, "kind", "", kind, quarter, "done", "number", n, hidden(n)
        yield year, "kind", "", kind, None, "done", "number", table["total"], hidden(table["total"])
    table = content["authorities"]
    for name, n in (table["kinds"] or {}).items():
        yield year, "authority", "", name, None, "visits", "number", n, hidden(n)
    yield year, "authority", "", ALL, None, "visits", "number", table["total"], hidden(table["total"])


def hidden(n: int | None) -> str:
    """Return whether a number is hidden, as CSV on the Web writes it."""
    return "true" if n is None else "false"


def described(file: str, content: PublicEvaluation) -> bytes:
    """Return the description of the file's columns, to lie beside it."""
    columns = [
        {"name": name, "titles": name, "datatype": kind, "dc:description": {"sv": swedish, "en": english}}
        for name, kind, swedish, english in COLUMNS
    ]
    said = {
        "@context": "http://www.w3.org/ns/csvw",
        "url": file,
        "dc:title": content["name"],
        "dc:publisher": content["parties"],
        "dialect": {"delimiter": ";", "encoding": "utf-8", "header": True, "lineTerminators": ["\r\n"]},
        "tableSchema": {"columns": columns},
    }
    return json.dumps(said, ensure_ascii=False, indent=1).encode()
