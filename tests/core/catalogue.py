"""What PostgreSQL says of itself, and what of it differs from the declarations: one sentence per fault."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from samsyn.core.feed_marks import MARKED
from samsyn.core.kinds import Kind

Rows = dict[tuple[str, ...], tuple[Any, ...]]

NOT_DECLARED = {"alembic_version"}
"""Alembic's own table: it holds one revision name, and /readyz reads it."""
FUNCTIONS = {
    "has_role(wanted text)",
    "mark_feeds()",
    "me()",
    "me_person()",
    "presented()",
    # Made by PostgreSQL together with the range type of the exclusion constraint.
    "uuidmultirange()",
    "uuidmultirange(uuidrange)",
    "uuidmultirange(VARIADIC uuidrange[])",
    "uuidrange(uuid, uuid)",
    "uuidrange(uuid, uuid, text)",
}
ROLES = ("samsyn_app", "samsyn_relay", "samsyn_sealer", "samsyn_backup", "samsyn_migrator", "samsyn_owner")

POLICIES = """
    SELECT p.tablename, p.policyname, p.permissive, p.roles::text, p.cmd, p.qual, p.with_check,
           obj_description(o.oid, 'pg_policy')
      FROM pg_policies p
      JOIN pg_policy o ON o.polname = p.policyname AND o.polrelid = format('%I.%I', p.schemaname, p.tablename)::regclass
     WHERE p.schemaname = 'public'"""
RELATIONS = """
    SELECT c.relname, c.relkind::text, c.relrowsecurity, c.relforcerowsecurity, c.relispartition,
           pg_get_userbyid(c.relowner), coalesce(array_to_string(c.reloptions, ','), '')
      FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')"""
GRANTS = """
    SELECT c.relname, '', g.who, a.privilege_type, a.is_grantable
      FROM pg_class c, aclexplode(c.relacl) a
           CROSS JOIN LATERAL (SELECT CASE a.grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(a.grantee) END) g (who)
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
     UNION ALL
    SELECT c.relname, t.attname, g.who, a.privilege_type, a.is_grantable
      FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid, aclexplode(t.attacl) a
           CROSS JOIN LATERAL (SELECT CASE a.grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(a.grantee) END) g (who)
     WHERE c.relnamespace = 'public'::regnamespace"""
ROUTINES = """
    SELECT format('%s(%s)', p.proname, pg_get_function_arguments(p.oid)), p.prosecdef, p.proleakproof,
           pg_get_userbyid(p.proowner)
      FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace"""
TRIGGERS = """
    SELECT c.relname, t.tgname, p.proname, t.tgtype, t.tgenabled::text, encode(t.tgargs, 'escape'),
           t.tgattr::text, t.tgqual
      FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
     WHERE NOT t.tgisinternal"""
AFTER_EACH_ROW = 1 + 4 + 8 + 16
"""PostgreSQL's word for FOR EACH ROW, after INSERT, DELETE and UPDATE."""
STRENGTHS = """
    SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication
      FROM pg_roles WHERE rolname LIKE 'samsyn%'"""
MEMBERSHIPS = """
    SELECT pg_get_userbyid(roleid), pg_get_userbyid(member) FROM pg_auth_members
     WHERE pg_get_userbyid(roleid) LIKE 'samsyn%' OR pg_get_userbyid(member) LIKE 'samsyn%'"""
SCHEMAS = """
    SELECT nspname FROM pg_namespace
     WHERE nspname NOT IN ('public', 'information_schema') AND nspname NOT LIKE 'pg\\_%'"""


@dataclass(frozen=True)
class Catalogue:
    """One database as PostgreSQL describes it."""

    relations: Rows
    policies: Rows
    grants: Rows
    routines: Rows
    triggers: Rows
    strengths: Rows
    memberships: set[tuple[str, ...]]
    schemas: set[str]

    @classmethod
    def read(cls, db: Connection) -> Catalogue:
        def rows(sql: str, key: int) -> Rows:
            return {tuple(row[:key]): tuple(row[key:]) for row in db.execute(text(sql))}

        return cls(
            rows(RELATIONS, 1),
            rows(POLICIES, 2),
            rows(GRANTS, 4),
            rows(ROUTINES, 1),
            rows(TRIGGERS, 2),
            rows(STRENGTHS, 1),
            {tuple(row) for row in db.execute(text(MEMBERSHIPS))},
            {row[0] for row in db.execute(text(SCHEMAS))},
        )


def faults(found: Catalogue, wanted: Catalogue, declared: Mapping[str, Kind]) -> list[str]:
    """Everything in ``found`` that is not as declared; ``wanted`` was made from the declarations alone."""
    return sorted(
        [
            *_relations(found, declared),
            *_policies(found, wanted, declared),
            *_grants(found, wanted, declared),
            *_routines(found),
            *_triggers(found),
            *_strengths(found),
            *(f"schema {name}: not declared" for name in found.schemas),
        ]
    )


