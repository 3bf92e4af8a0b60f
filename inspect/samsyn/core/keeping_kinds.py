"""Kinds of what an authority keeps of its records: requests and their items, packages, case numbers."""

from __future__ import annotations

from typing import Final

from samsyn.core.deputy_kinds import DEPUTY
from samsyn.core.entry_kinds import ACCEPTANCE, INVITATION
from samsyn.core.house_kinds import (
    CREDENTIAL,
    DOSSIER,
    FINDING,
    MINE,
    OUTBOX,
    SILO_PLAIN,
    UNIT_RULE,
)
from samsyn.core.kinds import ME, PERSON, Kind, Rule, jav, own, read_write, role
from samsyn.core.record_kinds import PURCHASE

# Frozen by the database once it is settled: nothing of what was decided changes afterwards.
REGISTER: Final = read_write("silo", MINE, MINE, f"{MINE} AND {{t}}.settled_at IS NULL", MINE)
_OPEN: Final = "EXISTS (SELECT 1 FROM records_request q WHERE q.id = {t}.request_id AND q.settled_at IS NULL)"
# Jäv closes what is of a visit, and what is of the whole operation that the visit belongs to (R13).
_JAV: Final = Rule(
    "ALL",
    f"NOT EXISTS (SELECT 1 FROM recusal r WHERE r.person_id = {PERSON} AND (r.visit_id = {{t}}.visit_id"
    " OR ({t}.visit_id IS NULL AND r.operation_id = {t}.operation_id)))",
    restrictive="jav",
)
ITEM: Final = read_write("silo", MINE, f"{MINE} AND {_OPEN}", f"{MINE} AND {_OPEN}", MINE).and_rules(_JAV, UNIT_RULE)
PACKAGE: Final = own("silo", update=False).and_rules(
    Rule(
        "ALL",
        f"NOT EXISTS (SELECT 1 FROM recusal r WHERE r.person_id = {PERSON}"
        " AND {t}.operations @> to_jsonb(CAST(r.operation_id AS text)))",
        restrictive="jav",
    ),
    UNIT_RULE,
)
CASE_NUMBER: Final = own("silo").and_rules(jav())

TASK: Final = role("task")
KEEPER: Final = role("log_reviewer", "decider", "unit_admin")
RETENTION_RULE: Final = read_write("own", MINE, f"{MINE} AND {KEEPER}")
HOLD: Final = read_write("own", MINE, MINE, f"{MINE} AND {{t}}.lifted_at IS NULL AND {KEEPER}", MINE)
RUN: Final = read_write(
    "own", MINE, f"{MINE} AND {role('decider')}", f"{MINE} AND {TASK} AND {{t}}.finished_at IS NULL", MINE
)
# A hold closes what it names; where the target of a visit is not to be seen, a business's hold closes it too.
HELD_BY: Final = (
    f"EXISTS (SELECT 1 FROM records_hold h WHERE h.authority_id = {ME} AND h.lifted_at IS NULL"
    " AND ((h.business_id IS NULL AND h.operation_id IS NULL) OR h.operation_id = {t}.operation_id"
    " OR (h.business_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM visit_target v"
    " WHERE v.visit_id = {t}.visit_id AND v.business_id <> h.business_id))))"
)
# What somebody still has to see to keeps what it is of.
SEEN_TO: Final = (
    "NOT EXISTS (SELECT 1 FROM follow_up f WHERE f.{key} = {{t}}.{key} AND f.state IN ('open', 'carried')"
    " AND NOT EXISTS (SELECT 1 FROM follow_up n WHERE n.follow_up_id = f.follow_up_id AND n.version > f.version))"
)
FOLLOWED: Final = "(SELECT max(f.written_at) FROM follow_up f WHERE f.outcome_id = {t}.outcome_id)"
HELD_AT_ALL: Final = f"EXISTS (SELECT 1 FROM records_hold h WHERE h.authority_id = {ME} AND h.lifted_at IS NULL)"


def ruled(data_class: str, written: str) -> str:
    """Return the condition that the newest rule of a class lets something so old go, by a decision."""
    return (
        f"EXISTS (SELECT 1 FROM retention_rule r WHERE r.authority_id = {ME} AND r.data_class = '{data_class}'"
        " AND NOT r.preserve AND r.decision_ref <> '' AND NOT EXISTS (SELECT 1 FROM retention_rule n"
        " WHERE n.authority_id = r.authority_id AND n.data_class = r.data_class AND n.version > r.version)"
        f" AND {written} < now() - make_interval(years => r.years))"
    )


def weeded(
    kind: Kind, data_class: str, written: str, *, mine: str = MINE, held: str = HELD_BY, ready: str = ""
) -> Kind:
    """Return the kind whose rows the own authority's worker may remove, by a rule with a decision and under no hold."""
    rule = f"{mine} AND {TASK} AND {ruled(data_class, written)} AND NOT {held}"
    return kind.and_rules(Rule("DELETE", f"{rule} AND {ready}" if ready else rule))


