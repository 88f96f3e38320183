"""The forms of consent."""

from __future__ import annotations

from datetime import timedelta

from django import forms

from quarterdeck.consent import reads
from quarterdeck.consent.models import ConflictRules
from quarterdeck.consent.models.conflicts import REASON_LENGTH, WHY_LENGTH
from quarterdeck.consent.models.rounds import CHANGE_LENGTH, TEXT_LENGTH, TITLE_LENGTH, WORD_LENGTH
from quarterdeck.consent.verbs.rules import LONGEST_DAYS, LONGEST_HOURS, MOST_POSTS
from quarterdeck.crew.models import Workspace
from quarterdeck.publishing.models import Label

USUAL_DAYS = 5  # a round runs that long unless another day is chosen


def _words(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class KeepForm(forms.Form):
    reason = forms.CharField(
        label="Why it is kept as it is",
        max_length=REASON_LENGTH,
        widget=_words(2),
        help_text="It is recorded as a decision. If what it is about changes, you are asked again.",
    )


class RulesForm(forms.Form):
    audience_hours = forms.IntegerField(
        label="Hours between two posts for one audience",
        min_value=1,
        max_value=LONGEST_HOURS,
        help_text="Closer together than this, on whatever channels, they are a conflict.",
    )
    audiences = forms.ModelMultipleChoiceField(
        label="Labels that name an audience",
        queryset=Label.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    per_day = forms.IntegerField(
        label="Posts a day on one channel, at most", min_value=1, max_value=MOST_POSTS, required=False
    )
    per_week = forms.IntegerField(
        label="Posts a week on one channel, at most",
        min_value=1,
        max_value=MOST_POSTS,
        required=False,
        help_text="Left empty, a week is too full at more than twice what that channel usually carries.",
    )

    def __init__(self, *args, workspace: Workspace, own: ConflictRules, **kwargs) -> None:
        given = {name: getattr(own, name) for name in ("audience_hours", "per_day", "per_week")}
        super().__init__(*args, initial=given | {"audiences": own.audiences}, **kwargs)
        self.fields["audiences"].queryset = reads.labels(workspace)


class AgainstForm(forms.Form):
    one = forms.ModelChoiceField(
        label="One label", queryset=Label.objects.none(), empty_label="Choose a label"
    )
    other = forms.ModelChoiceField(
        label="and the other", queryset=Label.objects.none(), empty_label="Choose a label"
    )
    days = forms.IntegerField(label="Days apart, at least", min_value=1, max_value=LONGEST_DAYS, initial=7)
    why = forms.CharField(label="Why they contradict each other", max_length=WHY_LENGTH, required=False)

    def __init__(self, *args, workspace: Workspace, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name in ("one", "other"):
            self.fields[name].queryset = reads.labels(workspace)


class RoundForm(forms.Form):
    """A proposal, and who is heard. Choices are ids of stakeholders, grouped by department."""

    title = forms.CharField(label="In a few words", max_length=TITLE_LENGTH)
    proposal = forms.CharField(label="The proposal", max_length=TEXT_LENGTH, widget=_words(5))
    changes = forms.CharField(label="What changes for whom", max_length=CHANGE_LENGTH, widget=_words(3))
    last_day = forms.DateField(
        label="Last day to answer",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Until its end everybody can answer and change their answer. Silence then counts as consent.",
    )
    stakeholders = forms.MultipleChoiceField(label="Who is heard", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, workspace: Workspace, **kwargs) -> None:
        initial = {"last_day": reads.today(workspace) + timedelta(days=USUAL_DAYS)} | kwargs.pop(
            "initial", {}
        )
        super().__init__(*args, initial=initial, **kwargs)
        self._here = {str(one.pk): one for one in reads.can_be_heard(workspace)}
        self.fields["stakeholders"].choices = [
            (pk, f"{one.name}, {one.department}") for pk, one in self._here.items()
        ]

    def clean_stakeholders(self) -> list:
        return [self._here[pk] for pk in self.cleaned_data["stakeholders"]]

    @property
    def has_people(self) -> bool:
        return bool(self._here)


class AdoptForm(forms.Form):
    outcome = forms.CharField(
        label="As it is adopted",
        max_length=TEXT_LENGTH,
        required=False,
        widget=_words(4),
        help_text="Change it where an objection made it better; left as it stands, it is adopted as proposed.",
    )
    answer = forms.CharField(
        label="To what was objected",
        max_length=WORD_LENGTH,
        required=False,
        widget=_words(2),
        help_text="Everybody who was asked reads it with the outcome.",
    )


class WithdrawForm(forms.Form):
    reason = forms.CharField(label="Why it is withdrawn", max_length=WORD_LENGTH, widget=_words(2))


class ObjectForm(forms.Form):
    """Both are needed, and the verb says so in words."""

    reason = forms.CharField(
        label="What harm do you see?", max_length=WORD_LENGTH, required=False, widget=_words(3)
    )
    instead = forms.CharField(
        label="What could you live with instead?", max_length=WORD_LENGTH, required=False, widget=_words(3)
    )
