"""The forms of stakeholders: the one a department fills in on a phone, the team's answers, and the people map."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django import forms

from quarterdeck.core import ids
from quarterdeck.core.problems import Problem
from quarterdeck.crew import mail
from quarterdeck.crew.models import Brand, Workspace
from quarterdeck.publishing.models import Post
from quarterdeck.stakeholders.models import Department, Heard, Interest, Language, Request
from quarterdeck.stakeholders.models.people import DOES_LENGTH, INTEREST_LENGTH, NAME_LENGTH
from quarterdeck.stakeholders.models.requests import (
    ASKER_LENGTH,
    ASSETS_LENGTH,
    AUDIENCE_LENGTH,
    OTHERWISE_LENGTH,
    REASON_LENGTH,
    WHAT_LENGTH,
    WHY_LENGTH,
    Kind,
    Need,
)
from quarterdeck.stakeholders.usual import Week
from quarterdeck.stakeholders.wishes import Wish

MOST_SHOWN = 100
BY_MAIL = "You get a receipt and the answer there. Without it, keep the link of the next page."
NO_MAIL = (
    "For questions only, since no mail is sent from here: keep the link of the next page, it says everything."
)


def into(form: forms.Form, problem: Problem) -> None:
    """Say a refusal beside the field it is about, else at the head of the form."""
    for name, words in (problem.fields or {"": ""}).items():
        if name in form.fields:
            form.add_error(name, words)
        else:
            form.add_error(None, f"{problem.title} {words or problem.next_step}".strip())


def _long(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class WeekField(forms.ChoiceField):
    """A week of the next three months, each with the room there is; empty: no matter when."""

    def __init__(self, *, empty: str = "No matter when", **kwargs) -> None:
        super().__init__(**kwargs)
        self.empty = empty

    def offer(self, weeks: Sequence[Week], chosen: date | None = None) -> None:
        """Fill in the weeks; `chosen` stays choosable when it lies beyond them."""
        told = [(one.monday.isoformat(), f"{one.name}: {one.words}") for one in weeks]
        if chosen is not None and chosen not in {one.monday for one in weeks}:
            told.append((chosen.isoformat(), f"The week of {chosen.day} {chosen:%b %Y}"))
        self.choices = [("", self.empty), *told]

    def valid_value(self, value: object) -> bool:
        """Any day is taken here; a week that is over is refused in better words than “not one of the choices”."""
        try:
            date.fromisoformat(str(value))
        except ValueError:
            return super().valid_value(value)
        return True

    def clean(self, value: object) -> date | None:
        found = super().clean(value)
        return date.fromisoformat(found) if found else None


class RequestForm(forms.Form):
    """What a department asks for. The kind was chosen before, since what is usual depends on it."""

    pk = forms.UUIDField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(choices=Kind.choices, widget=forms.HiddenInput)
    what = forms.CharField(
        label="What do you need?", max_length=WHAT_LENGTH, help_text="In a sentence, as you would say it."
    )
    why = forms.CharField(
        label="What is it for?",
        max_length=WHY_LENGTH,
        widget=_long(),
        help_text="What should be different afterwards.",
    )
    audience = forms.CharField(label="Who should see it?", max_length=AUDIENCE_LENGTH, required=False)
    need = forms.ChoiceField(
        label="How much does it matter?", choices=Need.choices, widget=forms.RadioSelect, initial=Need.GOOD
    )
    preferred_week = WeekField(label="The week you would like", required=False)
    latest = forms.DateField(
        label="The latest day it makes sense",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    assets = forms.CharField(
        label="Pictures, texts, links you have",
        max_length=ASSETS_LENGTH,
        required=False,
        widget=_long(2),
        help_text="Where they are, or that they are still to be made.",
    )
    otherwise = forms.CharField(
        label="What happens if it is not done?",
        max_length=OTHERWISE_LENGTH,
        required=False,
        widget=_long(2),
    )
    brand = forms.ModelChoiceField(
        label="For which brand?", queryset=Brand.objects.none(), required=False, empty_label="I do not know"
    )
    name = forms.CharField(label="Your name", max_length=ASKER_LENGTH, required=False)
    email = forms.CharField(
        label="Your e-mail address",
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args, workspace: Workspace, weeks: Sequence[Week], kind: str = "", **kwargs) -> None:
        given = {"kind": kind, "need": Need.GOOD, "pk": ids.new()} | kwargs.pop("initial", {})
        super().__init__(*args, initial=given, **kwargs)
        self.fields["preferred_week"].offer(weeks)
        self.fields["email"].help_text = BY_MAIL if mail.server() else NO_MAIL
        brands = workspace.brands.order_by("name")
        if len(brands) > 1:
            self.fields["brand"].queryset = brands
        else:
            del self.fields["brand"]

    def wish(self) -> Wish:
        given = dict(self.cleaned_data)
        address, pk = given.pop("email"), given.pop("pk", None)
        return Wish(**given, address=address, **({"pk": pk} if pk else {}))


class NoteForm(RequestForm):
    """The same, written down by the team: the department and the kind are chosen here."""

    department = forms.ModelChoiceField(
        label="Which department asks?", queryset=Department.objects.none(), empty_label="Choose one"
    )

    field_order = ("department", "kind")

    def __init__(self, *args, departments, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = departments
        self.fields["kind"] = forms.ChoiceField(label="What sort of thing?", choices=Kind.choices)
        self.order_fields(self.field_order)

    def wish(self) -> Wish:
        self.cleaned_data.pop("department", None)
        return super().wish()


# --- the team's answers -------------------------------------------------------------------------------


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="What you tell them",
        max_length=REASON_LENGTH,
        widget=_long(),
        help_text="They read it as it is.",
    )


class ProposeForm(ReasonForm):
    week = WeekField(label="For this week instead", required=False, empty="The week stays as it was wished")
    field_order = ("week", "reason")

    def __init__(self, *args, weeks: Sequence[Week], chosen: date | None = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["week"].offer(weeks, chosen)


class AcceptForm(ReasonForm):
    week = WeekField(label="For which week", required=False, empty="Not decided yet")
    into = forms.ChoiceField(
        label="What becomes of it now",
        required=False,
        choices=[("draft", "A draft"), ("idea", "An idea on the shelf"), ("", "Nothing yet")],
    )
    brand = forms.ModelChoiceField(label="Brand", queryset=Brand.objects.none(), required=False)
    field_order = ("week", "into", "brand", "reason")

    def __init__(
        self, *args, workspace: Workspace, weeks: Sequence[Week], chosen: date | None = None, **kwargs
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["week"].offer(weeks, chosen)
        self.fields["week"].initial = chosen.isoformat() if chosen else ""
        brands = workspace.brands.order_by("name")
        if len(brands) > 1:
            self.fields["brand"].queryset = brands
            self.fields["brand"].empty_label = None
        else:
            del self.fields["brand"]


class WeekForm(forms.Form):
    """Of whoever asked: another week than was proposed."""

    week = WeekField(label="Another week", empty="Choose a week")
    reason = forms.CharField(label="Why", max_length=REASON_LENGTH, required=False)

    def __init__(self, *args, weeks: Sequence[Week], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["week"].offer(weeks)


class AgreeForm(forms.Form):
    proposal = forms.UUIDField()


class AddForm(forms.Form):
    text = forms.CharField(label="Add something", max_length=REASON_LENGTH, widget=_long(2))


class JoinForm(forms.Form):
    post = forms.ModelChoiceField(label="A post that is there already", queryset=Post.objects.none())

    def __init__(self, *args, posts, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].queryset = posts
        shown = [(one.pk, one.short) for one in posts[:MOST_SHOWN]]
        self.fields["post"].widget.choices = [("", "Choose one"), *shown]


class AfterForm(forms.Form):
    after = forms.ModelChoiceField(
        label="It comes after", queryset=Request.objects.none(), required=False, empty_label="None"
    )

    def __init__(self, *args, requests, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["after"].queryset = requests
        self.fields["after"].label_from_instance = lambda one: one.short


class TimeForm(forms.Form):
    kind = forms.ChoiceField(choices=Kind.choices, widget=forms.HiddenInput)
    hours = forms.IntegerField(label="Hours of workdays", min_value=-9999, max_value=9999)


# --- the people map -----------------------------------------------------------------------------------


class DepartmentForm(forms.Form):
    name = forms.CharField(label="Department", max_length=NAME_LENGTH)
    does = forms.CharField(
        label="What it does",
        max_length=DOES_LENGTH,
        required=False,
        help_text="So that somebody new knows whom to ask.",
    )


class StakeholderForm(forms.Form):
    name = forms.CharField(label="Name", max_length=ASKER_LENGTH)
    email = forms.CharField(label="E-mail address", max_length=254, required=False, widget=forms.EmailInput())
    heard = forms.ChoiceField(label="How they like to be heard", choices=Heard.choices)
    language = forms.ChoiceField(label="Language", choices=Language.choices)

    def given(self) -> dict:
        said = dict(self.cleaned_data)
        return said | {"address": said.pop("email")}


class ChangeStakeholderForm(StakeholderForm):
    department = forms.ModelChoiceField(
        label="Department", queryset=Department.objects.none(), empty_label=None
    )

    def __init__(self, *args, departments, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = departments


class InterestForm(forms.Form):
    about = forms.ChoiceField(label="They care about a", choices=Interest.About.choices)
    words = forms.CharField(
        label="Called",
        max_length=INTEREST_LENGTH,
        required=False,
        help_text="A topic as your labels are called, or a market.",
    )
    brand = forms.ModelChoiceField(label="Or the brand", queryset=Brand.objects.none(), required=False)

    def __init__(self, *args, workspace: Workspace, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["brand"].queryset = workspace.brands.order_by("name")


def uuid_or_none(given: str) -> UUID | None:
    try:
        return UUID(given)
    except ValueError:
        return None
