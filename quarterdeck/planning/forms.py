"""Forms of planning: rules, slots, spans, calendars from elsewhere, series, watching."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django import forms

from quarterdeck.planning.models import DAYS, Rules, Span

MOST_ICS = 2 * 1024 * 1024
_DAYS = [(number, day) for number, day in enumerate(DAYS)]
_WALL = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
_WHEN = {"type": "datetime-local"}


class WallField(forms.CharField):
    """A naive wall time to the minute, as a browser's own field sends it."""

    def __init__(self, **given) -> None:
        super().__init__(max_length=19, widget=forms.DateTimeInput(attrs=_WHEN), **given)

    def clean(self, value) -> datetime | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            wall = datetime.fromisoformat(text)
        except ValueError:
            raise forms.ValidationError("Please give a day and a time, like 2026-03-10 11:30.") from None
        if wall.tzinfo is not None:
            raise forms.ValidationError("Please give the time without a zone; the workspace’s counts.")
        return wall.replace(second=0, microsecond=0)


class RulesForm(forms.Form):
    days = forms.TypedMultipleChoiceField(
        label="Working days", choices=_DAYS, coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    opens = forms.CharField(label="The working day begins", max_length=5, widget=_WALL)
    closes = forms.CharField(label="and ends", max_length=5, widget=_WALL)
    near_minutes = forms.IntegerField(
        label="Minutes between two posts on a channel",
        min_value=1,
        max_value=720,
        help_text="Posts closer together than this are marked as colliding.",
    )
    markets = forms.CharField(
        label="Holidays of",
        max_length=200,
        required=False,
        help_text="Country codes, with a region after a dash: DE-BE, FR, US-CA.",
    )

    @classmethod
    def of(cls, rules: Rules) -> RulesForm:
        said = {name: getattr(rules, name) for name in ("days", "opens", "closes", "near_minutes")}
        return cls(initial=said | {"markets": ", ".join(rules.markets)})


class SlotForm(forms.Form):
    channel = forms.UUIDField(widget=forms.Select)
    weekday = forms.TypedChoiceField(label="Day", choices=_DAYS, coerce=int)
    wall = forms.CharField(label="Time", max_length=5, widget=_WALL)

    def __init__(self, *args, channels, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].widget.choices = [(one.pk, f"{one.name} · {one.title}") for one in channels]


class SpanForm(forms.Form):
    """`what` is "workspace", or a scope and an id ("label:<uuid>"): cleaned to (scope, target)."""

    kind = forms.ChoiceField(label="What it is", choices=Span.Kind.choices)
    title = forms.CharField(label="Name", max_length=120)
    begins = WallField(
        label="From", required=False, help_text="An embargo needs none: it lasts until its end."
    )
    ends = WallField(label="Until")
    what = forms.ChoiceField(label="For")
    blocks = forms.BooleanField(
        label="Nothing can be planned inside it",
        required=False,
        help_text="Without this, whoever plans inside it is warned. A launch only shows.",
    )

    def __init__(self, *args, choices, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = choices

    def clean_what(self) -> tuple[str, UUID | None]:
        scope, _, target = self.cleaned_data["what"].partition(":")
        return scope, UUID(target) if target else None


class LayerForm(forms.Form):
    title = forms.CharField(label="Name", max_length=80)
    url = forms.CharField(label="Address of an .ics calendar", max_length=2000, required=False)
    file = forms.FileField(
        label="or a file", required=False, widget=forms.FileInput(attrs={"accept": ".ics"})
    )

    def clean(self) -> dict:
        said = super().clean()
        if not said.get("url") and not said.get("file"):
            raise forms.ValidationError("Please give an address or choose a file.")
        if said.get("file") and said["file"].size > MOST_ICS:
            self.add_error("file", "A calendar may have up to 2 MB.")
        return said


class SeriesForm(forms.Form):
    frequency = forms.ChoiceField(
        label="It comes again", choices=[("weekly", "weekly"), ("daily", "daily"), ("monthly", "monthly")]
    )
    every = forms.IntegerField(
        label="Every", min_value=1, max_value=52, initial=1, help_text="1 is every week, 2 every second."
    )
    days = forms.TypedMultipleChoiceField(
        label="On",
        choices=_DAYS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Only for weekly; without any it is the day of the first time.",
    )
    begins = WallField(label="First time")
    until = forms.DateField(label="Last day", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    ahead_days = forms.IntegerField(
        label="Days ahead that drafts are made", min_value=1, max_value=90, initial=28
    )
    watcher = forms.ChoiceField(
        label="Who reads the comments in the first hour",
        required=False,
        help_text="Named for each draft whose time lies outside the working hours; on each it can be changed.",
    )

    def __init__(self, *args, members, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self._members = {str(one.pk): one for one in members}
        choices = [(pk, str(one)) for pk, one in self._members.items()]
        self.fields["watcher"].choices = [("", "Nobody yet"), *choices]

    def clean_watcher(self):
        return self._members.get(self.cleaned_data["watcher"])


class FeedForm(forms.Form):
    label = forms.CharField(label="For whom or what", max_length=120)
    what = forms.ChoiceField(label="What it shows")

    def __init__(self, *args, choices, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = choices
