"""The forms of lessons. What the answers of a review hold is read by `written`, since its timeline is a list."""

from __future__ import annotations

from django import forms
from django.http import QueryDict

from quarterdeck.crew import reads as crew
from quarterdeck.crew.models import Member, Workspace
from quarterdeck.lessons import causes
from quarterdeck.lessons.models import Review
from quarterdeck.lessons.models.commitments import LINK_LENGTH, WHAT_LENGTH, WORD_LENGTH
from quarterdeck.lessons.models.credit import FOR_LENGTH, NAME_LENGTH
from quarterdeck.lessons.models.reviews import (
    ANSWER_LENGTH,
    ANSWERS,
    BECAUSE_LENGTH,
    CAUSE_LENGTH,
    LINE_LENGTH,
    NOTE_LENGTH,
)
from quarterdeck.lessons.timeline import MOST_LINES, Choice
from quarterdeck.lessons.verbs.reviews import Written

HELP = {
    "expected": "Before it began: the plan, the usual, what nobody doubted.",
    "happened": "In the order it happened, by role and not by name.",
    "surprised": "What we did not know, good or bad.",
    "change": "In a sentence; what somebody then does stands below.",
}


class ReviewForm(forms.Form):
    """The four answers, the causes, and why nothing changes. Everything is optional until the review is closed."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    causes = forms.MultipleChoiceField(
        label="What made it likely", required=False, widget=forms.CheckboxSelectMultiple
    )
    nothing_because = forms.CharField(
        label="Nothing to change, because",
        max_length=BECAUSE_LENGTH,
        required=False,
        help_text="Only where no commitment stands above.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args, review: Review, **kwargs) -> None:
        initial = {name: getattr(review, name) for name in (*ANSWERS, "nothing_because", "version", "causes")}
        super().__init__(*args, initial=initial, **kwargs)
        for name, label in ANSWERS.items():
            attrs = {"rows": 3, "data-keep": f"review:{review.pk}:{name}"}
            self.fields[name] = forms.CharField(
                label=label,
                help_text=HELP[name],
                max_length=ANSWER_LENGTH,
                required=False,
                widget=forms.Textarea(attrs=attrs),
            )
        self.fields["causes"].choices = [
            (one.value, one.name) for one in causes.choosable(review.workspace, review.causes)
        ]
        because = self.fields["nothing_because"].widget.attrs
        because |= {"data-keep": f"review:{review.pk}:because", "form": "answers"}

    def written(self) -> Written:
        given = self.cleaned_data
        said = {name: given[name] for name in (*ANSWERS, "nothing_because")}
        return Written(**said, causes=tuple(given["causes"]), lines=lines_given(self.data))

    @property
    def answers(self) -> list:
        return [self[name] for name in ANSWERS]


def lines_given(data: QueryDict | dict) -> dict[str, Choice]:
    """What was chosen for each line of the timeline that the form showed: `line` its key, `kept` and `note:KEY`."""
    if not isinstance(data, QueryDict):
        return {}
    kept = set(data.getlist("kept"))
    shown = dict.fromkeys(data.getlist("line")[:MOST_LINES])
    # One character more than may be: the verb refuses it in words, and never reads more of it.
    return {key: Choice(key in kept, data.get(f"note:{key}", "")[: LINE_LENGTH + 1]) for key in shown}


class NoteForm(forms.Form):
    text = forms.CharField(
        label="How you saw it", max_length=NOTE_LENGTH, widget=forms.Textarea(attrs={"rows": 2})
    )


class CauseForm(forms.Form):
    name = forms.CharField(label="Another cause", max_length=CAUSE_LENGTH)


class MemberField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Member) -> str:
        return str(obj)


def _able(workspace: Workspace, permission: str, but: Member | None = None):
    here = crew.members(workspace)
    able = [one.pk for one in here if one.may(permission) and one != but]
    return here.filter(pk__in=able)


class Day(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"})


class CommitForm(forms.Form):
    """What is done, by when, and who is asked."""

    what = forms.CharField(label="What will be done", max_length=WHAT_LENGTH)
    due = Day(label="By")
    owner = MemberField(label="Who", queryset=Member.objects.none(), required=False, empty_label="Nobody yet")

    def __init__(self, *args, who: Member, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = _able(who.workspace, "lessons.commitment.make")
        self.fields["owner"].help_text = "Somebody else is asked first."
        self.fields["owner"].initial = who.pk


class OfferForm(forms.Form):
    to = MemberField(label="Ask", queryset=Member.objects.none(), empty_label="Choose somebody")

    def __init__(self, *args, who: Member, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = _able(who.workspace, "lessons.commitment.make", but=who)


class MoveForm(forms.Form):
    due = Day(label="New day")
    reason = forms.CharField(label="Why it moves", max_length=WORD_LENGTH)


class DoneForm(forms.Form):
    word = forms.CharField(label="What shows it", max_length=WORD_LENGTH, required=False)
    evidence = forms.CharField(
        label="A link to it",
        max_length=LINK_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "url"}),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Why", max_length=WORD_LENGTH)


class CreditForm(forms.Form):
    """Who helped, and with what."""

    member = MemberField(
        label="Who helped",
        queryset=Member.objects.none(),
        required=False,
        empty_label="Somebody who is not here",
    )
    name = forms.CharField(
        label="Their name, if they are not here",
        max_length=NAME_LENGTH,
        required=False,
        help_text="You get a link to send them, by which they confirm it.",
    )
    helped_with = forms.CharField(label="With what", max_length=FOR_LENGTH)

    def __init__(self, *args, who: Member, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = _able(who.workspace, "lessons.credit.answer", but=who)
