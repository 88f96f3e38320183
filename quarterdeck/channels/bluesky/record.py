"""What a post looks like as a record of app.bsky.feed.post, and what of our content does not fit one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from quarterdeck.channels.bluesky import _cbor, limits
from quarterdeck.channels.contract import Card, Content, Json, Media, Published, Thread, no_video
from quarterdeck.engines import text

POST = "app.bsky.feed.post"
_FACET = "app.bsky.richtext.facet"


def faults(content: Content, facts: Mapping[str, Json]) -> list[str]:
    """Why Bluesky would refuse this, in sentences; empty when it would take it. `facts`: what the server said."""
    try:
        words = list(text.count(content.text, "bluesky").reasons)
    except text.LoneSurrogate:
        words = ["The text holds half a character. Please type the place anew where it looks broken."]
    if not content.text.strip() and not content.media:
        words.append("There is no text yet.")
    over = len(content.media) - limits.IMAGES.value
    if over > 0:
        words.append(f"Bluesky takes {limits.IMAGES.value} images a post; {over} must go.")
    for media in content.media:
        words += _image_faults(media, _largest(facts))
    if content.card and content.card.image and content.card.image.size > limits.THUMB_SIZE.value:
        words.append("The picture of the link’s card is too large for Bluesky. Please leave the card out.")
    return words


def _largest(facts: Mapping[str, Json]) -> int:
    """Bytes an image may have: the network's limit, or the server's own where that is lower."""
    own = facts.get("blob_limit")
    return min(limits.IMAGE_SIZE.value, own) if isinstance(own, int) and own > 0 else limits.IMAGE_SIZE.value


def _image_faults(media: Media, largest: int) -> list[str]:
    if media.is_video:
        return [no_video("Bluesky")]
    if media.mime not in limits.IMAGE_TYPES:
        kinds = ", ".join(limits.IMAGE_TYPES.values())
        return [f"“{media.name}” is not an image of a kind that Bluesky shows ({kinds})."]
    if media.size > largest:
        return [
            f"“{media.name}” has {media.size:,} bytes, and Bluesky takes {largest:,} an image. Please make it smaller."
        ]
    return []


def of(content: Content, due_at: datetime, uploads: Sequence[Json], thread: Thread | None) -> dict[str, Json]:
    """The record. `uploads` holds what `upload` returned for each image, in order, and what `prepare` returned."""
    people: dict[str, str] = {}
    for one in uploads:
        people |= one.get("mentions", {})
    record: dict[str, Json] = {"$type": POST, "text": content.text, "createdAt": created(due_at)}
    if facets := _facets(content.text, people):
        record["facets"] = facets
    if content.language:
        record["langs"] = [content.language]
    if content.media:
        record["embed"] = _images(content.media, [one["blob"] for one in uploads if "blob" in one])
    elif content.card:
        record["embed"] = _card(content.card, [one["blob"] for one in uploads if "blob" in one])
    if thread:
        record["reply"] = {"root": _reference(thread.root), "parent": _reference(thread.parent)}
    return record


def created(due_at: datetime) -> str:
    """The moment the post says it was made: its slot, to the millisecond."""
    return due_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def mentioned(words: str) -> list[str]:
    """The handles a text mentions, each once."""
    try:
        return list(dict.fromkeys(one.value for one in text.facets(words) if one.kind == "mention"))
    except text.BadText:
        return []


def same(ours: Mapping[str, Json], theirs: Mapping[str, Any], cid: str) -> bool:
    """Whether what stands in the repository is what we sent: by its content identifier, else by its fields."""
    return cid == identifier(ours) or dict(theirs) == dict(ours)


def identifier(record: Mapping[str, Json]) -> str:
    """The content identifier the server gives this record."""
    return _cbor.cid(dict(record))


def _facets(words: str, people: Mapping[str, str]) -> list[dict[str, Json]]:
    """A handle whose account is not known stays plain text."""
    made = []
    for one in text.facets(words):
        feature = {"link": {"uri": one.value}, "tag": {"tag": one.value}}.get(one.kind)
        if one.kind == "mention" and one.value in people:
            feature = {"did": people[one.value]}
        if feature:
            made.append(
                {
                    "index": {"byteStart": one.start, "byteEnd": one.end},
                    "features": [{"$type": f"{_FACET}#{one.kind}", **feature}],
                }
            )
    return made


def _images(media: Iterable[Media], blobs: Sequence[Json]) -> dict[str, Json]:
    images = []
    for one, blob in zip(media, blobs, strict=True):
        image: dict[str, Json] = {"image": blob, "alt": one.alt}
        if one.width > 0 and one.height > 0:
            image["aspectRatio"] = {"width": one.width, "height": one.height}
        images.append(image)
    return {"$type": "app.bsky.embed.images", "images": images}


def _card(card: Card, blobs: Sequence[Json]) -> dict[str, Json]:
    external: dict[str, Json] = {"uri": card.url, "title": card.title, "description": card.description}
    for _, blob in zip([card.image] if card.image else [], blobs, strict=True):
        external["thumb"] = blob
    return {"$type": "app.bsky.embed.external", "external": external}


def _reference(post: Published) -> dict[str, Json]:
    return {"uri": post.remote_id, "cid": post.details["cid"]}
