"""What comes with an act on items: which they are (one key a line), until when, to whom."""

from __future__ import annotations

from django import forms

from quarterdeck.crew.models import Member
from quarterdeck.desk.models import KEY_LENGTH
from quarterdeck.desk.models.week import MOST_POINTS, REASON_LENGTH
from quarterdeck.desk.verbs import MOST_KEYS


class ItemsForm(forms.Form):
    keys = forms.CharField(max_length=MOST_KEYS * (KEY_LENGTH + 2), widget=forms.HiddenInput)

    def clean_keys(self) -> list[str]:
        return self.cleaned_data["keys"].splitlines()


class SnoozeForm(ItemsForm):
    until = forms.ChoiceField(
        choices=[
            ("later", "Later today"),
            ("tomorrow", "Tomorrow, 09:00"),
            ("working-day", "Next working day, 09:00"),
        ]
    )


class HandOverForm(ItemsForm):
    to = forms.ModelChoiceField(queryset=Member.objects.none(), label="To")
    note = forms.CharField(label="A word with it", max_length=500, required=False)

    def __init__(self, *args, colleagues, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = colleagues


class CapacityForm(forms.Form):
    """How much a usual week of the team holds."""

    points = forms.IntegerField(
        label="Points in a usual week",
        min_value=1,
        max_value=MOST_POINTS,
        help_text="S is 1, M is 2, L is 4. Begin with what the last weeks really held.",
    )


class ReasonForm(forms.Form):
    """Why an item of a week came otherwise."""

    key = forms.CharField(max_length=60)
    words = forms.CharField(max_length=REASON_LENGTH)
