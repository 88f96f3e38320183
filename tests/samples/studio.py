"""Samples of studio."""

from __future__ import annotations

from quarterdeck.core import ids
from quarterdeck.crew.models import Workspace
from quarterdeck.studio import intake as studio_intake
from quarterdeck.studio import verbs as studio_verbs
from quarterdeck.studio.models import File, Shown, Upload
from quarterdeck.studio.pixels import Box
from quarterdeck.studio.tests import pictures
from tests.samples.crew import _owner


def _file(workspace: Workspace) -> File:
    return studio_intake.keep(workspace, pictures.png(), "soup.png")


def _upload(workspace: Workspace) -> Upload:
    return studio_intake.begin(_owner(workspace), key=ids.new().hex, name="soup.png", size=100)


def _person(workspace: Workspace) -> Shown:
    return studio_verbs.note_person(_file(workspace), by=_owner(workspace), name="Mia")


def _cut(workspace: Workspace) -> dict[str, object]:
    file, box = _file(workspace), Box(0, 0, 0.5, 1)
    data = pictures.png(2, 2, colour=70)
    studio_verbs.keep_cut(file, by=_owner(workspace), place="instagram-square", box=box, data=data)
    return {"pk": file.pk, "place": "instagram-square"}


SAMPLES = {
    **{
        f"studio-{name}": lambda w: {"pk": _file(w).pk}
        for name in (
            "file",
            "file-small",
            "video",
            "card",
            "card-describe",
            "card-rights",
            "card-remove",
            "person-note",
            "cut-all",
        )
    },
    "studio-upload": lambda w: {"pk": _upload(w).pk},
    "studio-upload-complete": lambda w: {"pk": _upload(w).pk},
    "studio-folder-change": lambda w: {"pk": studio_verbs.make_folder(_owner(w), name=ids.new().hex[:20]).pk},
    "studio-person-change": lambda w: {"pk": _person(w).pk},
    "studio-person-forget": lambda w: {"pk": _person(w).pk},
    "studio-cut": _cut,
    "studio-cut-remove": _cut,
}
