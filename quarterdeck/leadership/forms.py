"""What the person's pages send. Which week, month or year stands in the address (`?week=`, `?of=`)."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import UUID

from django import forms
from django.http import HttpRequest

from quarterdeck.core import clock, ids
from quarterdeck.core.deeds import KINDS
from quarterdeck.core.problems import Invalid, NotFound
from quarterdeck.leadership import lines
from quarterdeck.leadership.intake import OPENING_LENGTH
from quarterdeck.leadership.lines import TEXT_LENGTH

EARLIEST = 2000


class OwnWordsForm(forms.Form):
    """What happened outside. `line` is made with the page, so that a form sent twice is kept once."""

    text = forms.CharField(
        label="What did you do, for whom, and what came of it?",
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(
            attrs={
                "rows": 3,
                "placeholder": "I talked the launch into next week, so that legal could read it.",
            }
        ),
    )
    kind = forms.ChoiceField(label="Kind of work", choices=list(KINDS.items()), initial="together")
    line = forms.UUIDField(widget=forms.HiddenInput, initial=ids.new)

    def clean_line(self) -> str:
        return self.cleaned_data["line"].hex


class OffForm(forms.Form):
    """Switching off: what becomes of what is there is the person's choice, and none is made for them."""

    what = forms.ChoiceField(
        label="What was written so far",
        choices=[
            ("keep", "Keep it, sealed, in case I switch it on again"),
            ("delete", "Delete all of it, for good"),
        ],
        widget=forms.RadioSelect,
    )


class OpeningForm(forms.Form):
    opening = forms.CharField(
        label="What you want to say first",
        max_length=OPENING_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def valid(form: forms.Form, not_done: str = "Nothing was kept.") -> dict:
    """The form's values; Invalid in the words of its first errors."""
    if not form.is_valid():
        fields = {name: str(errors[0]) for name, errors in form.errors.items()}
        raise Invalid(
            "That could not be read.",
            not_done=not_done,
            next_step="Go back, mend it, and send it again.",
            fields=fields,
        )
    return form.cleaned_data


def asked_week(request: HttpRequest) -> date:
    """The Monday of the week that is asked for, at most the present one; NotFound for what is no day."""
    now = lines.this_week(clock.now(), request.user.zone)
    given = request.GET.get("week")
    if not given:
        return now
    try:
        day = date.fromisoformat(given)
    except ValueError:
        raise NotFound("There is no such week.") from None
    if not day.year >= EARLIEST or day > now + timedelta(days=6):
        raise NotFound("That week has not begun, or lies too far back.")
    return lines.monday_of(day)


def asked_month(request: HttpRequest) -> date:
    """The first of the month that is asked for, else of the present week's; NotFound for what is none."""
    given = request.GET.get("of")
    if not given:
        return lines.month_of(lines.this_week(clock.now(), request.user.zone))
    found = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", given)
    if found is None:
        raise NotFound("There is no such month.")
    return date(int(found[1]), int(found[2]), 1)


def asked_year(request: HttpRequest) -> int:
    """The year that is asked for, else the present week's; NotFound for what is none."""
    given = request.GET.get("of")
    if not given:
        return lines.year_of(lines.this_week(clock.now(), request.user.zone))
    if re.fullmatch(r"20\d\d", given) is None:
        raise NotFound("There is no such year.")
    return int(given)


def asked_line(request: HttpRequest) -> str:
    """The id of the sentence that a form is about; NotFound for what is none."""
    try:
        return UUID(request.POST.get("line", "")).hex
    except ValueError:
        raise NotFound("There is no such sentence.") from None
