"""JSON under ``/api/v1``: one file per capability."""

from samsyn.web.api import (
    access,
    audit,
    authorities,
    bookings,
    businesses,
    checklists,
    common_times,
    disclosures,
    dossiers,
    evidence,
    feeds,
    findings,
    jobs,
    records,
    reference,
    visits,
)

BLUEPRINTS = (
    access.blueprint,
    authorities.blueprint,
    businesses.blueprint,
    common_times.blueprint,  # the operations', with one more address
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
