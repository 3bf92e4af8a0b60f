"""Which lists there are: one file per page, and their order here."""

from typing import Any, Final

from samsyn.web.exports.listing import Listing
from samsyn.web.exports.lists.agreements import AGREEMENTS
from samsyn.web.exports.lists.audit import AUDIT
from samsyn.web.exports.lists.businesses import BUSINESSES
from samsyn.web.exports.lists.campaigns import CAMPAIGN, CAMPAIGNS
from samsyn.web.exports.lists.campaigns import PEOPLE as CAMPAIGN_PEOPLE
from samsyn.web.exports.lists.candidates import CANDIDATES
from samsyn.web.exports.lists.disclosures import DISCLOSURES
from samsyn.web.exports.lists.dossiers import DOSSIERS
from samsyn.web.exports.lists.evaluations import EVALUATIONS
from samsyn.web.exports.lists.follow_ups import FOLLOW_UPS
from samsyn.web.exports.lists.hot_spots import HOT_SPOTS
from samsyn.web.exports.lists.hours_spent import HOURS_SPENT
from samsyn.web.exports.lists.imports import IMPORT_FAULTS, IMPORT_RESULT
from samsyn.web.exports.lists.invitations import INVITATIONS
from samsyn.web.exports.lists.log_review import LOG_ALARMS, LOG_SAMPLE
from samsyn.web.exports.lists.month import MONTH
from samsyn.web.exports.lists.notices import NOTICES
from samsyn.web.exports.lists.operations import OPERATIONS
from samsyn.web.exports.lists.pledges import PLEDGES
from samsyn.web.exports.lists.records import RECORDS
from samsyn.web.exports.lists.remarks import PICTURE, REMARKS
from samsyn.web.exports.lists.retention import RETENTION
from samsyn.web.exports.lists.signals import HOT_SPOT_WEEKS, SIGNALS
from samsyn.web.exports.lists.staff import STAFF
from samsyn.web.exports.lists.staffing import STAFFING
from samsyn.web.exports.lists.templates import TEMPLATES
from samsyn.web.exports.lists.unit_year import STATISTICS
from samsyn.web.exports.lists.week import WEEK

ALL_LISTS: Final[tuple[Listing[Any, Any], ...]] = (
    WEEK,
    MONTH,
    OPERATIONS,
    STAFFING,
    TEMPLATES,
    BUSINESSES,
    CANDIDATES,
    CAMPAIGNS,
    CAMPAIGN,
    CAMPAIGN_PEOPLE,
    HOT_SPOTS,
    HOT_SPOT_WEEKS,
    SIGNALS,
    HOURS_SPENT,
    REMARKS,
    PICTURE,
    DOSSIERS,
    FOLLOW_UPS,
    STATISTICS,
    PLEDGES,
    EVALUATIONS,
    AGREEMENTS,
    DISCLOSURES,
    RECORDS,
    RETENTION,
    NOTICES,
    IMPORT_FAULTS,
    IMPORT_RESULT,
    STAFF,
    INVITATIONS,
    AUDIT,
    LOG_SAMPLE,
    LOG_ALARMS,
)
