"""Who may write what: the second half of the permission matrix, read as ``matrix`` says."""

from __future__ import annotations

from typing import Final

WRITING: Final = """
open    in
    POST /sign-in
    POST /sign-in/code
    POST /sign-in/passkey
    POST /sign-in/passkey/options
    POST /walk/leave

open    -       | without the secret of the address, or practice mode
    POST /api/v1/quarantine
    POST /svar/<token>
    POST /inbjudan/<token>
    POST /inbjudan/<token>/me
    POST /walk/as

all     -       | practice mode; nothing that a provider vouched for
    POST /walk/reset
    POST /settings/identities

all     in      | what is one's own, and a list as a file
    POST /api/v1/feeds
    POST /notices/read
    POST /settings
    POST /settings/calendar
    POST /settings/calendar/fetch
    POST /settings/calendar/remove
    POST /settings/codes
    POST /settings/codes/remove
    POST /settings/notices
    POST /settings/passkeys
    POST /settings/passkeys/options
    POST /settings/password
    POST /settings/sessions/end-others
    POST /settings/tokens
    POST /sign-out
    POST /subscribe
    POST /businesses.ask
    POST /hot-spots.ask
    POST /month.ask
    POST /operations.ask
    POST /picture.ask
    POST /pledges.ask
    POST /remarks.ask
    POST /agreements.ask
    POST /pledges/time.ask
    POST /week.ask

PI      in      | who begins a visit on the spot (PRODUCT, ad hoc)
    POST /visits/now

PI      in      | who notes signals, of the own authority alone
    POST /signals.ask
    POST /signals/new
    POST /remarks/new

P       in
    POST /api/v1/businesses/import
    POST /api/v1/hot-spots
    POST /api/v1/pledges
    POST /businesses/new
    POST /campaigns/new
    POST /api/v1/campaigns
    POST /campaigns.ask
    POST /candidates.ask
    POST /candidates/weights
    POST /hot-spots/new
    POST /picture/new
    POST /import/signals
    POST /import/businesses
    POST /operations/new
    POST /pledges/new
    POST /activities/new
    POST /agreements/new
    POST /staffing.ask

PI      in      | an inspector begins one from the phone (ad hoc)
    POST /api/v1/operations

PA      in
    POST /import/shifts

A       in
    POST /api/v1/invitations
    POST /checklists
    POST /import/people
    POST /invitations.ask
    POST /invitations/new
    POST /people.ask
    POST /settings/feeds/allow
    POST /settings/feeds/end
    POST /settings/visits

PDA     in
    POST /templates.ask
    POST /templates/answers/new

PID     in
    POST /api/v1/dossiers/compile
    POST /api/v1/information-requests
    POST /disclosures.ask
    POST /dossiers.ask
    POST /follow-ups.ask
    POST /dossiers/compile

PD      in
    POST /statistics.ask

D       in      | handing over, refusing, and what is removed, are decisions (R3, R19)
    POST /api/v1/disclosures
    POST /api/v1/disclosures/refusals
    POST /retention/rules/<any(findings, pictures, purchases, documents):word>
    POST /retention/runs/<any(findings, pictures, purchases, documents):word>

DL      in
    POST /api/v1/records
    POST /api/v1/records/packages
    PUT /api/v1/records/numbers
    POST /records
    POST /records.ask
    POST /retention.ask
    POST /retention/holds

L       in
    POST /audit.ask
    POST /audit/alarms.ask
    POST /audit/sample
    POST /audit/sample.ask

#       lead    own     partner member  outside

P       in      no      no      -       -       | the lead alone writes the plan (POLICIES, plan)
    PUT /api/v1/operations/<uuid:operation_id>/meeting
    POST /api/v1/operations/<uuid:operation_id>/lead
    POST /api/v1/operations/<uuid:operation_id>/participations
    POST /api/v1/operations/<uuid:operation_id>/poll
    POST /api/v1/operations/<uuid:operation_id>/poll/choice
    POST /api/v1/operations/<uuid:operation_id>/poll/withdraw
    POST /api/v1/operations/<uuid:operation_id>/reschedule
    POST /api/v1/parts/<uuid:part_id>/withdraw
    POST /operations/<uuid:operation_id>/authorities
    POST /operations/<uuid:operation_id>/lead
    POST /operations/<uuid:operation_id>/meeting
    POST /operations/<uuid:operation_id>/move
    POST /operations/<uuid:operation_id>/order/edit
    POST /operations/<uuid:operation_id>/poll/choose
    POST /operations/<uuid:operation_id>/poll/withdraw
    POST /operations/<uuid:operation_id>/repeat
    POST /operations/<uuid:operation_id>/teams
    POST /operations/<uuid:operation_id>/teams/<uuid:team_id>
    POST /operations/<uuid:operation_id>/teams/<uuid:team_id>/dissolve
    POST /operations/<uuid:operation_id>/teams/members
    POST /operations/<uuid:operation_id>/template
    POST /operations/<uuid:operation_id>/times
    POST /operations/<uuid:operation_id>/times/poll
    POST /operations/<uuid:operation_id>/visits/new
    POST /parts/<uuid:part_id>/withdraw
    POST /visits/<uuid:visit_id>/letter
    POST /visits/<uuid:visit_id>/parts/new

PI      P/no    no      no      -       -       | an inspector where it is ad hoc, which this one is not
    POST /api/v1/operations/<uuid:operation_id>/visits
    POST /api/v1/visits/<uuid:visit_id>/parts

all     P/no    no      no      -       -
    POST /api/v1/operations/<uuid:operation_id>/transitions
    POST /operations/<uuid:operation_id>/step
    POST /visits/<uuid:visit_id>/order

all     P/no    P/no    P/no    -       -       | a planner answers for the authority
    POST /api/v1/operations/<uuid:operation_id>/poll/answers
    POST /operations/<uuid:operation_id>/poll

PD      in      no      no      -       -
    POST /api/v1/operations/<uuid:operation_id>/common-part
    POST /operations/<uuid:operation_id>/common

PD      in      in      in      -       -       | each says it of its own
    POST /operations/<uuid:operation_id>/follow-ups

PID     in      in      in      -       -
    POST /api/v1/operations/<uuid:operation_id>/follow-ups/close
    POST /operations/<uuid:operation_id>/report/compile
    POST /operations/<uuid:operation_id>/messages

PID     in      no      no      -       -       | the lead's people end its visits (POLICIES, plan)
    POST /api/v1/visits/<uuid:visit_id>/end
    POST /visits/<uuid:visit_id>/end

all     in      in      in      -       -       | anybody's own conflict of interest (R13)
    POST /api/v1/visits/<uuid:visit_id>/recusal
    POST /visits/<uuid:visit_id>/recusal

PID     -       in      in      -       -       | who has a part in the visit answers the common questions
    POST /api/v1/visits/<uuid:visit_id>/facts
    POST /api/v1/visits/<uuid:visit_id>/presence
    POST /visits/<uuid:visit_id>/presence
    POST /api/v1/visits/<uuid:visit_id>/refusals
    POST /api/v1/visits/<uuid:visit_id>/help-requests
    POST /visits/<uuid:visit_id>/entry
    POST /visits/<uuid:visit_id>/help

PID     in      no      -       -       -       | who is asked for help answers; who asked may read that
    POST /help-requests/<uuid:help_id>
    POST /api/v1/visits/<uuid:visit_id>/help-answers

all     P/no    I/no    I/no    -       -       | who goes, and the lead person, may show a number to the others
    POST /operations/<uuid:operation_id>/contact

all     -       I       I       -       -       | who showed one; who goes
    POST /operations/<uuid:operation_id>/contact/withdraw
    POST /operations/<uuid:operation_id>/field-session

P       in      in      in      -       -       | each asks its own people (POLICIES, who goes)
    POST /api/v1/operations/<uuid:operation_id>/bookings
    POST /operations/<uuid:operation_id>/people/new
    POST /operations/<uuid:operation_id>/remind
    POST /staffing/<uuid:operation_id>/people
    POST /staffing/<uuid:operation_id>/tell

P       in      in      -       -       -       | who asked, and whose people they are
    POST /api/v1/bookings/<uuid:booking_id>/withdraw
    POST /bookings/<uuid:assignment_id>/withdraw
    POST /operations/<uuid:operation_id>/people/<uuid:assignment_id>/remind

P       -       in      -       -       -       | what came late from the own phones
    POST /quarantine/<uuid:late_id>/discard
    POST /quarantine/<uuid:late_id>/take

P       -       in      -       -       -       | whose people they are: who of them goes is no business of the lead's
    POST /api/v1/bookings/<uuid:booking_id>/replace
    POST /bookings/<uuid:assignment_id>/replace
    POST /staffing/places/<uuid:assignment_id>/accept
    POST /staffing/places/<uuid:assignment_id>/decline
    POST /staffing/places/<uuid:assignment_id>/swap
    POST /replies/<uuid:reply_id>/count
    POST /replies/<uuid:reply_id>/replace
    POST /replies/<uuid:reply_id>/settle

P       in      -       -       -       -       | when the operation is, is the lead's alone
    POST /replies/<uuid:reply_id>/move

all     -       PID/no  -       -       -       | oneself, or who plans for the own
    POST /api/v1/bookings/<uuid:booking_id>/answer
    POST /bookings/<uuid:assignment_id>/answer

all     no      I/no    no      -       -       | oneself
    POST /waiting/<uuid:assignment_id>/answer

PID     -       in      -       -       -       | who is asked, answers (POLICIES, answer)
    PUT /api/v1/parts/<uuid:part_id>/answer
    POST /parts/<uuid:part_id>/answer

PID     -       in      -       -       -       | what lies in a silo (R1, R4)
    POST /api/v1/findings/<uuid:finding_id>/evidence
    PATCH /api/v1/findings/<uuid:finding_id>/uploads/<uuid:upload_id>
    POST /api/v1/parts/<uuid:part_id>/findings
    POST /api/v1/parts/<uuid:part_id>/hand-in
    POST /parts/<uuid:part_id>/checklist
    POST /parts/<uuid:part_id>/hand-in
    POST /parts/<uuid:part_id>/letter
    POST /parts/<uuid:part_id>/purchases
    POST /purchases/<uuid:purchase_id>/told
    POST /parts/<uuid:part_id>/outcomes
    POST /outcomes/<uuid:outcome_id>
    POST /outcomes/<uuid:outcome_id>/withdraw
    POST /api/v1/parts/<uuid:part_id>/outcomes
    PUT /api/v1/outcomes/<uuid:outcome_id>
    POST /api/v1/outcomes/<uuid:outcome_id>/withdraw
    POST /parts/<uuid:part_id>/follow-ups
    POST /follow-ups/<uuid:follow_up_id>
    POST /api/v1/parts/<uuid:part_id>/follow-ups
    PUT /api/v1/follow-ups/<uuid:follow_up_id>

D       in      in      in      -       -       | each decides of its own what everybody may read (R3, R10)
    POST /operations/<uuid:operation_id>/public-report

D       -       in      in      -       -       | who has findings of it to hand over
    POST /visits/<uuid:visit_id>/disclose

D       -       in      -       -       -       | the giver alone (POLICIES, handover)
    POST /api/v1/disclosures/<uuid:disclosure_id>/withdraw
    POST /disclosures/<uuid:disclosure_id>/withdraw

PID     in      in      in      in      -       | the register of the collaboration (POLICIES, registry)
    POST /businesses/<uuid:business_id>/ask

PID     -       in      in      -       -       | who has something to compile
    POST /businesses/<uuid:business_id>/compile

P       in      in      in      in      -
    POST /businesses/<uuid:business_id>/edit
    POST /businesses/<uuid:business_id>/operator
    POST /api/v1/hot-spots/<uuid:hot_spot_id>/events
    POST /api/v1/hot-spots/<uuid:hot_spot_id>/places
    POST /api/v1/hot-spots/<uuid:hot_spot_id>/places/leave

DL      D       D       D       -       -       | who has something to pack, and may know where (R9)
    POST /businesses/<uuid:business_id>/file

DL      in      in      in      -       -
    POST /operations/<uuid:operation_id>/file
    POST /operations/<uuid:operation_id>/number

DL      -       in      -       -       -       | the own records (R16, R17)
    POST /api/v1/records/<uuid:record_id>/decide
    POST /api/v1/records/<uuid:record_id>/gather
    POST /api/v1/records/<uuid:record_id>/number
    POST /api/v1/records/<uuid:record_id>/settle
    POST /parts/<uuid:part_id>/number
    POST /records/<uuid:record_id>/decide
    POST /records/<uuid:record_id>/gather
    POST /records/<uuid:record_id>/number
    POST /records/<uuid:record_id>/settle
    POST /records/items/<uuid:item_id>

D       -       in      -       -       -
    POST /retention/holds/<uuid:hold_id>/lift

L       -       in      -       -       -       | the own log (R12)
    POST /audit/alarms/<uuid:alarm_id>
    POST /audit/sample/<uuid:line_id>

A       -       in      -       -       -       | the own people (POLICIES, staff)
    DELETE /api/v1/invitations/<uuid:invitation_id>
    POST /api/v1/invitations/<uuid:invitation_id>/resend
    POST /invitations/<uuid:invitation_id>/resend
    POST /invitations/<uuid:invitation_id>/revoke
    POST /people/<uuid:person_id>
    POST /people/<uuid:person_id>/leave
    POST /people/<uuid:person_id>/return

all     -       IA/no   -       -       -       | the inspector, and who administers the unit
    POST /people/<uuid:person_id>/deputy
    POST /people/<uuid:person_id>/deputy/<uuid:deputy_id>/end

all     -       PIA/no  -       -       -       | the inspector, and who keeps the authority's hours (POLICIES, own)
    POST /people/<uuid:person_id>/away
    POST /people/<uuid:person_id>/away/<uuid:leave_id>/take-back

DA      -       in      -       -       -       | a second person of the own authority
    POST /approvals/<uuid:approval_id>

A       -       no      -       -       -       | who proposed a member: nobody did
    POST /approvals/<uuid:approval_id>/invite

A       in      in      in      in      -       | a member proposes
    POST /collaborations/<uuid:collaboration_id>/members

A       in      in      in      in      -       | a member is one already; whom nobody invited is told of nothing
    POST /collaborations/<uuid:collaboration_id>/join

A       -       in      -       -       -       | the own draft
    POST /checklists/<uuid:checklist_id>/draft/discard
    POST /checklists/<uuid:checklist_id>/draft/file
    POST /checklists/<uuid:checklist_id>/draft/order
    POST /checklists/<uuid:checklist_id>/draft/point
    POST /checklists/<uuid:checklist_id>/draft/publish

P       in      in      -       -       -       | who leads the campaign, and whom it asks
    POST /campaigns/<uuid:campaign_id>.ask
    POST /campaigns/<uuid:campaign_id>/people.ask

P       no      in      -       -       -       | who leads the campaign; whom it asks sees it and plans nothing
    POST /api/v1/campaigns/<uuid:campaign_id>/planning/take
    POST /api/v1/campaigns/<uuid:campaign_id>/plans
    PUT /api/v1/campaigns/<uuid:campaign_id>
    POST /api/v1/campaigns/<uuid:campaign_id>/businesses
    POST /api/v1/campaigns/<uuid:campaign_id>/undo
    PUT /api/v1/campaigns/<uuid:campaign_id>/items/<uuid:listed_id>
    POST /api/v1/campaigns/<uuid:campaign_id>/items/<uuid:listed_id>/pin
    POST /campaigns/<uuid:campaign_id>/businesses
    POST /campaigns/<uuid:campaign_id>/edit
    POST /campaigns/<uuid:campaign_id>/plan
    POST /campaigns/<uuid:campaign_id>/publish
    POST /campaigns/<uuid:campaign_id>/take
    POST /campaigns/<uuid:campaign_id>/undo
    POST /campaigns/<uuid:campaign_id>/visits/<uuid:listed_id>

P       -       in      -       -       -       | who leads the campaign, of a plan that nobody else reads
    POST /api/v1/campaigns/<uuid:campaign_id>/items/<uuid:listed_id>/move

P       no      in      -       -       -       | who leads the campaign publishes its plan
    POST /api/v1/campaigns/<uuid:campaign_id>/plans/<uuid:result_id>/publish

P       no      in      no      no      -       | its parties (the tobacco board) write it
    POST /commitments/<uuid:commitment_id>
    POST /focus-areas/<uuid:area_id>/commitments
    POST /pledges/<uuid:pledge_id>/areas
    POST /pledges/<uuid:pledge_id>/sign
    POST /commitments/<uuid:commitment_id>/correct
    POST /focus-areas/<uuid:area_id>/correct
    POST /pledges/<uuid:pledge_id>/carry
    POST /pledges/<uuid:pledge_id>/correct
    POST /pledges/<uuid:pledge_id>/remove
    POST /agreements/<uuid:agreement_id>/correct
    POST /agreements/<uuid:agreement_id>/files
    POST /agreements/<uuid:agreement_id>/remove
    POST /agreements/<uuid:agreement_id>/restore
    POST /pledges/<uuid:pledge_id>/restore
    POST /api/v1/pledges/<uuid:pledge_id>/areas
    POST /api/v1/pledges/<uuid:pledge_id>/commitments
    POST /api/v1/pledges/<uuid:pledge_id>/remove
    POST /api/v1/pledges/<uuid:pledge_id>/restore
    POST /api/v1/pledges/<uuid:pledge_id>/sign
    PUT /api/v1/pledges/<uuid:pledge_id>
    PUT /api/v1/pledges/<uuid:pledge_id>/commitments/<uuid:commitment_id>
    POST /pledges/<uuid:pledge_id>/evaluations
    POST /evaluations/<uuid:evaluation_id>/approve
    POST /evaluations/<uuid:evaluation_id>/texts/<uuid:subject_id>

D       no      in      no      no      -       | a party's (the tobacco board's) decider
    POST /evaluations/<uuid:evaluation_id>/public

all     in      in      in      in      -       | what was counted of a promise, for its members
    POST /pledges/<uuid:pledge_id>/evaluations.ask

PID     in      in      in      in      -       | of the weeks each reads its own
    POST /hot-spots/<uuid:hot_spot_id>.ask

P       in      in      in      in      -       | its history is its members' planners'
    POST /hot-spots/<uuid:hot_spot_id>/note
    POST /hot-spots/<uuid:hot_spot_id>/places
    POST /hot-spots/<uuid:hot_spot_id>/places/leave
    POST /activities/<uuid:activity_id>/time
    POST /picture/<uuid:entry_id>
    POST /picture/<uuid:entry_id>/withdraw

PIA     -       in      -       -       -       | a remark is answered by whom it asks
    POST /remarks/<uuid:remark_id>/answer

PI      -       in      -       -       -       | the own remark without an answer
    POST /remarks/<uuid:remark_id>/withdraw

PI      -       in      -       -       -       | the own signal
    POST /signals/<uuid:signal_id>/withdraw

P       -       in      -       -       -       | the own list
    POST /signals/lists/<uuid:taken_id>/undo

P       -       in      -       -       -       | the own activity
    POST /activities/<uuid:activity_id>
    POST /activities/<uuid:activity_id>/move

P       in      -       -       -       -       | which promise the operation serves
    POST /operations/<uuid:operation_id>/focus

PDA     -       in      -       -       -       | the own templates
    POST /templates/<uuid:template_id>/edit
    POST /templates/<uuid:template_id>/withdraw

P       -       in      -       -       -
    POST /templates/<uuid:template_id>/use

all     -       in      -       -       -       | a place that one has
    POST /settings/places/<uuid:authority_id>

all     -       I       -       -       -       | the inspector's own: no colleague's either
    DELETE /api/v1/feeds/<uuid:feed_id>
    POST /jobs/<uuid:job_id>/cancel
    POST /notices/<uuid:notice_id>/read
    POST /settings/identities/<uuid:identity_id>/end
    POST /settings/passkeys/<uuid:passkey_id>/remove
    POST /settings/passkeys/<uuid:passkey_id>/rename
    POST /settings/sessions/<uuid:token_id>/end
    POST /subscribe/<uuid:feed_id>/end
    POST /subscribe/<uuid:feed_id>/rotate

all     -       IA      -       -       -       | one's own, or a colleague's as administrator
    POST /settings/tokens/<uuid:token_id>/end

all     -       P       -       -       -       | the planner's own
    POST /held/<uuid:held_id>/undo

PA      -       P       -       -       -
    POST /import/<uuid:draft_id>/columns
    POST /import/<uuid:draft_id>/discard
    POST /import/<uuid:draft_id>/preview
"""
