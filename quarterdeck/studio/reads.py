"""What pages and other rooms ask about files. Every question is asked inside one workspace."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from quarterdeck.core.problems import NotFound
from quarterdeck.crew.models import Workspace
from quarterdeck.studio.models import File


def file(workspace: Workspace, pk: UUID) -> File:
    """One file of this workspace, without its bytes; NotFound for any other."""
    found = File.objects.filter(workspace=workspace, pk=pk).defer("data").first()
    if found is None:
        raise NotFound("There is no such file in this workspace.")
    return found


def files(workspace_id: UUID, pks: Iterable[UUID | str]) -> dict[str, File]:
    """Those of the files that are this workspace's, by their id in hexadecimal, without their bytes."""
    found = File.objects.filter(workspace_id=workspace_id, pk__in=list(pks)).defer("data")
    return {one.pk.hex: one for one in found}


def data(pk: UUID) -> bytes:
    """The bytes of a file."""
    return bytes(File.objects.values_list("data", flat=True).get(pk=pk))
