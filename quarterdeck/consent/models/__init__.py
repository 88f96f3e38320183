"""The nouns of consent, one file each kind."""

from quarterdeck.consent.models.conflicts import Against, Conflict, ConflictRules
from quarterdeck.consent.models.plans import DepartmentWeight, FairPlan, Held, PointsTable
from quarterdeck.consent.models.rounds import Round, Voice

__all__ = [
    "Against",
    "Conflict",
    "ConflictRules",
    "DepartmentWeight",
    "FairPlan",
    "Held",
    "PointsTable",
    "Round",
    "Voice",
]
