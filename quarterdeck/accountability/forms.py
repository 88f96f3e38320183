"""What is asked of those who point something out, take it on, or say that it is right."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django import forms

from quarterdeck.accountability.models import REASON_LENGTH, WHAT_LENGTH, WORD_LENGTH, Level, Promise, Slip
from quarterdeck.accountability.rows import Said
from quarterdeck.crew import reads as crew
from quarterdeck.crew.models import Brand, Member

_TOO_LONG = "Please say it in at most %(limit_value)s characters; it has %(show_value)s."


class FlagForm(forms.Form):
    """What is wrong, how bad it is, and when it was first noticed, on the wall clock of `zone`."""

    text = forms.CharField(
        label="What is wrong?",
        max_length=WHAT_LENGTH,
        error_messages={
            "required": "Please say in a sentence what is wrong.",
            "max_length": _TOO_LONG,
        },
        widget=forms.Textarea({"rows": 3, "placeholder": "The price is 12 euros, not 21."}),
    )
    level = forms.TypedChoiceField(
        label="How bad is it?",
        choices=Level.choices,
        coerce=int,
        initial=Level.WRONG,
        widget=forms.RadioSelect,
        error_messages={"required": "Please choose one of the three."},
    )
    noticed = forms.DateTimeField(
        label="When was it first noticed?",
        required=False,
        help_text="Empty: just now. A comment, a call, your own doubt: the earliest counts.",
        widget=forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        error_messages={"invalid": "Please write a day and a time, as in 2026-03-09 14:30."},
    )

    def __init__(self, *args, zone: ZoneInfo, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.fields["noticed"].help_text += f" In the time of {zone.key}."

    def clean_noticed(self) -> datetime | None:
        given = self.cleaned_data["noticed"]
        return given and given.replace(tzinfo=self.zone)  # where it comes twice, the earlier counts

    def said(self) -> Said:
        given = self.cleaned_data
        return Said(given["text"], given["level"], given["noticed"])


class MemberField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Member) -> str:
        return str(obj)


class OfferForm(forms.Form):
    to = MemberField(
        label="Whom do you ask?", queryset=Member.objects.none(), empty_label="Choose a colleague"
    )
    word = forms.CharField(label="A word to them", required=False, max_length=WORD_LENGTH)

    def __init__(self, *args, slip: Slip, by: Member, **kwargs) -> None:
        super().__init__(*args, auto_id="offer_%s", **kwargs)
        others = crew.colleagues(by)
        able = [one.pk for one in others if one.may("accountability.slip.own")]
        self.fields["to"].queryset = others.filter(pk__in=able).exclude(pk=slip.owner_id)


class DeclineForm(forms.Form):
    word = forms.CharField(label="Why not, in a few words", max_length=WORD_LENGTH)


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label="Why is it right as it is?",
        max_length=REASON_LENGTH,
        help_text="Whoever pointed it out reads this.",
        widget=forms.Textarea({"rows": 2}),
    )


class LevelForm(forms.Form):
    level = forms.TypedChoiceField(
        label="How bad is it?", choices=Level.choices, coerce=int, widget=forms.RadioSelect
    )


class DoorForm(forms.Form):
    """For whom a link is made, by which somebody outside points out a mistake."""

    label = forms.CharField(label="For whom", max_length=120)
    days = forms.TypedChoiceField(
        label="The link works for",
        choices=[(7, "a week"), (30, "30 days"), (90, "90 days")],
        coerce=int,
        initial=30,
    )


def into(form: forms.Form, problem) -> None:
    """What a verb refused, beside the fields it is about."""
    for name, words in (problem.fields or {"": f"{problem.title} {problem.next_step}"}).items():
        form.add_error(name if name in form.fields else None, words)


class PromiseForm(forms.Form):
    """Within how many hours a brand corrects, and whether everybody can read its corrections."""

    hours = forms.IntegerField(
        label="Hours within which a wrong fact is corrected",
        min_value=1,
        max_value=336,
        help_text="From its earliest trace. Past that, it rises on the Desk and the leads see it too.",
    )
    public = forms.BooleanField(
        label="Show corrections on a public page",
        required=False,
        help_text="Only those that are chosen for it, without names. Nothing is counted about who reads it.",
    )
    findable = forms.BooleanField(label="Search engines may list the page", required=False)
    about = forms.CharField(
        label="A sentence at its top",
        required=False,
        max_length=500,
        widget=forms.TextInput({"placeholder": "We correct what we get wrong, and say so here."}),
    )

    @classmethod
    def of(cls, promise: Promise | None, brand: Brand) -> PromiseForm:
        kept = promise or Promise(brand=brand)
        initial = {
            "hours": kept.promise_hours,
            "public": kept.public,
            "findable": kept.findable,
            "about": kept.about,
        }
        return cls(initial=initial, prefix=brand.pk.hex)
