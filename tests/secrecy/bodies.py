"""What fills the arguments of a route, and what is sent to it: one thing of each kind, as the table has it.

A body is good enough to pass the form, so that the refusal is the service's. ``$us``, ``$colleague`` and ``$unit`` are
the asker's own authority, its second inspector and their unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import Connection, text

from samsyn.core.home import local_day
from samsyn.core.uow import unit_of_work
from samsyn.planning.service import SaveTemplate, save_template
from samsyn.planning.templates import OperationContent
from tests.factories import Office
from tests.secrecy.asking import People
from tests.secrecy.planting import Planted
from tests.secrecy.test_http import KEYS

TO_ONE: Final = "d.decision = 'granted' AND d.to_id IS NOT NULL AND d.withdrawn_at IS NULL"
"""What stands for one receiver: neither public nor taken back."""
MORE: Final = {
    "person_id": "SELECT CAST(:p AS uuid)",
    "template_id": "SELECT id FROM template WHERE authority_id = :a AND name = 'Kväll'",
    "booking_id": "SELECT id FROM assignment WHERE authority_id = :a",
    "team_id": "SELECT team_id FROM team_member WHERE operation_id = :o",
    "feed_id": "SELECT id FROM feed WHERE person_id = :p",
    "invitation_id": "SELECT id FROM invitation WHERE authority_id = :a",
    "alarm_id": "SELECT id FROM log_alarm WHERE authority_id = :a",
    "line_id": "SELECT audit_id FROM log_sample WHERE authority_id = :a",
    "held_id": "SELECT id FROM held_action WHERE authority_id = :a",
    "notice_id": "SELECT id FROM notice WHERE person_id = :p",
    "hold_id": "SELECT id FROM records_hold WHERE authority_id = :a",
    "purchase_id": "SELECT id FROM test_purchase WHERE authority_id = :a",
    "identity_id": "SELECT id FROM identity WHERE person_id = :p",
    "passkey_id": "SELECT id FROM passkey WHERE person_id = :p",
    "token_id": "SELECT id FROM token WHERE person_id = :p AND purpose = 'api' LIMIT 1",
    "session_id": "SELECT id FROM token WHERE person_id = :p AND purpose = 'session' LIMIT 1",
    "approval_id": "SELECT id FROM approval WHERE authority_id = :a",
    "reply_id": "SELECT id FROM reply WHERE authority_id = :a AND decision = 'queue' AND reason <> 'counter'",
    "counter_id": "SELECT id FROM reply WHERE authority_id = :a AND decision = 'queue' AND reason = 'counter'",
    "disclosure_id": f"SELECT d.id FROM disclosure d WHERE d.from_id = :a AND {TO_ONE}",
    "picture_id": "SELECT p.id FROM disclosed_picture p JOIN disclosure d ON d.id = p.disclosure_id"
    f" WHERE p.from_id = :a AND {TO_ONE}",
    "deputy_id": "SELECT id FROM deputy WHERE authority_id = :a",
    "leave_id": "SELECT id FROM leave WHERE authority_id = :a",
    "collaboration_id": "SELECT collaboration_id FROM operation WHERE id = :o",
    "visit_id": "SELECT visit_id FROM visit_part WHERE authority_id = :a",
    "option_id": "SELECT id FROM poll_option WHERE operation_id = :o ORDER BY lower(during) LIMIT 1",
    "premises_id": "SELECT premises_id FROM hot_spot_premises WHERE hot_spot_id IN"
    " (SELECT hot_spot_id FROM signal WHERE authority_id = :a) ORDER BY premises_id LIMIT 1",
}
OTHERWISE: Final = {
    "/settings/sessions/<uuid:token_id>/end": {"token_id": "session_id"},
    "/replies/<uuid:reply_id>/move": {"reply_id": "counter_id"},
}
"""Where a route's argument is another kind of thing than elsewhere."""
NOW: Final = datetime.now(UTC)
TODAY: Final = local_day(NOW).isoformat()
LATER: Final = (NOW + timedelta(days=1)).replace(hour=18, minute=0, second=0, microsecond=0)
DAY: Final = LATER.date().isoformat()
START: Final = {"starts_at_date": DAY, "starts_at_time": "18:00"}
ENDED: Final = {"ended_at_date": TODAY, "ended_at_time": "00:30"}
MEETING: Final = {"meeting_place": "Torget", "lead_person_id": "$colleague"}
CAMPAIGN: Final = {
    **{"name": "Kampanj", "first_on": DAY, "last_on": DAY, "opens": 960, "closes": 1320},
    **{"meeting_places": [{"name": "Torget"}], "members": [{"authority_id": "$us"}]},
}
BODIES: Final[Mapping[str, Mapping[str, Any]]] = {
    "/api/v1/operations/<uuid:operation_id>/meeting": {"meets_at": LATER.isoformat(), **MEETING},
    "/api/v1/operations/<uuid:operation_id>/lead": {"authority_id": "$tobacco"},
    "/api/v1/operations/<uuid:operation_id>/participations": {"authority_id": "$tobacco"},
    "/api/v1/operations/<uuid:operation_id>/reschedule": {"starts_at": LATER.isoformat()},
    "/api/v1/operations/<uuid:operation_id>/transitions": {"to": "aborted"},
    "/api/v1/operations/<uuid:operation_id>/common-part": {"text": "Allt väl"},
    "/api/v1/operations/<uuid:operation_id>/poll": {"options": [], "deadline_at": LATER.isoformat()},
    "/api/v1/operations/<uuid:operation_id>/poll/answers": {
        "answers": [{"option_id": "$option_id", "answer": "yes"}],
        "whole": True,
    },
    "/api/v1/operations/<uuid:operation_id>/poll/choice": {"option_id": "$option_id"},
    "/api/v1/operations/<uuid:operation_id>/bookings": {"authority_id": "$us", "person_id": "$colleague"},
    "/api/v1/operations/<uuid:operation_id>/visits": {
        "business_id": "$business_id",
        "starts_at": LATER.isoformat(),
        "ends_at": (LATER + timedelta(hours=1)).isoformat(),
    },
    "/api/v1/visits/<uuid:visit_id>/parts": {"authority_id": "$tobacco"},
    "/api/v1/visits/<uuid:visit_id>/end": {"state": "done", "ended_at": NOW.isoformat()},
    "/api/v1/visits/<uuid:visit_id>/recusal": {"reason": "Släkt"},
    "/api/v1/visits/<uuid:visit_id>/facts": {"fact_id": "$new", "question": "who_was_met", "answer": "Ägaren"},
    "/api/v1/visits/<uuid:visit_id>/refusals": {"refusal_id": "$new", "by_role": "Ägaren", "at": NOW.isoformat()},
    "/api/v1/visits/<uuid:visit_id>/help-requests": {
        **{"request_id": "$new", "law": "ltlp_7_19", "ground": "powers", "reason": "Hot", "at": NOW.isoformat()},
    },
    "/api/v1/visits/<uuid:visit_id>/help-answers": {
        **{"answer_id": "$new", "request_id": "$help_id", "what": "coming", "at": NOW.isoformat()},
    },
    "/api/v1/visits/<uuid:visit_id>/presence": {"presence_id": "$new", "what": "came", "at": NOW.isoformat()},
    "/api/v1/parts/<uuid:part_id>/answer": {"accepted": True, "legal_basis": "Lag", "announced": True},
    "/api/v1/parts/<uuid:part_id>/findings": {
        **{"finding_id": "$new", "answer": "deficiency", "text": "Smutsigt", "observed_at": NOW.isoformat()},
    },
    "/api/v1/parts/<uuid:part_id>/hand-in": {"nothing_to_report": True},
    "/api/v1/bookings/<uuid:booking_id>/answer": {"said": "accepted"},
    "/api/v1/bookings/<uuid:booking_id>/replace": {"person_id": "$other"},
    "/api/v1/disclosures/<uuid:disclosure_id>/withdraw": {"reason": "Fel"},
    "/api/v1/records/packages": {"operation_id": "$operation_id"},
    "/api/v1/records/<uuid:record_id>/decide": {"item_ids": ["$item_id"], "choice": "undecided"},
    "/api/v1/records/<uuid:record_id>/number": {"number": "2027-1"},
    "/approvals/<uuid:approval_id>": {"decision": "yes"},
    "/audit/alarms/<uuid:alarm_id>": {"handling": "explained", "note": "Prov"},
    "/audit/sample/<uuid:line_id>": {"verdict": "in_order"},
    "/bookings/<uuid:assignment_id>/answer": {"said": "accepted"},
    "/bookings/<uuid:assignment_id>/replace": {"person_id": "$other"},
    "/collaborations/<uuid:collaboration_id>/members": {"member_id": "$outsider", "reason": "Grannar"},
    "/disclosures/<uuid:disclosure_id>/withdraw": {"reason": "Fel"},
    "/operations/<uuid:operation_id>/authorities": {"authority_id": "$tobacco", "minimum": "1"},
    "/operations/<uuid:operation_id>/common": {"text": "Allt väl"},
    "/operations/<uuid:operation_id>/lead": {"authority_id": "$tobacco"},
    "/operations/<uuid:operation_id>/meeting": {"meets_at_date": DAY, "meets_at_time": "17:00", **MEETING},
    "/operations/<uuid:operation_id>/messages": {"text": "Hej"},
    "/operations/<uuid:operation_id>/move": START,
    "/operations/<uuid:operation_id>/number": {"number": "2027-1"},
    "/operations/<uuid:operation_id>/order/edit": {"title": "Kvällen"},
    "/operations/<uuid:operation_id>/people/new": {"authority_id": "$us", "person_id": "$colleague"},
    "/operations/<uuid:operation_id>/poll": {"answer_1": "yes", "whole": "true"},
    "/operations/<uuid:operation_id>/poll/choose": {"option_id": "$option_id"},
    "/operations/<uuid:operation_id>/repeat": START,
    "/operations/<uuid:operation_id>/step": {"to": "aborted"},
    "/operations/<uuid:operation_id>/teams": {"name": "Lag två"},
    "/operations/<uuid:operation_id>/teams/<uuid:team_id>": {"name": "Lag tre"},
    "/operations/<uuid:operation_id>/template": {"name": "Mall", "lasts": "120", "visit_lasts": "30"},
    "/operations/<uuid:operation_id>/times": {"starts_at": LATER.isoformat()},
    "/operations/<uuid:operation_id>/times/poll": {"deadline_at_date": DAY, "deadline_at_time": "12:00"},
    "/operations/<uuid:operation_id>/visits/new": {
        **{"business_id": "$business_id", "ends_at_date": DAY, "ends_at_time": "19:00", **START},
    },
    "/parts/<uuid:part_id>/answer": {"accepted": "true", "legal_basis": "Lag", "announced": "true"},
    "/parts/<uuid:part_id>/hand-in": {"nothing_to_report": "true"},
    "/parts/<uuid:part_id>/number": {"number": "2027-1"},
    "/parts/<uuid:part_id>/letter": {
        "language": "sv",
        **dict.fromkeys(("was", "seen", "next", "say", "contact"), "Ord"),
    },
    "/visits/<uuid:visit_id>/letter": {
        "language": "sv",
        **dict.fromkeys(("who", "why", "law", "ready", "contact"), "Ord"),
    },
    "/parts/<uuid:part_id>/purchases": {"on_date": TODAY, "asked_for": "Cigaretter", "age_asked": "no"},
    "/people/<uuid:person_id>": {
        **{"unit_id": "$unit", "address": "ny@demo.example", "shown_as": "name", "name": "Ny", "was": "x"},
    },
    "/people/<uuid:person_id>/deputy": {"deputy_id": "$other", "from_on": DAY, "until_on": DAY},
    "/people/<uuid:person_id>/away": {"from_on": DAY, "until_on": DAY, "kind": "other"},
    "/people/<uuid:person_id>/leave": {"last_day": DAY},
    "/parts/<uuid:part_id>/follow-ups": {"of": f"finding:{UUID(int=7)}", "owner_id": "$colleague", "due_on": DAY},
    "/follow-ups/<uuid:follow_up_id>": {"owner_id": "$colleague", "due_on": DAY, "state": "open"},
    "/api/v1/parts/<uuid:part_id>/follow-ups": {
        **{"follow_up_id": "$new", "finding_id": "$finding_id", "owner_id": "$colleague", "due_on": DAY},
    },
    "/api/v1/follow-ups/<uuid:follow_up_id>": {"owner_id": "$colleague", "due_on": DAY, "state": "open"},
    "/parts/<uuid:part_id>/outcomes": {"tool": "ADVICE", "state": "proposed"},
    "/outcomes/<uuid:outcome_id>": {"tool": "ADVICE", "state": "proposed"},
    "/outcomes/<uuid:outcome_id>/withdraw": {"reason": "Fel"},
    "/api/v1/parts/<uuid:part_id>/outcomes": {"outcome_id": "$new", "tool": "ADVICE", "state": "proposed"},
    "/api/v1/outcomes/<uuid:outcome_id>": {"tool": "ADVICE", "state": "proposed"},
    "/api/v1/outcomes/<uuid:outcome_id>/withdraw": {"reason": "Fel"},
    "/purchases/<uuid:purchase_id>/told": {"told_on": TODAY},
    "/records/<uuid:record_id>/decide": {"items": "$item_id", "choice": "undecided"},
    "/records/<uuid:record_id>/number": {"number": "2027-1"},
    "/records/items/<uuid:item_id>": {"choice": "undecided"},
    "/retention/holds/<uuid:hold_id>/lift": {"reason": "Klart"},
    "/settings/calendar": {"address": "https://calendar.example/own.ics"},
    "/commitments/<uuid:commitment_id>": {"not_done_reason": "Hann inte", "version": "1"},
    "/focus-areas/<uuid:area_id>/commitments": {"form": "occasions", "text": "Minst två", "target": "2"},
    "/agreements/<uuid:agreement_id>/correct": {
        **{"collaboration_id": "$collaboration_id", "name": "En", "from_on": TODAY, "until_on": "2090-01-01"},
        "parties": "$authority_id",
    },
    "/commitments/<uuid:commitment_id>/correct": {"form": "date", "text": "Ett", "by_on": TODAY, "version": "1"},
    "/focus-areas/<uuid:area_id>/correct": {"area": "Ett område", "version": "1"},
    "/pledges/<uuid:pledge_id>/carry": {"commitment_id": str(UUID(int=9)), "version": "1"},
    "/pledges/<uuid:pledge_id>/correct": {"name": "Ett löfte", "version": "1"},
    "/pledges/<uuid:pledge_id>/remove": {"key": str(UUID(int=9)), "version": "1"},
    "/pledges/<uuid:pledge_id>/restore": {"key": str(UUID(int=9)), "version": "1"},
    "/api/v1/hot-spots/<uuid:hot_spot_id>/events": {"on_date": DAY, "change": "confirmed", "text": "Lugnt"},
    "/api/v1/pledges/<uuid:pledge_id>": {"name": "Ett löfte", "parties": ["$authority_id"]},
    "/api/v1/pledges/<uuid:pledge_id>/areas": {"name": "Ett område"},
    "/api/v1/pledges/<uuid:pledge_id>/commitments": {
        **{"focus_area_id": "$area_id", "form": "occasions", "text": "Minst två", "target": 2},
    },
    "/api/v1/pledges/<uuid:pledge_id>/commitments/<uuid:commitment_id>": {"not_done_reason": "Hann inte"},
    "/api/v1/pledges/<uuid:pledge_id>/remove": {"key": "$pledge_id"},
    "/api/v1/pledges/<uuid:pledge_id>/restore": {"key": "$pledge_id"},
    "/api/v1/pledges/<uuid:pledge_id>/sign": {
        **{"signed_on": DAY, "place": "Rådhuset"},
        "signatories": [{"authority_id": "$authority_id", "title": "chef", "name": "Påhittén"}],
    },
    "/pledges/<uuid:pledge_id>/areas": {"area": "Ett område"},
    "/pledges/<uuid:pledge_id>/sign": {"signed_on": TODAY, "place": "Rådhuset", "signatories": "x; y; z"},
    "/pledges/<uuid:pledge_id>/evaluations.ask": {"reason": "Till ett möte."},
    "/api/v1/hot-spots/<uuid:hot_spot_id>/places": {"premises_id": ["$premises_id"]},
    "/api/v1/hot-spots/<uuid:hot_spot_id>/places/leave": {"premises_id": "$premises_id"},
    "/hot-spots/<uuid:hot_spot_id>.ask": {"reason": "Till ett möte."},
    "/hot-spots/<uuid:hot_spot_id>/places": {"premises_id": "$premises_id"},
    "/hot-spots/<uuid:hot_spot_id>/places/leave": {"premises_id": "$premises_id"},
    "/hot-spots/<uuid:hot_spot_id>/note": {
        **{"change": "confirmed", "on_date": TODAY, "text": "Lugnt", "name": "Torget", "outline": "59.3 15.8"},
        "version": "1",
    },
    "/activities/<uuid:activity_id>/time": {"planned": "60", "spent": "60", "version": "1"},
    "/picture/<uuid:entry_id>": {"on_date": TODAY, "source": "own", "text": "Lugnt", "version": "1"},
    "/picture/<uuid:entry_id>/withdraw": {"version": "1"},
    "/remarks/<uuid:remark_id>/answer": {"state": "planned", "text": "I vår", "version": "1"},
    "/pledges/<uuid:pledge_id>/evaluations": {"period": "2020-Q1"},
    "/evaluations/<uuid:evaluation_id>/public": {"seen": "0" * 64},
    "/evaluations/<uuid:evaluation_id>/approve": {"seen": "0" * 64},
    "/evaluations/<uuid:evaluation_id>/texts/<uuid:subject_id>": {"text": "Gick bra.", "version": "1"},
    "/activities/<uuid:activity_id>/move": {"on_date": TODAY, "title": "Vandring", "version": "1"},
    "/activities/<uuid:activity_id>": {"state": "planned", "version": "1"},
    "/api/v1/campaigns": {**CAMPAIGN, "collaboration_id": "$collaboration_id", "business_ids": ["$business_id"]},
    "/api/v1/campaigns/<uuid:campaign_id>": CAMPAIGN,
    "/api/v1/campaigns/<uuid:campaign_id>/businesses": {"business_ids": ["$business_id"]},
    "/api/v1/campaigns/<uuid:campaign_id>/items/<uuid:listed_id>/move": {
        **{"plan_id": "$result_id", "starts_at": LATER.isoformat()},
    },
    "/api/v1/campaigns/<uuid:campaign_id>/plans/<uuid:result_id>/publish": {"item_ids": ["$listed_id"]},
    "/campaigns/<uuid:campaign_id>.ask": {"reason": "Till ett möte."},
    "/campaigns/<uuid:campaign_id>/people.ask": {"reason": "Till ett möte."},
    "/campaigns/<uuid:campaign_id>/businesses": {"business": "$business_id"},
    "/campaigns/<uuid:campaign_id>/edit": {
        **{"collaboration_id": "$collaboration_id", "name": "Kampanj", "first_on": DAY, "last_on": DAY},
        **{"opens": "16:00", "closes": "22:00", "meeting_places": "Torget", "asks": "$us", "version": "1"},
    },
    "/campaigns/<uuid:campaign_id>/undo": {"version": "1"},
    "/campaigns/<uuid:campaign_id>/publish": {"plan": "$result_id"},
    "/campaigns/<uuid:campaign_id>/visits/<uuid:listed_id>": {"what": "change", "version": "1"},
    "/checklists": {"field": "tobacco"},
    "/checklists/<uuid:checklist_id>/draft/file": {"text": "points: []"},
    "/checklists/<uuid:checklist_id>/draft/order": {"code": "OTH-01", "way": "up"},
    "/checklists/<uuid:checklist_id>/draft/point": {"sv": "Finns en skylt?", "law": "LTLP 5:3", "verified": "page"},
    "/settings/passkeys/<uuid:passkey_id>/rename": {"name": "Mobil"},
    "/staffing/<uuid:operation_id>/people": {"person_id": "$colleague"},
    "/staffing/<uuid:operation_id>/tell": {"reason": "Sjuka"},
    "/staffing/places/<uuid:assignment_id>/decline": {"reason": "Sjuk"},
    "/staffing/places/<uuid:assignment_id>/swap": {"person_id": "$other"},
    "/templates/<uuid:template_id>/edit": {"name": "Kväll", "lasts": "120", "visit_lasts": "30"},
    "/templates/<uuid:template_id>/use": {"collaboration_id": "$collaboration_id", **START},
    "/visits/<uuid:visit_id>/end": {"state": "done", **ENDED},
    "/visits/<uuid:visit_id>/order": {"way": "up"},
    "/visits/<uuid:visit_id>/parts/new": {"whom": "$tobacco"},
    "/visits/now": {"business_id": "$business_id", "legal_basis": "LTLP 7:18"},
    "/visits/<uuid:visit_id>/entry": {"by_role": "Ägaren", "at_date": TODAY, "at_time": "00:30"},
    "/visits/<uuid:visit_id>/help": {
        **{"law": "ltlp_7_19", "ground": "powers", "reason": "Hot", "at_date": TODAY, "at_time": "00:30"},
    },
    "/help-requests/<uuid:help_id>": {"what": "coming", "at_date": TODAY, "at_time": "00:30"},
    "/visits/<uuid:visit_id>/presence": {"what": "came", "at_date": TODAY, "at_time": "00:30"},
    "/visits/<uuid:visit_id>/recusal": {"reason": "Släkt"},
    "/waiting/<uuid:assignment_id>/answer": {"said": "accepted"},
}


