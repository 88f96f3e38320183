"""Forms of crew's pages. They check shape; what is possible is decided by the verbs."""

from __future__ import annotations

import zoneinfo

from django import forms

from quarterdeck.crew.models import Member, User, known_zone
from quarterdeck.crew.permissions import Role

THEMES = [("auto", "As the system"), ("light", "Light"), ("dark", "Dark")]


def zones() -> list[str]:
    """Time zones for people to choose from: places, and UTC."""
    return sorted(z for z in zoneinfo.available_timezones() if "/" in z and not z.startswith("Etc/")) + [
        "UTC"
    ]


class ZoneInput(forms.TextInput):
    """A text field with the zones to search in; the shell’s module fills in the browser's own while it is untouched."""

    template_name = "crew/zone_input.html"

    def __init__(self, *, detect: bool = False) -> None:
        marked = {"data-detect-timezone": ""} if detect else {}
        super().__init__(attrs={"autocomplete": "off", "spellcheck": "false", **marked})

    def get_context(self, name, value, attrs):
        found = super().get_context(name, value, attrs)
        found["widget"]["attrs"]["list"] = f"{found['widget']['attrs'].get('id', name)}_zones"
        return found | {"zones": zones()}


class ZoneField(forms.CharField):
    def __init__(self, *, detect: bool = False, **kwargs) -> None:
        kwargs.setdefault("label", "Time zone")
        kwargs.setdefault("help_text", "Type a city to search, for example “Lisbon”.")
        super().__init__(max_length=64, validators=[known_zone], widget=ZoneInput(detect=detect), **kwargs)


def _name(label: str = "Your name") -> forms.CharField:
    return forms.CharField(label=label, max_length=120, widget=forms.TextInput({"autocomplete": "name"}))


def _new_password(**kwargs) -> forms.CharField:
    return forms.CharField(
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        max_length=200,
        strip=False,
        help_text="At least 10 characters, and no common password.",
        **kwargs,
    )


def _roles(giver=None) -> list[tuple[str, str]]:
    may_make_owners = giver is None or giver.may("crew.member.change")
    return [(r.value, r.label) for r in Role if r != Role.OWNER or may_make_owners]


class FirstRun(forms.Form):
    """The first page after the first sign-in: who you are, where you are, what the workspace is called."""

    name = _name()
    name.widget.attrs["autofocus"] = True
    timezone = ZoneField(detect=True)
    workspace = forms.CharField(
        label="Workspace", max_length=80, help_text="The brand or the team. You can add more brands later."
    )


class NewWorkspace(forms.Form):
    workspace = forms.CharField(label="Workspace", max_length=80, help_text="The brand or the team.")
    timezone = ZoneField(detect=True, help_text="In which its calendar is read.")


class Join(forms.Form):
    """A new person's side of an invitation."""

    name = _name()
    email = forms.EmailField(label="E-mail", widget=forms.EmailInput({"autocomplete": "username"}))
    password = _new_password(label="Password")


