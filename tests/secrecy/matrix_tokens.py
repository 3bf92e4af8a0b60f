"""Which scope of a token each route of the API asks for: the token's column of the permission matrix, written by hand.

A line at the margin is a scope, the indented lines under it are the routes that it opens. A scope to write opens what
is read of its group as well. Without the scope everybody is refused (403), whatever the address names and before
anything is looked up; with it the answer is what ``matrix`` says of the token's person. No scope opens a page.
"""

from __future__ import annotations

from typing import Final

TOKENS: Final = """
access:read
    GET /api/v1/invitations
    GET /api/v1/me
    GET /api/v1/staff

access:write
    POST /api/v1/invitations
    POST /api/v1/invitations/<uuid:invitation_id>/resend
    DELETE /api/v1/invitations/<uuid:invitation_id>

audit:read
    GET /api/v1/audit

authorities:read
    GET /api/v1/authorities
    GET /api/v1/collaborations
    GET /api/v1/units

bookings:read
    GET /api/v1/operations/<uuid:operation_id>/bookings

bookings:write
    POST /api/v1/operations/<uuid:operation_id>/bookings
    POST /api/v1/bookings/<uuid:booking_id>/answer
    POST /api/v1/bookings/<uuid:booking_id>/replace
    POST /api/v1/bookings/<uuid:booking_id>/withdraw

businesses:read
    GET /api/v1/businesses
    GET /api/v1/businesses/<uuid:business_id>

businesses:write
    POST /api/v1/businesses/import

campaigns:read
    GET /api/v1/campaigns
    GET /api/v1/campaigns/<uuid:campaign_id>
    GET /api/v1/campaigns/<uuid:campaign_id>/planning
    GET /api/v1/campaigns/<uuid:campaign_id>/plans/<uuid:result_id>
    GET /api/v1/campaigns/<uuid:campaign_id>/plans/<uuid:result_id>/changes

campaigns:write
    POST /api/v1/campaigns/<uuid:campaign_id>/planning/take
    POST /api/v1/campaigns/<uuid:campaign_id>/plans
    POST /api/v1/campaigns
    PUT /api/v1/campaigns/<uuid:campaign_id>
    POST /api/v1/campaigns/<uuid:campaign_id>/businesses
    POST /api/v1/campaigns/<uuid:campaign_id>/undo
    PUT /api/v1/campaigns/<uuid:campaign_id>/items/<uuid:listed_id>
    POST /api/v1/campaigns/<uuid:campaign_id>/items/<uuid:listed_id>/move
    POST /api/v1/campaigns/<uuid:campaign_id>/items/<uuid:listed_id>/pin
    POST /api/v1/campaigns/<uuid:campaign_id>/plans/<uuid:result_id>/publish

checklists:read
    GET /api/v1/checklists
    GET /api/v1/parts/<uuid:part_id>/checklist

disclosures:read
    GET /api/v1/disclosures
    GET /api/v1/disclosures/<uuid:disclosure_id>
    GET /api/v1/disclosures/pictures/<uuid:picture_id>
    GET /api/v1/information-requests
    GET /api/v1/information-requests/<uuid:request_id>

disclosures:write
    POST /api/v1/disclosures
    POST /api/v1/disclosures/refusals
    POST /api/v1/disclosures/<uuid:disclosure_id>/withdraw
    POST /api/v1/information-requests

dossiers:read
    GET /api/v1/dossiers
    GET /api/v1/dossiers/<uuid:business_id>
    GET /api/v1/dossiers/<uuid:business_id>.json
    GET /api/v1/dossiers/<uuid:business_id>.pdf
    GET /api/v1/dossiers/<uuid:business_id>.xlsx
    GET /api/v1/operations/<uuid:operation_id>/public-report.json
    GET /api/v1/operations/<uuid:operation_id>/public-report.pdf
    GET /api/v1/operations/<uuid:operation_id>/public-report.xlsx
    GET /api/v1/operations/<uuid:operation_id>/report
    GET /api/v1/operations/<uuid:operation_id>/report.json
    GET /api/v1/operations/<uuid:operation_id>/report.pdf
    GET /api/v1/operations/<uuid:operation_id>/report.xlsx

dossiers:write
    POST /api/v1/dossiers/compile
    POST /api/v1/operations/<uuid:operation_id>/common-part
    POST /api/v1/operations/<uuid:operation_id>/follow-ups/close

evidence:read
    GET /api/v1/evidence/<uuid:evidence_id>
    GET /api/v1/findings/<uuid:finding_id>/uploads/<uuid:upload_id>

evidence:write
    POST /api/v1/findings/<uuid:finding_id>/evidence
    PATCH /api/v1/findings/<uuid:finding_id>/uploads/<uuid:upload_id>

feeds:read
    GET /api/v1/feeds

feeds:write
    POST /api/v1/feeds
    DELETE /api/v1/feeds/<uuid:feed_id>

findings:read
    GET /api/v1/field-session
    GET /api/v1/findings
    GET /api/v1/findings/<uuid:finding_id>
    GET /api/v1/operations/<uuid:operation_id>/evening
    GET /api/v1/visits/<uuid:visit_id>/facts
    GET /api/v1/visits/<uuid:visit_id>/findings
    GET /api/v1/visits/<uuid:visit_id>/presence
    GET /api/v1/visits/<uuid:visit_id>/refusals
    GET /api/v1/visits/<uuid:visit_id>/help-requests

findings:write
    POST /api/v1/parts/<uuid:part_id>/findings
    POST /api/v1/visits/<uuid:visit_id>/facts
    POST /api/v1/visits/<uuid:visit_id>/presence
    POST /api/v1/visits/<uuid:visit_id>/refusals
    POST /api/v1/visits/<uuid:visit_id>/help-requests
    POST /api/v1/visits/<uuid:visit_id>/help-answers

jobs:read
    GET /api/v1/jobs/<uuid:job_id>

operations:read
    GET /api/v1/operations
    GET /api/v1/operations/<uuid:operation_id>
    GET /api/v1/operations/<uuid:operation_id>/common-times
    GET /api/v1/operations/<uuid:operation_id>/poll

operations:write
    POST /api/v1/operations
    PUT /api/v1/operations/<uuid:operation_id>/meeting
    POST /api/v1/operations/<uuid:operation_id>/lead
    POST /api/v1/operations/<uuid:operation_id>/participations
    POST /api/v1/operations/<uuid:operation_id>/poll
    POST /api/v1/operations/<uuid:operation_id>/poll/answers
    POST /api/v1/operations/<uuid:operation_id>/poll/choice
    POST /api/v1/operations/<uuid:operation_id>/poll/withdraw
    POST /api/v1/operations/<uuid:operation_id>/reschedule
    POST /api/v1/operations/<uuid:operation_id>/transitions

outcomes:read
    GET /api/v1/parts/<uuid:part_id>/outcomes
    GET /api/v1/outcomes/<uuid:outcome_id>
    GET /api/v1/follow-ups
    GET /api/v1/parts/<uuid:part_id>/follow-ups
    GET /api/v1/follow-ups/<uuid:follow_up_id>

outcomes:write
    POST /api/v1/parts/<uuid:part_id>/outcomes
    PUT /api/v1/outcomes/<uuid:outcome_id>
    POST /api/v1/outcomes/<uuid:outcome_id>/withdraw
    POST /api/v1/parts/<uuid:part_id>/follow-ups
    PUT /api/v1/follow-ups/<uuid:follow_up_id>

records:read
    GET /api/v1/records
    GET /api/v1/records/<uuid:record_id>
    GET /api/v1/records/items/<uuid:item_id>/picture
    GET /api/v1/records/packages/<uuid:package_id>

records:write
    POST /api/v1/records
    POST /api/v1/records/packages
    PUT /api/v1/records/numbers
    POST /api/v1/records/<uuid:record_id>/decide
    POST /api/v1/records/<uuid:record_id>/gather
    POST /api/v1/records/<uuid:record_id>/number
    POST /api/v1/records/<uuid:record_id>/settle

pledges:read
    GET /api/v1/hot-spots
    GET /api/v1/hot-spots/<uuid:hot_spot_id>
    GET /api/v1/pledges
    GET /api/v1/pledges/<uuid:pledge_id>

pledges:write
    POST /api/v1/hot-spots
    POST /api/v1/hot-spots/<uuid:hot_spot_id>/events
    POST /api/v1/hot-spots/<uuid:hot_spot_id>/places
    POST /api/v1/hot-spots/<uuid:hot_spot_id>/places/leave
    POST /api/v1/pledges
    POST /api/v1/pledges/<uuid:pledge_id>/areas
    POST /api/v1/pledges/<uuid:pledge_id>/commitments
    POST /api/v1/pledges/<uuid:pledge_id>/remove
    POST /api/v1/pledges/<uuid:pledge_id>/restore
    POST /api/v1/pledges/<uuid:pledge_id>/sign
    PUT /api/v1/pledges/<uuid:pledge_id>
    PUT /api/v1/pledges/<uuid:pledge_id>/commitments/<uuid:commitment_id>

visits:read
    GET /api/v1/operations/<uuid:operation_id>/visits
    GET /api/v1/parts/<uuid:part_id>
    GET /api/v1/visits/<uuid:visit_id>

visits:write
    POST /api/v1/operations/<uuid:operation_id>/visits
    POST /api/v1/parts/<uuid:part_id>/hand-in
    POST /api/v1/parts/<uuid:part_id>/withdraw
    PUT /api/v1/parts/<uuid:part_id>/answer
    POST /api/v1/visits/<uuid:visit_id>/end
    POST /api/v1/visits/<uuid:visit_id>/parts
    POST /api/v1/visits/<uuid:visit_id>/recusal
"""


def scopes() -> dict[tuple[str, str], str]:
    """Return the scope of every route; one that stands in the table twice is ``ValueError``."""
    found, scope = dict[tuple[str, str], str](), ""
    for line in filter(str.strip, TOKENS.splitlines()):
        if not line.startswith(" "):
            scope = line.strip()
            continue
        method, rule = line.split()
        if (method, rule) in found:
            raise ValueError(line)
        found[method, rule] = scope
    return found
