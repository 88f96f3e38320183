"""What is asked after posting by hand, to record a post made outside, to hand a post over, and of labels."""

from __future__ import annotations

from datetime import datetime

from django import forms

from quarterdeck.channels.models import Channel
from quarterdeck.crew.models import Member
from quarterdeck.publishing.handing import REASON_LENGTH, URL_LENGTH
from quarterdeck.publishing.models import TEXT_LENGTH, Label
from quarterdeck.publishing.verbs.labels import MOST_MINUTES, NAME_LENGTH

_LINK = {"inputmode": "url", "autocomplete": "off", "autocapitalize": "none", "placeholder": "https://"}


class OutForm(forms.Form):
    """A plain text field, so that the refusal is ours and in words."""

    url = forms.CharField(
        label="Link to the post", required=False, max_length=URL_LENGTH, widget=forms.TextInput(_LINK)
    )


class NotOutForm(forms.Form):
    reason = forms.CharField(label="Why not", max_length=REASON_LENGTH, widget=forms.Textarea({"rows": 2}))


class _ChannelField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Channel) -> str:
        return f"{obj.name} · {obj.title}"


class OutsideForm(forms.Form):
    """A post that was made outside: where, its link, when, and what it said."""

    channel = _ChannelField(Channel.objects.none(), label="Where", empty_label=None)
    url = forms.CharField(
        label="Link",
        required=False,
        max_length=URL_LENGTH,
        widget=forms.TextInput(_LINK | {"autofocus": True}),
    )
    text = forms.CharField(
        label="What it said",
        required=False,
        max_length=TEXT_LENGTH,
        strip=False,
        widget=forms.Textarea({"rows": 4}),
        help_text="Its text, or a few words. With a link it may stay empty.",
    )
    when = forms.CharField(
        label="When", max_length=19, widget=forms.DateTimeInput({"type": "datetime-local"})
    )

    def __init__(self, *args, channels, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].queryset = channels

    def clean_when(self) -> datetime:
        try:
            wall = datetime.fromisoformat(self.cleaned_data["when"])
        except ValueError:
            raise forms.ValidationError("Please give a day and a time, like 2026-03-10 11:30.") from None
        if wall.tzinfo is not None:
            raise forms.ValidationError("Please give the time without a zone; yours counts.")
        return wall


class HandOverForm(forms.Form):
    to = forms.ModelChoiceField(Member.objects.none(), label="Hand it over to", empty_label="Choose")

    def __init__(self, *args, colleagues, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = colleagues


def _minutes(help_text: str) -> forms.IntegerField:
    return forms.IntegerField(
        label="Latest, in minutes after its time",
        required=False,
        min_value=1,
        max_value=MOST_MINUTES,
        help_text=help_text,
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )


class LabelForm(forms.Form):
    name = forms.CharField(
        label="Label", max_length=NAME_LENGTH, widget=forms.TextInput({"autocomplete": "off"})
    )
    latest_minutes = _minutes("Empty: no rule of its own, so 15 minutes.")


class PostLabelsForm(forms.Form):
    labels = forms.ModelMultipleChoiceField(
        Label.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    latest_minutes = _minutes("Empty: the strictest of its labels, else 15 minutes.")

    def __init__(self, *args, labels, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["labels"].queryset = labels
