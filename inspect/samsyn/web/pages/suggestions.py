"""Legal bases to choose from when an authority answers: guidance that the authority may change, never advice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from samsyn.authorities.rules import Field

LEGAL_BASES: Final[Mapping[Field, tuple[str, ...]]] = {
    Field.POLICE: (
        "LTLP 7 kap. 18 §",
        "LTN 33 §",
        "UtlL 9 kap. 14-16 §§",
        "PL 13 §",
        "LTLP 7 kap. 19 §",
        "MB 28 kap. 8 §",
        "AML 7 kap. 5 §",
    ),
    Field.TOBACCO: ("LTLP 7 kap. 18 §", "LTN 33 §", "LTLP 7 kap. 18 § och LTN 33 §"),
    Field.ENVIRONMENT: ("MB 28 kap. 1 §", "MB 28 kap. 1 och 6 §§"),
    Field.HEALTH: ("MB 28 kap. 1 och 6 §§", "MB 28 kap. 1 §"),
    Field.ALCOHOL: ("AlkL 9 kap. 13 §", "AlkL 9 kap. 15 §"),
    Field.FOOD: ("LivsL 20 §",),
    Field.FIRE: ("LSO 5 kap. 2 §", "LBE 24 §"),
    Field.TAX: ("SFL 42 kap. 6 och 8 §§",),
    Field.WORK_ENVIRONMENT: ("AML 7 kap. 5 §",),
}
"""Sections on access to premises, per field. Acts: LTLP 2018:2088, LTN 2022:1257, UtlL 2005:716, PL 1984:387,
MB 1998:808, AlkL 2010:1622, LivsL 2006:804, LSO 2003:778, LBE 2010:1011, SFL 2011:1244, AML 1977:1160."""


def legal_bases(fields: Iterable[Field]) -> list[str]:
    """Return the suggestions for the fields that are asked, without doubles."""
    return list(dict.fromkeys(text for one in sorted(fields) for text in LEGAL_BASES.get(one, ())))


def acts(fields: Iterable[Field]) -> frozenset[str]:
    """Return the short names of the acts that some fields go by (``LTLP``)."""
    return frozenset(act_of(text) for text in legal_bases(fields))


def act_of(legal_basis: str) -> str:
    """Return the act that a basis names first."""
    return legal_basis.partition(" ")[0]
