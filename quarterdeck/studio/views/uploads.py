"""Files on their way in pieces: begun, sent piece by piece, completed, given up. Answers are JSON for the script."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from quarterdeck.core.problems import Invalid, NotFound
from quarterdeck.crew.access import page
from quarterdeck.studio import intake
from quarterdeck.studio.models import PIECE, Upload
from quarterdeck.studio.views.files import as_json

OFFSET = "Upload-Offset"


@page("studio.file.keep")
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Begin an upload (`key`, `name`, `size`), or find the one begun before; says how far it has come."""
    key, name, size = (request.POST.get(one, "") for one in ("key", "name", "size"))
    if not (key and len(key) <= 64 and key.isascii() and size.isdigit() and len(size) < 12):
        raise Invalid(
            "The upload was not begun: its size or its key is missing.", not_done="Nothing was kept."
        )
    return _said(request, intake.begin(request.member, key=key, name=name or "file", size=int(size)), 201)


@page("studio.file.keep")
@require_http_methods(["GET", "HEAD", "PATCH", "DELETE"])
def piece(request: HttpRequest, pk: UUID) -> HttpResponse:
    """PATCH takes the piece that begins at `Upload-Offset`; GET and HEAD say how far it has come; DELETE gives up."""
    upload = _upload(request, pk)
    if request.method not in {"GET", "HEAD"}:
        _own(request, upload)
    if request.method == "DELETE":
        intake.give_up(upload)
        return HttpResponse(status=204)
    if request.method == "PATCH":
        offset = request.headers.get(OFFSET, "")
        length = request.headers.get("Content-Length", "")
        if not offset.isdigit() or len(offset) > 12 or not length.isdigit() or int(length) > PIECE:
            raise Invalid(
                f"A piece says where it begins and has at most {PIECE:,} bytes.", not_done="It was not kept."
            )
        upload = intake.take(upload, offset=int(offset), data=request.body)
    return _said(request, upload)


@page("studio.file.keep")
@require_POST
def complete(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All of it is here: keep it. Answers with what a page needs to show it."""
    kept = intake.complete(_own(request, _upload(request, pk)))
    aside = bool(kept.about and kept.about.put_aside_at)
    page = reverse("studio-card", kwargs={"workspace": request.workspace.slug, "pk": kept.pk})
    return JsonResponse(as_json(kept) | {"page": page, "aside": aside}, status=201)


def _upload(request: HttpRequest, pk: UUID) -> Upload:
    found = Upload.objects.filter(pk=pk, workspace=request.workspace).first()
    if found is None:
        raise NotFound("There is no such upload.", next_step="Add the file again.")
    return found


def _own(request: HttpRequest, upload: Upload) -> Upload:
    """Only who began an upload goes on with it."""
    if upload.member_id != request.member.pk:
        raise NotFound("This upload is somebody else’s.", next_step="Add the file yourself.")
    return upload


def _said(request: HttpRequest, upload: Upload, status: int = 200) -> HttpResponse:
    parts = {"workspace": request.workspace.slug, "pk": upload.pk}
    told = {
        "offset": upload.offset,
        "size": upload.size,
        "piece": PIECE,
        "url": reverse("studio-upload", kwargs=parts),
        "complete": reverse("studio-upload-complete", kwargs=parts),
    }
    response = JsonResponse(told, status=status)
    response[OFFSET] = str(upload.offset)
    response["Cache-Control"] = "no-store"
    return response
