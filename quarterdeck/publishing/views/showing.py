"""The parts of a post with what a page needs to show their images."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from quarterdeck.crew.models import Workspace
from quarterdeck.studio import reads as studio


def shown(workspace: Workspace, parts: Sequence[dict]) -> list[dict]:
    """The same parts; each image with its `url`, `name`, `width` and `height`. A file that is not this workspace's is
    not shown."""
    wanted = {image["file"] for part in parts for image in part["images"]}
    files = studio.files(workspace.pk, wanted) if wanted else {}

    def image(given: dict) -> dict:
        file = files[given["file"]]
        url = reverse("studio-file", kwargs={"workspace": workspace.slug, "pk": file.pk})
        return given | {"url": url, "name": file.name, "width": file.width, "height": file.height}

    return [part | {"images": [image(i) for i in part["images"] if i["file"] in files]} for part in parts]
