"""The forms of strategy."""

from __future__ import annotations

import re
from decimal import Decimal

from django import forms
from django.db.models import Q

from quarterdeck.channels import reads as channels
from quarterdeck.channels.models import Channel
from quarterdeck.crew.models import Brand, Member
from quarterdeck.strategy import reads
from quarterdeck.strategy.models import Campaign, ChecklistTemplate, Objective, Pillar
from quarterdeck.strategy.models.campaigns import (
    BRIEF,
    BRIEF_LENGTH,
    CURRENCY_LENGTH,
    ENDED_LENGTH,
    NAME_LENGTH,
    PHASE_LENGTH,
)
from quarterdeck.strategy.models.checklists import LINE_LENGTH, LIST_LENGTH, MOST_LINES
from quarterdeck.strategy.models.objectives import (
    BECAUSE_LENGTH,
    MEASURE_LENGTH,
    TITLE_LENGTH,
    UNIT_LENGTH,
    WHY_LENGTH,
    WORD_LENGTH,
    Verdict,
)
from quarterdeck.strategy.models.pillars import ABOUT_LENGTH, PILLAR_LENGTH
from quarterdeck.strategy.verbs import Brief

_THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?\Z")
HELP = {
    "audience": "The people, not the channel: who they are and what they are doing when this finds them.",
    "message": "One sentence that they could repeat to somebody.",
    "proof": "What shows it: a number, a person, a thing that can be seen.",
    "stop_if": "The sign at which we stop or change it, decided now, while nobody is attached to it.",
}


class Day(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"})


class Number(forms.DecimalField):
    """A number as people write it: 1,300 or 2.5 or 1 300."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 12})

    def __init__(self, **kwargs) -> None:
        super().__init__(max_digits=18, decimal_places=4, **kwargs)
        self.error_messages["invalid"] = "Please write a number with a point, like 1,300 or 2.5."

    def to_python(self, value: str | None) -> Decimal | None:
        if isinstance(value, str):
            value = re.sub(r"[\s\u00a0\u202f]", "", value)
            value = value.replace(",", "") if _THOUSANDS.match(value) else value
        return super().to_python(value)


class _Named(forms.ModelChoiceField):
    """A choice named with its brand where the workspace has several."""

    brands = False

    def label_from_instance(self, obj: Objective) -> str:
        return f"{obj} · {obj.brand}" if self.brands else str(obj)


def _several(who: Member) -> bool:
    return who.workspace.brands.count() > 1


def _brand_field(form: forms.Form, who: Member) -> None:
    """The brand is asked only where there are several; else it is the only one."""
    rows = who.workspace.brands.order_by("created_at")
    form.fields["brand"].queryset = rows
    if rows.count() < 2:
        form.fields["brand"].required = False
        form.fields["brand"].widget = forms.HiddenInput()


class ObjectiveForm(forms.Form):
    """What is to be reached. `after` is the objective that it follows on: what that said is filled in."""

    title = forms.CharField(
        label="What do we want to reach?",
        max_length=TITLE_LENGTH,
        help_text="In a line, without a number: the key results hold those.",
    )
    why = forms.CharField(
        label="Why does it matter?",
        max_length=WHY_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    brand = forms.ModelChoiceField(Brand.objects.none(), label="Brand")
    begins = Day(label="From")
    ends = Day(label="Last day")
    parent = _Named(
        Objective.objects.none(), label="It serves", required=False, empty_label="No other objective"
    )

    def __init__(self, *args, who: Member, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        _brand_field(self, who)
        self.fields["parent"].queryset = reads.running_objectives(who.workspace)
        self.fields["parent"].brands = _several(who)


class ObjectiveWordsForm(forms.Form):
    """What can be written anew of one that runs."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    title = forms.CharField(label="What do we want to reach?", max_length=TITLE_LENGTH)
    why = forms.CharField(
        label="Why does it matter?",
        max_length=WHY_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    parent = _Named(
        Objective.objects.none(), label="It serves", required=False, empty_label="No other objective"
    )

    def __init__(self, *args, objective: Objective, **kwargs) -> None:
        initial = {name: getattr(objective, name) for name in ("version", "title", "why", "parent")}
        super().__init__(*args, initial=initial, **kwargs)
        running = Q(read_out_at__isnull=True) | Q(pk=objective.parent_id)
        rows = Objective.objects.filter(running, workspace=objective.workspace).exclude(pk=objective.pk)
        self.fields["parent"].queryset = rows.select_related("brand").order_by("ends", "made_at")
        self.fields["parent"].brands = objective.workspace.brands.count() > 1


class MoveForm(forms.Form):
    ends = Day(label="New last day")
    reason = forms.CharField(label="Why it moves", max_length=WORD_LENGTH)


class ReadOutForm(forms.Form):
    verdict = forms.ChoiceField(
        label="What follows?",
        choices=[
            (Verdict.CONTINUE, "Continue: it works, we go on"),
            (Verdict.CHANGE, "Change: the aim stands, the way does not"),
            (Verdict.STOP, "Stop: it is reached, or not worth more"),
        ],
        widget=forms.RadioSelect,
    )
    because = forms.CharField(
        label="Why?",
        max_length=BECAUSE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What was expected, what came, and what you make of the difference. It cannot be changed later.",
    )


class KeyResultForm(forms.Form):
    """By which number one would see it."""

    measure = forms.CharField(label="What is measured", max_length=MEASURE_LENGTH)
    start = Number(label="It stands at")
    target = Number(label="Target")
    unit = forms.CharField(
        label="Unit",
        max_length=UNIT_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "bookings, %", "size": 12}),
    )
    begins = Day(label="From", required=False)
    ends = Day(label="Last day", required=False)