KEPT_FINDING: Final = weeded(FINDING, "findings", "{t}.written_at", ready=SEEN_TO.format(key="finding_id"))
KEPT_EVIDENCE: Final = weeded(FINDING, "pictures", "{t}.written_at")
KEPT_PURCHASE: Final = weeded(PURCHASE, "purchases", "{t}.written_at")
# What everybody may read was decided once, for ever (R15): gone, it could be decided again with other numbers.
KEPT_RENDERING: Final = weeded(
    DOSSIER, "documents", "{t}.at", mine=f"{{t}}.reader_id = {ME} AND {{t}}.basis <> 'PUBLIC'", held=HELD_AT_ALL
)
# Counted from the last word on it, so that no version goes before another of the same thing. What followed an outcome
# goes with it: none of that while it is younger than the rule says.
KEPT_OUTCOME: Final = weeded(
    FINDING,
    "outcomes",
    f"greatest({{t}}.written_at, {FOLLOWED})",
    ready=SEEN_TO.format(key="outcome_id"),
)
KEPT_LETTER: Final = weeded(FINDING, "letters", "{t}.written_at")

# Technical rows: no record of anything, gone some time after they could last be of use.
TIDY_TOKEN: Final = CREDENTIAL.and_rules(
    Rule(
        "DELETE",
        f"{MINE} AND {TASK} AND coalesce({{t}}.revoked_at, {{t}}.expires_at) < now() - interval '30 days'",
    )
)
_OLD_KEY: Final = f"{MINE} AND {TASK} AND {{t}}.at < now() - interval '7 days'"
TIDY_KEY: Final = read_write(
    "job",
    f"({MINE} AND {{t}}.person_id = {PERSON}) OR ({_OLD_KEY})",
    f"{MINE} AND {{t}}.person_id = {PERSON}",
    f"{MINE} AND {{t}}.person_id = {PERSON}",
).and_rules(Rule("DELETE", _OLD_KEY))
TIDY_OUTBOX: Final = Kind(
    OUTBOX.name,
    (
        *OUTBOX.rules,
        Rule(
            "DELETE",
            f"{{t}}.acts_for_id = {ME} AND {TASK} AND {{t}}.state = 'done'"
            " AND {t}.next_at < now() - interval '30 days'",
        ),
    ),
    OUTBOX.grants,
)
# An invitation opens nothing after its link; who took it is a colleague since, and the trail says so.
TIDY_INVITATION: Final = INVITATION.and_rules(
    Rule("DELETE", f"{MINE} AND {TASK} AND {{t}}.expires_at < now() - interval '90 days'")
)
TIDY_ACCEPTANCE: Final = ACCEPTANCE.and_rules(
    Rule(
        "DELETE",
        f"{MINE} AND {TASK} AND EXISTS (SELECT 1 FROM invitation i WHERE i.id = {{t}}.invitation_id"
        " AND i.expires_at < now() - interval '90 days')",
    )
)
BOUNCES: Final = "{t}.decision = 'logged' AND {t}.reason IN ('bounce', 'no_bounce', 'bounce_of_notice')"
TIDY_INBOUND: Final = SILO_PLAIN.and_rules(
    Rule("DELETE", f"{MINE} AND {TASK} AND {BOUNCES} AND {{t}}.at < now() - interval '90 days'")
)
TIDY_DEPUTY: Final = DEPUTY.and_rules(
    Rule(
        "DELETE",
        f"{MINE} AND {TASK} AND least({{t}}.ended_at, CAST({{t}}.until_on AS timestamp with time zone))"
        " < now() - interval '90 days'",
    )
)
# What a phone sends after its field session was ended: written by whose it is, seen by who keeps the unit's house and
# plans, for seven days. As sealed as what it may become: the own unit's alone, and closed by a conflict of interest.
_SETTLES: Final = role("unit_admin", "planner")
TIDY_QUARANTINE: Final = read_write(
    "silo",
    f"{MINE} AND ({_SETTLES} OR {{t}}.person_id = {PERSON} OR {TASK})",
    f"{MINE} AND {{t}}.person_id = {PERSON} AND {{t}}.settled_at IS NULL",
    f"{MINE} AND {_SETTLES} AND {{t}}.settled_at IS NULL",
    MINE,
).and_rules(
    Rule("DELETE", f"{MINE} AND {TASK} AND {{t}}.at < now() - interval '7 days'"),
    Rule(
        "SELECT",
        f"{{t}}.unit_id IS NULL OR {{t}}.person_id = {PERSON} OR {TASK} OR EXISTS (SELECT 1 FROM staff s"
        f" WHERE s.authority_id = {{t}}.authority_id AND s.person_id = {PERSON} AND s.unit_id = {{t}}.unit_id)",
        restrictive="unit",
    ),
    jav(),
)
