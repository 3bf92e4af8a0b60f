"""Who looks, where they look, and what they may find: the allow set is written by hand here, not read from policies.

A surface is a function from a viewer to the bytes that the viewer gets. Add one to ``SURFACES`` (or to the list that a
test of its own passes to ``leaks``) and every marker is looked for on it, as every viewer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from sqlalchemy import text

from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from tests.secrecy.planting import Planted

Surface = Callable[[Viewer], Iterable[bytes]]
READABLE: Final = text(
    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    " AND relkind IN ('r', 'p', 'v', 'm', 'f') AND has_table_privilege(oid, 'SELECT') ORDER BY relname"
)


def tables(viewer: Viewer) -> list[str]:
    """Every table and view that the application may read at all: one added next year is here on its first day."""
    with unit_of_work(viewer) as uow:
        return list(uow.session.scalars(READABLE))


def database(viewer: Viewer) -> Iterator[bytes]:
    """All that the database shows a viewer."""
    names = tables(viewer)
    with unit_of_work(viewer) as uow:
        for name in names:
            for row in uow.session.scalars(text(f"SELECT {name}::text FROM {name}")):
                yield row.encode()


SURFACES: Final[dict[str, Surface]] = {"database": database}


@dataclass(frozen=True)
class Eye:
    """One way of looking: a viewer, the authority by its role in the operation, and what this one is there."""

    name: str
    viewer: Viewer
    office: str  # "police" leads, "tobacco" and "environment" take part, "health" is a member, "outsider", "nobody"
    goes: bool = False  # accepted for the operation
    recused: bool = False
    first: bool = False  # the first inspector, to whom personal rows belong
    unit: str = "first"

    def has(self, *roles: str) -> bool:
        return bool(self.viewer.roles & set(roles))


def eyes(p: Planted) -> list[Eye]:
    """Every kind of viewer, of every authority, and nobody."""
    town, all_eyes = p.town, [Eye("nobody", Viewer(), "nobody"), Eye("a token", Viewer.presenting("0" * 64), "nobody")]
    for office in (*town.offices, town.outsider):
        who = "outsider" if office is town.outsider else office.field.value
        part = office in p.silos
        all_eyes += [
            Eye(f"{who} planner", town.planner(office), who),
            Eye(f"{who} task", Viewer.task_of(office.id), who, unit="none"),
            Eye(f"{who} inspector", town.inspector(office), who, goes=part, first=part),
            Eye(f"{who} second inspector", town.inspector(office, 1), who, recused=part),
            Eye(f"{who} observer", Viewer(office.id, uuid4(), frozenset({"observer"})), who, unit="none"),
            Eye(f"{who} admin", Viewer(office.id, uuid4(), frozenset({"unit_admin"})), who, unit="none"),
        ]
    colleague = Viewer(town.tobacco.id, p.other_unit, frozenset({"inspector", "planner"}))
    officer = Viewer(town.police.id, p.other_police_unit, frozenset({"inspector", "planner"}))
    return [
        *all_eyes,
        Eye("tobacco other unit", colleague, "tobacco", unit="second"),
        Eye("police other unit", officer, "police", unit="second"),
    ]


MEMBERS: Final = frozenset({"police", "tobacco", "environment", "health"})
TAKE_PART: Final = frozenset({"police", "tobacco", "environment"})
May = Callable[[str, Eye], bool]


def known(_: str, eye: Eye) -> bool:
    return eye.office != "nobody"


def member(_: str, eye: Eye) -> bool:
    return eye.office in MEMBERS


def participant(_: str, eye: Eye) -> bool:
    return eye.office in TAKE_PART


def of_visit(owner: str, eye: Eye) -> bool:
    """Who takes part, but not who has declared a conflict of interest (R13)."""
    return participant(owner, eye) and not eye.recused


def own(owner: str, eye: Eye) -> bool:
    return eye.office == owner


def own_of_visit(owner: str, eye: Eye) -> bool:
    return own(owner, eye) and not eye.recused


def own_unit(owner: str, eye: Eye) -> bool:
    """Only the unit that wrote it (R1); a worker has no unit."""
    return own_of_visit(owner, eye) and eye.unit == "first"


def own_or_lead(owner: str, eye: Eye) -> bool:
    return own(owner, eye) or eye.office == "police"


def of_campaign(owner: str, eye: Eye) -> bool:
    """Who leads it, and the police, whom each asks to take part."""
    return own_or_lead(owner, eye)


def plans_of_campaign(owner: str, eye: Eye) -> bool:
    """Where it goes: the planners, deciders and workers of those (OSL 17:1)."""
    return own_or_lead(owner, eye) and eye.has("planner", "decider", "task")


def own_planner(owner: str, eye: Eye) -> bool:
    """What the lead made of it."""
    return own(owner, eye) and eye.has("planner", "task")


def own_settler(owner: str, eye: Eye) -> bool:
    """What came late from a phone: who plans or administers; a worker, which clears it; whose it was."""
    return own_of_visit(owner, eye) and (eye.has("planner", "unit_admin", "task") or eye.goes)


def need_to_know(owner: str, eye: Eye) -> bool:
    """Where it goes: planners, deciders and workers of who takes part; from ``open_at`` those who go (OSL 17:1)."""
    return of_visit(owner, eye) and (eye.has("planner", "decider", "task") or eye.goes)


def the_order(owner: str, eye: Eye) -> bool:
    """Who may read where it goes, and nobody who may not go to one of its visits."""
    return need_to_know(owner, eye)


def own_or_reads_the_order(owner: str, eye: Eye) -> bool:
    return own(owner, eye) or the_order(owner, eye)


def told(owner: str, eye: Eye) -> bool:
    """Who sent it, and the person that it is for, with the worker that mails it."""
    return eye.office == "police" or that_person_or_worker(owner, eye)


def that_person(owner: str, eye: Eye) -> bool:
    return own(owner, eye) and eye.first


def that_person_or_worker(owner: str, eye: Eye) -> bool:
    return that_person(owner, eye) or (own(owner, eye) and eye.has("task"))


def that_person_or_admin(owner: str, eye: Eye) -> bool:
    return that_person(owner, eye) or (own(owner, eye) and eye.has("unit_admin"))


def credential(owner: str, eye: Eye) -> bool:
    return that_person(owner, eye) or (own(owner, eye) and eye.has("task", "unit_admin"))


def administers(owner: str, eye: Eye) -> bool:
    """Who administers the authority's units, and the worker that writes the letter."""
    return own(owner, eye) and eye.has("task", "unit_admin")


