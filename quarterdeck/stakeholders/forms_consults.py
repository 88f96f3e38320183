"""The forms of consult rules, the digest and questions to the expert."""

from __future__ import annotations

from datetime import timedelta

from django import forms

from quarterdeck.crew.models import Workspace
from quarterdeck.publishing.models import Label
from quarterdeck.stakeholders import consulting, rows
from quarterdeck.stakeholders.models import ConsultRule, Department, DigestPlan, ExpertAnswer
from quarterdeck.stakeholders.models.consults import MOST_WORDS, REASON_LENGTH, WORD_LENGTH
from quarterdeck.stakeholders.models.questions import (
    ANSWER_LENGTH,
    ASIDE_LENGTH,
    MOST_SOURCES,
    QUESTION_LENGTH,
    SOURCE_LENGTH,
)
from quarterdeck.stakeholders.models.requests import ASKER_LENGTH
from quarterdeck.stakeholders.verbs.consults import Terms

HOLDS = timedelta(days=180)


class RuleForm(forms.Form):
    """On which posts a department has a say, and when."""

    department = forms.ModelChoiceField(
        label="Who has a say", queryset=Department.objects.none(), empty_label=None
    )
    when = forms.ChoiceField(
        label="When they are asked", choices=ConsultRule.When.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label="When the text says",
        required=False,
        max_length=MOST_WORDS * (WORD_LENGTH + 2),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One word or phrase a line. Whole words; “clinic*” is clinic, clinical, clinically.",
    )
    claims = forms.BooleanField(
        label="Or when it makes a claim that an approval policy flags",
        required=False,
        help_text="With words and this, one of both is enough. What you choose below has to fit as well.",
    )
    brand = forms.ModelChoiceField(
        label="Only for the brand", queryset=None, required=False, empty_label="Any brand"
    )
    label = forms.ModelChoiceField(
        label="Only with the label",
        queryset=Label.objects.none(),
        required=False,
        empty_label="Any label, or none",
    )
    networks = forms.MultipleChoiceField(label="Only on", required=False, widget=forms.CheckboxSelectMultiple)
    language = forms.CharField(
        label="Only in the language",
        required=False,
        max_length=35,
        help_text="As in “de”; that is “de-AT” too.",
    )
    market = forms.CharField(
        label="Only for the market",
        required=False,
        max_length=2,
        help_text="The two letters of a country, as in “AT”: posts whose language names it.",
    )

    def __init__(self, *args, workspace: Workspace, rule: ConsultRule | None = None, **kwargs) -> None:
        super().__init__(*args, initial=_initial(rule), **kwargs)
        departments = Department.objects.filter(workspace=workspace, ended_at__isnull=True)
        self.fields["department"].queryset = departments.order_by("name")
        self.fields["brand"].queryset = workspace.brands.order_by("name")
        self.fields["label"].queryset = Label.objects.filter(workspace=workspace).order_by("name")
        self.fields["networks"].choices = list(consulting.networks(workspace.pk).items())

    def terms(self) -> Terms:
        given = self.cleaned_data
        return Terms(**given | {"words": given["words"].splitlines()})


def _initial(rule: ConsultRule | None) -> dict:
    if rule is None:
        return {"when": ConsultRule.When.BEFORE_APPROVAL}
    plain = ("when", "claims", "language", "market", "networks")
    kept = {name: getattr(rule, name) for name in plain}
    places = {"department": rule.department_id, "brand": rule.brand_id, "label": rule.label_id}
    return kept | places | {"words": "\n".join(rule.words)}


class LetGoForm(forms.Form):
    """Why one text goes without a department."""

    department = forms.UUIDField(widget=forms.HiddenInput)
    text_hash = forms.CharField(max_length=64, widget=forms.HiddenInput)
    reason = forms.CharField(label="Why it goes without them", max_length=REASON_LENGTH)


class DigestForm(forms.Form):
    """Whether the weekly mail is sent, and at which hour of Monday."""

    on = forms.BooleanField(label="Send each stakeholder their week, on Mondays", required=False)
    hour = forms.TypedChoiceField(
        label="At",
        coerce=int,
        choices=[(hour, f"{hour:02}:00") for hour in range(24)],
        help_text="In their own zone where one is set, else in the workspace’s.",
    )

    def __init__(self, *args, plan: DigestPlan | None = None, **kwargs) -> None:
        initial = {"on": plan.on, "hour": plan.hour} if plan else {"on": False, "hour": 8}
        super().__init__(*args, initial=initial, **kwargs)


class ZoneForm(forms.Form):
    """In which zone somebody's Monday begins."""

    zone = forms.CharField(
        label="Their time zone",
        required=False,
        max_length=64,
        help_text="As in “Europe/Berlin”. Empty: the workspace’s.",
    )


class AskForm(forms.Form):
    """A colleague's question. `sure`: they saw what was answered before."""

    words = forms.CharField(
        label="Your question",
        max_length=QUESTION_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="In a sentence or two. Once it is answered, other departments can read it; your name they cannot.",
    )
    name = forms.CharField(label="Your name", max_length=ASKER_LENGTH, required=False)
    email = forms.CharField(
        label="Your e-mail",
        max_length=254,
        required=False,
        widget=forms.EmailInput,
        help_text="Only to send you the answer. It stands on this page too.",
    )


class AnswerForm(forms.Form):
    """The team's answer, with where it comes from and until when it holds."""

    text = forms.CharField(label="Answer", max_length=ANSWER_LENGTH, widget=forms.Textarea(attrs={"rows": 6}))
    sources = forms.CharField(
        label="Sources",
        required=False,
        max_length=MOST_SOURCES * (SOURCE_LENGTH + 2),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="One address a line.",
    )
    from_experience = forms.BooleanField(label="From experience: there is no source to name", required=False)
    expires_on = forms.DateField(
        label="It holds until",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="From then on it is shown as out of date, and comes back to your Desk.",
    )

    def __init__(self, *args, workspace: Workspace, answer: ExpertAnswer | None = None, **kwargs) -> None:
        initial = {"expires_on": rows.today(workspace) + HOLDS}
        if answer is not None:
            initial |= {"text": answer.text, "sources": "\n".join(answer.sources)}
            initial |= {"from_experience": answer.from_experience}
        super().__init__(*args, initial=initial, **kwargs)

    def given(self) -> dict:
        return self.cleaned_data | {"sources": self.cleaned_data["sources"].splitlines()}


class AsideForm(forms.Form):
    """Why a question is not answered."""

    reason = forms.CharField(label="Why it is not answered", max_length=ASIDE_LENGTH)
