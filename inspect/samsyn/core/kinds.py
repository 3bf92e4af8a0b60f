"""Kinds of table: who may read and write, as data; one place writes the SQL (design: POLICIES).

A rule is SQL with ``{t}`` for the table's own name. A policy reads its own row, ``participation``,
``collaboration_member`` and registers that everybody may read; never a table whose policy reads back (PostgreSQL
stops that with 42P17).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

APP: Final = "samsyn_app"
RELAY: Final = "samsyn_relay"
SEALER: Final = "samsyn_sealer"
BACKUP: Final = "samsyn_backup"
OWNER: Final = "samsyn_owner"

# Wrapped in a sub-select, so that it is evaluated once per query and not once per row.
ME: Final = "(SELECT me())"
PERSON: Final = "(SELECT me_person())"


def role(*names: str) -> str:
    """Return the condition that the viewer has one of the roles."""
    return "(" + " OR ".join(f"(SELECT has_role('{name}'))" for name in names) + ")"


def part(operation: str = "{t}.operation_id") -> str:
    """Return the condition that my authority takes part; a correlated EXISTS, which reads one row, never an IN."""
    return f"EXISTS (SELECT 1 FROM participation p WHERE p.operation_id = {operation} AND p.authority_id = {ME})"


MEMBER: Final = (
    "EXISTS (SELECT 1 FROM collaboration_member m WHERE m.collaboration_id = {t}.collaboration_id"
    f" AND m.authority_id = {ME} AND m.left_on IS NULL)"
)


def shares_collaboration(authority: str) -> str:
    """Return the condition that the row's authority and mine are members of one collaboration."""
    return (
        "EXISTS (SELECT 1 FROM collaboration_member mine JOIN collaboration_member theirs"
        f" ON theirs.collaboration_id = mine.collaboration_id WHERE mine.authority_id = {ME} AND mine.left_on IS NULL"
        f" AND theirs.left_on IS NULL AND theirs.authority_id = {authority})"
    )


@dataclass(frozen=True, slots=True)
class Rule:
    """One policy: a command, what may be seen or touched (``using``), what may be written (``check``), for whom."""

    command: str
    using: str | None = None
    check: str | None = None
    to: str = APP
    restrictive: str = ""  # the name of a restrictive rule; empty for an ordinary, permissive one

    def name(self) -> str:
        """Return the policy's name, unique within its table."""
        mark = self.restrictive or ("" if self.to == APP else self.to.removeprefix("samsyn_"))
        return "_".join(filter(None, ("may", self.command.lower(), mark)))

    def sql(self, table: str) -> str:
        """Return what follows CREATE POLICY ... ON table."""
        words = [f"AS {'RESTRICTIVE' if self.restrictive else 'PERMISSIVE'} FOR {self.command} TO {self.to}"]
        if self.using is not None:
            words.append(f"USING ({self.using.format(t=table)})")
        if self.check is not None:
            words.append(f"WITH CHECK ({self.check.format(t=table)})")
        return " ".join(words)


@dataclass(frozen=True, slots=True)
class Kind:
    """Who may do what with a table; ``grants`` says which rights each role gets at all."""

    name: str
    rules: tuple[Rule, ...]
    grants: Mapping[str, str] = field(default_factory=dict)

    def rights(self) -> dict[str, str]:
        """Return the rights per role: for the application just the commands that have a rule."""
        commands = [
            c
            for c in ("SELECT", "INSERT", "UPDATE", "DELETE")
            if any(r.command == c and r.to == APP for r in self.rules)
        ]
        return {who: rights for who, rights in {APP: ", ".join(commands), **self.grants}.items() if rights}

    def policies(self, table: str) -> Iterator[tuple[str, str, str]]:
        """Yield name, SQL and digest of each policy."""
        for rule in self.rules:
            sql = rule.sql(table)
            yield rule.name(), sql, hashlib.sha256(sql.encode()).hexdigest()[:16]

    def statements(self, table: str) -> Iterator[str]:
        """Yield ENABLE, FORCE, the owner's policy, the kind's policies with their digests, the grants."""
        yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
        yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
        yield f"CREATE POLICY owner_all ON {table} TO {OWNER} USING (true) WITH CHECK (true)"
        for name, sql, digest in self.policies(table):
            yield f"CREATE POLICY {name} ON {table} {sql}"
            yield f"COMMENT ON POLICY {name} ON {table} IS '{digest}'"
        for who, rights in self.rights().items():
            yield f"GRANT {rights} ON {table} TO {who}"

    def and_rules(self, *rules: Rule) -> Kind:
        """Return the same kind with further rules."""
        return replace(self, rules=self.rules + rules)


def read_write(name: str, select: str, insert: str | None, update: str | None = None, check: str | None = None) -> Kind:
    """Return a kind with one rule per command; ``check`` is what a changed row must fulfil (default: ``update``)."""
    rules = [Rule("SELECT", select)]
    if insert is not None:
        rules.append(Rule("INSERT", check=insert))
    if update is not None:
        # Without WITH CHECK the new row would be checked with USING: handing over the lead was refused that way.
        rules.append(Rule("UPDATE", update, check or update))
    return Kind(name, tuple(rules))


def own(name: str, column: str = "authority_id", *, update: bool = True, insert: str | None = None) -> Kind:
    """Return a kind where a row belongs to one authority alone."""
    mine = f"{{t}}.{column} = {ME}"
    return read_write(name, mine, insert or mine, mine if update else None)


def jav(visit: str = "{t}.visit_id") -> Rule:
    """Return jäv: who declared a conflict of interest for a visit has no access to it at all (FL 17 §)."""
    return Rule(
        "ALL",
        f"NOT EXISTS (SELECT 1 FROM recusal r WHERE r.visit_id = {visit} AND r.person_id = {PERSON})",
        restrictive="jav",
    )
