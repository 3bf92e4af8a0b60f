"""Who may come to which route: the permission matrix, written by hand (RELIABILITY 8.10).

The rules are POLICIES.md's kinds of table and SECRECY.md's R1 to R4; the product is held against this page and never
the other way round. A line at the margin is a row, the indented lines under it are the routes that have that row.

The first word of a row says which people the route is for at all; everybody else is refused (``no``, 403), whatever the
address names::

    P planner   I inspector   D decider   L log reviewer   A unit administrator   O observer   x a person without roles
    all         each of these                              open   also who is not signed in

The five columns are one and the same thing, a thing of the tobacco board in an operation that the police lead, as it
is asked for by people of

    lead        the police, who lead the operation
    own         the tobacco board, whose thing it is
    partner     the environment board, which takes part in the same operation
    member      the health board: of the collaboration, not of the operation
    outside     a neighbouring municipality's board: of neither

and a cell says which of the row's people are let in (``in``: all of them), and what the others are told: that there is
no such thing (404, as for an id of nothing: the answers are equal to the byte), or after ``/no`` that it is not for
them (403, where the operation itself is no secret to them). ``-`` is nobody. A route without a key has one cell.

Whoever runs the system holds no account, and so asks as one who is not signed in (SECRECY R4).
"""

from __future__ import annotations

from typing import Final

