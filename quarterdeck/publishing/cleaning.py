"""What a person wrote, made into what a post keeps: real Unicode, bounded, with images that are this workspace's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from quarterdeck.channels.models import Channel
from quarterdeck.core.problems import Invalid
from quarterdeck.publishing import kinds, lint, phrases
from quarterdeck.publishing.models import MOST_IMAGES, MOST_PARTS, TEXT_LENGTH, Kind, hash_content
from quarterdeck.studio import reads as studio
from quarterdeck.studio.models import File

ALT_LENGTH = 2000
REASON_LENGTH = 200
MOST_OVERRIDES = 50
LANGUAGE_LENGTH = 35
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,4}")


Parts = list[dict]


def clean_text(text: str) -> str:
    """Line ends as \\n, no characters a database cannot hold. Invalid when too long or not real Unicode."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    if len(text) > TEXT_LENGTH:
        raise Invalid(
            f"The text is longer than {TEXT_LENGTH:,} characters.",
            not_done="It was not saved; it is still in the page.",
            fields={"text": "Please shorten the text."},
        )
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Invalid(
            "The text holds half a character, as some programs leave behind.",
            not_done="It was not saved; it is still in the page.",
            fields={"text": "Please remove the broken character, often part of an emoji."},
        ) from None
    return text


def clean_parts(workspace_id: UUID, images: Sequence[dict], following: Sequence[dict]) -> tuple[Parts, Parts]:
    """The images and further parts as a post keeps them. Invalid when there are too many, or a file is not here."""
    first, *rest = _cleaned(workspace_id, [{"text": "", "images": images}, *following])
    return first["images"], [part for part in rest if not _empty(part)]


def clean_overrides(
    workspace_id: UUID, given: Mapping[str, Sequence[dict]], common: Sequence[dict]
) -> dict[str, Parts]:
    """The parts of channels that say it differently, by the channel's id in hexadecimal. What is empty, or says just
    what `common` says, is no difference. Invalid for a channel that is not this workspace's."""
    if not given:
        return {}
    known = Channel.objects.filter(workspace=workspace_id, pk__in=[UUID(pk) for pk in given])
    if len(given) > MOST_OVERRIDES or len(given) != known.count():
        raise Invalid(
            "One of the channels that say it differently is not in this workspace.",
            not_done="The post was not saved; your text is still in the page.",
            fields={"channels": "Please choose among the connected channels."},
        )
    own = {pk: [p for p in _cleaned(workspace_id, parts) if not _empty(p)] for pk, parts in given.items()}
    return {pk: parts for pk, parts in sorted(own.items()) if parts and parts != list(common)}


def _cleaned(workspace_id: UUID, parts: Sequence[dict]) -> Parts:
    if len(parts) > MOST_PARTS:
        raise Invalid(
            f"A post has at most {MOST_PARTS} parts.",
            not_done="It was not saved; it is still in the page.",
            fields={"following": "Please leave some out."},
        )
    wanted = [image["file"] for part in parts for image in part["images"]]
    found = studio.files(workspace_id, wanted) if wanted else {}
    return [{"text": clean_text(p["text"]), "images": _images(p["images"], found)} for p in parts]


def _images(given: Sequence[dict], found: Mapping[str, File]) -> Parts:
    if len(given) > MOST_IMAGES:
        raise Invalid(f"A part has at most {MOST_IMAGES} images.", not_done="It was not saved.")
    if any(image["file"] not in found for image in given):
        raise Invalid(
            "One of the images is not in this workspace.",
            not_done="It was not saved; it is still in the page.",
            next_step="Add the image again.",
        )
    return [_image(one, found[one["file"]]) for one in given]


def _image(given: dict, file: File) -> dict:
    """An image, or a video, which is marked as one, as a post keeps it. A reason for having no description goes when
    there is one."""
    alt = clean_text(given["alt"]).strip()[:ALT_LENGTH]
    none = "" if alt else clean_text(given.get("none", "")).strip()[:REASON_LENGTH]
    kept = {"file": given["file"], "sha256": file.sha256, "alt": alt}
    return kept | ({"none": none} if none else {}) | ({"video": True} if file.is_video else {})


def _empty(part: dict) -> bool:
    return not part["text"].strip() and not part["images"]


def said(workspace_id: UUID, given: Mapping[str, Any]) -> dict[str, Any]:
    """Everything a post says, as its fields keep it, with the hash of all of it. `given` has `text`, and may have
    `images`, `following`, `overrides`, `kind`, `language` and `card` as a post has them."""
    return said_by_many(workspace_id, [given])[0]


def said_by_many(workspace_id: UUID, given: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The same for many posts, in order; the book of names and links is asked once. Invalid for the first that is."""
    cleaned = [_cleaned_post(workspace_id, one) for one in given]
    known = phrases.terms(workspace_id, [_words(fields) for fields in cleaned])
    return [_hashed(fields | {"terms": terms}) for fields, terms in zip(cleaned, known, strict=True)]


def _cleaned_post(workspace_id: UUID, given: Mapping[str, Any]) -> dict[str, Any]:
    text = clean_text(given["text"])
    images, following = clean_parts(workspace_id, given.get("images") or (), given.get("following") or ())
    common = [{"text": text, "images": images}, *following]
    own = clean_overrides(workspace_id, given.get("overrides") or {}, common)
    return {
        "text": text,
        "images": images,
        "following": following,
        "overrides": own,
        "kind": kinds.chosen(given.get("kind") or "", common),
        "language": clean_language(given.get("language") or ""),
        "card": _card(given.get("card"), [common, *own.values()]),
    }


def _words(fields: Mapping[str, Any]) -> list[str]:
    own = [part for parts in fields["overrides"].values() for part in parts]
    return [fields["text"], *(part["text"] for part in (*fields["following"], *own))]


def _hashed(fields: dict[str, Any]) -> dict[str, Any]:
    unusual = fields["kind"] not in {Kind.POST, Kind.THREAD}
    more = {
        "overrides": fields["overrides"],
        "kind": str(fields["kind"]) if unusual else "",
        "language": fields["language"],
        "card": _shown(fields["card"]),
        "terms": fields["terms"],
    }
    text_hash = hash_content(fields["text"], fields["images"], fields["following"], more)
    return fields | {"text_hash": text_hash}


def clean_language(tag: str) -> str:
    """A BCP 47 tag in its usual spelling ("de", "pt-BR", "zh-Hant"), or empty. Invalid for anything else."""
    tag = tag.strip()
    if not tag:
        return ""
    if len(tag) > LANGUAGE_LENGTH or not _LANGUAGE.fullmatch(tag):
        raise Invalid(
            "That is not the tag of a language.",
            not_done="It was not saved; it is still in the page.",
            fields={"language": "Please give a tag like en, de or pt-BR, or leave it empty."},
        )
    first, *rest = tag.split("-")
    sizes = {2: str.upper, 4: str.capitalize}
    return "-".join([first.lower(), *(sizes.get(len(one), str.lower)(one) for one in rest)])


def _card(card: dict | None, texts: Iterable[Sequence[dict]]) -> dict | None:
    """The card of a link, for as long as one of the texts has the link."""
    if not card:
        return None
    every = {url for parts in texts for part in parts for url in lint.links(part["text"])}
    return card if card["url"] in every else None


def _shown(card: dict | None) -> dict:
    """What of a card reaches people."""
    names = ("url", "title", "description", "sha256")
    return {name: card[name] for name in names if card.get(name)} if card else {}
