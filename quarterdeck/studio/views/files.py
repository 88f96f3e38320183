"""Files as addresses: one to read, its small picture, one to bring."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotModified,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import content_disposition_header, parse_etags
from django.views.decorators.http import require_safe

from quarterdeck.core.problems import Conflict
from quarterdeck.crew.access import page
from quarterdeck.crew.models import Workspace
from quarterdeck.studio import images, intake, reads, videos
from quarterdeck.studio.models import File

POLICY = "default-src 'none'; sandbox"  # opened by itself a file may do nothing at all
PLAYED = "default-src 'none'; media-src 'self'; sandbox allow-same-origin"  # and a video only play
AT_ONCE = (
    4 * 2**20
)  # bytes of one answer to a part; who wants more asks again, and no thread waits for a slow reader
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
# What a browser is told: Firefox plays MOV files, which are made of the same boxes, only under the other name.
_SHOWN = {mime: mime for mime in images.MIMES} | dict.fromkeys(videos.MIMES, videos.MP4)


@page("studio.file.view")
@require_safe
def file(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """A file of this workspace. What is behind an address never changes, so a browser may keep it."""
    return served(request, reads.file(request.workspace, pk))


@page("studio.file.view")
@require_safe
def small(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """A small picture of a file, for lists. Until the worker made it, the file itself, which no browser keeps; of a
    video a sign that it is one, with its length."""
    found = reads.file(request.workspace, pk)
    made = getattr(found, "small", None)
    if found.is_video:
        sign = render_to_string("studio/_video.svg", {"length": found.length})
        return _answer(request, found, "-sign", lambda: HttpResponse(sign, content_type="image/svg+xml"))
    if made is None or not made.mime:
        response = served(request, found)
        response["Cache-Control"] = "private, no-cache"
        return response
    return _answer(request, found, "-small", lambda: HttpResponse(bytes(made.data), content_type=made.mime))


def served(request: HttpRequest, found: File) -> HttpResponseBase:
    """The response for a file, or for the part of it that is asked for; what is neither a picture nor a video is only
    ever saved."""

    def made() -> HttpResponseBase:
        response = _part(request, found) or _whole(request, found)
        response["Content-Disposition"] = content_disposition_header(found.mime not in _SHOWN, found.name)
        response["Accept-Ranges"] = "bytes"
        return response

    return _answer(request, found, "", made)


def _answer(
    request: HttpRequest, found: File, form: str, made: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """What every address of a file answers with; nothing of one in which the virus scanner found something."""
    if reads.is_infected(found.pk):
        raise Conflict(
            "The virus scanner found something in this file.",
            not_done="It is not given out.",
            next_step="Put it aside, and look at the machine it came from.",
        )
    known = _tag(found, form) in parse_etags(request.headers.get("If-None-Match", ""))
    response = HttpResponseNotModified() if known else made()
    response["ETag"] = _tag(found, form)
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = PLAYED if found.is_video else POLICY
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _tag(found: File, form: str = "") -> str:
    return f'"{found.sha256}{form}"'


def _whole(request: HttpRequest, found: File) -> HttpResponseBase:
    mime = _SHOWN.get(found.mime, "application/octet-stream")
    pieces = reads.pieces(found) if request.method == "GET" else iter(())
    response: HttpResponseBase
    if found.size <= AT_ONCE:
        response = HttpResponse(b"".join(pieces), content_type=mime)
    else:
        response = StreamingHttpResponse(pieces, content_type=mime)
    response["Content-Length"] = str(found.size)
    return response


def _part(request: HttpRequest, found: File) -> HttpResponse | None:
    """The part that `Range` asks for (RFC 9110, 14.2), or the begin of it; None where all of the file is meant."""
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    if request.method != "GET" or asked is None or asked[1] == asked[2] == "":
        return None
    if request.headers.get("If-Range", _tag(found)) != _tag(found):
        return None
    if asked[1]:
        start, end = int(asked[1]), int(asked[2] or found.size) + bool(asked[2])
        if end <= start and asked[2]:
            return None
    else:
        start, end = max(0, found.size - int(asked[2])), found.size
    end = min(end, found.size, start + AT_ONCE)
    if start >= end:
        response = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{found.size}"
        return response
    data = b"".join(reads.pieces(found, start, end))
    response = HttpResponse(data, status=206, content_type=_SHOWN.get(found.mime, "application/octet-stream"))
    response["Content-Range"] = f"bytes {start}-{end - 1}/{found.size}"
    return response


def keep_upload(workspace: Workspace, given: UploadedFile) -> File:
    """Keep what a form brought; of one that is too large no more is read than tells so."""
    return intake.keep(workspace, given.read(images.LARGEST + 1), given.name)


def as_json(kept: File) -> dict[str, object]:
    """How a page names a file: its id in hexadecimal, where it is and where its small picture is, what it is called,
    how large it is, how long it is when it is a video, and its description for people who cannot see it."""
    parts = {"workspace": kept.workspace.slug, "pk": kept.pk}
    return {
        "file": kept.pk.hex,
        "url": address(kept.workspace, kept),
        "small": reverse("studio-file-small", kwargs=parts),
        "name": kept.title,
        "width": kept.width,
        "height": kept.height,
        "length": kept.length,
        "alt": kept.alt,
    }


def address(workspace: Workspace, kept: File) -> str:
    """Where a file of this workspace is. A video's address says that it is one, for the scripts that show it."""
    name = "studio-video" if kept.is_video else "studio-file"
    return reverse(name, kwargs={"workspace": workspace.slug, "pk": kept.pk})
