"""Legal bases as data, and which of them fit: who gives, who receives, about what, when, asked or not (DOMAIN 3.2)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Final

import yaml
from pydantic import BaseModel, ConfigDict, Field

from samsyn.authorities import rules as authorities
from samsyn.core.migrate import config_folder

PUBLIC: Final = "PUBLIC"
"""The basis of what is given to everybody."""


class Body(StrEnum):
    """Who may give or receive, as the acts name them; the register of authorities tells the first five apart."""

    MUNICIPAL = "municipal"
    POLICE = "police"
    TAX = "tax"
    WORK_ENVIRONMENT = "work_environment"
    STATE = "state"
    PUBLIC_HEALTH_AGENCY = "public_health_agency"
    PROSECUTOR = "prosecutor"
    CUSTOMS = "customs"
    ENFORCEMENT = "enforcement"
    ANY = "any"


class About(StrEnum):
    """What a section is about; only ``FINDINGS`` lets a finding out."""

    FINDINGS = "findings"
    DECISIONS = "decisions"
    CONTACTS = "contacts"


class Why(StrEnum):
    """Why a basis does not fit; the words stand under ``disclosure.why``."""

    GIVER = "giver"
    RECEIVER = "receiver"
    FIELD = "field"
    ABOUT = "about"
    NO_REQUEST = "no_request"
    NOT_YET = "not_yet"
    NO_LONGER = "no_longer"
    NOT_DONE = "not_done"
    NOT_PUBLIC = "not_public"


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Channel(_File):
    """One direction that a basis opens."""

    givers: tuple[Body, ...] = Field(alias="from", min_length=1)
    receivers: tuple[Body, ...] = Field(alias="to", min_length=1)
    needs_request: bool = False
    needs_balancing: bool = False


class Words(_File):
    """A basis in one language; ``only`` says whom it is for, ``lifts_not`` which secrecy it leaves standing."""

    name: str = Field(min_length=1)
    says: str = Field(min_length=1)
    only: str
    lifts_not: str


class Basis(_File):
    """A legal basis. No ``fields``: any. ``done_only``: not before the operation is over (OSL 17:1)."""

    code: str = Field(pattern=r"^[A-Z][A-Za-z0-9_]{1,39}$")
    act: str = Field(min_length=1)
    section: str = Field(min_length=1)
    source: str = Field(min_length=1)
    channels: tuple[Channel, ...] = Field(min_length=1)
    sv: Words
    en: Words
    fields: frozenset[authorities.Field] = frozenset()
    what: About = About.FINDINGS
    valid_from: date | None = None
    valid_until: date | None = None
    done_only: bool = False
    public: bool = False

    def words(self, language: str) -> Words:
        """Return what it says in a language."""
        return self.en if language == "en" else self.sv


class Marking(_File):
    """The section that may make a giver's findings secret; no ``fields``: all the others."""

    body: Body
    fields: frozenset[authorities.Field]
    section: str
    source: str


class _Whole(_File):
    markings: tuple[Marking, ...]
    bases: tuple[Basis, ...]


@dataclass(frozen=True, slots=True)
class Situation:
    """What is to be judged. ``receiver`` none: everybody. ``done``: the operation is over."""

    giver: frozenset[Body]
    receiver: frozenset[Body] | None
    fields: frozenset[authorities.Field]
    on: date
    requested: bool
    done: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a basis fits; if not, why. ``needs_balancing`` counts only where it fits."""

    basis: Basis
    why: tuple[Why, ...]
    needs_balancing: bool

    @property
    def fits(self) -> bool:
        """Say whether it may be used."""
        return not self.why


@lru_cache(maxsize=1)
def _whole() -> _Whole:
    said = yaml.safe_load((config_folder() / "legal_bases.yaml").read_text("utf-8"))
    whole = _Whole.model_validate(said)
    if len({basis.code for basis in whole.bases}) < len(whole.bases):
        raise ValueError("a legal basis stands twice")
    return whole


def legal_bases() -> tuple[Basis, ...]:
    """Return every basis in the file's order; raise ``ValueError`` for a file that cannot be used."""
    return _whole().bases


def find_basis(code: str) -> Basis | None:
    """Return one basis, or nothing for a code that the file has not."""
    return next((basis for basis in legal_bases() if basis.code == code), None)


def marking_of(giver: Collection[Body], fields: Collection[authorities.Field]) -> str:
    """Return the section that may make a giver's findings secret; empty where none is known."""
    for marking in _whole().markings:
        if marking.body in giver and (not marking.fields or marking.fields & set(fields)):
            return marking.section
    return ""


def bodies_of(kind: authorities.AuthorityKind, fields: Collection[authorities.Field]) -> frozenset[Body]:
    """Return what an authority is in the words of the acts."""
    if kind is not authorities.AuthorityKind.NATIONAL:
        return frozenset({Body.MUNICIPAL})
    state = {
        authorities.Field.POLICE: Body.POLICE,
        authorities.Field.TAX: Body.TAX,
        authorities.Field.WORK_ENVIRONMENT: Body.WORK_ENVIRONMENT,
    }
    found = frozenset(state[one] for one in fields if one in state)
    return found or frozenset({Body.STATE})


def judge(situation: Situation, bases: Sequence[Basis] | None = None) -> list[Verdict]:
    """Judge every basis: those that fit first, without balancing before those that need it; the file's order else."""
    verdicts = [_verdict(basis, situation) for basis in (legal_bases() if bases is None else bases)]
    return sorted(verdicts, key=lambda one: (not one.fits, one.basis.public, one.needs_balancing))


def _verdict(basis: Basis, situation: Situation) -> Verdict:
    why = list(_of_all(basis, situation))
    there = [c for c in basis.channels if _named(c.givers, situation.giver)]
    if not there:
        why.append(Why.GIVER)
    to = there if situation.receiver is None else [c for c in there if _named(c.receivers, situation.receiver)]
    if there and not to:
        why.append(Why.RECEIVER)
    open_ = [c for c in to if situation.requested or not c.needs_request]
    if to and not open_:
        why.append(Why.NO_REQUEST)
    # Of several ways the easiest counts: a duty to inform unasked needs no balancing because another way does.
    return Verdict(basis, tuple(why), bool(open_) and all(c.needs_balancing for c in open_))


def _of_all(basis: Basis, situation: Situation) -> Iterator[Why]:
    """Yield what speaks against a basis whoever gives and receives."""
    if basis.what is not About.FINDINGS:
        yield Why.ABOUT
    if basis.fields and not basis.fields & situation.fields:
        yield Why.FIELD
    if basis.valid_from is not None and situation.on < basis.valid_from:
        yield Why.NOT_YET
    if basis.valid_until is not None and situation.on > basis.valid_until:
        yield Why.NO_LONGER
    if basis.done_only and not situation.done:
        yield Why.NOT_DONE
    if situation.receiver is None and not basis.public:
        yield Why.NOT_PUBLIC


def _named(allowed: Collection[Body], bodies: Collection[Body]) -> bool:
    return Body.ANY in allowed or bool(set(allowed) & set(bodies))
