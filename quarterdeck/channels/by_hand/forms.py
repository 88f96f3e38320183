"""What is asked to add an account by hand."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms

from quarterdeck.channels.by_hand.networks import CHOICES
from quarterdeck.channels.by_hand.verbs import KINDS, NAME_LENGTH
from quarterdeck.crew.models import Brand


class ByHandForm(forms.Form):
    network = forms.ChoiceField(label="Network", choices=CHOICES)
    name = forms.CharField(
        label="Account",
        max_length=NAME_LENGTH,
        help_text="As it is called there, for example harbourkitchen.",
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": "Please say how the account is called there."},
    )
    kind = forms.ChoiceField(label="What you post there", choices=list(KINDS.items()), initial="posts")
    address = forms.CharField(
        label="Address to open",
        max_length=200,
        required=False,
        help_text="Only for Mastodon (your server) and other networks: https://…",
        widget=forms.URLInput({"autocomplete": "off"}),
    )
    brand = forms.ModelChoiceField(Brand.objects.none(), label="Brand", empty_label=None)

    def __init__(self, *args, brands: Sequence[Brand], **kwargs) -> None:
        super().__init__(*args, prefix="by-hand", **kwargs)
        if len(brands) > 1:
            self.fields["brand"].queryset = Brand.objects.filter(pk__in=[brand.pk for brand in brands])
        else:
            del self.fields["brand"]
