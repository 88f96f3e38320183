"""The rows that the verbs of the library share, and how what people typed is made fit to keep."""

from __future__ import annotations

from collections.abc import Iterable

from quarterdeck.core import ids
from quarterdeck.core.problems import Invalid
from quarterdeck.studio.models import Card, File

TAG_LENGTH = 40
MOST_TAGS = 30


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
