"""The forms of fair plans."""

from __future__ import annotations

from django import forms

from quarterdeck.consent.models.plans import REASON_LENGTH, FairPlan
from quarterdeck.consent.verbs.plans import HEAVIEST, LIGHTEST, MOST_MUSTS
from quarterdeck.crew.models import Workspace
from quarterdeck.stakeholders.models import Department
from quarterdeck.stakeholders.reads import active_departments

REASON = {"max_length": REASON_LENGTH, "help_text": "Every department reads it."}


class PlanForm(forms.Form):
    span = forms.ChoiceField(
        label="For", choices=FairPlan.Span.choices, widget=forms.RadioSelect, initial="month"
    )
    day = forms.DateField(
        label="Which one",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Any day of the month or quarter.",
    )


class PointsForm(forms.Form):
    must = forms.IntegerField(label="It must happen", min_value=1, max_value=100)
    good = forms.IntegerField(label="It would be good", min_value=1, max_value=100)
    free = forms.IntegerField(label="Only if there is room", min_value=1, max_value=100)
    weekly_loss = forms.IntegerField(
        label="Hundredths lost with each week later",
        min_value=0,
        max_value=100,
        help_text="Of the points in the preferred week. After its latest day a request counts nothing.",
    )
    musts = forms.IntegerField(
        label="Musts of a department in a quarter",
        min_value=0,
        max_value=MOST_MUSTS,
        help_text="Beyond these a must counts as good. Those asked for first come first.",
    )
    reason = forms.CharField(label="Why", **REASON)


class WeightForm(forms.Form):
    department = forms.ModelChoiceField(
        label="Department", queryset=Department.objects.none(), empty_label="Choose a department"
    )
    weight = forms.FloatField(
        label="Weight",
        min_value=LIGHTEST,
        max_value=HEAVIEST,
        widget=forms.NumberInput(attrs={"step": "0.1"}),
        help_text="1 is what everybody begins with; 2 counts twice.",
    )
    reason = forms.CharField(label="Why", **REASON)

    def __init__(self, *args, workspace: Workspace, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = active_departments(workspace)


class AsideForm(forms.Form):
    reason = forms.CharField(label="Why it is put aside", max_length=REASON_LENGTH)
