"""The forms of decisions. The options are six lines, the chosen one is marked beside its line."""

from __future__ import annotations

from django import forms

from quarterdeck.strategy.models import Decision
from quarterdeck.strategy.models.decisions import (
    BECAUSE_LENGTH,
    CONTEXT_LENGTH,
    EXPECTED_LENGTH,
    HEARD_LENGTH,
    MOST_HEARD,
    MOST_OPTIONS,
    OPTION_LENGTH,
    TITLE_LENGTH,
    UNIT_LENGTH,
    WORDS_LENGTH,
    Verdict,
)
from quarterdeck.strategy.verbs.decisions import Expected

SHOWN = 3  # options that stand open at first


def _words(rows: int, keep: str = "") -> forms.Textarea:
    """`keep`: the browser keeps what is typed there under this name."""
    return forms.Textarea(attrs={"rows": rows} | ({"data-keep": f"decision:new:{keep}"} if keep else {}))


class Number(forms.DecimalField):
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})


class DecisionForm(forms.Form):
    title = forms.CharField(
        label="What is decided",
        max_length=TITLE_LENGTH,
        help_text="In a line: “We move the launch to Thursday”.",
    )
    context = forms.CharField(
        label="What is known",
        max_length=CONTEXT_LENGTH,
        required=False,
        help_text="What the next reader needs to understand it, without you.",
        widget=_words(3, "context"),
    )
    because = forms.CharField(
        label="Why this one", max_length=BECAUSE_LENGTH, required=False, widget=_words(2, "because")
    )
    heard = forms.CharField(
        label="Who was heard",
        max_length=MOST_HEARD * (HEARD_LENGTH + 2),
        required=False,
        help_text="One a line: a department, a role, a name.",
        widget=_words(2),
    )
    expected = forms.CharField(
        label="What it should bring",
        max_length=EXPECTED_LENGTH,
        help_text="More sign-ups from the newsletter page.",
    )
    number = Number(label="How many", max_digits=18, decimal_places=4)
    unit = forms.CharField(
        label="Of what", max_length=UNIT_LENGTH, widget=forms.TextInput(attrs={"placeholder": "sign-ups"})
    )
    due = forms.DateField(
        label="By",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="On this day it comes back to your Desk.",
    )
    choice = forms.IntegerField(min_value=1, max_value=MOST_OPTIONS, required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for count in range(1, MOST_OPTIONS + 1):
            self.fields[f"option_{count}"] = forms.CharField(
                label=f"Option {count}", max_length=OPTION_LENGTH, required=False
            )

    @property
    def lines(self) -> list[dict]:
        """The lines of the options as the page shows them."""
        chosen = str(self["choice"].value() or "")
        return [
            {"field": self[f"option_{n}"], "number": n, "chosen": chosen == str(n), "more": n > SHOWN}
            for n in range(1, MOST_OPTIONS + 1)
        ]

    def given(self) -> dict:
        """What the verb `decide` takes; lines left empty are left out."""
        said, names = self.cleaned_data, [f"option_{n}" for n in range(1, MOST_OPTIONS + 1)]
        filled = [name for name in names if said[name].strip()]
        chosen = f"option_{said['choice']}" if said["choice"] else ""
        return {
            "title": said["title"],
            "context": said["context"],
            "options": [said[name] for name in filled],
            "choice": filled.index(chosen) if chosen in filled else -1,
            "because": said["because"],
            "heard": said["heard"].splitlines(),
            "expected": Expected(said["expected"], said["number"], said["unit"], said["due"]),
        }


def again(former: Decision) -> dict:
    """What the form says at first for a decision that takes the place of another: its options, not its choice."""
    options = {f"option_{n}": one for n, one in enumerate(former.options, 1)}
    heard = {"heard": "\n".join(former.heard), "unit": former.unit, "expected": former.expected}
    return {"context": former.context, **options, **heard}


class OutcomeForm(forms.Form):
    number_came = Number(label="What it was", max_digits=18, decimal_places=4, required=False)
    verdict = forms.ChoiceField(
        label="Beside what was expected", choices=Verdict.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label="What happened, and how you know",
        max_length=WORDS_LENGTH,
        widget=_words(3),
    )
