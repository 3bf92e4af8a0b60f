"""Read checklists, findings, facts and evidence. Findings are the own authority's; each reading is in the trail."""

from samsyn.findings.queries.checklist import ChecklistCard, PointLine, checklist_of_part
from samsyn.findings.queries.facts import FactLine, facts_of_visit
from samsyn.findings.queries.grounds import GroundLine, grounds_by_id, parts_of_findings
from samsyn.findings.queries.lines import (
    EvidenceLine,
    FindingLine,
    evidence_of_finding,
    evidence_of_part,
    evidence_of_visit,
    findings_in_both,
    findings_of_visit,
    findings_of_visits,
    history_of_finding,
    versions_of_part,
)
from samsyn.findings.queries.own_lists import (
    DraftCard,
    FieldLine,
    VersionCard,
    VersionLine,
    field_lists,
    read_draft,
    read_version,
)
from samsyn.findings.queries.progress import PartProgress, answered_by_part, part_progress, summary_of_part
from samsyn.findings.queries.records import (
    demand_keeper,
    facts_for_records,
    findings_for_records,
    pictures_for_records,
)
from samsyn.findings.queries.register import (
    ChecklistLine,
    list_checklists,
    operation_of_evidence,
    operation_of_finding,
)
from samsyn.findings.queries.rivals import rivals_of

__all__ = [
    "ChecklistCard",
    "ChecklistLine",
    "DraftCard",
    "EvidenceLine",
    "FactLine",
    "FieldLine",
    "FindingLine",
    "GroundLine",
    "PartProgress",
    "PointLine",
    "VersionCard",
    "VersionLine",
    "answered_by_part",
    "checklist_of_part",
    "demand_keeper",
    "evidence_of_finding",
    "evidence_of_part",
    "evidence_of_visit",
    "facts_for_records",
    "facts_of_visit",
    "field_lists",
    "findings_for_records",
    "findings_in_both",
    "findings_of_visit",
    "findings_of_visits",
    "grounds_by_id",
    "history_of_finding",
    "list_checklists",
    "operation_of_evidence",
    "operation_of_finding",
    "part_progress",
    "parts_of_findings",
    "pictures_for_records",
    "read_draft",
    "read_version",
    "rivals_of",
    "summary_of_part",
    "versions_of_part",
]
