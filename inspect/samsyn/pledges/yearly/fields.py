"""What is counted of a unit's year, as conditions on one row per visit; and what has no source here."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class What(StrEnum):
    """A number of a year."""

    SALE_VISITS = "sale_visits"
    WEB_SHOPS = "web_shops"
    SALE_PROTOCOL = "sale_protocol"
    SALE_FEEDBACK = "sale_feedback"
    SALE_CORRECTION = "sale_correction"
    SALE_POLICE_HELP = "sale_police_help"
    SALE_SELF_CHECK = "sale_self_check"
    SALE_STAFF = "sale_staff"
    SMOKE_FREE = "smoke_free"
    SCHOOL_VISITS = "school_visits"
    SCHOOL_CHECK = "school_check"
    SCHOOL_PROTOCOL = "school_protocol"
    SCHOOL_FEEDBACK = "school_feedback"
    SCHOOL_CORRECTION = "school_correction"
    VISITS = "visits"
    JOINT = "joint"
    UNANNOUNCED = "unannounced"
    PROTOCOL = "protocol"
    FEEDBACK = "feedback"
    DEFICIENCY = "deficiency"
    CORRECTION = "correction"
    POLICE_HELP = "police_help"
    HINDERED = "hindered"
    CLOSED = "closed"
    BROKEN_OFF = "broken_off"


NATIONAL: Final = tuple(What)[:14]
"""The fourteen fields of the national follow-up of tobacco supervision, in its order (DOMAIN 6.3, published 2016)."""
EVERY_FIELD: Final = tuple(What)[14:]
"""The same terms for every field of work."""
SALE_TRADES: Final = ("kiosk", "tobacco_shop", "vape_shop", "grocery", "small_grocery", "fuel")
SALE_PERMITS: Final = ("tobacco", "nicotine", "vapes")
SERVING_TRADES: Final = ("restaurant", "pizzeria", "street_food", "bar", "nightclub", "cafe", "hotel")
SELF_CHECK, STAFF, SMOKE = "TOB-03", "TOB-04", "TOB-15"
"""Check points of the tobacco checklist: the programme (LTLP 5:6), staff informed (5:12), smoke-free places (6:2)."""
CONDITIONS: Final[Mapping[What, str]] = {
    What.SALE_VISITS: "done AND sale",
    What.SALE_PROTOCOL: "done AND sale AND protocol",
    What.SALE_FEEDBACK: "done AND sale AND feedback",
    What.SALE_CORRECTION: "done AND sale AND correction",
    What.SALE_POLICE_HELP: "state IN ('done', 'hindered', 'aborted') AND sale AND help_asked",
    What.SALE_SELF_CHECK: "done AND sale AND self_check",
    What.SALE_STAFF: "done AND sale AND staff",
    What.SMOKE_FREE: "done AND serving AND smoke",
    What.VISITS: "done",
    What.JOINT: "done AND joint",
    What.UNANNOUNCED: "done AND unannounced",
    What.PROTOCOL: "done AND protocol",
    What.FEEDBACK: "done AND feedback",
    What.DEFICIENCY: "done AND deficiency",
    What.CORRECTION: "done AND correction",
    What.POLICE_HELP: "done AND police_help",
    What.HINDERED: "state = 'hindered'",
    What.CLOSED: "state = 'closed_premises'",
    What.BROKEN_OFF: "state = 'aborted'",
}
"""By number; what is missing here has no source in the house."""
