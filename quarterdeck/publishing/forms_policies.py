"""The form of an approval policy: its terms, and its steps, of which one empty one is always at the end."""

from __future__ import annotations

from django import forms
from django.forms import BaseFormSet, formset_factory

from quarterdeck.crew.models import Member, Workspace
from quarterdeck.publishing import policies
from quarterdeck.publishing.models import Label, Policy
from quarterdeck.publishing.policies import ANY_GUEST, MOST_PHRASES, MOST_STEPS, PHRASE_LENGTH, Seat, Step
from quarterdeck.publishing.verbs.policies import (
    MOST_HOURS,
    MOST_REMINDERS,
    NAME_LENGTH,
    ROLES,
    STEP_LENGTH,
    Terms,
)

_LINES = MOST_PHRASES * (PHRASE_LENGTH + 2)


class _Numbers(forms.CharField):
    """Whole numbers between commas or spaces."""

    def to_python(self, value) -> list[int]:
        words = (value or "").replace(",", " ").split()
        if any(not word.isdecimal() or len(word) > 4 for word in words):
            raise forms.ValidationError("Please write whole hours, like 24, 4.")
        return [int(word) for word in words]


class PolicyForm(forms.Form):
    name = forms.CharField(max_length=NAME_LENGTH, help_text="As people read it: “Legal and a lead”.")
    brand = forms.ModelChoiceField(None, required=False, empty_label="Every brand")
    label = forms.ModelChoiceField(
        None,
        required=False,
        empty_label="With or without a label",
        help_text="The narrowest policy holds: brand and label before label, label before brand.",
    )
    ordered = forms.TypedChoiceField(
        label="The steps are asked",
        choices=[("0", "all together"), ("1", "one after the other")],
        coerce=lambda given: given == "1",
    )
    own = forms.ChoiceField(label="The author’s own approval counts", choices=Policy.Own.choices)
    phrases = forms.CharField(
        label="Phrases that are claims",
        required=False,
        max_length=_LINES,
        widget=forms.Textarea({"rows": 3}),
        help_text="One a line: “guaranteed”, “clinically proven”. A step can be for texts with a claim only.",
    )
    claim_labels = forms.ModelMultipleChoiceField(
        None, label="Labels that mean a claim", required=False, widget=forms.CheckboxSelectMultiple
    )
    deadline_hours = forms.IntegerField(
        label="Approved by, in hours before the slot",
        required=False,
        min_value=1,
        max_value=MOST_HOURS,
        help_text="Empty: the slot itself. When it comes near, the leads are told.",
    )
    reminders = _Numbers(
        label="Remind, in hours before the slot",
        required=False,
        max_length=40,
        help_text=f"Up to {MOST_REMINDERS}, like 24, 4. Empty: nobody is reminded.",
    )
    small_edits = forms.BooleanField(
        label="A small edit keeps the approval",
        required=False,
        help_text="At most ten characters, and no number, name, link, mention, hashtag, picture, description or claim. "
        "Whoever approved is shown the difference.",
    )

    def __init__(self, *args, workspace: Workspace, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        labels = Label.objects.filter(workspace=workspace).order_by("name")
        self.fields["brand"].queryset = workspace.brands.order_by("name")
        self.fields["label"].queryset = self.fields["claim_labels"].queryset = labels
        if not labels.exists():
            del self.fields["claim_labels"]
        self.initial.setdefault("own", Policy.Own.ALONE)

    def terms(self, steps: list[Step]) -> Terms:
        given = dict(self.cleaned_data)
        given["phrases"] = given["phrases"].splitlines()
        return Terms(steps=steps, **given)


class _People(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Member) -> str:
        return f"{obj} ({obj.get_role_display().lower()}{', has left' if obj.left_at else ''})"


class StepForm(forms.Form):
    name = forms.CharField(label="What it is called", required=False, max_length=STEP_LENGTH)
    how = forms.ChoiceField(label="It needs", choices=[("any", "any one of these"), ("all", "all of these")])
    when = forms.ChoiceField(
        label="It is for",
        choices=[("always", "every text"), ("claims", "texts with a claim only")],
    )
    roles = forms.MultipleChoiceField(
        label="Roles",
        required=False,
        choices=[(role, role.capitalize()) for role in ROLES],
        widget=forms.CheckboxSelectMultiple,
    )
    members = _People(None, label="People", required=False, widget=forms.CheckboxSelectMultiple)
    guests = forms.CharField(
        label="Guests, by e-mail address",
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
        help_text="One a line. A star (*) stands for any guest who was asked to approve.",
    )

    def __init__(self, *args, people, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].queryset = people

    def step(self) -> Step | None:
        """What was chosen; None where nobody was."""
        given = self.cleaned_data
        if not given:
            return None
        seats = [Seat("role", role) for role in given["roles"]]
        seats += [Seat("member", member.pk.hex) for member in given["members"]]
        seats += [Seat("guest", word.casefold()) for word in given["guests"].replace(",", " ").split()]
        if not seats:
            return None
        return Step(
            given["name"].strip(), given["how"], tuple(dict.fromkeys(seats)), given["when"] == "claims"
        )


class _Steps(BaseFormSet):
    def steps(self) -> list[Step]:
        return [step for form in self.forms if (step := form.step()) is not None]


_FORMSET = formset_factory(StepForm, formset=_Steps, extra=1, max_num=MOST_STEPS, absolute_max=MOST_STEPS + 2)


def steps_form(workspace: Workspace, data=None, policy: Policy | None = None) -> _Steps:
    """The steps of a policy, each a form of its own."""
    people = workspace.members.select_related("user").order_by("user__name")
    named = [seat.who for step in policies.steps_of(policy.steps if policy else []) for seat in step.seats]
    may = people.filter(left_at=None, role__in=ROLES)
    gone = people.filter(pk__in=[who for who in named if len(who) == 32 and "@" not in who])
    initial = [_initial(step) for step in policies.steps_of(policy.steps)] if policy else None
    return _FORMSET(data, prefix="steps", initial=initial, form_kwargs={"people": may | gone})


def _initial(step: Step) -> dict:
    def of(kind: str) -> list[str]:
        return [seat.who for seat in step.seats if seat.kind == kind]

    return {
        "name": step.name,
        "how": step.how,
        "when": "claims" if step.claims else "always",
        "roles": of("role"),
        "members": of("member"),
        "guests": "\n".join(who if who != ANY_GUEST else "*" for who in of("guest")),
    }


def initial(policy: Policy) -> dict:
    """A policy as its form begins."""
    return {
        "name": policy.name,
        "brand": policy.brand_id,
        "label": policy.label_id,
        "ordered": "1" if policy.ordered else "0",
        "own": policy.own,
        "phrases": "\n".join(policy.phrases),
        "claim_labels": policy.claim_labels,
        "deadline_hours": policy.deadline_hours,
        "reminders": ", ".join(str(hours) for hours in policy.reminders),
        "small_edits": policy.small_edits,
    }