class Invite(forms.Form):
    email = forms.EmailField(
        label="E-mail", required=False, help_text="Only if Quarterdeck should send the link."
    )
    role = forms.ChoiceField(label="Role", initial=Role.AUTHOR)

    def __init__(self, *args, giver, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = _roles(giver)


class ChangeRole(forms.Form):
    role = forms.ChoiceField(label="Role", choices=Role.choices)


class BrandName(forms.Form):
    name = forms.CharField(label="Brand", max_length=80)


class WorkspaceSettings(forms.Form):
    name = forms.CharField(label="Name", max_length=80)
    timezone = ZoneField(help_text="In which the calendar is read and times are shown to the whole team.")


class You(forms.ModelForm):
    name = _name()
    timezone = ZoneField(help_text="In which your quiet hours and your times are read.")
    theme = forms.ChoiceField(label="Theme", choices=THEMES)

    class Meta:
        model = User
        fields = ("name", "timezone", "theme")


class StandIn(forms.Form):
    """The colleague who is told next when one does not answer."""

    stand_in = forms.ModelChoiceField(
        Member.objects.none(),
        label="Who stands in for me",
        required=False,
        empty_label="The leads",
        help_text="Told next when you do not answer: for example about a post that waits to be posted by hand.",
    )

    def __init__(self, *args, colleagues, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stand_in"].queryset = colleagues


class Away(forms.Form):
    """The days on which one is away."""

    first = forms.DateField(label="First day away", widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label="Last day away", widget=forms.DateInput(attrs={"type": "date"}))


class Unmask(forms.Form):
    """Whose name behind which entry, and why."""

    entry = forms.UUIDField(
        label="The entry", help_text="Its id, as in the address of its page in the ledger."
    )
    reason = forms.CharField(
        label="Why its name is needed", max_length=500, help_text="The person concerned reads this."
    )
    legal_basis = forms.CharField(
        label="On what legal basis",
        max_length=200,
        help_text="For example: GDPR Art. 6(1)(c), audit of 2026.",
    )


class Address(forms.Form):
    email = forms.EmailField(
        label="E-mail",
        help_text="For signing in and for messages.",
        widget=forms.EmailInput({"autocomplete": "email"}),
    )


class HowToTell(forms.Form):
    by_email = forms.BooleanField(label="By e-mail", required=False)
    by_push = forms.BooleanField(label="To the places below", required=False)
    quiet = forms.BooleanField(
        label="Keep quiet hours", required=False, help_text="What is urgent still comes through."
    )
    quiet_from = forms.TimeField(label="Quiet from", widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    quiet_until = forms.TimeField(label="until", widget=forms.TimeInput({"type": "time"}, format="%H:%M"))


class Place(forms.Form):
    """An Apprise address to be told at."""

    label = forms.CharField(label="Name", max_length=60, help_text="As you will know it: “My telephone”.")
    url = forms.CharField(
        label="Address",
        max_length=1000,
        help_text="As Apprise writes it, for example ntfy://a-long-secret-topic. It is kept sealed.",
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )


SECURITY = [
    ("starttls", "STARTTLS (usually port 587)"),
    ("tls", "TLS from the start (usually port 465)"),
    ("none", "None: only for a relay on this machine or network"),
]


class _Server(forms.Form):
    """`stored`: a password is sealed already, which an empty field keeps."""

    host = forms.CharField(
        label="Server", max_length=253, widget=forms.TextInput({"placeholder": "mail.example.org"})
    )
    port = forms.IntegerField(label="Port", min_value=1, max_value=65535)
    username = forms.CharField(
        label="User name", max_length=254, required=False, widget=forms.TextInput({"autocomplete": "off"})
    )
    password = forms.CharField(
        label="Password",
        required=False,
        max_length=500,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, *args, stored: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if stored:
            self.fields["password"].help_text = "Leave empty to keep the one that is stored."


class OutgoingMail(_Server):
    security = forms.ChoiceField(label="Security", choices=SECURITY)
    sender = forms.EmailField(label="Sent from", help_text="The address people see as the sender.")

    field_order = ("host", "security", "port", "username", "password", "sender")


class IncomingMail(_Server):
    security = forms.ChoiceField(
        label="Security", choices=[("tls", "TLS (usually port 993)"), SECURITY[0], SECURITY[2]]
    )
    folder = forms.CharField(label="Folder", max_length=100, initial="INBOX")

    field_order = ("host", "security", "port", "username", "password", "folder")


class Erasure(forms.Form):
    """Why the law asks for it, and the word that says it is meant."""

    WORD = "erase"
    legal_basis = forms.ChoiceField(
        label="On what ground",
        choices=[
            ("GDPR Art. 17(1)(a)", "It is no longer needed for what it was kept for: Art. 17(1)(a)"),
            ("GDPR Art. 17(1)(b)", "Consent was withdrawn: Art. 17(1)(b)"),
            ("GDPR Art. 17(1)(c)", "The person objected: Art. 17(1)(c)"),
            ("GDPR Art. 17(1)(d)", "It should not have been kept: Art. 17(1)(d)"),
            ("GDPR Art. 17(1)(e)", "Another law demands it: Art. 17(1)(e)"),
        ],
        help_text="Articles of the GDPR. The article is written into the record; a name never is.",
    )
    meant = forms.CharField(
        label="Type “erase” to say that you mean it",
        max_length=20,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def clean_meant(self) -> str:
        if self.cleaned_data["meant"].strip().lower() != self.WORD:
            raise forms.ValidationError(f"Type the word “{self.WORD}”. Nothing was erased.")
        return self.WORD
