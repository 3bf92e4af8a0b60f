"""Read operations: cards, visits, parts, people. Returns public frozen types, never mapped rows."""

from samsyn.operations.queries.held import HeldTime, held_times
from samsyn.operations.queries.many import (
    open_operations,
    participations_of_many,
    parts_of_many,
    people_of_many,
    targets_of_many,
    visits_of_many,
)
from samsyn.operations.queries.operations import (
    OperationCard,
    ParticipationLine,
    get_operation,
    list_operations,
    operation_ids_of_business,
    participations,
)
from samsyn.operations.queries.order import (
    ContactLine,
    MessageLine,
    OrderLine,
    TeamLine,
    contacts_given,
    is_recused,
    messages_of,
    order_of,
    teams_of,
    titles_of,
)
from samsyn.operations.queries.parts import PartCard, answers_given, get_part, parts_of
from samsyn.operations.queries.people import PersonLine, find_by_uid, get_assignment, my_assignments, people_of
from samsyn.operations.queries.places import LastVisit, PlannedLine, TraceLine, last_visits, planned_visits, traces_at
from samsyn.operations.queries.visits import TargetLine, VisitLine, get_target, get_visit, targets_of, visits_of

__all__ = [
    "ContactLine",
    "HeldTime",
    "LastVisit",
    "MessageLine",
    "OperationCard",
    "OrderLine",
    "PartCard",
    "ParticipationLine",
    "PersonLine",
    "PlannedLine",
    "TargetLine",
    "TeamLine",
    "TraceLine",
    "VisitLine",
    "answers_given",
    "contacts_given",
    "find_by_uid",
    "get_assignment",
    "get_operation",
    "get_part",
    "get_target",
    "get_visit",
    "held_times",
    "is_recused",
    "last_visits",
    "list_operations",
    "messages_of",
    "my_assignments",
    "open_operations",
    "operation_ids_of_business",
    "order_of",
    "participations",
    "participations_of_many",
    "parts_of",
    "parts_of_many",
    "people_of",
    "people_of_many",
    "planned_visits",
    "targets_of",
    "targets_of_many",
    "teams_of",
    "titles_of",
    "traces_at",
    "visits_of",
    "visits_of_many",
]
