"""What a post says on a channel, as an adapter takes it: its parts with their images."""

from __future__ import annotations

import hashlib
import json
from uuid import UUID

from quarterdeck.channels.contract import Content, Media
from quarterdeck.channels.models import Channel
from quarterdeck.publishing.models import Post
from quarterdeck.studio import reads as studio
from quarterdeck.studio.models import File


def contents(post: Post, channel: Channel | UUID) -> list[Content]:
    """Every part in order, as this channel says it."""
    pk = channel.pk if isinstance(channel, Channel) else channel
    return parts_of(post.workspace_id, post.parts_on(pk))


def parts_of(workspace_id, parts: list[dict]) -> list[Content]:
    """The same of parts that are not saved (yet)."""
    wanted = [image["file"] for part in parts for image in part["images"]]
    files = studio.files(workspace_id, wanted) if wanted else {}
    return [
        Content(
            text=part["text"],
            media=tuple(_media(files[i["file"]], i["alt"]) for i in part["images"] if i["file"] in files),
        )
        for part in parts
    ]


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
