"""The data's Swedish keys in the product's words."""

from __future__ import annotations

from typing import Final

from samsyn.authorities.rules import AuthorityKind
from samsyn.businesses.rules import PermitKind
from samsyn.findings.rules import Answer
from samsyn.operations.rules import PoliceRole, Summary, VisitState
from samsyn.outcomes.tools import Measure
from samsyn.planning.rules import LeaveKind

KINDS: Final = {
    "state": AuthorityKind.NATIONAL,
    "municipal_board": AuthorityKind.BOARD,
    "municipal_federation": AuthorityKind.FEDERATION,
}
PERMITS: Final = {
    "tobak_tillstand": PermitKind.TOBACCO,
    "serveringstillstand": PermitKind.SERVING,
    "folkol_anmalan": PermitKind.BEER,
    "nikotin_anmalan": PermitKind.NICOTINE,
    "ecigg_anmalan": PermitKind.VAPES,
    "livsmedel_registrering": PermitKind.FOOD,
    "hygien_anmalan": PermitKind.HYGIENE,
    "solarium_anmalan": PermitKind.SOLARIUM,
    "miljo_anmalan": PermitKind.ENVIRONMENT,
    "avfall_tillstand": PermitKind.WASTE,
    "brandfarlig_vara": PermitKind.FLAMMABLES,
    "uteservering": PermitKind.OUTDOOR_SERVING,
    "bygglov": PermitKind.BUILDING,
}
ON_RECORD: Final = frozenset({"valid", "expired"})
"""A permit that was applied for, or that is missing, is none."""
LEAVES: Final = {
    "holiday": LeaveKind.HOLIDAY,
    "training": LeaveKind.TRAINING,
    "comp_leave": LeaveKind.COMPENSATORY,
}
"""Everything else, sickness above all, is kept as ``other`` (R5)."""
ROLES: Final = {
    "tillsyn_ltlp": PoliceRole.OWN_SUPERVISION,
    "tillsyn_alkohol": PoliceRole.ALCOHOL_SUPERVISION,
    "inspektion_utl": PoliceRole.WORKPLACE_INSPECTION,
    "hjalp": PoliceRole.ASSISTANCE,
    "ordning": PoliceRole.PUBLIC_ORDER,
}
ANSWERS: Final = {
    "ok": Answer.OK,
    "brist": Answer.DEFICIENCY,
    "allvarlig": Answer.DEFICIENCY,
    "ej_aktuell": Answer.NOT_APPLICABLE,
}
"""``ej_kontrollerad`` is the absence of an answer."""
SUMMARIES: Final = {
    "brist": Summary.DEFICIENCY,
    "ingen_anmarkning": Summary.NO_REMARK,
    "pagaende": Summary.PENDING,
}
MEASURES: Final = {
    "information": Measure.ADVICE,
    "anmarkning": Measure.REMARK,
    "forelaggande": Measure.ORDER,
    "forelaggande_vite": Measure.ORDER_PENALTY,
    "forbud": Measure.PROHIBITION,
    "forbud_vite": Measure.PROHIBITION_PENALTY,
    "erinran": Measure.REPRIMAND,
    "varning": Measure.WARNING,
    "miljosanktionsavgift": Measure.ENVIRONMENTAL_CHARGE,
    "sanktionsavgift": Measure.FINE,
    "kontrollavgift": Measure.TAX_CONTROL_FEE,
    "atalsanmalan": Measure.PROSECUTION_REPORT,
    "beslag": Measure.SEIZURE,
    "utrymning": Measure.EVACUATION,
    "overlamnas": Measure.REFERRAL,
}
"""``brottsanmalan`` is the police's own and no outcome that is kept here (R5)."""
ENDS: Final = {
    "done": VisitState.DONE,
    "hindered": VisitState.HINDERED,
    "closed_premises": VisitState.CLOSED_PREMISES,
    "aborted": VisitState.ABORTED,
    "skipped": VisitState.SKIPPED,
}
"""A visit that is planned or ongoing has not ended."""
