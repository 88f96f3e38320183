"""The forms of channels. What a connector asks for becomes a form's fields; a secret is never shown again."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms

from quarterdeck.channels.contract import Field
from quarterdeck.crew.models import Brand

LONGEST = 4000  # characters of what a network gives to sign in with


class NameForm(forms.Form):
    name = forms.CharField(max_length=80, label="Name", help_text="What your team calls this channel.")


class ConnectForm(forms.Form):
    """What one network's connector asks for; and for which brand, where there are several."""

    def __init__(self, asked: Sequence[Field], brands: Sequence[Brand] = (), data=None) -> None:
        super().__init__(data, prefix="account")
        for field in asked:
            self.fields[field.name] = _field(field)
        if len(brands) > 1:
            self.fields["brand"] = forms.ModelChoiceField(
                Brand.objects.filter(pk__in=[brand.pk for brand in brands]),
                empty_label=None,
                label="Brand",
                help_text="For whom this channel speaks.",
                error_messages={"invalid_choice": "Please choose one of your brands."},
            )
        self._asked = [field.name for field in asked]
        self._apart = {field.name: field.other_way for field in asked if field.other_way}

    @property
    def first(self) -> list[forms.BoundField]:
        """What stands open: all that the first way to connect asks for."""
        return [bound for bound in self if bound.name not in self._apart]

    @property
    def other_ways(self) -> list[tuple[str, list[forms.BoundField], bool]]:
        """What other ways ask for: heading, fields, and whether they stand open, because somebody went that way."""
        headings = dict.fromkeys(self._apart.values())
        return [(one, found := self._under(one), any(b.errors or b.data for b in found)) for one in headings]

    def _under(self, heading: str) -> list[forms.BoundField]:
        return [self[name] for name, other in self._apart.items() if other == heading]

    @property
    def answers(self) -> dict[str, str]:
        """What was typed, by the names of the connector's fields."""
        return {name: self.cleaned_data.get(name, "") for name in self._asked}

    def refuse(self, words: str, field: str = "") -> None:
        """Say why it did not work, at the field it is about or above all."""
        self.add_error(field if field in self._asked else None, words)


def _field(field: Field) -> forms.CharField:
    kind = forms.PasswordInput if field.secret else forms.TextInput
    quiet = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
    return forms.CharField(
        label=field.label,
        help_text=field.help,
        required=field.required,
        initial=field.initial,
        max_length=LONGEST,
        strip=True,
        widget=kind(attrs=quiet),
        error_messages={
            "required": "This is needed to connect.",
            "max_length": "This is longer than it can be.",
        },
    )
