"""The composer, the plan and the words that go with an approval or a return."""

from __future__ import annotations

from datetime import datetime

from django import forms

from quarterdeck.channels.models import Channel
from quarterdeck.publishing.models import Kind
from quarterdeck.publishing.models.deliveries import CLOSED_WHY_LENGTH


class ChannelsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Channel) -> str:
        return f"{obj.name} · {obj.title}"


class ComposerForm(forms.Form):
    """The channels a post goes to; its parts are read by `forms_parts`. `version` is the one the person began from."""

    channels = ChannelsField(queryset=Channel.objects.none(), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    kind = forms.ChoiceField(
        label="Kind",
        choices=[("post", "Post or thread"), *(k for k in Kind.choices if k[0] not in {"post", "thread"})],
        required=False,
    )
    language = forms.CharField(
        label="Language",
        max_length=35,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "en, de, pt-BR", "size": 8, "autocomplete": "off"}),
    )
    when = forms.CharField(
        label="Goes out at",
        max_length=19,
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )

    def __init__(self, *args, channels, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channels"].queryset = channels

    def clean_when(self) -> datetime | None:
        return wall_time(self.cleaned_data["when"]) if self.cleaned_data["when"] else None


def wall_time(given: str) -> datetime:
    """A day and a time without a zone."""
    try:
        wall = datetime.fromisoformat(given)
    except ValueError:
        raise forms.ValidationError("Please give a day and a time, like 2026-03-10 11:30.") from None
    if wall.tzinfo is not None:
        raise forms.ValidationError("Please give the time without a zone; the workspace’s counts.")
    return wall


class PlanForm(forms.Form):
    """A wall time in the workspace's zone; `fold` is asked only where that time comes twice."""

    when = forms.CharField(
        label="Goes out at", max_length=19, widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    fold = forms.TypedChoiceField(
        label="Which of the two",
        choices=[("", "Choose"), ("0", "The first, before clocks go back"), ("1", "The second, after")],
        coerce=int,
        empty_value=None,
        required=False,
    )
    reason = forms.CharField(label="Why it is moved", max_length=CLOSED_WHY_LENGTH, required=False)

    def clean_when(self) -> datetime:
        return wall_time(self.cleaned_data["when"])


class OffForm(forms.Form):
    """Why a post is moved or taken off the plan. Asked for once its week has begun."""

    reason = forms.CharField(label="Why", max_length=CLOSED_WHY_LENGTH, required=False)


class ApprovalForm(forms.Form):
    text_hash = forms.CharField(max_length=64, widget=forms.HiddenInput)
    note = forms.CharField(label="A word to the author", max_length=500, required=False)


class ReturnForm(forms.Form):
    reason = forms.CharField(
        label="What should change", max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
