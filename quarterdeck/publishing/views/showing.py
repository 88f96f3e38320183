"""The parts of a post with what a page needs to show their images."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from quarterdeck.crew.models import Workspace
from quarterdeck.publishing.models import Post
from quarterdeck.studio import reads as studio
from quarterdeck.studio.views import address


def everywhere(workspace: Workspace, post: Post) -> tuple[list[dict], dict[UUID, list[dict]]]:
    """The common parts of a post, and those of the channels that say it differently, as `shown` gives them."""
    own = {UUID(pk): parts for pk, parts in post.overrides.items()}
    every = shown(workspace, [part for parts in [post.parts, *own.values()] for part in parts])
    common, rest = every[: len(post.parts)], iter(every[len(post.parts) :])
    return common, {pk: [next(rest) for _ in parts] for pk, parts in own.items()}


def shown(workspace: Workspace, parts: Sequence[dict]) -> list[dict]:
    """The same parts; each image with its `url`, `name`, `width`, `height` and whether it is a `video`. A file that
    is not this workspace's is not shown."""
    found = addressed(workspace, [image["file"] for part in parts for image in part["images"]])
    return [
        part | {"images": [i | found[i["file"]] for i in part["images"] if i["file"] in found]}
        for part in parts
    ]


def addressed(workspace: Workspace, files: Collection[str]) -> dict[str, dict]:
    """The `url`, `name`, `width`, `height` and whether it is a `video` of those of the files (by their id in
    hexadecimal) that are this workspace's."""
    found = studio.files(workspace.pk, set(files)) if files else {}
    return {
        pk: {
            "url": address(workspace, file),
            "name": file.name,
            "width": file.width,
            "height": file.height,
            "video": file.is_video,
        }
        for pk, file in found.items()
    }
