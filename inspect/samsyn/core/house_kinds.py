"""The kinds of POLICIES, each once; a table picks one."""

from __future__ import annotations

from typing import Final

from samsyn.core.entry_kinds import OFFERED
from samsyn.core.kinds import (
    ME,
    MEMBER,
    PERSON,
    RELAY,
    SEALER,
    Kind,
    Rule,
    jav,
    own,
    part,
    read_write,
    role,
    shares_collaboration,
)

KNOWN: Final = f"{ME} IS NOT NULL"
ADMIN: Final = role("unit_admin")
MINE: Final = f"{{t}}.authority_id = {ME}"
LEAD: Final = f"{{t}}.lead_id = {ME}"

# Memberships are public inside the house: agreements are public documents; policies read them without recursion.
AUTHORITY: Final = read_write("reference", KNOWN, f"{{t}}.id = {ME} AND {ADMIN}", f"{{t}}.id = {ME} AND {ADMIN}")
REFERENCE: Final = read_write("reference", KNOWN, f"{MINE} AND {ADMIN}", f"{MINE} AND {ADMIN}")
HOUSE: Final = read_write("reference", "true", None)
COLLABORATION: Final = read_write(
    "reference", KNOWN, f"{{t}}.founded_by_id = {ME} AND {ADMIN}", f"{{t}}.founded_by_id = {ME} AND {ADMIN}"
)
COLLABORATION_MEMBER: Final = read_write(
    "reference",
    KNOWN,
    # Two sides: a member invites, the invited joins by itself; only the founder needs no invitation.
    f"{MINE} AND {ADMIN} AND (EXISTS (SELECT 1 FROM collaboration c WHERE c.id = {{t}}.collaboration_id"
    f" AND c.founded_by_id = {ME}) OR EXISTS (SELECT 1 FROM collaboration_invitation i"
    f" WHERE i.collaboration_id = {{t}}.collaboration_id AND i.authority_id = {ME}))",
    f"{MINE} AND {ADMIN}",
)
STEWARDSHIP: Final = Kind(
    "reference",
    (
        Rule("SELECT", KNOWN),
        # Only for who has no administrator: else a member could take over answering for another.
        Rule(
            "INSERT",
            check=f"{{t}}.steward_id = {ME} AND {ADMIN} AND {shares_collaboration('{t}.authority_id')}"
            " AND NOT EXISTS (SELECT 1 FROM staff s WHERE s.authority_id = {t}.authority_id"
            " AND s.roles @> '[\"unit_admin\"]')",
        ),
        Rule("UPDATE", MINE, MINE),  # ended by the authority itself, never by the steward
    ),
)
CHECKLIST: Final = read_write("reference", f"{KNOWN} AND ({{t}}.authority_id IS NULL OR {MINE})", f"{MINE} AND {ADMIN}")
# What is not published is nobody's question yet: who may publish it reads it, and may throw it away.
CHECKLIST_DRAFT: Final = read_write(
    "reference", f"{MINE} AND {ADMIN}", f"{MINE} AND {ADMIN}", f"{MINE} AND {ADMIN}"
).and_rules(Rule("DELETE", f"{MINE} AND {ADMIN}"))