def body_of(rule: str, words: Mapping[str, UUID]) -> dict[str, Any]:
    """Return what is sent to a route, with the words that begin with a dollar filled in."""
    if rule.endswith("/evidence"):
        return {"file": (BytesIO(b"no picture"), "bild.jpg")}

    def fill(value: Any) -> Any:
        if isinstance(value, list):
            return [fill(one) for one in value]
        if isinstance(value, dict):
            return {name: fill(one) for name, one in value.items()}
        if not isinstance(value, str) or not value.startswith("$"):
            return value
        return str(uuid4() if value == "$new" else words[value[1:]])

    sent = {name: fill(value) for name, value in BODIES.get(rule, {}).items()}
    return sent if rule.startswith("/api/") else {"version": "1", **sent}


def plant_more(planted: Planted, db: Connection) -> None:
    """What a route needs to have something to show: a template that can be used, a thing that is a picture."""
    tobacco = planted.town.tobacco
    with unit_of_work(planted.town.planner(tobacco)) as uow:
        save_template(uow, SaveTemplate("Kväll", OperationContent(lasts=120, visit_lasts=30)))
    picture = "SELECT id FROM evidence WHERE authority_id = :a LIMIT 1"
    thing = text(f"UPDATE records_item SET item_kind = 'picture', subject_id = ({picture}) WHERE authority_id = :a")
    db.execute(thing, {"a": tobacco.id})
    db.commit()


def keys_of(planted: Planted, people: People, db: Connection) -> dict[str, UUID]:
    """Return one key for each argument that any route has, and the words of bodies that are everybody's."""
    town, tobacco = planted.town, planted.town.tobacco
    values = {"a": tobacco.id, "p": tobacco.inspectors[0], "o": planted.operation}
    found = {name: db.scalar(text(find), values) for name, find in {**KEYS, **MORE}.items()}
    assert all(found.values()), [name for name, key in found.items() if key is None]
    begun = {"collaboration_id": str(town.collaboration), "pasted": "Namn\tAdress\nKiosk\tNygatan 1"}
    people.ask(("own", "planner"), "POST", "/import/businesses", begun)
    draft = db.scalars(text("SELECT id FROM draft WHERE person_id = :p"), {"p": tobacco.planner}).one()
    return {**found, "draft_id": draft, "tobacco": tobacco.id, "outsider": town.outsider.id, "other": tobacco.planner}


def words_of(office: Office) -> dict[str, UUID]:
    """Return the words of bodies that are the asker's."""
    return {"us": office.id, "colleague": office.inspectors[1], "unit": office.unit}
