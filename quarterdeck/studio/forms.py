"""What people say about files: what they show, whose they are, who is seen, how they are cut."""

from __future__ import annotations

from django import forms

from quarterdeck.crew.models import Workspace
from quarterdeck.studio.models import DESCRIPTION_LENGTH, Folder
from quarterdeck.studio.pixels import Box
from quarterdeck.studio.presets import NETWORKS


def _day(label: str, help_text: str = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, help_text=help_text)


def _folders(workspace: Workspace, empty: str) -> forms.ModelChoiceField:
    every = Folder.objects.filter(workspace=workspace).order_by("name")
    words = {"invalid_choice": "Please choose one of the folders."}
    return forms.ModelChoiceField(
        every, label="Folder", required=False, empty_label=empty, error_messages=words
    )


def split(tags: str) -> list[str]:
    """Tags as people type them, with commas between."""
    return [one.strip() for one in tags.replace(";", ",").split(",") if one.strip()]


class DescribeForm(forms.Form):
    name = forms.CharField(label="Name", max_length=120, required=False)
    description = forms.CharField(
        label="Description for people who cannot see it",
        max_length=DESCRIPTION_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="A post that takes this file takes this over; it can be changed there.",
    )
    tags = forms.CharField(
        label="Tags", max_length=1200, required=False, help_text="With commas between: soup, spring, kitchen."
    )
    source = forms.CharField(
        label="Where it came from",
        max_length=300,
        required=False,
        help_text="A photographer, a shoot, an address.",
    )

    def __init__(self, *given, workspace: Workspace, **more) -> None:
        super().__init__(*given, **more)
        self.fields["folder"] = _folders(workspace, "In no folder")
        self.order_fields(["name", "description", "folder", "tags", "source"])

    def said(self) -> dict:
        """As the verb takes it."""
        folder = self.cleaned_data["folder"]
        return self.cleaned_data | {
            "folder": folder.pk if folder else None,
            "tags": split(self.cleaned_data["tags"]),
        }


class RightsForm(forms.Form):
    holder = forms.CharField(
        label="Who holds the rights",
        max_length=120,
        required=False,
        help_text="Your own house, or somebody else.",
    )
    licence = forms.CharField(
        label="What was agreed",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="The licence, the contract and where it lies, how the photographer is named.",
    )
    rights_until = _day("May be used until", "The last day. Empty: without an end.")
    not_on = forms.MultipleChoiceField(
        label="May not be used on",
        choices=list(NETWORKS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    not_on_why = forms.CharField(label="Why not there", max_length=300, required=False)


class PersonForm(forms.Form):
    name = forms.CharField(label="Who is seen", max_length=120)
    given_on = _day("Agreed on", "Empty: has not agreed yet.")
    until = _day("Until", "The last day. Empty: until they take it back.")
    purpose = forms.CharField(label="For what", max_length=200, required=False)
    note = forms.CharField(
        label="Note",
        max_length=500,
        required=False,
        help_text="Where the signed paper lies; who stands in for a child.",
    )


class ChangePersonForm(PersonForm):
    withdrawn = forms.BooleanField(label="They took their consent back", required=False)


class FolderForm(forms.Form):
    name = forms.CharField(label="Name of the folder", max_length=60)


class SortForm(forms.Form):
    """What several files get. `out`: they leave their folder."""

    tags = forms.CharField(label="Add tags", max_length=400, required=False)
    out = forms.BooleanField(label="Take them out of their folder", required=False)

    def __init__(self, *given, workspace: Workspace, **more) -> None:
        super().__init__(*given, **more)
        self.fields["folder"] = _folders(workspace, "Leave where they are")
        self.order_fields(["tags", "folder", "out"])


class CutForm(forms.Form):
    """A box in percent of the picture's width and height."""

    left = forms.FloatField(label="From the left", min_value=0, max_value=100)
    top = forms.FloatField(label="From the top", min_value=0, max_value=100)
    width = forms.FloatField(label="Width", min_value=1, max_value=100)
    height = forms.FloatField(label="Height", min_value=1, max_value=100)

    def __init__(self, *given, **more) -> None:
        super().__init__(*given, **more)
        for field in self.fields.values():
            field.widget.attrs |= {"step": "0.1", "inputmode": "decimal"}

    def box(self) -> Box:
        """As parts of the whole, kept inside it."""
        said = {name: self.cleaned_data[name] / 100 for name in ("left", "top", "width", "height")}
        left, top = min(said["left"], 0.99), min(said["top"], 0.99)
        return Box(left, top, min(said["width"], 1 - left), min(said["height"], 1 - top))
