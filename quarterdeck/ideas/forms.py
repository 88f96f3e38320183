"""The forms of an idea: the quick one, and the whole one with its brief. Pictures are read by `images_given`."""

from __future__ import annotations

import re

from django import forms
from django.http import QueryDict

from quarterdeck.crew import reads as crew
from quarterdeck.crew.models import Member
from quarterdeck.ideas.models import (
    LINK_LENGTH,
    MOST_IMAGES,
    TITLE_LENGTH,
    WHY_LENGTH,
    WORDS_LENGTH,
    Format,
    Idea,
    Kind,
    Size,
    Way,
)
from quarterdeck.ideas.rows import Brief, Found

_FILE = re.compile(r"[0-9a-f]{32}")
_READ_AT_MOST = 2 * MOST_IMAGES


class FoundForm(forms.Form):
    """What was found, in the order in which somebody on a bus fills it in."""

    title = forms.CharField(
        label="First words",
        max_length=TITLE_LENGTH,
        widget=forms.TextInput(attrs={"placeholder": "What you will know it by"}),
    )
    why = forms.CharField(
        label="Why it works",
        max_length=WHY_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "One line is enough."}),
    )
    link = forms.CharField(
        label="Link",
        max_length=LINK_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "url"}),
    )
    words = forms.CharField(
        label="What it says",
        max_length=WORDS_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    tags = forms.CharField(
        label="Tags",
        max_length=500,
        required=False,
        widget=forms.TextInput(
            attrs={
                "list": "known-tags",
                "autocomplete": "off",
                "placeholder": "With commas: recipes, behind the scenes",
            }
        ),
    )
    kind = forms.ChoiceField(label="Whose it is", choices=Kind.choices, widget=forms.RadioSelect)
    way = forms.ChoiceField(choices=Way.choices, required=False, widget=forms.HiddenInput)

    def found(self, images: list[dict]) -> Found:
        given = self.cleaned_data
        return Found(
            title=given["title"],
            kind=given["kind"],
            link=given["link"],
            words=given["words"],
            why=given["why"],
            tags=given["tags"].split(","),
            images=images,
        )


class MemberField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Member) -> str:
        return str(obj)


class IdeaForm(FoundForm):
    """The same with the brief. `version` is the one the person began from."""

    audience = forms.CharField(label="For whom", max_length=300, required=False)
    message = forms.CharField(
        label="What it should say",
        max_length=2000,
        required=False,
        help_text="The draft begins with these words.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    proof = forms.CharField(
        label="What proves it",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    format = forms.ChoiceField(label="Format", choices=[("", "Not chosen"), *Format.choices], required=False)
    size = forms.ChoiceField(label="Size", choices=[("", "Not chosen"), *Size.choices], required=False)
    due = forms.DateField(label="Due", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    owner = MemberField(
        label="Who makes it", queryset=Member.objects.none(), required=False, empty_label="Nobody yet"
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    def __init__(self, *args, workspace, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        here = crew.members(workspace)
        able = [one.pk for one in here if one.may("ideas.idea.keep")]
        self.fields["owner"].queryset = here.filter(pk__in=able)

    def brief(self) -> Brief:
        names = ("audience", "message", "proof", "format", "size", "due", "owner")
        return Brief(**{name: self.cleaned_data[name] for name in names})


def as_initial(idea: Idea) -> dict:
    """What the whole form begins with."""
    names = (
        "title",
        "why",
        "link",
        "words",
        "kind",
        "audience",
        "message",
        "proof",
        "format",
        "size",
        "version",
    )
    given = {name: getattr(idea, name) for name in names}
    due = idea.due.isoformat() if idea.due else ""
    return given | {"tags": ", ".join(idea.tags), "due": due, "owner": idea.owner_id}


def images_given(data: QueryDict) -> list[dict]:
    """The pictures a form sent: `image` once each (its file), `alt:FILE`, and `gone` for those to leave out."""
    gone = set(data.getlist("gone:1"))
    files = [
        one for one in dict.fromkeys(data.getlist("image:1")) if _FILE.fullmatch(one) and one not in gone
    ]
    return [{"file": one, "alt": data.get(f"alt:1:{one}", "")} for one in files[:_READ_AT_MOST]]
