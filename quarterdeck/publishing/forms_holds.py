"""What to hold and why; a line on the list of what a hold cannot stop; the review before a hold is lifted."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from uuid import UUID

from django import forms

from quarterdeck.publishing.models import Delivery, Hold
from quarterdeck.publishing.verbs.holds import DECISIONS

EVERYTHING = str(Hold.Scope.WORKSPACE)


class HoldForm(forms.Form):
    """`what` is "workspace", or a scope and an id with a colon between."""

    what = forms.CharField(max_length=60, initial=EVERYTHING)
    reason = forms.CharField(label="Reason", required=False, max_length=500)

    def clean_what(self) -> tuple[str, UUID | None]:
        scope, _, target = self.cleaned_data["what"].partition(":")
        try:
            return scope, UUID(target) if target else None
        except ValueError:
            raise forms.ValidationError("Please choose what should be held.") from None


class OutsideForm(forms.Form):
    title = forms.CharField(label="What it is", max_length=120)
    how = forms.CharField(
        label="How to stop it",
        max_length=500,
        required=False,
        help_text="Where to click, whom to call. Read in a hurry, so keep it short.",
    )


class TickForm(forms.Form):
    """What was seen to: one of the two."""

    outside = forms.UUIDField(required=False)
    delivery = forms.UUIDField(required=False)


class ReviewForm(forms.Form):
    """The review as it was sent. Each row's field is `d-` and the id of its first delivery."""

    shown = forms.DateTimeField(required=False)  # when the list was shown; what is newer came meanwhile
    rest = forms.ChoiceField(choices=[(one, one) for one in DECISIONS], required=False)
    seal = forms.CharField(max_length=64, required=False)  # of the rows that were not listed one by one

    def decisions(self) -> dict[UUID, str]:
        """What was decided row by row, by the id of the row's first delivery."""
        found = {}
        for name, value in self.data.items():
            if name.startswith("d-") and value in DECISIONS:
                try:
                    found[UUID(name[2:])] = value
                except ValueError:
                    continue
        return found


def seal(rows: Iterable[Delivery]) -> str:
    """A digest of which deliveries these are, so that one decision about all of them means just these."""
    return hashlib.sha256("".join(sorted(row.pk.hex for row in rows)).encode()).hexdigest()
