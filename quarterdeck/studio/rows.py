"""The rows that the writers of the library share, and how what people typed is made fit to keep."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any

from django.db.models import Sum

from quarterdeck.core import clock, ids
from quarterdeck.core.problems import Invalid
from quarterdeck.crew.models import Workspace
from quarterdeck.studio import clamd, limits
from quarterdeck.studio.models import Card, File
from quarterdeck.studio.storage import bucket

TAG_LENGTH = 40
MOST_TAGS = 30
_ENDINGS = {
    "image/jpeg": (".jpg", ".jpeg", ".jpe"),
    "image/png": (".png",),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "video/mp4": (".mp4", ".m4v"),
    "video/quicktime": (".mov", ".qt"),
}


def locked(file: File) -> Card:
    """The file's card, locked until the transaction ends, with the event that is to come of it already named; made
    here when it has none yet."""
    File.objects.select_for_update(of=("self",)).only("pk").get(
        pk=file.pk
    )  # two first acts do not make two cards
    card = Card.objects.select_for_update(of=("self",)).filter(file=file).first() or Card(file=file)
    card.ledger_event_id = ids.new()
    return card


def save(card: Card) -> None:
    """Save the card with the words it is found by."""
    folder = card.folder.name if card.folder else ""
    said = [card.name, card.description, *card.tags, card.source, card.holder, card.licence, folder]
    card.words = "\n".join(one for one in said if one).lower()
    card.save()


def clean(text: str, most: int) -> str:
    """One line without what a database cannot hold, at most `most` characters."""
    return " ".join(text.replace("\x00", "").split())[:most].strip()


def clean_text(text: str, most: int) -> str:
    """The same with its line ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()[:most]


def clean_tags(tags: Iterable[str]) -> list[str]:
    """In small letters, each once, sorted. Invalid when there are too many, or one is too long."""
    found = sorted({one for tag in tags if (one := clean(tag, 200).lstrip("#").strip().lower())})
    if any(len(tag) > TAG_LENGTH for tag in found):
        words = f"A tag has at most {TAG_LENGTH} characters."
        raise Invalid(words, fields={"tags": words})
    if len(found) > MOST_TAGS:
        words = f"A file has at most {MOST_TAGS} tags."
        raise Invalid(words, fields={"tags": words})
    return found


def kept(
    workspace: Workspace, name: str, facts: dict[str, Any], cut_from: File | None = None
) -> tuple[File, bool]:
    """The row of a file with these facts, and whether it is new: then its bytes are still to be put where it lies.

    Raises Invalid when the workspace has no room for it.
    """
    found = File.objects.filter(workspace=workspace, sha256=facts["sha256"]).first()
    if found is not None:
        if found.cut_from_id and cut_from is None:  # now it is brought by itself, and stands among the others
            found.cut_from = None
            found.save(update_fields=["cut_from"])
        return found, False
    taken = File.objects.filter(workspace=workspace).aggregate(all=Sum("size"))["all"] or 0
    if taken + facts["size"] > limits.room():
        raise refused(
            name, f"This workspace has room for {limits.room() // limits.GB} GB of files, and no more."
        )
    more = {"name": _with_ending(_name(name), facts["mime"]), "kept_at": clock.now(), "cut_from": cut_from}
    made, new = File.objects.get_or_create(workspace=workspace, sha256=facts["sha256"], defaults=facts | more)
    from quarterdeck.studio import jobs  # which keeps what it finds out through the writers

    if new and clamd.is_configured():
        jobs.scan.defer(file=str(made.pk))
    if new and bucket.is_configured():
        jobs.move.defer(file=str(made.pk))
    return made, new


def refused(name: str, why: str) -> Invalid:
    return Invalid(
        f"“{_name(name)}” was not added. {why}",
        not_done="Nothing of it was kept.",
        next_step="Choose another file.",
        fields={"file": why},
    )


def _name(name: str) -> str:
    """The last part of a file's name, without control characters; at most 100 characters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(c for c in last if unicodedata.category(c)[0] != "C" and c not in '"<>')
    return plain.strip(" .")[-100:] or "file"


def _with_ending(name: str, mime: str) -> str:
    stem, dot, ending = name.rpartition(".")
    if dot and f".{ending.lower()}" in _ENDINGS[mime]:
        return name
    return (stem if dot and len(ending) <= 5 else name) + _ENDINGS[mime][0]
