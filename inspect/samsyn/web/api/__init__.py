"""JSON under ``/api/v1``: one file per capability."""

from samsyn.web.api import (
    access,
    audit,
    authorities,
    bookings,
    businesses,
    checklists,
    disclosures,
    dossiers,
    evidence,
    feeds,
    findings,
    jobs,
    polls,
    records,
    reference,
    visits,
)

BLUEPRINTS = (
    access.blueprint,
    authorities.blueprint,
    businesses.blueprint,
    polls.blueprint,  # the operations', with common times and polls
    visits.blueprint,
    bookings.blueprint,
    checklists.blueprint,
    findings.blueprint,
    evidence.blueprint,
    disclosures.blueprint,
    dossiers.blueprint,
    records.blueprint,
    jobs.blueprint,
    feeds.blueprint,
    audit.blueprint,
    reference.blueprint,
)
