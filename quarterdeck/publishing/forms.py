"""The composer, the plan and the words that go with an approval or a return."""

from __future__ import annotations

from datetime import datetime

from django import forms

from quarterdeck.channels.models import Channel


class ChannelsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Channel) -> str:
        return f"{obj.name} · {obj.title}"


class ComposerForm(forms.Form):
    """The channels a post goes to; its parts are read by `forms_parts`. `version` is the one the person began from."""

    channels = ChannelsField(queryset=Channel.objects.none(), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    def __init__(self, *args, channels, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channels"].queryset = channels


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

    def clean_when(self) -> datetime:
        try:
            wall = datetime.fromisoformat(self.cleaned_data["when"])
        except ValueError:
            raise forms.ValidationError("Please give a day and a time, like 2026-03-10 11:30.") from None
        if wall.tzinfo is not None:
            raise forms.ValidationError("Please give the time without a zone; the workspace’s counts.")
        return wall


class ApprovalForm(forms.Form):
    text_hash = forms.CharField(max_length=64, widget=forms.HiddenInput)
    note = forms.CharField(label="A word to the author", max_length=500, required=False)


class ReturnForm(forms.Form):
    reason = forms.CharField(
        label="What should change", max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