def unit_admin(owner: str, eye: Eye) -> bool:
    return own(owner, eye) and eye.has("unit_admin")


def asks_or_decides(owner: str, eye: Eye) -> bool:
    """Who asked (the first inspector), and who may decide."""
    return that_person(owner, eye) or (own(owner, eye) and eye.has("decider", "unit_admin"))


def handed(owner: str, eye: Eye) -> bool:
    """Who gave it, and the unit of the police that got it (R1), but nobody who has declared a conflict of interest."""
    return (own(owner, eye) or (eye.office == "police" and eye.unit == "first")) and not eye.recused


def asked(owner: str, eye: Eye) -> bool:
    """Who asked and who was asked (the police), but not who has declared a conflict of interest (R13)."""
    return eye.office in {owner, "police"} and not eye.recused


def to_everybody(_: str, eye: Eye) -> bool:
    """A public copy: whoever works together."""
    return eye.office in MEMBERS and not eye.recused


def nobody(owner: str, eye: Eye) -> bool:
    return False


def log_reviewer(owner: str, eye: Eye) -> bool:
    return own(owner, eye) and eye.has("log_reviewer")


ALLOWED: Final[dict[str, May]] = {
    **dict.fromkeys(("approval", "approval_decision"), asks_or_decides),
    "assignment": participant,
    "audit": log_reviewer,
    "attempt": nobody,
    "authority": known,
    "business": member,
    "busy_source": that_person,
    "challenge": nobody,
    "check_point": own,
    **dict.fromkeys(("activity", "agreement", "agreement_file", "commitment", "focus_area", "pledge"), member),
    **dict.fromkeys(("evaluation", "evaluation_text", "evaluation_publication"), member),
    "campaign": of_campaign,
    "campaign_item": plans_of_campaign,
    "candidate_weights": member,
    "case_number": own_of_visit,
    "checklist": own,
    "checklist_draft": unit_admin,
    "checklist_version": own,
    "collaboration": known,
    "common_part": participant,
    "competence": member,
    "contact_card": own_or_reads_the_order,
    "delivery": participant,
    "delivery_attempt": participant,
    **dict.fromkeys(("disclosed_item", "disclosed_picture", "disclosure"), handed),
    **{
        f"{place} (public)": to_everybody
        for place in (
            *("disclosed_item.copy", "disclosed_item.digest", "disclosed_picture.content_hmac"),
            *("disclosed_picture.digest", "disclosed_picture.media_type", "disclosed_picture.key_name"),
            "disclosed_picture.file",
            *("disclosure.reason", "disclosure.digest", "disclosure.decider"),
        )
    },
    "disclosure_ground": own_of_visit,
    "dossier": own_of_visit,
    "dossier_reading": that_person,
    "draft": that_person,
    "entry_refusal": own_of_visit,
    "evidence": own_of_visit,
    "feed_body": that_person,
    "finding": own_of_visit,
    "follow_up": own_of_visit,
    "follow_up.text (unit only)": own_unit,
    "follow_up.reason (unit only)": own_unit,
    "finding_word": own_of_visit,
    "finding.text (unit only)": own_unit,
    "finding_word.word (unit only)": own_unit,
    "finding.marking (unit only)": own_unit,
    "held_action": own,
    **dict.fromkeys(("help_request", "help_answer"), asked),
    "hot_spot": member,
    "hot_spot_event": member,
    **dict.fromkeys(("signal", "signal_import"), own),
    **dict.fromkeys(("picture_entry", "remark", "remark_answer"), member),
    "idempotency_key": that_person,
    "identity": that_person_or_admin,
    "import_run": own,
    "inbound": own,
    "information_request": asked,
    "invitation": administers,
    "job": that_person_or_worker,
    "log_alarm": log_reviewer,
    "log_month": log_reviewer,
    "log_sample": log_reviewer,
    "message": of_visit,
    "notice": told,
    "notice_letter": need_to_know,
    "operation": participant,
    "operation_order": the_order,
    "operator": member,
    "operator_secret": own,
    "outbox": own,
    "outcome": own_of_visit,
    "outcome.text (unit only)": own_unit,
    "outcome.tool (unit only)": own_unit,
    "outcome.decider (unit only)": own_unit,
    "outcome.delegation (unit only)": own_unit,
    "outcome.case_number (unit only)": own_unit,
    "outcome.reason (unit only)": own_unit,
    "own_setting": that_person,
    "part_answer": of_visit,
    "passkey": that_person,
    "permit": member,
    "person": that_person,
    **dict.fromkeys(("plan_job", "plan_result"), own_planner),
    "premises": member,
    "presence": of_visit,
    "presence.reason (help)": asked,
    "presence.reason (after help)": own_of_visit,
    "quarantine": own_settler,
    "records_hold": own,
    "records_item": own_of_visit,
    "records_package": own_of_visit,
    "records_request": own,
    "recusal": own,
    "recovery_code": that_person,
    "rendering": own_of_visit,
    "reply": participant,
    "result_letter": own_of_visit,
    "retention_rule": own,
    "retention_run": own,
    "reply_comment": own_or_lead,
    "staff": member,
    "staff_address": own,
    "tally": member,
    "team": participant,
    "template": own,
    "test_purchase": own_of_visit,
    "token": credential,
    "totp": that_person,
    "unit": known,
    "visit_fact": of_visit,
    "visit_part": of_visit,
    "visit_target": need_to_know,
}
"""Who may see a marker of a table (or of one of its fields)."""
WORDLESS: Final = {
    "alembic_version": "one revision name",
    "approval_use": "ids and a time",
    "booking": "whose time, from when to when; no words",
    "busy_reading": "whose calendar, when it was read and for which time; no words",
    "busy_time": "from when to when, and when it was read; no words",
    "campaign_member": "ids, numbers and the code of a competence",
    "collaboration_invitation": "ids and a time",
    "collaboration_member": "ids and days",
    "disclosure_receipt": "ids, one of two words, times",
    "deputy": "ids and days",
    "dossier_status": "ids and times",
    "evaluation_approval": "ids, a time, a digest of what members read",
    "feed": "ids, a scope, a level, times; its address is a token",
    "feed_naming": "an authority, a yes or no, who and when",
    "feed_mark": "ids, a transaction's number and a time",
    "feed_operation": "ids",
    "hot_spot_premises": "ids and a day",
    "installation": "the house's own row, written by its migration: the same for everybody, nobody included",
    "log_watch": "an authority and a time",
    "invitation_acceptance": "ids and a time",
    "leave": "whose time, from when to when, and one of four words",
    "notice_read": "ids and a time",
    "opening_hours": "ids, a weekday and minutes",
    "operation_focus": "ids",
    "part_checklist": "ids and a number",
    "outcome_finding": "ids and numbers",
    "participation": "ids and numbers",
    "poll": "ids, a state and times",
    "poll_ask": "ids, and whether for the authority",
    "poll_option": "ids, from when to when",
    "poll_vote": "ids, one of three words, a time",
    "reply_settled": "ids and a time",
    "reply_wish": "ids and times",
    "signal_count": "ids, and one of two words",
    "activity_time": "ids and minutes",
    "seal_head": "hashes and signatures, which the application reads not at all",
    "sealed": "hashes and ids, which the application reads not at all",
    "seal_state": "when the trail was sealed and checked, and a fault's code; the same for everybody",
    "shift": "whose time, from when to when; no words",
    "state_reached": "ids, a state and a time",
    "stewardship": "ids and a time",
    "team_member": "ids",
    "unavailable": "whose time, from when to when, and one of two words",
    "visit": "times and a state",
    "visit_order": "ids and a position",
    "visit_trace": "ids, a day, counts and fields of work",
}
"""Tables that hold no word that anybody types, each with its reason."""


