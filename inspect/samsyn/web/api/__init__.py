"""JSON under ``/api/v1``: one file per capability."""

from samsyn.web.api import (
    access,
    audit,
    authorities,
    bookings,
    businesses,
    campaign_changes,
    checklists,
    disclosures,
    evenings,
    evidence,
    feeds,
    follow_ups,
    hot_spots,
    jobs,
    polls,
    records,
    reference,
    reports,
    visits,
)

BLUEPRINTS = (
    access.blueprint,
    authorities.blueprint,
    businesses.blueprint,
    campaign_changes.blueprint,  # the campaigns', with what changes them
    polls.blueprint,  # the operations', with common times and polls
    visits.blueprint,
    bookings.blueprint,
    checklists.blueprint,
    evenings.blueprint,  # the findings', with what a phone takes along
    evidence.blueprint,
    follow_ups.blueprint,  # the outcomes', with what follows them up
    disclosures.blueprint,
    reports.blueprint,  # the dossiers', with the report of an operation
    records.blueprint,
    jobs.blueprint,
    feeds.blueprint,
    hot_spots.blueprint,  # the pledges', with the places that they follow
    audit.blueprint,
    reference.blueprint,
)