def _relations(found: Catalogue, declared: Mapping[str, Kind]) -> Iterator[str]:
    for (name,), (kind, enabled, forced, partition, owner, options) in found.relations.items():
        if owner != "samsyn_owner":
            yield f"{name}: owned by {owner}"
        if kind == "v" and "security_invoker=true" not in options:
            yield f"{name}: a view that is not security_invoker"
        if kind in ("m", "f", "S"):
            yield f"{name}: a relation of kind {kind}"
        if kind in ("r", "p") and name not in NOT_DECLARED and not partition:
            if name not in declared:
                yield f"{name}: no declared kind"
            if not (enabled and forced):
                yield f"{name}: row security is not enabled and forced"
    for name in declared:
        if (name,) not in found.relations:
            yield f"{name}: declared and absent"


def _policies(found: Catalogue, wanted: Catalogue, declared: Mapping[str, Kind]) -> Iterator[str]:
    names = {(t, "owner_all") for t in declared} | {(t, r.name()) for t, kind in declared.items() for r in kind.rules}
    for table, policy in sorted(set(found.policies) ^ names):
        yield f"{table}.{policy}: " + ("missing" if (table, policy) in names else "not declared")
    for table, kind in declared.items():
        for policy, _, digest in kind.policies(table):
            said = found.policies.get((table, policy))
            if said is not None and said[-1] != digest:
                yield f"{table}.{policy}: its comment is {said[-1]}, the declaration's digest {digest}"
    for key in sorted(set(found.policies) & set(wanted.policies)):
        if found.policies[key] != wanted.policies[key]:
            yield f"{'.'.join(key)}: says {found.policies[key]}, declared is {wanted.policies[key]}"


def _grants(found: Catalogue, wanted: Catalogue, declared: Mapping[str, Kind]) -> Iterator[str]:
    """Compare rights with those of a database made from the declarations; backups read everything and no more."""
    backup = {(name, "", "samsyn_backup", "SELECT") for (name,) in found.relations}
    extra = {("alembic_version", "", "samsyn_app", "SELECT")}

    def others(rows: Rows) -> dict[tuple[str, ...], bool]:
        return {key: row[0] for key, row in rows.items() if key[2] != "samsyn_owner"}

    has, should = others(found.grants), others(wanted.grants)
    for key in sorted(set(has) - set(should) - backup - extra):
        yield f"grant: {key} is not declared"
    for key in sorted((set(should) | backup) - set(has)):
        yield f"grant: {key} is missing"
    for key in sorted(key for key, grantable in has.items() if grantable):
        yield f"grant: {key} may be passed on"
    for name, column, who, right in has:
        if name not in declared and who not in ("samsyn_backup",) and (name, column, who, right) not in extra:
            yield f"grant: {who} has {right} on {name}, which has no kind"


def _routines(found: Catalogue) -> Iterator[str]:
    for (name,), (definer, leakproof, owner) in found.routines.items():
        if name not in FUNCTIONS:
            yield f"function {name}: not on the list"
        if definer or leakproof:
            yield f"function {name}: SECURITY DEFINER or LEAKPROOF"
        # PostgreSQL gives the constructors of a range type to the superuser, whoever made the type.
        if owner != "samsyn_owner" and not name.startswith(("uuidmultirange", "uuidrange")):
            yield f"function {name}: owned by {owner}"
    for name in FUNCTIONS - {key[0] for key in found.routines}:
        yield f"function {name}: missing"


def _triggers(found: Catalogue) -> Iterator[str]:
    """What feeds are made from leaves its marks, on every column and by every command."""
    wanted: Rows = {
        (table, f"mark_{of}"): ("mark_feeds", AFTER_EACH_ROW, "O", f"{of}\\000{operation}\\000", "", None)
        for table, marks in MARKED.items()
        for of, operation in marks
    }
    for key in sorted(set(found.triggers) | set(wanted)):
        if found.triggers.get(key) != wanted.get(key):
            yield f"trigger {'.'.join(key)}: says {found.triggers.get(key)}, declared is {wanted.get(key)}"


def _strengths(found: Catalogue) -> Iterator[str]:
    for (name,), powers in found.strengths.items():
        allowed = (False, name == "samsyn_backup", False, False, False)
        if name not in ROLES or tuple(powers) != allowed:
            yield f"role {name}: {powers} (superuser, bypass, create role, create database, replicate)"
    if found.memberships != {("samsyn_owner", "samsyn_migrator")}:
        yield f"roles: {sorted(found.memberships)} (which role is a member of which)"