REGISTRY: Final = read_write("registry", MEMBER, MEMBER, MEMBER)
PLEDGE: Final = read_write("pledge", MEMBER, f"{MEMBER} AND {role('planner')}", f"{MEMBER} AND {role('planner')}")
COLLEAGUES: Final = f"{MINE} OR {shares_collaboration('{t}.authority_id')}"
# A place is taken by the person that it is for: enrolling somebody else's people would tell when they are busy. Without
# an administrator's role just the unit and roles of the invitation whose link that person holds, and has accepted.
STAFF: Final = read_write(
    "staff",
    f"{COLLEAGUES} OR {{t}}.person_id = {PERSON}",
    f"{MINE} AND {{t}}.person_id = {PERSON} AND ({ADMIN} OR EXISTS (SELECT 1 FROM invitation i"
    " JOIN invitation_acceptance a ON a.invitation_id = i.id AND a.person_id = {t}.person_id"
    f" WHERE {OFFERED} AND i.unit_id = {{t}}.unit_id AND i.roles = {{t}}.roles))",
    f"{MINE} AND {ADMIN}",
)
COMPETENCE: Final = read_write("staff", COLLEAGUES, f"{MINE} AND {ADMIN}", f"{MINE} AND {ADMIN}")
OWN: Final = own("own")
PERSON_OWN: Final = read_write("personal", f"{{t}}.id = {PERSON}", f"{{t}}.id = {PERSON}", f"{{t}}.id = {PERSON}")
PERSON_HERE: Final = f"{{t}}.person_id = {PERSON} AND {MINE}"
SETTING: Final = read_write(
    "personal", f"{{t}}.person_id = {PERSON}", f"{{t}}.person_id = {PERSON}", f"{{t}}.person_id = {PERSON}"
)
THEIRS: Final = f"{{t}}.person_id = {PERSON} OR {role('task')}"
CREDENTIAL: Final = read_write(
    "credential",
    # A digest opens nothing; the own authority's administrator ends tokens, its worker renews links.
    f"{{t}}.hash = (SELECT presented()) OR {{t}}.person_id = {PERSON} OR ({MINE} AND {role('task', 'unit_admin')})",
    f"{MINE} AND ({THEIRS})",  # an administrator ends one, and makes none to act as a colleague
    f"{MINE} AND ({THEIRS} OR {ADMIN})",
    f"{MINE} AND ({THEIRS} OR ({ADMIN} AND {{t}}.revoked_at IS NOT NULL))",
)
# How a person signs in: read and taken away by that person alone.
SIGN_IN_WAY: Final = SETTING.and_rules(Rule("DELETE", f"{{t}}.person_id = {PERSON}"))
# Before anybody is known: the digest that one presents, and what has run out, for the next one to clear away.
OR_OVER: Final = "{t}.hash = (SELECT presented()) OR {t}.until < now()"
DOOR: Final = read_write("door", OR_OVER, "{t}.hash = (SELECT presented())").and_rules(Rule("DELETE", OR_OVER))

