"""The file, what its columns are, and the cells of a row to fix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from quarterdeck.channels import reads as channel_reads
from quarterdeck.core.problems import Invalid
from quarterdeck.crew.forms import ZoneField
from quarterdeck.exchange import asking
from quarterdeck.exchange.asking import Answers, Question
from quarterdeck.exchange.columns import MANY, MEANINGS
from quarterdeck.exchange.models import Import, Row
from quarterdeck.exchange.reading import LARGEST
from quarterdeck.publishing import cleaning

_LONG = {"text", "note", "alt", "image"}


class FileForm(forms.Form):
    file = forms.FileField(
        label="Spreadsheet",
        max_length=200,
        allow_empty_file=True,
        help_text=f"CSV, TSV or Excel (.xlsx), up to {LARGEST // 2**20} MB. Macros are never run.",
        widget=forms.FileInput(
            attrs={"accept": ".csv,.tsv,.txt,.tab,.xlsx,.xlsm,text/csv,text/tab-separated-values"}
        ),
        error_messages={"required": "Please choose a file.", "missing": "Please choose a file."},
    )


class MappingForm(forms.Form):
    """What the columns are, and what the file cannot say of itself. One question a fact, asked once for all rows."""

    order = forms.ChoiceField(
        label="Which comes first in its days?",
        choices=[("dmy", "The day"), ("mdy", "The month")],
        widget=forms.RadioSelect,
        required=False,
    )
    zone = ZoneField(
        label="Time zone of its times", help_text="The workspace’s, unless the file was made elsewhere."
    )
    times = forms.ChoiceField(
        label="What becomes of its times",
        choices=[
            ("draft", "Only drafts: you choose the times later"),
            ("plan", "Drafts with their times planned. Nothing goes out before it is approved"),
        ],
        widget=forms.RadioSelect,
    )
    channels = forms.MultipleChoiceField(
        label="Channels of rows that name none", required=False, widget=forms.CheckboxSelectMultiple
    )
    brand = forms.ChoiceField(label="Brand of rows that name none")
    language = forms.CharField(
        label="Language of the texts",
        max_length=cleaning.LANGUAGE_LENGTH,
        required=False,
        help_text="As “en” or “de-AT”. A column can say it for each row.",
    )

    def __init__(self, data: Any, *, found: Import, question: Question) -> None:
        self.found, self.question = found, question
        super().__init__(data, initial=self._initial())
        workspace = found.workspace
        self.fields["brand"].choices = [(str(b.pk), b.name) for b in workspace.brands.order_by("created_at")]
        self.fields["channels"].choices = [
            (str(one.pk), f"{one.name} · {one.title}") for one in channel_reads.connected(workspace)
        ]
        choices = [("", "Leave it out"), *MEANINGS.items()]
        for i, head in enumerate(question.heads):
            field = forms.ChoiceField(label=head, choices=choices, required=False)
            field.initial = question.meanings[i]
            self.fields[f"column-{i}"] = field
        self.proved, self.needs_order, self.example = asking.proved_order(
            found, self._meant(), question.header
        )
        if self.proved:
            self.fields["order"].initial = self.proved

    def _initial(self) -> dict[str, Any]:
        kept, workspace = self.question.remembered, self.found.workspace
        brands = list(workspace.brands.order_by("created_at").values_list("pk", flat=True))
        own = {
            "zone": workspace.timezone,
            "times": "draft",
            "brand": str(brands[0]) if brands else "",
            "channels": [],
        }
        known = {
            name: kept[name] for name in ("zone", "times", "channels", "brand", "language") if name in kept
        }
        return own | known

    def _meant(self) -> list[str]:
        """What each column is taken for, as sent, else as guessed."""
        guessed = self.question.meanings
        if not self.is_bound:
            return guessed
        sent = [self.data.get(f"column-{i}", "") for i in range(len(guessed))]
        return [meaning if meaning in MEANINGS else "" for meaning in sent]

    def columns(self) -> list[dict[str, Any]]:
        """Each column as the page shows it: its field and what stands in it."""
        return [
            {"field": self[f"column-{i}"], "samples": self.question.samples[i]}
            for i in range(len(self.question.heads))
        ]

    def clean_language(self) -> str:
        try:
            return cleaning.clean_language(self.cleaned_data["language"].replace("_", "-"))
        except Invalid:
            raise forms.ValidationError(
                "Please write a language like “en” or “de-AT”, or leave it empty."
            ) from None

    def clean(self) -> dict[str, Any]:
        given, meant = super().clean() or {}, self._meant()
        if not {"text", "link"} & set(meant):
            self.add_error(None, "No column is the text of the posts. Please say which one it is.")
        for meaning in MEANINGS:
            if meaning not in MANY and meant.count(meaning) > 1:
                self.add_error(
                    None, f"Two columns are “{MEANINGS[meaning]}”; a post has one. Please leave one out."
                )
        if self.needs_order and not given.get("order"):
            self.add_error(
                "order", f"“{self.example}” can be read in two ways. Please say which comes first."
            )
        return given

    def answers(self) -> Answers:
        given = self.cleaned_data
        return Answers(
            header=self.question.header,
            meanings=self._meant(),
            order=given.get("order") or self.proved,
            zone=given["zone"],
            times=given["times"],
            brand=given["brand"],
            channels=given["channels"],
            language=given["language"],
            shape=self.question.shape,
        )


class RowForm(forms.Form):
    """The cells of one row that mean something. Whatever is refused is said beside the cell."""

    def __init__(self, data: Any, *, row: Row, answers: Answers) -> None:
        self.row, self.answers = row, answers
        super().__init__(data, prefix=str(row.number))
        faults: dict[str, list[str]] = {}
        for reason in row.reasons:
            faults.setdefault(reason["meaning"], []).append(reason["words"])
        self.loose = [reason for reason in row.reasons if reason["meaning"] not in answers.meanings]
        seen: set[str] = set()
        for i, meaning in enumerate(answers.meanings):
            if meaning:
                self.fields[f"cell-{i}"] = self._cell(
                    i, meaning, [] if meaning in seen else faults.get(meaning, [])
                )
                seen.add(meaning)
        self.comes_twice, self.twin = "fold" in faults, "twin" in faults
        if self.comes_twice:
            self.fields["fold"] = forms.ChoiceField(
                label="Which of the two",
                choices=[("0", "The first, before clocks go back"), ("1", "The second, after")],
                required=False,
            )

    def _cell(self, i: int, meaning: str, faults: Sequence[str]) -> forms.CharField:
        cell = self.row.cells[i] if i < len(self.row.cells) else ""
        long = meaning in _LONG and (meaning == "text" or len(cell) > 60)
        widget = forms.Textarea(attrs={"rows": 3}) if long else forms.TextInput()
        why = f"why-{self.row.number}-{i}"
        if faults:
            widget.attrs |= {"aria-invalid": "true", "aria-describedby": why}
        field = forms.CharField(
            label=MEANINGS[meaning],
            required=False,
            max_length=32_767,
            widget=widget,
            initial=cell,
            strip=False,
        )
        field.faults, field.why = faults, why  # shown beside it
        return field

    def cells(self) -> list[str]:
        """The row's cells as corrected."""
        kept = list(self.row.cells)
        for i, meaning in enumerate(self.answers.meanings):
            if meaning and i < len(kept):
                kept[i] = self.cleaned_data[f"cell-{i}"]
        return kept

    def said(self, anyway: bool) -> dict[str, Any]:
        said = dict(self.row.said)
        if self.cleaned_data.get("fold"):
            said["fold"] = int(self.cleaned_data["fold"])
        return said | ({"anyway": True} if anyway else {})
