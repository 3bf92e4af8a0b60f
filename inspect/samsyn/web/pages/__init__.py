"""Pages for people, and the three addresses for machines that watch: one file per capability."""

from samsyn.web.pages import (
    access,
    answers,
    businesses,
    checklists,
    dossiers,
    feeds,
    health,
    operations,
    parts,
    people,
    postbox,
    start,
    steps,
    subscribe,
    tonight,
    visits,
)

BLUEPRINTS = (
    health.blueprint,
    access.blueprint,
    start.blueprint,
    feeds.blueprint,
    answers.blueprint,
    operations.blueprint,
    steps.blueprint,
    visits.blueprint,
    parts.blueprint,
    people.blueprint,
    businesses.blueprint,
    tonight.blueprint,
    checklists.blueprint,
    dossiers.blueprint,
    subscribe.blueprint,
    postbox.blueprint,
)