PLAN: Final = read_write("plan", part(), LEAD, LEAD)
VISIT: Final = PLAN.and_rules(jav("{t}.id"))
VISIT_PART: Final = PLAN.and_rules(jav())
OPERATION: Final = read_write(
    "operation",
    # The lead reads it as such, or it could not between the insert and the first participation.
    f"{LEAD} OR {part('{t}.id')}",
    f"{LEAD} AND {MEMBER}",
    LEAD,
    # Handing over: the new lead must take part.
    f"{LEAD} OR EXISTS (SELECT 1 FROM participation p"
    " WHERE p.operation_id = {t}.id AND p.authority_id = {t}.lead_id)",
)
PARTICIPATION: Final = read_write("participation", f"{MINE} OR {LEAD}", LEAD, LEAD)
TARGET: Final = PLAN.and_rules(
    Rule(
        "SELECT",
        f"{role('planner', 'decider', 'task')} OR {{t}}.announced OR ({{t}}.open_at <= now() AND EXISTS (SELECT 1"
        " FROM assignment a WHERE a.operation_id = {t}.operation_id"
        f" AND a.person_id = {PERSON} AND a.authority_id = {ME} AND a.state = 'accepted'))"
        " OR EXISTS (SELECT 1 FROM operation o WHERE o.id = {t}.operation_id"
        " AND o.state IN ('done', 'reported', 'compiled', 'closed'))",
        restrictive="need",
    ),
    jav(),
)
STEWARDED: Final = (
    f"({MINE} OR EXISTS (SELECT 1 FROM stewardship s WHERE s.authority_id = {{t}}.authority_id"
    f" AND s.steward_id = {ME} AND s.ended_at IS NULL))"
)
ANSWER: Final = read_write(
    "answer",
    part(),
    f"{{t}}.written_by_id = {ME} AND {STEWARDED}",
    STEWARDED,
    f"{{t}}.written_by_id = {ME} AND {STEWARDED}",
).and_rules(jav())
OWN_ANSWER: Final = read_write("answer", part(), f"{MINE} AND {part()}", MINE)
TEMPLATE: Final = read_write(
    "own",
    MINE,
    f"{MINE} AND {role('planner', 'decider', 'unit_admin')}",
    f"{MINE} AND {role('planner', 'decider', 'unit_admin')}",
)
ASSIGNMENT: Final = read_write(
    "who goes",
    part(),
    f"({MINE} AND {part()}) OR ({LEAD} AND {{t}}.state = 'asked')",
    f"{MINE} OR {LEAD}",
    f"{MINE} OR ({LEAD} AND {{t}}.state IN ('asked', 'withdrawn'))",
)
JAV_ANYWHERE: Final = Rule(
    "ALL",
    f"NOT EXISTS (SELECT 1 FROM recusal r WHERE r.operation_id = {{t}}.operation_id AND r.person_id = {PERSON})",
    restrictive="jav",
)
# Who must know where it goes, and from when (OSL 17:1): planners, and from ``open_at`` those who go. It names trades
# and streets, so a person with a conflict of interest at one of its visits reads none of it.
ORDER: Final = PLAN.and_rules(
    Rule(
        "SELECT",
        f"{role('planner', 'decider', 'task')} OR ({{t}}.open_at <= now() AND EXISTS (SELECT 1"
        " FROM assignment a WHERE a.operation_id = {t}.operation_id"
        f" AND a.person_id = {PERSON} AND a.authority_id = {ME} AND a.state = 'accepted'))"
        " OR EXISTS (SELECT 1 FROM operation o WHERE o.id = {t}.operation_id"
        " AND o.state IN ('done', 'reported', 'compiled', 'closed'))",
        restrictive="need",
    ),
    JAV_ANYWHERE,
)
# What is said about the plan may name a place, as the order does.
TALK: Final = read_write("shared log", part(), f"{MINE} AND {{t}}.person_id = {PERSON} AND {part()}").and_rules(
    JAV_ANYWHERE
)
# A number is for those who may read the order, which its own policy decides; the own authority's is its own.
CONTACT_CARD: Final = read_write(
    "shared log",
    f"{MINE} OR ({part()} AND EXISTS (SELECT 1 FROM operation_order o WHERE o.operation_id = {{t}}.operation_id))",
    f"{MINE} AND {part()}",
    MINE,
)
HELD: Final = read_write(
    "own",
    MINE,
    f"{MINE} AND {{t}}.person_id = {PERSON}",
    f"{MINE} AND ({{t}}.person_id = {PERSON} OR {role('task')})",
)
SHARED_LOG: Final = read_write("shared log", part(), f"{MINE} AND {part()}").and_rules(jav())
SILO: Final = own("silo", update=False).and_rules(jav())
SILO_STATE: Final = own("silo").and_rules(jav())
SILO_PLAIN: Final = own("silo")
# Unit rule (R1): what only its unit reads, and every row of an authority that has many units.
UNIT_RULE: Final = Rule(
    "SELECT",
    f"(NOT {{t}}.unit_only AND NOT EXISTS (SELECT 1 FROM authority a WHERE a.id = {{t}}.authority_id AND a.spanning))"
    " OR {t}.unit_id IS NULL"
    f" OR EXISTS (SELECT 1 FROM staff s WHERE s.authority_id = {{t}}.authority_id AND s.person_id = {PERSON}"
    f" AND s.unit_id = {{t}}.unit_id) OR ({role('task')} AND has_role('unit:' || {{t}}.unit_id))",
    restrictive="unit",
)
FINDING: Final = SILO.and_rules(UNIT_RULE)
# Read by the jäv rule of other tables; must itself read nothing else. A conflict of interest is the person's: it holds
# as well while the same person acts for another authority.
RECUSAL: Final = read_write("silo", f"{MINE} OR {{t}}.person_id = {PERSON}", MINE)
TRACE: Final = read_write(
    "trace",
    f"{MINE} OR ({MEMBER} AND {{t}}.done)",
    f"{MINE} AND {MEMBER}",
    MINE,
)
TALLY: Final = read_write("tally", MEMBER, f"{MINE} AND {MEMBER}", f"{MINE} AND {{t}}.frozen_at IS NULL", MINE)
DOSSIER: Final = own("dossier", "reader_id")
JOB: Final = read_write(
    "job",
    f"{{t}}.reader_id = {ME} AND ({{t}}.person_id = {PERSON} OR {role('task')})",
    f"{{t}}.reader_id = {ME} AND {{t}}.person_id = {PERSON}",
    f"{{t}}.reader_id = {ME} AND ({{t}}.person_id = {PERSON} OR {role('task')})",
)
ANSWERED_ONCE: Final = read_write(
    "job",
    f"{MINE} AND {{t}}.person_id = {PERSON}",
    f"{MINE} AND {{t}}.person_id = {PERSON}",
    f"{MINE} AND {{t}}.person_id = {PERSON}",
)
# What a person has begun and not sent: read and thrown away by that person alone.
BEGUN: Final = f"{{t}}.reader_id = {ME} AND {{t}}.person_id = {PERSON}"
DRAFT: Final = read_write("personal", BEGUN, BEGUN, BEGUN).and_rules(Rule("DELETE", BEGUN))
TOLD: Final = read_write("told", part(), f"{{t}}.from_id = {ME} AND {part()}")
LEDGER: Final = read_write("ledger", part(), f"{{t}}.to_id = {ME}")
REPLY: Final = read_write("reply", part(), f"{MINE} AND {part()}")
REPLY_COMMENT: Final = read_write("own", f"{MINE} OR {LEAD}", MINE)
OUTBOX: Final = Kind(
    "outbox",
    (
        Rule("SELECT", f"{{t}}.acts_for_id = {ME}"),
        Rule("INSERT", check=f"{{t}}.made_by_id = {ME}"),
        Rule("UPDATE", f"{{t}}.acts_for_id = {ME}", f"{{t}}.acts_for_id = {ME}"),
        Rule("SELECT", "true", to=RELAY),
        Rule("UPDATE", "true", "true", to=RELAY),
    ),
    {RELAY: "SELECT (id, task, acts_for_id, state, next_at, hinted_at, lease_until), UPDATE (hinted_at)"},
)
AUDIT: Final = Kind(
    "audit",
    (
        Rule("SELECT", f"{{t}}.object_authority_id = {ME} AND {role('log_reviewer')}"),
        Rule("INSERT", check=f"{{t}}.actor_authority_id = {ME}"),
        Rule("SELECT", "true", to=SEALER),
    ),
    # The digest is computed from the row when it is read: the sealer learns a hash, never what the row says.
    {SEALER: "SELECT (id, at, xid, digest)"},
)
SEALED: Final = Kind(
    "sealed",
    (Rule("SELECT", "true", to=SEALER), Rule("INSERT", check="true", to=SEALER)),
    {SEALER: "SELECT, INSERT"},
)
# Times and a yes or no; no totals, which would tell one authority how much the others do.
SEAL_STATE: Final = Kind(
    "reference",
    (
        Rule("SELECT", "true"),
        Rule("SELECT", "true", to=SEALER),
        Rule("INSERT", check="true", to=SEALER),
        Rule("UPDATE", "true", "true", to=SEALER),
    ),
    {SEALER: "SELECT, INSERT, UPDATE"},
)
