"""The composer, the plan and the words that go with an approval or a return."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from django import forms
from django.http import QueryDict

from quarterdeck.channels.models import Channel
from quarterdeck.publishing.models import MOST_PARTS


class ChannelsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Channel) -> str:
        return f"{obj.name} · {obj.title}"


class ComposerForm(forms.Form):
    """The channels a post goes to; its parts are read by `parts_given`. `version` is the one the person began from."""

    channels = ChannelsField(queryset=Channel.objects.none(), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    def __init__(self, *args, channels, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channels"].queryset = channels


@dataclass
class GivenPart:
    """A part as a page shows it or sends it back. `key` names its fields; images are {"file": hex, "alt": str}."""

    key: str
    text: str = ""
    images: list[dict] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return not self.text.strip() and not self.images


_KEY = re.compile(r"[a-z0-9]{1,12}")
_FILE = re.compile(r"[0-9a-f]{32}")
_READ_AT_MOST = 2 * MOST_PARTS  # more than a post has: what is too much is shown again, and refused in words


def parts_given(data: QueryDict) -> list[GivenPart] | None:
    """The parts a form of the composer sent, in its order; None for a form that knows of one text only.

    `part` gives the keys in order; of each there are `text:KEY`, `image:KEY` (once per image, its file),
    `alt:KEY:FILE` and `gone:KEY` (images to leave out).
    """
    keys = [key for key in dict.fromkeys(data.getlist("part")) if _KEY.fullmatch(key)][:_READ_AT_MOST]
    if not keys:
        return None
    return [GivenPart(key, data.get(f"text:{key}", ""), _images_given(data, key)) for key in keys]


def _images_given(data: QueryDict, key: str) -> list[dict]:
    gone = set(data.getlist(f"gone:{key}"))
    files = [one for one in dict.fromkeys(data.getlist(f"image:{key}")) if _FILE.fullmatch(one)]
    return [
        {"file": one, "alt": data.get(f"alt:{key}:{one}", "")}
        for one in files[:_READ_AT_MOST]
        if one not in gone
    ]


def parts_kept(parts: list[dict]) -> list[GivenPart]:
    """The parts of a post as the composer shows them."""
    return [GivenPart(str(number), part["text"], part["images"]) for number, part in enumerate(parts, 1)]


def rearranged(parts: list[GivenPart], wish: str) -> list[GivenPart]:
    """The parts after a button without a script was pressed: "add", "up:KEY", "down:KEY", "remove:KEY"."""
    what, _, key = wish.partition(":")
    if what == "add":
        taken = {part.key for part in parts}
        return [*parts, GivenPart(next(str(n) for n in range(1, 2 * len(parts) + 2) if str(n) not in taken))]
    at = next((n for n, part in enumerate(parts) if part.key == key), None)
    if at is None:
        return parts
    rest = parts[:at] + parts[at + 1 :]
    if what == "remove":
        return rest or [GivenPart(key)]
    to = {"up": max(0, at - 1), "down": at + 1}.get(what, at)
    return [*rest[:to], parts[at], *rest[to:]]


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