def allowed(p: Planted, eye: Eye) -> set[tuple[str, str]]:
    """The planted places whose marker this viewer may see."""
    return {
        (owner, place) for owner, place in set(p.markers.places.values()) if rule_of(place, done=p.done)(owner, eye)
    }


def rule_of(place: str, *, done: bool) -> May:
    """Who may see a field; where a visit went is open to all who took part once the operation is done."""
    table = place.partition(".")[0]
    if table in {"visit_target", "operation_order", "notice_letter"} and done:
        return of_visit
    if table == "contact_card" and done:
        return lambda owner, eye: own(owner, eye) or of_visit(owner, eye)
    if place.endswith(" (withdrawn)"):
        return own_of_visit
    return ALLOWED.get(place) or ALLOWED[table]


def leaks(p: Planted, surfaces: dict[str, Surface], *, complete: bool = False, only: str = "") -> list[str]:
    """Each marker that a viewer sees and may not; with ``complete`` also each that it may see and does not.

    ``only`` names the one viewer to look as; without it all of them look.
    """
    found = []
    for eye in eyes(p):
        if only not in ("", eye.name):
            continue
        may = allowed(p, eye)
        for name, surface in surfaces.items():
            sees = p.markers.seen_in(surface(eye.viewer))
            found += [f"{eye.name} sees {place} of {owner} in {name}" for owner, place in sorted(sees - may)]
            if complete:
                found += [f"{eye.name} misses {place} of {owner} in {name}" for owner, place in sorted(may - sees)]
    return found
