"""The nouns of strategy: objectives with their key results and check-ins, campaigns with their phases and checklists,
and the pillars of a brand."""

from quarterdeck.strategy.models.campaigns import Campaign, Phase
from quarterdeck.strategy.models.checklists import Checklist, ChecklistLine, ChecklistTemplate
from quarterdeck.strategy.models.decisions import Decision, Outcome
from quarterdeck.strategy.models.objectives import CheckIn, KeyResult, Objective
from quarterdeck.strategy.models.pillars import Pillar

__all__ = [
    "Campaign",
    "CheckIn",
    "Checklist",
    "ChecklistLine",
    "ChecklistTemplate",
    "Decision",
    "KeyResult",
    "Objective",
    "Outcome",
    "Phase",
    "Pillar",
]