class CheckInForm(forms.Form):
    value = Number(label="It stands at")
    as_of = Day(label="On", required=False)
    word = forms.CharField(label="A word on it", max_length=WORD_LENGTH, required=False)


class TargetForm(forms.Form):
    target = Number(label="New target")
    reason = forms.CharField(label="Why it changes", max_length=WORD_LENGTH)


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Why", max_length=WORD_LENGTH)


class BriefForm(forms.Form):
    """The one page of a campaign."""

    version = forms.IntegerField(
        widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1, required=False, initial=1
    )
    name = forms.CharField(label="Name", max_length=NAME_LENGTH)
    brand = forms.ModelChoiceField(Brand.objects.none(), label="Brand", required=False)
    objective = _Named(
        Objective.objects.none(), label="It serves", required=False, empty_label="No objective yet"
    )
    begins = Day(label="From")
    ends = Day(label="Last day")
    budget = forms.IntegerField(
        label="Budget",
        required=False,
        min_value=0,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 10}),
        help_text="Whole money.",
    )
    currency = forms.CharField(
        label="Currency",
        max_length=CURRENCY_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "EUR", "size": 6}),
    )
    channels = forms.ModelMultipleChoiceField(
        Channel.objects.none(), label="Channels", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, who: Member, campaign: Campaign | None = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name, label in BRIEF.items():
            attrs = {"rows": 3, "data-keep": f"campaign:{campaign.pk if campaign else 'new'}:{name}"}
            self.fields[name] = forms.CharField(
                label=label,
                help_text=HELP[name],
                max_length=BRIEF_LENGTH,
                required=False,
                widget=forms.Textarea(attrs=attrs),
            )
        _brand_field(self, who)
        running = Q(read_out_at__isnull=True) | Q(pk=campaign.objective_id if campaign else None)
        aims = Objective.objects.filter(running, workspace=who.workspace_id)
        self.fields["objective"].queryset = aims.select_related("brand").order_by("ends", "made_at")
        self.fields["objective"].brands = _several(who)
        connected = Q(pk__in=channels.connected(who.workspace))
        kept = Q(pk__in=campaign.channels.all()) if campaign else Q()
        rows = Channel.objects.filter(connected | kept if campaign else connected)
        self.fields["channels"].queryset = rows.order_by("name")

    def brief(self) -> Brief:
        given = self.cleaned_data
        names = ("name", "begins", "ends", "objective", "currency", "budget", *BRIEF)
        return Brief(**{name: given[name] for name in names}, channels=tuple(given["channels"]))

    @property
    def answers(self) -> list:
        return [self[name] for name in BRIEF]


def brief_of(campaign: Campaign) -> dict:
    """What the form of a campaign begins with."""
    names = ("version", "name", "brand", "objective", "begins", "ends", "budget", "currency", *BRIEF)
    return {name: getattr(campaign, name) for name in names} | {"channels": list(campaign.channels.all())}


class EndForm(forms.Form):
    word = forms.CharField(
        label="How did it go?", max_length=ENDED_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )


class PhaseForm(forms.Form):
    name = forms.CharField(label="Phase", max_length=PHASE_LENGTH)
    begins = Day(label="From")
    ends = Day(label="Last day")


class CopyForm(forms.Form):
    template = forms.ModelChoiceField(
        ChecklistTemplate.objects.none(), label="Checklist", empty_label="Choose a template"
    )

    def __init__(self, *args, campaign: Campaign, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        rows = ChecklistTemplate.objects.filter(workspace=campaign.workspace_id, retired_at__isnull=True)
        self.fields["template"].queryset = rows.order_by("name")


class TemplateForm(forms.Form):
    name = forms.CharField(label="Name", max_length=LIST_LENGTH)
    lines = forms.CharField(
        label="Lines, one below the other",
        max_length=MOST_LINES * (LINE_LENGTH + 2),
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def given(self) -> dict:
        return {"name": self.cleaned_data["name"], "lines": self.cleaned_data["lines"].splitlines()}


class PillarForm(forms.Form):
    name = forms.CharField(label="Pillar", max_length=PILLAR_LENGTH)
    about = forms.CharField(label="What it is about", max_length=ABOUT_LENGTH, required=False)


class MixForm(forms.Form):
    """One number for each pillar of a brand, by the pillar's id."""

    def __init__(self, *args, pillars: list[Pillar], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.pillars = pillars
        for row in pillars:
            self.fields[row.pk.hex] = forms.IntegerField(
                label=row.name,
                min_value=0,
                max_value=100,
                initial=row.share,
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 0, "max": 100}),
            )

    def shares(self) -> dict[Pillar, int]:
        return {row: self.cleaned_data[row.pk.hex] for row in self.pillars}


class SpanForm(forms.Form):
    """The days whose posts are counted."""

    first = Day(label="From")
    last = Day(label="To")
