"""What a post is for: three choices, in the composer and on the post's own page."""

from __future__ import annotations

from django import forms
from django.db.models import Q

from quarterdeck.crew.models import Workspace
from quarterdeck.publishing.models import Purpose
from quarterdeck.publishing.verbs.purpose import NOUNS, Named
from quarterdeck.strategy.models import Campaign, Objective, Pillar


class _Choice(forms.ModelChoiceField):
    """Named with its brand where the workspace has several."""

    brands = False

    def label_from_instance(self, obj: Campaign | Objective | Pillar) -> str:
        return f"{obj} · {obj.brand}" if self.brands else str(obj)


class PurposeForm(forms.Form):
    """The campaigns and objectives that run, the pillars in use, and what the post names already."""

    for_campaign = _Choice(Campaign.objects.none(), label="Campaign", required=False, empty_label="None")
    for_objective = _Choice(
        Objective.objects.none(),
        label="Objective",
        required=False,
        empty_label="The campaign’s, or none",
    )
    for_pillar = _Choice(Pillar.objects.none(), label="Pillar", required=False, empty_label="None")

    def __init__(
        self, *args, workspace: Workspace, purpose: Purpose | None = None, campaign: str = "", **kwargs
    ) -> None:
        now = {f"for_{noun}": getattr(purpose, f"{noun}_id", None) for noun in NOUNS}
        begun = now if purpose else {"for_campaign": campaign}  # of a new post, as the address says
        super().__init__(*args, initial=begun, **kwargs)
        several = workspace.brands.count() > 1
        running = {
            "for_campaign": (Campaign, Q(ended_at__isnull=True), ("begins", "made_at")),
            "for_objective": (Objective, Q(read_out_at__isnull=True), ("ends", "made_at")),
            "for_pillar": (Pillar, Q(retired_at__isnull=True), ("name",)),
        }
        for name, (model, offered, order) in running.items():
            found = model.objects.filter(offered | Q(pk=now[name]), workspace=workspace)
            self.fields[name].queryset = found.select_related("brand").order_by(*order)
            self.fields[name].brands = several

    @property
    def offers(self) -> bool:
        """Whether there is anything to choose."""
        return any(self.fields[name].queryset.exists() for name in self.fields)

    def named(self) -> Named:
        given = self.cleaned_data
        return Named(given["for_campaign"], given["for_objective"], given["for_pillar"])
