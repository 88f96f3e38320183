"""Files as addresses: one to read, its small picture, one to bring."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.urls import reverse
from django.utils.http import content_disposition_header, parse_etags
from django.views.decorators.http import require_POST, require_safe

from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.crew.access import page
from quarterdeck.crew.models import Workspace
from quarterdeck.studio import images, intake, reads
from quarterdeck.studio.models import File

POLICY = "default-src 'none'; sandbox"  # opened by itself a file may do nothing at all


@page("studio.file.view")
@require_safe
def file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A file of this workspace. What is behind an address never changes, so a browser may keep it."""
    found = reads.file(request.workspace, pk)
    _refuse_infected(pk)
    return served(request, found, lambda: reads.data(pk))


@page("studio.file.view")
@require_safe
def small(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A small picture of a file, for lists. Until the worker made it, the file itself, which no browser keeps."""
    found = reads.file(request.workspace, pk)
    _refuse_infected(pk)
    made = getattr(found, "small", None)
    if made is None or not made.mime:
        response = served(request, found, lambda: reads.data(pk))
        response["Cache-Control"] = "private, no-cache"
        return response
    return served(request, found, lambda: bytes(made.data), made.mime)


def _refuse_infected(pk: UUID) -> None:
    if reads.is_infected(pk):
        raise Conflict(
            "The virus scanner found something in this file.",
            not_done="It is not given out.",
            next_step="Put it aside, and look at the machine it came from.",
        )


def served(request: HttpRequest, found: File, data: Callable[[], bytes], small: str = "") -> HttpResponse:
    """The response for a file, or for its `small` picture of that type; anything but a picture is only ever saved."""
    tag = f'"{found.sha256}{"-small" if small else ""}"'
    response: HttpResponse
    if tag in parse_etags(request.headers.get("If-None-Match", "")):
        response = HttpResponseNotModified()
    else:
        mime = small or found.mime
        shown = mime in images.MIMES
        response = HttpResponse(data(), content_type=mime if shown else "application/octet-stream")
        response["Content-Disposition"] = content_disposition_header(not shown, found.name)
    response["ETag"] = tag
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = POLICY
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


@page("studio.file.keep")
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keep one picture, sent as `file`; answers with what a page needs to show it."""
    given = request.FILES.get("file")
    if given is None:
        raise Invalid("No file came with this.", not_done="Nothing was kept.", next_step="Choose a picture.")
    kept = keep_upload(request.workspace, given)
    return JsonResponse(as_json(kept), status=201)


def keep_upload(workspace: Workspace, given: UploadedFile) -> File:
    """Keep what a form brought; of one that is too large no more is read than tells so."""
    return intake.keep(workspace, given.read(images.LARGEST + 1), given.name)


def as_json(kept: File) -> dict[str, object]:
    """How a page names a file: its id in hexadecimal, where it is and where its small picture is, what it is called,
    how large it is, and its description for people who cannot see it."""
    parts = {"workspace": kept.workspace.slug, "pk": kept.pk}
    return {
        "file": kept.pk.hex,
        "url": reverse("studio-file", kwargs=parts),
        "small": reverse("studio-file-small", kwargs=parts),
        "name": kept.title,
        "width": kept.width,
        "height": kept.height,
        "alt": kept.alt,
    }
