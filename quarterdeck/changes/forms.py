"""What is asked when something that is out is changed, answered or taken down, and what a person says of a change."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms

from quarterdeck.changes.models import REASON_LENGTH
from quarterdeck.channels.models import Channel
from quarterdeck.publishing.forms import ChannelsField
from quarterdeck.publishing.models import TEXT_LENGTH

NOTE_LENGTH = 1000


class _OnChannels(forms.Form):
    """Where: all of the channels offered, unless somebody takes one out."""

    channels = ChannelsField(
        Channel.objects.none(),
        label="Where",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Please choose at least one channel."},
    )

    def __init__(self, *args, channels: Sequence[Channel], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        pks = [channel.pk for channel in channels]
        self.fields["channels"].queryset = Channel.objects.filter(pk__in=pks).order_by("name")
        self.fields["channels"].initial = pks


class EditForm(_OnChannels):
    """The words of each part, and a line for readers. The pictures stay."""

    note = forms.CharField(
        label="A note for readers",
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea({"rows": 2}),
        help_text="It stands below the words: what was wrong, and what is right.",
    )

    def __init__(self, *args, texts: Sequence[str], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.parts = [f"text_{number}" for number in range(1, len(texts) + 1)]
        for number, (name, text) in enumerate(zip(self.parts, texts, strict=True), 1):
            self.fields[name] = forms.CharField(
                label="The words" if len(texts) == 1 else f"Part {number}",
                required=bool(text.strip()),  # a part may be a picture alone
                strip=False,
                max_length=TEXT_LENGTH,
                initial=text,
                widget=forms.Textarea({"rows": 5}),
            )
        self.order_fields([*self.parts, "note", "channels"])

    @property
    def texts(self) -> list[str]:
        return [self.cleaned_data[name] for name in self.parts]


class AnswerForm(_OnChannels):
    text = forms.CharField(
        label="The answer", strip=False, max_length=TEXT_LENGTH, widget=forms.Textarea({"rows": 4})
    )
    field_order = ("text", "channels")


class RemoveForm(_OnChannels):
    reason = forms.CharField(
        label="Why it is taken down",
        max_length=REASON_LENGTH,
        widget=forms.Textarea({"rows": 2}),
        help_text="It stays with the post, and so does everything the post said.",
        error_messages={"required": "Please write one sentence on why it is taken down."},
    )
    field_order = ("reason", "channels")


class LeaveForm(forms.Form):
    """Why a change was not made."""

    reason = forms.CharField(
        label="Why not",
        max_length=REASON_LENGTH,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": "Please write one sentence on why it was not made."},
    )
