"""What the verbs of consent share: locks, and words as they are kept."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from django.db import models

from quarterdeck.core import lines
from quarterdeck.core.lines import is_line
from quarterdeck.core.problems import Invalid
from quarterdeck.crew.models import Workspace

NOT_KEPT = "Nothing was saved; what you wrote is still in the page."

Row = TypeVar("Row", bound=models.Model)


def locked(model: type[Row], pk: UUID, *with_: str) -> Row:
    """The row, locked until the transaction ends, with what it refers to by these names."""
    return model._default_manager.select_for_update(of=("self",)).select_related(*with_).get(pk=pk)


def locked_plan(pk: UUID) -> Workspace:
    """The workspace, with nobody else noting or settling its conflicts until the transaction ends: a look at a plan
    that is being changed would call settled what is not, or open what is."""
    return Workspace.objects.select_for_update(no_key=True).get(pk=pk)


def text(given: str, name: str, most: int) -> str:
    """Words of several lines as they are kept. Invalid for too many, or half a character."""
    return lines.kept(given, name, most, not_done=NOT_KEPT)


def needed_text(given: str, name: str, most: int, words: str) -> str:
    """The same; Invalid with `words` where nothing was written."""
    clean = text(given, name, most)
    if not clean:
        raise Invalid("Something is missing.", not_done=NOT_KEPT, fields={name: words})
    return clean


def needed_line(given: str, name: str, most: int, words: str) -> str:
    """Words in one line; Invalid as the others, and for what would harm the line it stands in."""
    clean = " ".join(needed_text(given, name, most, words).split())
    if not is_line(clean):
        raise Invalid(
            "The text holds a character that cannot stand in a line.",
            not_done=NOT_KEPT,
            fields={name: "Please type it again, without what was pasted."},
        )
    return clean