READING: Final = """
open    in
    GET /
    GET /accessibility
    GET /api/v1/docs
    GET /api/v1/openapi.json
    GET /field
    GET /field-worker.js
    GET /field.webmanifest
    GET /healthz
    GET /help
    GET /metrics
    GET /readyz
    GET /sign-in
    GET /sign-in/code

open    -       | without the secret of the address, a provider, such a file, or practice mode
    GET /api/v1/quarantine
    GET /cal/<token>.ics
    GET /fb/<token>.ifb
    GET /svar/<token>
    GET /inbjudan/<token>
    GET /sign-in/with/<name>
    GET /sign-in/with/<name>/callback
    GET /sign-in/with/<name>/leave
    GET /static/<seen>/<path:name>
    GET /mailbox
    GET /mailbox/<name>
    GET /walk
    GET /walk/reset

all     in      | lists of what one may see: what stands in them is row security's, and test_canary's
    GET /api/v1/authorities
    GET /api/v1/businesses
    GET /api/v1/checklists
    GET /checklists
    GET /api/v1/collaborations
    GET /api/v1/feeds
    GET /api/v1/field-session
    GET /api/v1/me
    GET /api/v1/operations
    GET /api/v1/staff
    GET /api/v1/units
    GET /businesses .csv .json .xlsx
    GET /hot-spots .csv .json .xlsx
    GET /notices .csv .json .xlsx
    GET /operations .csv .json .xlsx
    GET /picture .csv .json .xlsx
    GET /agreements .csv .json .xlsx
    GET /pledges/brief
    GET /api/v1/hot-spots
    GET /api/v1/pledges
    GET /pledges .csv .json .xlsx
    GET /remarks .csv .json .xlsx
    GET /pledges/time .csv .json .xlsx
    GET /week .csv .json .xlsx
    GET /month .csv .json .xlsx
    GET /approvals
    GET /tonight
    GET /subscribe
    GET /settings
    GET /settings/calendar
    GET /settings/codes
    GET /settings/identities/new
    GET /settings/notices
    GET /settings/passkeys
    GET /settings/password
    GET /settings/tokens
    GET /settings/ways-in

all     -       | no provider was set up
    GET /settings/identities/new/<name>

PI      in      | who begins a visit on the spot (PRODUCT, ad hoc)
    GET /visits/now

PI      in      | who notes signals, of the own authority alone
    GET /signals .csv .json .xlsx
    GET /signals/new
    GET /remarks/new

P       in      | who plans
    GET /businesses/import
    GET /businesses/new
    GET /api/v1/campaigns
    GET /campaigns .csv .json .xlsx
    GET /campaigns/new
    GET /candidates .csv .json .xlsx
    GET /candidates/weights
    GET /hot-spots/new
    GET /picture/new
    GET /import/signals
    GET /import/signals/template.xlsx
    GET /import/businesses
    GET /import/businesses/template.xlsx
    GET /operations/new
    GET /pledges/new
    GET /activities/new
    GET /agreements/new
    GET /replies
    GET /staffing .csv .json .xlsx

PA      in      | that something waits of the own phones
    GET /quarantine

PA      in      | who plans people's time, or administers them
    GET /away
    GET /import
    GET /import/shifts
    GET /import/shifts/template.xlsx

A       in      | who administers people (POLICIES, staff)
    GET /import/people
    GET /import/people/template.xlsx
    GET /api/v1/invitations
    GET /collaborations
    GET /invitations .csv .json .xlsx
    GET /invitations/new
    GET /people .csv .json .xlsx
    GET /settings/feeds
    GET /settings/visits

PDA     in      | who keeps the authority's own templates
    GET /templates .csv .json .xlsx
    GET /templates/answers/new

PID     in      | who works with findings
    GET /api/v1/disclosures
    GET /api/v1/dossiers
    GET /api/v1/findings
    GET /api/v1/information-requests
    GET /disclosures .csv .json .xlsx
    GET /dossiers .csv .json .xlsx
    GET /follow-ups .csv .json .xlsx
    GET /help-requests
    GET /follow-ups/returns
    GET /api/v1/follow-ups
    GET /search

PD      in      | the year of the own units: who reads where its visits went
    GET /statistics .csv .json .xlsx

DL      in      | who examines requests for records (R16, R19)
    GET /api/v1/records
    GET /records .csv .json .xlsx
    GET /records/new
    GET /retention .csv .json .xlsx

L       in      | who reviews the log (R12)
    GET /api/v1/audit
    GET /audit .csv .json .xlsx
    GET /audit/alarms .csv .json .xlsx
    GET /audit/sample .csv .json .xlsx

#       lead    own     partner member  outside

all     -       I       I       -       -       | who goes packs the evening
    GET /api/v1/operations/<uuid:operation_id>/evening

all     in      in      in      -       -       | the plan: whoever takes part (POLICIES, plan)
    GET /api/v1/operations/<uuid:operation_id>
    GET /api/v1/operations/<uuid:operation_id>/bookings
    GET /api/v1/operations/<uuid:operation_id>/visits
    GET /api/v1/parts/<uuid:part_id>
    GET /api/v1/visits/<uuid:visit_id>
    GET /api/v1/visits/<uuid:visit_id>/facts
    GET /api/v1/visits/<uuid:visit_id>/presence
    GET /visits/<uuid:visit_id>/presence
    GET /operations/<uuid:operation_id>
    GET /operations/<uuid:operation_id>/order
    GET /api/v1/operations/<uuid:operation_id>/poll
    GET /operations/<uuid:operation_id>/poll
    GET /visits/<uuid:visit_id>/recusal

PID     in      in      in      -       -       | who takes part sees of refused entries and of help what is its own
    GET /api/v1/visits/<uuid:visit_id>/refusals
    GET /api/v1/visits/<uuid:visit_id>/help-requests
    GET /visits/<uuid:visit_id>/entry
    GET /visits/<uuid:visit_id>/help

PID     in      in      -       -       -       | who is asked for help (the police, who lead), and who asks
    GET /help-requests/<uuid:help_id>

PID     in      no      no      -       -       | the lead's people end its visits (POLICIES, plan)
    GET /visits/<uuid:visit_id>/end

PID     in      in      in      -       -       | compiled for its reader alone (R10); not before it is done
    GET /api/v1/operations/<uuid:operation_id>/report
    GET /api/v1/operations/<uuid:operation_id>/report.json
    GET /api/v1/operations/<uuid:operation_id>/report.pdf
    GET /api/v1/operations/<uuid:operation_id>/report.xlsx
    GET /operations/<uuid:operation_id>/report
    GET /operations/<uuid:operation_id>/public-report

PID     -       -       -       -       -       | nothing was decided for everybody
    GET /api/v1/operations/<uuid:operation_id>/public-report.json
    GET /api/v1/operations/<uuid:operation_id>/public-report.pdf
    GET /api/v1/operations/<uuid:operation_id>/public-report.xlsx

P       in      no      no      -       -       | the lead alone writes the plan
    GET /operations/<uuid:operation_id>/authorities/<uuid:authority_id>
    GET /operations/<uuid:operation_id>/authorities/new
    GET /operations/<uuid:operation_id>/invitation
    GET /operations/<uuid:operation_id>/lead
    GET /operations/<uuid:operation_id>/meeting
    GET /operations/<uuid:operation_id>/move
    GET /operations/<uuid:operation_id>/order/edit
    GET /operations/<uuid:operation_id>/repeat
    GET /operations/<uuid:operation_id>/teams
    GET /operations/<uuid:operation_id>/template
    GET /operations/<uuid:operation_id>/visits/new
    GET /api/v1/operations/<uuid:operation_id>/common-times
    GET /operations/<uuid:operation_id>/times
    GET /visits/<uuid:visit_id>/letter
    GET /visits/<uuid:visit_id>/parts/new

all     P/no    no      no      -       -
    GET /operations/<uuid:operation_id>/stop

PD      in      no      no      -       -       | the lead approves the common part
    GET /operations/<uuid:operation_id>/common

P       in      in      in      -       -       | each plans its own people (POLICIES, who goes)
    GET /operations/<uuid:operation_id>/people/new
    GET /staffing/<uuid:operation_id>

P       no      in      no      -       -       | who of an authority's people goes instead is its own business
    GET /bookings/<uuid:assignment_id>/replace

PID     no      in      no      -       -       | who is asked, answers (POLICIES, answer)
    GET /parts/<uuid:part_id>/answer

PID     -       in      -       -       -       | what lies in a silo (R1, R4)
    GET /parts/<uuid:part_id>/checklist
    GET /parts/<uuid:part_id>/hand-in
    GET /parts/<uuid:part_id>/letter
    GET /parts/<uuid:part_id>/purchases
    GET /parts/<uuid:part_id>/outcomes
    GET /outcomes/<uuid:outcome_id>
    GET /api/v1/parts/<uuid:part_id>/outcomes
    GET /api/v1/outcomes/<uuid:outcome_id>
    GET /follow-ups/<uuid:follow_up_id>
    GET /api/v1/parts/<uuid:part_id>/follow-ups
    GET /api/v1/follow-ups/<uuid:follow_up_id>
    GET /api/v1/evidence/<uuid:evidence_id>
    GET /api/v1/findings/<uuid:finding_id>
    GET /api/v1/findings/<uuid:finding_id>/uploads/<uuid:upload_id>
    GET /api/v1/parts/<uuid:part_id>/checklist

all     PID/no  PID/no  PID/no  -       -       | a list of one's own
    GET /api/v1/visits/<uuid:visit_id>/findings

D       -       in      in      -       -       | who has findings of it to hand over: the police have no part in it
    GET /visits/<uuid:visit_id>/disclose

PID     in      in      -       -       -       | who gave a copy, and who got it (R3); who asked, and who was asked
    GET /api/v1/disclosures/<uuid:disclosure_id>
    GET /api/v1/disclosures/pictures/<uuid:picture_id>
    GET /api/v1/information-requests/<uuid:request_id>
    GET /disclosures/<uuid:disclosure_id>
    GET /information-requests/<uuid:request_id>

PID     -       in      in      -       -       | compiled for its reader alone (R10): each of the two has one
    GET /api/v1/dossiers/<uuid:business_id>
    GET /api/v1/dossiers/<uuid:business_id>.json
    GET /api/v1/dossiers/<uuid:business_id>.pdf
    GET /api/v1/dossiers/<uuid:business_id>.xlsx

all     in      in      in      in      -       | the register of the collaboration (POLICIES, registry)
    GET /api/v1/businesses/<uuid:business_id>
    GET /businesses/<uuid:business_id>

all     in      in      in      in      -       | what the collaboration promises and follows (POLICIES, pledge)
    GET /agreements/<uuid:agreement_id>
    GET /agreements/<uuid:agreement_id>/files/<uuid:file_id>
    GET /api/v1/hot-spots/<uuid:hot_spot_id>
    GET /api/v1/pledges/<uuid:pledge_id>

PID     in      in      in      in      -
    GET /businesses/<uuid:business_id>/ask

P       in      in      in      in      -
    GET /businesses/<uuid:business_id>/edit
    GET /businesses/<uuid:business_id>/operator

DL      in      in      in      in      -       | a file of what is one's own (R17)
    GET /businesses/<uuid:business_id>/file

DL      in      in      in      -       -
    GET /operations/<uuid:operation_id>/file

DL      -       in      -       -       -       | the own records (R16, R17, R19)
    GET /api/v1/records/<uuid:record_id>
    GET /api/v1/records/packages/<uuid:package_id>
    GET /api/v1/records/items/<uuid:item_id>/picture
    GET /records/<uuid:record_id>
    GET /records/items/<uuid:item_id>
    GET /retention/runs/<uuid:run_id>

P       -       in      -       -       -       | what came late from the own phones
    GET /quarantine/<uuid:late_id>
    GET /quarantine/<uuid:late_id>/picture

A       -       in      -       -       -
    GET /people/<uuid:person_id>
    GET /people/<uuid:person_id>/leave

all     -       IA/no   -       -       -       | the inspector, and who administers the unit
    GET /people/<uuid:person_id>/deputy

all     -       PIA/no  -       -       -       | the inspector, and who keeps the authority's hours (POLICIES, own)
    GET /people/<uuid:person_id>/away

all     -       in      -       -       -       | the own published questions (POLICIES, reference)
    GET /checklists/<uuid:checklist_id>
    GET /checklists/<uuid:checklist_id>.json
    GET /checklists/<uuid:checklist_id>.xlsx
    GET /checklists/<uuid:checklist_id>.yaml

A       -       in      -       -       -       | the own draft
    GET /checklists/<uuid:checklist_id>/draft
    GET /checklists/<uuid:checklist_id>/draft/file
    GET /checklists/<uuid:checklist_id>/draft/point

P       in      in      -       -       -       | who leads the campaign (the tobacco board) and whom it asks
    GET /campaigns/<uuid:campaign_id>
    GET /api/v1/campaigns/<uuid:campaign_id>
    GET /campaigns/<uuid:campaign_id>.csv
    GET /campaigns/<uuid:campaign_id>.json
    GET /campaigns/<uuid:campaign_id>.xlsx
    GET /campaigns/<uuid:campaign_id>/compare
    GET /campaigns/<uuid:campaign_id>/people .csv .json .xlsx
    GET /campaigns/<uuid:campaign_id>/visits/<uuid:listed_id>

P       no      in      -       -       -       | who leads the campaign; whom it asks changes nothing
    GET /campaigns/<uuid:campaign_id>/businesses
    GET /campaigns/<uuid:campaign_id>/edit
    GET /api/v1/campaigns/<uuid:campaign_id>/planning

P       -       in      -       -       -       | what the lead planned
    GET /api/v1/campaigns/<uuid:campaign_id>/plans/<uuid:result_id>
    GET /api/v1/campaigns/<uuid:campaign_id>/plans/<uuid:result_id>/changes

all     in      in      in      in      -       | what was counted of a promise, and done for it, for its members
    GET /activities/<uuid:activity_id>
    GET /evaluations/<uuid:evaluation_id> .pdf .xlsx .json
    GET /pledges/<uuid:pledge_id>/evaluations .csv .json .xlsx
    GET /pledges/<uuid:pledge_id>/treatment

all     -       -       -       -       -       | a quarter has no public version, a year none before it is decided
    GET /evaluations/<uuid:evaluation_id>/public .csv .json .pdf .xlsx
    GET /evaluations/<uuid:evaluation_id>/public-columns.json

PD      -       -       -       -       -       | the act asks no report of a quarter
    GET /evaluations/<uuid:evaluation_id>/report.json
    GET /evaluations/<uuid:evaluation_id>/report.pdf
    GET /evaluations/<uuid:evaluation_id>/report.xlsx

P       -       in      -       -       -       | words beside the numbers: its parties' (the tobacco board)
    GET /evaluations/<uuid:evaluation_id>/texts/<uuid:subject_id>

P       in      in      in      in      -       | what the collaboration promises: its members' planners write it
    GET /commitments/<uuid:commitment_id>
    GET /focus-areas/<uuid:area_id>/commitments
    GET /agreements/<uuid:agreement_id>/correct
    GET /pledges/<uuid:pledge_id>/edit
    GET /commitments/<uuid:commitment_id>/correct
    GET /focus-areas/<uuid:area_id>/correct
    GET /pledges/<uuid:pledge_id>/correct

all     in      in      in      in      -       | a hot spot is its members'
    GET /hot-spots/<uuid:hot_spot_id>
    GET /remarks/<uuid:remark_id>

PID     in      in      in      in      -       | of the weeks each reads its own
    GET /hot-spots/<uuid:hot_spot_id>.csv
    GET /hot-spots/<uuid:hot_spot_id>.json
    GET /hot-spots/<uuid:hot_spot_id>.xlsx

P       in      in      in      in      -       | its history is its members' planners'
    GET /hot-spots/<uuid:hot_spot_id>/note
    GET /hot-spots/<uuid:hot_spot_id>/places
    GET /activities/<uuid:activity_id>/time
    GET /picture/<uuid:entry_id>

P       in      -       -       -       -       | which promise the operation serves: its lead's to say
    GET /operations/<uuid:operation_id>/focus

PDA     -       in      -       -       -       | the own templates
    GET /templates/<uuid:template_id>/edit

P       -       in      -       -       -
    GET /templates/<uuid:template_id>/use

all     -       I       -       -       -       | the inspector's own: no colleague's either (POLICIES, dossier)
    GET /api/v1/jobs/<uuid:job_id>
    GET /jobs/<uuid:job_id>

PA      -       P       -       -       -       | the planner's own list
    GET /import/<uuid:draft_id>/columns
    GET /import/<uuid:draft_id>/preview .csv .json .xlsx

PA      -       -       -       -       -       | nobody's: the list was not imported yet
    GET /import/<uuid:draft_id>/result .csv .json .xlsx
"""
