"""Files as addresses: one to read, one to bring."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.urls import reverse
from django.utils.http import content_disposition_header, parse_etags
from django.views.decorators.http import require_POST, require_safe

from quarterdeck.core.problems import Invalid
from quarterdeck.crew.access import page
from quarterdeck.crew.models import Workspace
from quarterdeck.studio import images, intake, reads
from quarterdeck.studio.models import File

POLICY = "default-src 'none'; sandbox"  # opened by itself a file may do nothing at all


@page("studio.file.view")
@require_safe
def file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A file of this workspace. What is behind an address never changes, so a browser may keep it."""
    return served(request, reads.file(request.workspace, pk), lambda: reads.data(pk))


def served(request: HttpRequest, found: File, data: Callable[[], bytes]) -> HttpResponse:
    """The response for a file; anything but a picture is only ever saved."""
    tag = f'"{found.sha256}"'
    response: HttpResponse
    if tag in parse_etags(request.headers.get("If-None-Match", "")):
        response = HttpResponseNotModified()
    else:
        shown = found.mime in images.MIMES
        response = HttpResponse(data(), content_type=found.mime if shown else "application/octet-stream")
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
    """How a page names a file: its id in hexadecimal, where it is, what it is called and how large it is."""
    url = reverse("studio-file", kwargs={"workspace": kept.workspace.slug, "pk": kept.pk})
    return {"file": kept.pk.hex, "url": url, "name": kept.name, "width": kept.width, "height": kept.height}
