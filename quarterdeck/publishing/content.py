"""What a post says on a channel, as an adapter takes it: its parts with their images."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace

from quarterdeck.channels import adapters
from quarterdeck.channels.contract import Card, Content, Media
from quarterdeck.channels.models import Channel
from quarterdeck.publishing import lint, phrases
from quarterdeck.publishing.models import Post
from quarterdeck.studio import reads as studio
from quarterdeck.studio.models import File


def contents(post: Post, channel: Channel) -> list[Content]:
    """Every part in order, as this channel says it. The card of its link goes only where the network makes none:
    elsewhere its picture would go out as a picture of the post."""
    card = post.card if adapters.kind(channel).CAPABILITIES.cards else None
    made = parts_of(post.workspace_id, post.parts_on(channel.pk), language=post.language, card=card)
    if not post.terms:
        return made
    return [replace(one, text=phrases.resolved(one.text, post.terms, channel.network)) for one in made]


def said(post: Post, channel: Channel) -> list[dict]:
    """The parts as this channel says them, as a post keeps parts, with names and links as they are there."""
    parts = post.parts_on(channel.pk)
    return [part | {"text": phrases.resolved(part["text"], post.terms, channel.network)} for part in parts]


def parts_of(
    workspace_id, parts: list[dict], *, language: str = "", card: dict | None = None
) -> list[Content]:
    """The same of parts that are not saved (yet). The card stands at the first part that has its link and no images."""
    wanted = [image["file"] for part in parts for image in part["images"]]
    if card and card.get("file"):
        wanted.append(card["file"])
    files = studio.files(workspace_id, wanted) if wanted else {}
    at = carries_card(parts, card["url"]) if card else None
    return [
        Content(
            text=part["text"],
            media=tuple(_media(files[i["file"]], i["alt"]) for i in part["images"] if i["file"] in files),
            language=language,
            card=_card(card, files) if card and number == at else None,
        )
        for number, part in enumerate(parts)
    ]


def lacking(post: Post, channel: Channel, made: Sequence[Content]) -> set[int]:
    """The numbers (from 0) of the parts that would go out without something that was approved with them: the file of a
    picture or of the card is not in the library any more. `made` are its `contents` there."""
    card = (post.card or {}).get("file")
    return {
        number
        for number, (part, one) in enumerate(zip(post.parts_on(channel.pk), made, strict=True))
        if len(one.media) < len(part["images"]) or (card and one.card is not None and one.card.image is None)
    }


def carries_card(parts: list[dict], url: str) -> int | None:
    """Which part shows the card of a link, counted from 0."""
    fits = (n for n, part in enumerate(parts) if not part["images"] and url in lint.links(part["text"]))
    return next(fits, None)


def _card(card: dict, files: dict[str, File]) -> Card:
    image = files.get(card.get("file", ""))
    shown = _media(image, "") if image and image.sha256 == card.get("sha256") else None
    return Card(card["url"], card["title"], card["description"], shown)


def hash_body(body: dict) -> str:
    """SHA-256 in hexadecimal of a call's body as it is kept."""
    return hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _media(file: File, alt: str) -> Media:
    return Media(
        id=file.pk.hex,
        name=file.name,
        mime=file.mime,
        size=file.size,
        sha256=file.sha256,
        width=file.width,
        height=file.height,
        alt=alt,
        read=lambda: studio.data(file.pk),
    )
