"""What a person wrote, made into what a post keeps: real Unicode, bounded, with images that are this workspace's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from quarterdeck.channels.models import Channel
from quarterdeck.core.problems import Invalid
from quarterdeck.publishing.models import MOST_IMAGES, MOST_PARTS, TEXT_LENGTH
from quarterdeck.studio import reads as studio
from quarterdeck.studio.models import File

ALT_LENGTH = 2000
MOST_OVERRIDES = 50


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
    return [
        {
            "file": one["file"],
            "sha256": found[one["file"]].sha256,
            "alt": clean_text(one["alt"]).strip()[:ALT_LENGTH],
        }
        for one in given
    ]


def _empty(part: dict) -> bool:
    return not part["text"].strip() and not part["images"]
