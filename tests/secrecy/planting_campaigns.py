"""What is planted of campaigns: each authority leads one with the police, and a plan that is its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import insert

from samsyn.core.home import local_day
from samsyn.core.models import Job
from samsyn.core.rules import JobState
from samsyn.core.uow import unit_of_work
from samsyn.planning.models import Campaign, CampaignItem, CampaignMember, CandidateWeights, PlanJob, PlanResult
from samsyn.planning.rules import PLAN_CAMPAIGN
from tests.factories import Office

if TYPE_CHECKING:
    from tests.secrecy.planting import Planted

NOW = datetime.now(UTC)
TODAY = local_day(NOW)


def plant_campaign(p: Planted, office: Office) -> None:
    """As its planner: the campaign, whom it asks, where it goes; what was planned of it; and the weights."""
    campaign, item, job = uuid4(), uuid4(), uuid4()
    name = p.name(office)

    def word(place: str) -> str:
        return p.markers.plant(name, place)

    with unit_of_work(p.town.planner(office)) as uow:
        s, led = uow.session, {"lead_id": office.id}
        shape = {"first_on": TODAY + timedelta(days=7), "days": 14, "opens": 960, "closes": 1380, "weekends": True}
        places = [{"name": word("campaign.meeting_places"), "latitude": None, "longitude": None}]
        within = {"collaboration_id": p.town.collaboration}
        how = {"briefing": 15, "per_shift": 4, "made_at": NOW, "meeting_places": places, **shape}
        was = {**shape, "name": word("campaign.before"), "first_on": TODAY.isoformat(), "meeting_places": places}
        was |= {"briefing": 15, "per_shift": 4, "load_days": 0, "teams": {}}
        how |= {
            "load_days": 0,
            "teams": {"A": [word("campaign.teams")]},
            "changed_at": NOW,
            "version": 1,
            "before": {"fields": was},
        }
        p.put(s, office, Campaign, id=campaign, **how, **led, **within)
        for asked in (office, p.town.police):
            values = {"authority_id": asked.id, "people": 1, "vehicles": None, "unit_ids": [], "left_at": None}
            values["before"] = {"people": 1, "vehicles": None, "unit_ids": [], "competence": None}
            s.execute(insert(CampaignMember).values(campaign_id=campaign, **values, **led))
        where = {"campaign_id": campaign, "business_id": p.town.businesses[0], **within, **led}
        empty = {
            "excluded_at": None,
            "due_on": None,
            "pinned_at": None,
            "operation_id": None,
            "visit_id": None,
        }
        known = {"minutes": 60, "mandatory": False, "authorities": [office.id], "pinned_people": [], "version": 1}
        known["before"] = {
            **{name: word("campaign_item.before") for name in ("safety_note", "excluded_why", "team")},
            **{name: known[name] for name in ("minutes", "mandatory", "pinned_people")},
            **dict.fromkeys(("due_on", "excluded_at", "pinned_at")),
            "authorities": [str(office.id)],
        }
        p.put(s, office, CampaignItem, id=item, **known, **empty, **where)
        mine = {"reader_id": office.id, "campaign_id": campaign}
        state = {"state": JobState.DONE, "done": 1, "total": 1, "created_at": NOW, "finished_at": NOW, "error": None}
        work = {"reader_id": office.id, "person_id": office.planner, "task": PLAN_CAMPAIGN}
        s.execute(insert(Job).values(id=job, **work, **state))
        nothing: dict[str, object] = {"inspectors": [], "agencies": [], "locations": [], "visits": []}
        asked_for: dict[str, object] = {
            "problem": {"name": word("plan_job.problem"), **nothing},
            "best": {"said": word("plan_job.best")},
            "failed": {"error": "plan_impossible", "visits": [], "said": word("plan_job.failed")},
            "asked_of": {
                "first_on": (TODAY + timedelta(days=7)).isoformat(),
                "days": 14,
                "meeting_places": [{"name": word("plan_job.asked_of"), "latitude": None, "longitude": None}],
            },
        }
        asked_for |= {"seed": 7, "budget": 10, "done": 10, "taken": False, "asked_at": NOW, "baseline_id": None}
        asked_for |= {"asked_by": office.planner, "ended_at": NOW}
        p.put(s, office, PlanJob, id=job, **asked_for, **mine)
        plan = {"visits": [], "unscheduled": [{"id": str(item), "said": word("plan_result.plan")}]}
        made = {"plan_job_id": job, "baseline_id": None, "made_by": None, "made_at": NOW, "iterations": 10}
        numbers = {"objective": 1, "risk": 1, "risk_wanted": 1, "risk_at_most": 1}
        p.put(s, office, PlanResult, id=uuid4(), plan=plan, **made, **numbers, **mine)
        wrote = {"authority_id": office.id, "written_at": NOW, "version": 1 + (office is p.town.tobacco)}
        p.put(s, office, CandidateWeights, **wrote, **within)
